"""Counting rules for limits. Times are seconds on any clock that only goes forward."""


class TokenBucket:
    """Lets `burst` through at once and `per_minute` in the long run."""

    __slots__ = ("_burst", "_level", "_rate", "_updated")

    def __init__(self, per_minute: float, burst: float, now: float) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._level = burst
        self._updated = now

    def take(self, now: float) -> float:
        """0.0 when one more is allowed (and counted); else the seconds until it would be."""
        self._level = min(self._burst, self._level + (now - self._updated) * self._rate)
        self._updated = now
        if self._level >= 1:
            self._level -= 1
            return 0.0
        return (1 - self._level) / self._rate


class Strikes:
    """Tells when something happened `limit` times within `window` seconds."""

    __slots__ = ("_limit", "_times", "_window")

    def __init__(self, limit: int, window: float = 60.0) -> None:
        self._limit = limit
        self._window = window
        self._times: list[float] = []

    def add(self, now: float) -> bool:
        """Counts one; true from the `limit`-th on."""
        self._times = [time for time in self._times if time > now - self._window]
        self._times.append(now)
        return len(self._times) >= self._limit
