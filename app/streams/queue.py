"""The queue of jobs on Redis, in arq's own layout, so that arq's tools read it.

    QUEUE                 sorted set   job id → Unix ms when it is due, or when its lease ends while it runs
    QUEUE:leases          hash         job id → fencing token of the attempt that runs it
    QUEUE:again           set          jobs that run once more when the attempt that runs has ended
    QUEUE:owners          hash         job id → whose it is, for jobs that share a queue fairly
    QUEUE:served:OWNER    string       Unix µs of when a job of theirs was claimed last, while jobs had to wait
    QUEUE:wake            channel      something became due earlier than the workers know
    arq:job:ID            string       what is to be called (see `job_codec`)
    arq:in-progress:ID    string       the fencing token, gone with the lease; arq's sign of a running job
    arq:retry:ID          string       how often it was started, not counting what a stopping worker gave back

All times are the server's, so the clocks of machines do not matter. All keys of a job go when it ends.
The queue needs one Redis or Valkey (with Sentinel, if you like), not a Cluster: scripts make keys from ids.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from arq.connections import RedisSettings
from arq.constants import job_key_prefix
from redis.asyncio import Redis
from redis.asyncio.connection import SSLConnection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from app.streams.client import AWAY
from app.streams.commands import Commands
from app.streams.job_codec import Job, encode_job, queue_of

_HERE = Path(__file__).parent


def leases_key(queue: str) -> str:
    return f"{queue}:leases"


def again_key(queue: str) -> str:
    return f"{queue}:again"


def owners_key(queue: str) -> str:
    return f"{queue}:owners"


def served_prefix(queue: str) -> str:
    return f"{queue}:served:"


def wake_channel(queue: str) -> str:
    return f"{queue}:wake"


@dataclass(frozen=True, slots=True)
class Depth:
    """`waiting` jobs are due and run nowhere, the oldest of them for `oldest_seconds`."""

    waiting: int
    running: int
    oldest_seconds: float


class Queue:
    """Puts jobs into their queues.

    Every method raises `redis.exceptions.RedisError` or `OSError` when the server stays away.
    """

    def __init__(self, client: Redis) -> None:
        redis = cast(Commands, client)
        self._enqueue = redis.register_script((_HERE / "enqueue.lua").read_text())
        self._depth = redis.register_script((_HERE / "depth.lua").read_text())

    async def enqueue(self, job: Job, *, delay: float = 0, again: bool = False, owner: str = "") -> bool:
        """Have the job run once, `delay` seconds from now; False when it is waiting or running already.

        One atomic step, repeated for about two seconds while connections fail. When the answer to a try
        was lost, the next finds the job in place and this is False: the job is there either way.
        Once a job has ended its id may be used again. With `again` a job that is there runs once more when its
        attempt has ended: what it is to see may have come too late for that attempt. When jobs have to wait for
        workers, those of one `owner` do not keep those of others waiting. Raises `JobNotEncodable`.
        """
        queue = queue_of(job)
        keys = [job_key_prefix + job.job_id, queue, again_key(queue), owners_key(queue)]
        payload = encode_job(job, int(time.time() * 1000))
        arguments = [job.job_id, payload, int(delay * 1000), wake_channel(queue), int(again), owner]
        retry = Retry(
            ExponentialBackoff(cap=0.5, base=0.025),
            retries=6,
            supported_errors=cast(tuple[type[RedisError], ...], AWAY),  # redis-py takes others as well
        )
        return bool(await retry.call_with_retry(lambda: self._enqueue(keys, arguments), _ignore))

    async def depth(self, queue: str) -> Depth:
        waiting, running, oldest_ms = await self._depth([queue, leases_key(queue)], ())
        return Depth(waiting, running, oldest_ms / 1000)


class QueueAddress(RedisSettings):
    """arq's settings, without the password in their repr."""

    def __repr__(self) -> str:
        return f"QueueAddress({self.unix_socket_path or f'{self.host}:{self.port}'}, db {self.database})"


def queue_address(url: str) -> QueueAddress:
    """What arq needs to know of `redis://`, `rediss://` and `unix://` addresses.

    Options of redis-py that arq has too (`?ssl_cert_reqs=none`, `?max_connections=50`) are taken over.
    """
    options: dict[str, Any] = dict(parse_url(url))
    known = {name: value for name, value in options.items() if name in QueueAddress.__dataclass_fields__}
    return QueueAddress(
        **known,
        database=options.get("db", 0),
        unix_socket_path=options.get("path"),
        ssl=options.get("connection_class") is SSLConnection,
    )


async def _ignore(_: RedisError) -> None:
    """The next try takes a fresh connection by itself."""
