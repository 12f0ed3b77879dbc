"""How a provider's service is: how long its answers take and how many it gives."""

import math
from statistics import NormalDist
from typing import Annotated

from msgspec import Meta, Struct

from .draws import Draws

_NORMAL = NormalDist()
_P95 = _NORMAL.inv_cdf(0.95)


class Latency(Struct, frozen=True, forbid_unknown_fields=True):
    """Half of the answers take less than `seconds`, 95 of 100 less than `p95`; without it all take the same."""

    seconds: Annotated[float, Meta(ge=0, le=3600)]
    p95: Annotated[float, Meta(gt=0, le=3600)] | None = None

    def __post_init__(self) -> None:
        if self.p95 is not None and not 0 < self.seconds <= self.p95:
            raise ValueError("p95 is at least seconds, which is more than 0")

    def of_call(self, seed: int, provider: str, number: int) -> float:
        """Seconds that a provider's call takes: log-normal, the same for the same seed and number."""
        if self.p95 is None:
            return self.seconds
        fraction = Draws(seed, "latency", provider, number).between(1e-9, 1 - 1e-9)
        spread = math.log(self.p95 / self.seconds) / _P95
        return self.seconds * math.exp(spread * _NORMAL.inv_cdf(fraction))


class Limit(Struct, frozen=True, forbid_unknown_fields=True):
    """So many requests in each window of so many seconds."""

    requests: Annotated[int, Meta(ge=0)]
    seconds: Annotated[float, Meta(gt=0, le=86400)] = 60.0
