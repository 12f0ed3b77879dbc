"""Attempts at jobs: claimed from a queue, kept by renewing their leases, ended.

Each of the three is one Redis script. Renewing and ending name the attempt's fencing token and are refused
once there is a later attempt, so a worker that was given up for dead can do no harm when it comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

from arq.constants import in_progress_key_prefix, job_key_prefix, result_key_prefix, retry_key_prefix
from redis.asyncio import Redis

from app.streams.commands import Commands, Value
from app.streams.queue import again_key, leases_key, owners_key, served_prefix, wake_channel

_HERE = Path(__file__).parent


LOOKED_AT = 512
"""Due jobs among which owners take turns; those behind them move up."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The right to run a job until its lease ends.

    `token` is larger than that of every earlier attempt at a job of this id, for ever, so it can fence
    what the attempt writes elsewhere. `job_try` counts the attempts since the job was enqueued, from 1,
    leaving out those that a stopping worker gave back. `due_ms` is Unix time.
    """

    job_id: str
    payload: bytes
    token: int
    job_try: int
    due_ms: float


@dataclass(frozen=True, slots=True)
class Claim:
    """`lost` are ids whose payload was gone; they are now, too.

    `next_due` says in how many seconds there is something to claim, None for an empty queue.
    """

    attempts: list[Attempt]
    lost: list[str]
    next_due: float | None


class Verdict(StrEnum):
    """What becomes of a job: it is over, it runs again, or it runs again and this try does not count."""

    DONE = "done"
    AGAIN = "again"
    HAND_BACK = "hand back"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended. `delay` is in seconds; `result` is kept for `keep_result` seconds."""

    verdict: Verdict
    delay: float = 0
    result: bytes = b""
    keep_result: float = 0


class AttemptStore:
    """The attempts at the jobs of one queue; leases are `lease` seconds long.

    Methods raise `RedisError` or `OSError`, and all are safe to repeat.
    """

    def __init__(self, client: Redis, queue: str, lease: float) -> None:
        redis = cast(Commands, client)
        self._keys = [queue, leases_key(queue)]
        self._owners = owners_key(queue)
        self._again = again_key(queue)
        self._served = served_prefix(queue)
        self._channel = wake_channel(queue)
        self._lease_ms = int(lease * 1000)
        self._claim = redis.register_script((_HERE / "claim.lua").read_text())
        self._renew = redis.register_script((_HERE / "renew.lua").read_text())
        self._finish = redis.register_script((_HERE / "finish.lua").read_text())

    async def claim(self, limit: int) -> Claim:
        """Lease at most `limit` of the due jobs, longest due first.

        When more are due, owners take turns: the one with the fewest running jobs, or served longest ago, is next.
        """
        prefixes = (job_key_prefix, in_progress_key_prefix, retry_key_prefix, self._served)
        arguments = (limit, self._lease_ms, *prefixes, LOOKED_AT)
        next_ms, lost, *rows = await self._claim([*self._keys, self._owners], arguments)
        return Claim(
            attempts=[
                Attempt(job_id.decode(), payload, int(token), job_try, float(due_ms))
                for job_id, payload, token, job_try, due_ms in rows
            ],
            lost=[job_id.decode() for job_id in lost],
            next_due=None if next_ms < 0 else next_ms / 1000,
        )

    async def renew(self, attempts: Sequence[Attempt]) -> list[int]:
        """Start the leases anew; the places in `attempts` of those that have been superseded."""
        arguments: list[Value] = [self._lease_ms, in_progress_key_prefix]
        for attempt in attempts:
            arguments += (attempt.job_id, attempt.token)
        return await self._renew(self._keys, arguments)

    async def finish(self, ended: Sequence[tuple[Attempt, Outcome]]) -> list[int]:
        """Let outcomes take effect; the places in `ended` of those that came too late and had none."""
        prefixes = (job_key_prefix, in_progress_key_prefix, retry_key_prefix, result_key_prefix)
        arguments: list[Value] = [self._channel, *prefixes]
        for attempt, outcome in ended:
            arguments += (attempt.job_id, attempt.token, outcome.verdict.value, int(outcome.delay * 1000))
            arguments += (outcome.result, int(outcome.keep_result * 1000))
        return await self._finish([*self._keys, self._again, self._owners], arguments)
