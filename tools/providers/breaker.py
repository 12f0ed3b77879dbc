"""When a provider is left alone: the rules of its circuit breaker, without any I/O. Times are seconds of one
clock that all workers read.

    closed ──5 failures in a row──▶ open ──its time is over──▶ half-open ──the trial succeeds──▶ closed
                                      ◀──────the trial fails: twice as long──────┘
"""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

FAILURES = 5  # in a row, over all workers
FIRST_PAUSE = 15.0  # s
LONGEST_PAUSE = 240.0  # s
TRIAL = 60.0  # s, longer than any one attempt; a trial that has not ended by then is lost with its worker
TRIAL_LOOK = 0.25  # s, after which a call that came during a trial looks whether it has ended


class Breaker(Struct, frozen=True):
    """`until` is when an open breaker lets a trial through, or when a half-open one gives its trial up.

    `failures` are those in a row while closed, `openings` those since it last was.
    """

    state: Literal["closed", "open", "half_open"] = "closed"
    failures: int = 0
    openings: int = 0
    until: float = 0.0


CLOSED = Breaker()

Rule = Callable[[Breaker, float], tuple[Breaker, float]]
"""From a breaker and the time: the breaker as it is then, and for how many seconds the provider is left alone."""


def admit(breaker: Breaker, now: float) -> tuple[Breaker, float]:
    """Whether an attempt may be made (0.0 seconds to wait). After a pause, one at a time is the trial.

    How long a trial takes is not known, and others may be let through at any moment: they look again soon.
    """
    if breaker.state == "closed":
        return breaker, 0.0
    if now < breaker.until:
        left = breaker.until - now
        return breaker, min(left, TRIAL_LOOK) if breaker.state == "half_open" else left
    return replace(breaker, state="half_open", until=now + TRIAL), 0.0


def succeeded(breaker: Breaker, now: float) -> tuple[Breaker, float]:
    """Any answer proves that the provider is there, whichever attempt it belongs to."""
    return CLOSED, 0.0


def failed(breaker: Breaker, now: float) -> tuple[Breaker, float]:
    """Failures of attempts that began before the breaker opened do not prolong its pause."""
    if breaker.state == "open":
        return breaker, max(0.0, breaker.until - now)
    failures = breaker.failures + 1
    if breaker.state == "closed" and failures < FAILURES:
        return replace(breaker, failures=failures), 0.0
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(breaker.openings, 10))
    return Breaker("open", failures, breaker.openings + 1, now + pause), pause
