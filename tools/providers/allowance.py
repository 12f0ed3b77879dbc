"""How often a provider may be called: a token bucket, told by one number. Times are in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """`per_minute` calls in the long run, and `burst` of them at once."""

    per_minute: float
    burst: int

    @property
    def interval(self) -> float:
        """Seconds in which one call's worth comes back."""
        return 60 / self.per_minute


def reserve(full_at: float, now: float, allowance: Allowance, patience: float) -> tuple[float, float]:
    """Take a call's place: when the bucket is full again, and in how many seconds the call may be made.

    A place that is more than `patience` away is not taken; then the first number stays as it was.
    """
    filled = max(full_at, now)
    wait = max(0.0, filled - (allowance.burst - 1) * allowance.interval - now)
    return (full_at, wait) if wait > patience else (filled + allowance.interval, wait)


def emptied(full_at: float, now: float, allowance: Allowance, seconds: float) -> float:
    """When the bucket is full again if the provider takes no call for so many seconds, and then one at a time."""
    return max(full_at, now + seconds + (allowance.burst - 1) * allowance.interval)
