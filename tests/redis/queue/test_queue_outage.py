"""Workers while Redis is away, restarts, or loses what was said."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from arq.connections import ArqRedis
from redis.exceptions import ReadOnlyError

from app.contract.jobs import RUN_TURN, TURN_QUEUE, TurnJob
from app.streams.queue import Queue
from tests.redis.queue.conftest import Telling, Turns, client, turn, unreliable_client, working_on
from tests.support.valkey import ValkeyProcess
from workers.execution import job_function
from workers.outage import Outage
from workers.queue_worker import TripsageWorker
from workers.wake import listen


class Bulletins(Telling, logging.Handler):
    """What a worker says of Redis."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.module == "outage":
            self._told.put_nowait(record.getMessage())

    async def hear_of_loss(self) -> None:
        assert (await self.hear()).startswith("Redis cannot be used")

    async def hear_of_return(self) -> None:
        assert await self.hear() == "Redis can be used again"


@asynccontextmanager
async def holding(url: str, turns: Turns, **settings: Any) -> AsyncIterator[TripsageWorker]:
    """A worker in the middle of a job."""
    async with working_on(url, turns, **settings) as worker:
        async with client(url) as redis:
            await Queue(redis).enqueue(turn("s1", "hold"))
        assert await turns.hear() == "start s1 1"
        yield worker


