"""arq's own client, clients that lose connections, and workers in this process."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, Literal

import pytest
from arq.connections import ArqRedis, create_pool
from redis.exceptions import ConnectionError

from app.contract.jobs import RUN_TURN, TURN_QUEUE, TurnJob
from app.streams.job_codec import deserialize, serialize
from app.streams.queue import Queue, queue_address
from tests.support.valkey import ValkeyProcess
from workers.execution import JobContext, job_function
from workers.queue_worker import TripsageWorker


@asynccontextmanager
async def client(url: str) -> AsyncIterator[ArqRedis]:
    redis = await create_pool(
        queue_address(url),
        job_serializer=serialize,
        job_deserializer=deserialize,
        default_queue_name=TURN_QUEUE,
    )
    try:
        yield redis
    finally:
        await redis.aclose(close_connection_pool=True)


class UnreliableRedis(ArqRedis):
    """Has faults in calls of scripts, one a call: the connection is lost before the `request` has left or
    before the `answer` is here, or the answer is `late` and comes when it is let through.
    """

    faults: list[Literal["request", "answer", "late"]]

    def prepare(self) -> None:
        self.faults = []
        self.holding = asyncio.Event()
        self.let_through = asyncio.Event()

    async def evalsha(self, *arguments: Any) -> Any:
        fault = self.faults.pop(0) if self.faults else None
        if fault == "request":
            raise ConnectionError("lost before the request")
        answer = await super().evalsha(*arguments)
        if fault == "answer":
            raise ConnectionError("lost before the answer")
        if fault == "late":
            self.holding.set()
            await self.let_through.wait()
        return answer


@asynccontextmanager
async def unreliable_client(url: str) -> AsyncIterator[UnreliableRedis]:
    redis = UnreliableRedis(unix_socket_path=url.removeprefix("unix://"))
    redis.prepare()
    try:
        yield redis
    finally:
        await redis.aclose(close_connection_pool=True)


@pytest.fixture
async def redis(shared_valkey: ValkeyProcess) -> AsyncIterator[ArqRedis]:
    """arq's client in place of the plain one, on an empty server."""
    async with client(shared_valkey.url) as redis:
        await redis.flushall()
        yield redis


@pytest.fixture
def queue(redis: ArqRedis) -> Queue:
    return Queue(redis)


class Telling:
    """What it tells can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._told: asyncio.Queue[str] = asyncio.Queue()

    async def hear(self) -> str:
        return await self._told.get()

    @property
    def unheard(self) -> int:
        return self._told.qsize()


class Turns(Telling):
    """A job function that tells what happens; a turn called `hold` goes on until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self._released = asyncio.Event()

    async def __call__(self, ctx: JobContext, job: TurnJob) -> str:
        self._told.put_nowait(f"start {job.session_id} {ctx['job_try']}")
        try:
            if job.turn_id == "hold":
                await self._released.wait()
        except asyncio.CancelledError:
            self._told.put_nowait(f"cancelled {job.session_id}")
            raise
        self._told.put_nowait(f"end {job.session_id}")
        return f"turn of {job.session_id}"

    def release(self) -> None:
        self._released.set()


@pytest.fixture
def turns() -> Turns:
    return Turns()


Turn = Callable[[JobContext, TurnJob], Awaitable[Any]]
Working = Callable[..., AbstractAsyncContextManager[TripsageWorker]]


@asynccontextmanager
async def working_on(url: str, run: Turn, **settings: Any) -> AsyncIterator[TripsageWorker]:
    """A worker of turns, that is told of jobs or does not learn of them: it looks by itself once a minute."""
    worker = TripsageWorker(
        [job_function(RUN_TURN, TurnJob, run)],
        **{
            "queue_name": TURN_QUEUE,
            "redis_settings": queue_address(url),
            "handle_signals": False,
            "poll_delay": 60,
            **settings,
        },
    )
    task = asyncio.create_task(worker.async_run())
    try:
        yield worker
    finally:
        await worker.close()
        with suppress(asyncio.CancelledError):  # it was still waiting for Redis
            await task


@pytest.fixture
def working(shared_valkey: ValkeyProcess) -> Working:
    return lambda run, **settings: working_on(shared_valkey.url, run, **settings)


def turn(session_id: str, turn_id: str = "t") -> TurnJob:
    return TurnJob(session_id=session_id, turn_id=turn_id)


async def run_all(redis: ArqRedis, run: Turns, **settings: object) -> TripsageWorker:
    """Works until the queue is empty."""
    worker = TripsageWorker(
        [job_function(RUN_TURN, TurnJob, run)],
        queue_name=TURN_QUEUE,
        redis_pool=redis,
        burst=True,
        handle_signals=False,
        **settings,
    )
    await worker.async_run()
    return worker


@asynccontextmanager
async def lease_events(redis: ArqRedis, job_id: str) -> AsyncGenerator[Callable[[], Awaitable[str]]]:
    """What happens to a job's lease from now on: `set` when it is claimed or renewed, `del` when it ends."""
    await redis.config_set("notify-keyspace-events", "K$g")
    async with redis.pubsub() as subscription:
        await subscription.subscribe(f"__keyspace@0__:arq:in-progress:{job_id}")
        assert await subscription.get_message(timeout=20)

        async def next_event() -> str:
            while True:
                message = await subscription.get_message(timeout=20)
                assert message is not None
                if message["data"] != b"expire":  # part of setting it
                    return message["data"].decode()

        yield next_event
