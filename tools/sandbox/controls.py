"""A session's controls as Python calls: the same as `/__admin/`, for tests in the same process."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from . import journal, scenario
from .admin import ProviderLatency, ProviderLimit
from .complaint import complaint
from .conditions import Latency, Limit
from .faults import Rule
from .journal import Entry
from .sandbox import Sandbox
from .scenario import Scenario
from .world import World

T = TypeVar("T")


class Controls:
    """Of one session of a sandbox. Wrong values raise `ValueError`, calls that were not made `AssertionError`."""

    def __init__(self, sandbox: Sandbox, session: str = "") -> None:
        self._sandbox = sandbox
        self._session = session

    @property
    def world(self) -> World:
        return self._sandbox.world(self._session)

    @property
    def now(self) -> datetime:
        return self.world.now

    def set_seed(self, seed: int) -> None:
        self.world.set_seed(seed)

    def set_clock(self, moment: date | datetime) -> None:
        """A day keeps the time of day; a moment needs its offset."""
        if not isinstance(moment, datetime):
            self.world.set_today(moment)
        elif moment.tzinfo is None:
            raise ValueError("a moment needs its offset from UTC")
        else:
            self.world.set_now(moment.astimezone(UTC))

    def advance(self, seconds: float) -> None:
        self.world.advance(seconds)

    def fault(self, provider: str = "*", kind: str = "status", **more: Any) -> None:
        """Put a fault before a provider; `more` are the fields of `Rule`."""
        __tracebackhide__ = True
        self.world.add_rule(_made({"provider": provider, "kind": kind, **more}, Rule))

    def latency(self, provider: str, seconds: float, p95: float | None = None) -> None:
        """Half of the answers take less than `seconds`; without `p95` all take the same."""
        given = {"provider": provider, "seconds": seconds, "p95": p95}
        asked = _made(given, ProviderLatency)
        self.world.latency[asked.provider] = Latency(asked.seconds, asked.p95)

    def limit(self, provider: str, requests: int, seconds: float = 60.0) -> None:
        """Refuse what comes beyond so many requests in so many seconds, as the provider does."""
        given = {"provider": provider, "requests": requests, "seconds": seconds}
        asked = _made(given, ProviderLimit)
        self.world.limits[asked.provider] = Limit(requests, asked.seconds)

    def release(self, provider: str = "*") -> int:
        """Let held answers go; how many were waiting."""
        return self.world.release(provider)

    def play(self, given: Scenario | Path | str) -> None:
        """A scenario, the path of a file with one, or its YAML. Raises `ScenarioError`, a `ValueError`."""
        match given:
            case Path():
                self.world.play(scenario.read(given))
            case str():
                self.world.play(scenario.parse(given))
            case _:
                self.world.play(given)

    def calls(self, provider: str = "*", path: str = "") -> list[Entry]:
        """The calls that were made, oldest first; `path` is the beginning of theirs."""
        return [
            one for one in self.world.journal if provider in ("*", one.provider) and one.path.startswith(path)
        ]

    def verify(self, provider: str = "*", **expected: Any) -> None:
        """`expected` are the fields of `Expected`. Raises `AssertionError` for other calls than these."""
        __tracebackhide__ = True
        wanted = _made({"provider": provider, **expected}, journal.Expected)
        verdict = journal.verify(wanted, self.world.journal)
        if not verdict.verified:
            raise AssertionError(verdict.message)

    def unused_faults(self) -> list[Rule]:
        return self.world.unused_rules()


def _made(given: dict[str, Any], kind: type[T]) -> T:
    __tracebackhide__ = True
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise ValueError(complaint(error)) from None