@pytest.fixture
def bulletins(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    handler = Bulletins()
    logger = logging.getLogger("arq.worker")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


async def test_a_running_job_and_its_worker_outlast_a_crash_of_redis(
    killable_valkey: ValkeyProcess, turns: Turns, bulletins: Bulletins
):
    async with holding(killable_valkey.url, turns):
        killable_valkey.kill()
        assert (await bulletins.hear()).startswith("Redis cannot be used (ConnectionError")
        killable_valkey.start()
        await bulletins.hear_of_return()
        turns.release()
        assert await turns.hear() == "end s1"
        async with client(killable_valkey.url) as redis:
            await Queue(redis).enqueue(turn("s2"))
            assert [await turns.hear(), await turns.hear()] == ["start s2 1", "end s2"]
    assert bulletins.unheard == 0


async def test_a_job_that_ends_while_redis_is_away_is_not_run_again(
    killable_valkey: ValkeyProcess, turns: Turns, bulletins: Bulletins
):
    async with holding(killable_valkey.url, turns, lease=60):
        killable_valkey.kill()
        await bulletins.hear_of_loss()
        turns.release()
        assert await turns.hear() == "end s1"
        killable_valkey.start()
        await bulletins.hear_of_return()
        async with client(killable_valkey.url) as redis:
            await Queue(redis).enqueue(turn("s1"))
            assert [await turns.hear(), await turns.hear()] == ["start s1 1", "end s1"]
            assert await Queue(redis).enqueue(turn("s1", "hold")) is True


async def test_a_worker_that_is_there_before_redis_waits_for_it(
    killable_valkey: ValkeyProcess, turns: Turns, bulletins: Bulletins
):
    killable_valkey.kill()
    async with working_on(killable_valkey.url, turns):
        await bulletins.hear_of_loss()
        killable_valkey.start()
        await bulletins.hear_of_return()
        async with client(killable_valkey.url) as redis:
            await Queue(redis).enqueue(turn("s1"))
            assert await turns.hear() == "start s1 1"


async def test_a_worker_that_waits_for_redis_can_be_stopped(
    killable_valkey: ValkeyProcess, turns: Turns, bulletins: Bulletins
):
    killable_valkey.kill()
    async with working_on(killable_valkey.url, turns) as worker:
        await bulletins.hear_of_loss()
        worker.handle_sig(signal.SIGTERM)
        assert worker.main_task is not None
        await asyncio.wait({worker.main_task})


async def test_a_replica_is_waited_out(killable_valkey: ValkeyProcess, turns: Turns, bulletins: Bulletins):
    async with client(killable_valkey.url) as redis, working_on(killable_valkey.url, turns):
        await Queue(redis).enqueue(turn("s1"))
        assert [await turns.hear(), await turns.hear()] == ["start s1 1", "end s1"]
        await redis.execute_command("REPLICAOF", "127.0.0.1", "1")
        with pytest.raises(ReadOnlyError):
            await Queue(redis).enqueue(turn("s2"))
        await redis.publish(f"{TURN_QUEUE}:wake", "")
        assert (await bulletins.hear()).startswith("Redis cannot be used (ReadOnlyError")
        await redis.execute_command("REPLICAOF", "NO", "ONE")
        await bulletins.hear_of_return()
        await Queue(redis).enqueue(turn("s2"))
        assert await turns.hear() == "start s2 1"


@pytest.mark.slow
async def test_a_server_that_hangs_is_left_and_found_again(
    killable_valkey: ValkeyProcess, turns: Turns, bulletins: Bulletins
):
    async with client(killable_valkey.url) as redis:
        server_pid = (await redis.info("server"))["process_id"]
    async with holding(killable_valkey.url, turns):
        os.kill(server_pid, signal.SIGSTOP)
        try:
            assert (await bulletins.hear()).startswith("Redis cannot be used (TimeoutError")
        finally:
            os.kill(server_pid, signal.SIGCONT)
        await bulletins.hear_of_return()
        async with client(killable_valkey.url) as redis:
            await Queue(redis).enqueue(turn("s2"))
            assert "start s2 1" in {await turns.hear() for _ in range(2)}


@pytest.mark.slow
async def test_a_worker_can_stop_while_redis_is_away(
    killable_valkey: ValkeyProcess, turns: Turns, bulletins: Bulletins, caplog: pytest.LogCaptureFixture
):
    async with holding(killable_valkey.url, turns, job_completion_wait=0) as worker:
        killable_valkey.kill()
        await bulletins.hear_of_loss()
        worker.handle_sig(signal.SIGTERM)
        assert await turns.hear() == "cancelled s1"
        assert worker.main_task is not None
        await worker.main_task
        assert "left behind for other workers: s1:hold" in caplog.text


async def test_a_subscription_that_went_deaf_is_replaced(
    killable_valkey: ValkeyProcess, bulletins: Bulletins
):
    async with client(killable_valkey.url) as redis:
        server_pid = (await redis.info("server"))["process_id"]
        woken = asyncio.Event()
        listening = asyncio.create_task(listen(redis, "wake", woken.set, Outage(), answer_within=0.1))
        await woken.wait()
        os.kill(server_pid, signal.SIGSTOP)
        try:
            assert (await bulletins.hear()).startswith("Redis cannot be used (TimeoutError")
        finally:
            os.kill(server_pid, signal.SIGCONT)
        await bulletins.hear_of_return()
        woken.clear()
        await redis.publish("wake", "")
        await woken.wait()
        listening.cancel()
        await asyncio.wait({listening})


@pytest.mark.parametrize("fault", ["request", "answer"])
async def test_lost_calls_cost_no_slot(
    shared_valkey: ValkeyProcess, redis: ArqRedis, queue: Queue, turns: Turns, fault: str
):
    for number in range(3):
        await queue.enqueue(turn(str(number), "hold"))
    async with unreliable_client(shared_valkey.url) as unreliable:
        unreliable.faults = [fault] * 3
        worker = TripsageWorker(
            [job_function(RUN_TURN, TurnJob, turns)],
            queue_name=TURN_QUEUE,
            redis_pool=unreliable,
            max_jobs=3,
            lease=0.3,
            handle_signals=False,
        )
        task = asyncio.create_task(worker.async_run())
        started = {(await turns.hear()).rsplit(" ", 1)[0] for _ in range(3)}
        assert started == {"start 0", "start 1", "start 2"}
        assert unreliable.faults == []
        await worker.close()
        await task


@pytest.mark.parametrize("fault", ["request", "answer"])
async def test_an_end_is_told_until_it_has_been_heard(
    shared_valkey: ValkeyProcess, redis: ArqRedis, queue: Queue, turns: Turns, fault: str
):
    await queue.enqueue(turn("s1", "hold"))
    async with unreliable_client(shared_valkey.url) as unreliable:
        worker = TripsageWorker(
            [job_function(RUN_TURN, TurnJob, turns)],
            queue_name=TURN_QUEUE,
            redis_pool=unreliable,
            lease=60,
            burst=True,
            handle_signals=False,
        )
        task = asyncio.create_task(worker.async_run())
        assert await turns.hear() == "start s1 1"
        unreliable.faults = [fault] * 2
        turns.release()
        assert await turns.hear() == "end s1"
        await task
        assert worker.jobs_complete == 1
        assert turns.unheard == 0
        await worker.close()
    assert await redis.zcard(TURN_QUEUE) == 0
