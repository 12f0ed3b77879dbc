"""What workers know of the providers together: allowances, breakers, answers that are still fresh, counts.

`LocalState` is one process's own; the workers put one over Redis in its place.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Protocol

from tools.providers.allowance import Allowance, emptied, reserve
from tools.providers.breaker import CLOSED, Breaker, Rule

MAX_KEPT = 256  # answers


class ProviderState(Protocol):
    """None of its methods raises when the place where it is shared is away."""

    async def reserve(self, provider: str, allowance: Allowance, patience: float) -> float:
        """Seconds until the call may be made. More than `patience` of them: no place was taken."""
        ...

    async def empty(self, provider: str, allowance: Allowance, seconds: float) -> None:
        """Let nobody call for so long: the provider said that its own count is used up."""
        ...

    async def decide(self, provider: str, rule: Rule) -> float:
        """Apply the rule to the provider's breaker, at once for all; the seconds that it says."""
        ...

    async def recall(self, key: str) -> bytes | None:
        """What was kept under the key and is still fresh."""
        ...

    async def keep(self, key: str, body: bytes, seconds: int) -> None: ...

    async def count(self, provider: str, outcome: str) -> None: ...


class LocalState:
    """Of one process. `clock` gives seconds and only goes forward."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._full_at: dict[str, float] = {}
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self.breakers: dict[str, Breaker] = {}
        self.counts: Counter[tuple[str, str]] = Counter()

    async def reserve(self, provider: str, allowance: Allowance, patience: float) -> float:
        now = self._clock()
        self._full_at[provider], wait = reserve(self._full_at.get(provider, now), now, allowance, patience)
        return wait

    async def empty(self, provider: str, allowance: Allowance, seconds: float) -> None:
        now = self._clock()
        self._full_at[provider] = emptied(self._full_at.get(provider, now), now, allowance, seconds)

    async def decide(self, provider: str, rule: Rule) -> float:
        self.breakers[provider], seconds = rule(self.breakers.get(provider, CLOSED), self._clock())
        return seconds

    async def recall(self, key: str) -> bytes | None:
        until, body = self._kept.get(key, (0.0, b""))
        return body if self._clock() < until else None

    async def keep(self, key: str, body: bytes, seconds: int) -> None:
        self._kept[key] = (self._clock() + seconds, body)
        self._kept.move_to_end(key)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)

    async def count(self, provider: str, outcome: str) -> None:
        self.counts[provider, outcome] += 1
