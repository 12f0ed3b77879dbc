"""Tells people once that Redis is away and once that it is back, however many loops keep trying."""

import logging

from redis.exceptions import RedisError

logger = logging.getLogger("arq.worker")  # which the arq command shows

WAITED_OUT = (RedisError, OSError)
"""After any of these a loop of a worker goes on: Redis is down, loading, failing over, full or silent.

Wider than `app.streams.client.AWAY`: no answer of Redis ends a worker. A `TimeoutError` is an `OSError`.
"""

FIRST_DELAY = 0.05
LONGEST_DELAY = 1.0


class Outage:
    """Shared by the loops of one worker, each of which reports under its own name."""

    def __init__(self) -> None:
        self._failures: dict[str, int] = {}

    def failed(self, loop: str, error: BaseException) -> float:
        """Seconds to wait before the next try."""
        if not self._failures:
            logger.warning("Redis cannot be used (%s: %s); trying until it can", type(error).__name__, error)
        failures = self._failures.get(loop, 0)
        self._failures[loop] = failures + 1
        return min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(failures, 10))

    def over(self, loop: str) -> None:
        """A call of this loop has worked."""
        if self._failures.pop(loop, None) is not None and not self._failures:
            logger.info("Redis can be used again")
