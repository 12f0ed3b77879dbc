"""Attempts at jobs: claimed from a queue, kept by renewing their leases, ended. All of it in Redis scripts.

Every change names the attempt's fencing token and is refused when a later attempt has been made, so a worker
that was given up for dead can do no harm when it comes back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from arq.constants import in_progress_key_prefix, job_key_prefix, result_key_prefix, retry_key_prefix
from redis.asyncio import Redis

from app.streams.queue import leases_key, wake_channel

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Attempt:
    """The right to run a job until its lease ends.

    `token` grows with every attempt of this id, for ever. `job_try` counts the attempts since the job was
    enqueued, 1 for the first, without those that a stopping worker gave back. `due_ms` is Unix time.
    `payload` is None when the job had none and has been removed.
    """

    job_id: str
    payload: bytes | None
    token: int
    job_try: int
    due_ms: float


class Verdict(StrEnum):
    """What becomes of the job: it is over, it runs again, or it runs again and this try does not count."""

    DONE = "done"
    AGAIN = "again"
    HANDBACK = "handback"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`delay` is in seconds; `result` is kept for `keep_result` seconds, 0 for ever."""

    verdict: Verdict
    delay: float = 0
    result: bytes = b""
    keep_result: float = 0


class AttemptStore:
    """The attempts of one queue. Methods raise `RedisError` or `OSError`; all are safe to repeat."""

    def __init__(self, redis: "Redis", queue: str, lease: float) -> None:
        self._keys = [queue, leases_key(queue)]
        self._channel = wake_channel(queue)
        self._lease_ms = int(lease * 1000)
        self._claim = redis.register_script((_HERE / "claim.lua").read_text())
        self._renew = redis.register_script((_HERE / "renew.lua").read_text())
        self._finish = redis.register_script((_HERE / "finish.lua").read_text())

    async def claim(self, limit: int) -> tuple[list[Attempt], float | None]:
        """At most `limit` due jobs, and the seconds until the next is due (None when the queue is empty)."""
        prefixes = (job_key_prefix, in_progress_key_prefix, retry_key_prefix)
        next_ms, *rows = await self._claim(self._keys, (limit, self._lease_ms, *prefixes))
        attempts = [
            Attempt(job_id.decode(), payload, int(token), job_try, float(due_ms))
            for job_id, payload, token, job_try, due_ms in rows
        ]
        return attempts, None if next_ms < 0 else next_ms / 1000

    async def renew(self, attempts: Sequence[Attempt]) -> set[str]:
        """The ids of those jobs that are no longer ours."""
        arguments: list[Any] = [self._lease_ms, in_progress_key_prefix]
        for attempt in attempts:
            arguments += (attempt.job_id, attempt.token)
        return _texts(await self._renew(self._keys, arguments))

    async def finish(self, ended: Iterable[tuple[Attempt, Outcome]]) -> set[str]:
        """The ids of those jobs that were no longer ours; nothing was changed for them."""
        prefixes = (job_key_prefix, in_progress_key_prefix, retry_key_prefix, result_key_prefix)
        arguments: list[Any] = [self._channel, *prefixes]
        for attempt, outcome in ended:
            arguments += (attempt.job_id, attempt.token, outcome.verdict.value, int(outcome.delay * 1000))
            arguments += (outcome.result, int(outcome.keep_result * 1000))
        return _texts(await self._finish(self._keys, arguments))


def _texts(ids: Iterable[bytes]) -> set[str]:
    return {job_id.decode() for job_id in ids}
