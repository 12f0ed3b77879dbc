"""A worker that is told to stop: what it ends, what it hands to another."""

import asyncio
import logging
from signal import Signals

import pytest
from arq.connections import ArqRedis

from app.contract.jobs import RUN_TURN, TURN_QUEUE, TurnJob
from app.streams.queue import Queue
from tests.redis.queue.conftest import Turns, Working, turn, unreliable_client
from tests.support.valkey import ValkeyProcess
from workers.attempts import AttemptStore
from workers.execution import JobContext, job_function
from workers.queue_worker import TripsageWorker


async def test_a_worker_that_drains_ends_its_jobs_and_takes_no_more(
    queue: Queue, turns: Turns, working: Working
):
    async with working(turns, job_completion_wait=60) as worker:
        await queue.enqueue(turn("s1", "hold"))
        assert await turns.hear() == "start s1 1"
        worker.handle_sig(Signals.SIGTERM)
        await queue.enqueue(turn("s2"))
        turns.release()
        assert await turns.hear() == "end s1"
        assert worker.main_task is not None
        await worker.main_task
        assert turns.unheard == 0
        depth = await queue.depth(TURN_QUEUE)
        assert (depth.waiting, depth.running) == (1, 0)


@pytest.mark.parametrize(
    ("drain", "signals"), [(0.05, 1), (60, 2)], ids=["when the time is over", "at the second signal"]
)
async def test_a_worker_that_stops_hands_its_jobs_to_another_at_once(
    queue: Queue,
    turns: Turns,
    working: Working,
    caplog: pytest.LogCaptureFixture,
    drain: float,
    signals: int,
):
    async with working(turns, job_completion_wait=drain, lease=60) as worker:
        await queue.enqueue(turn("s1", "hold"))
        assert await turns.hear() == "start s1 1"
        async with working(turns):
            for _ in range(signals):
                worker.handle_sig(Signals.SIGTERM)
            assert await turns.hear() == "cancelled s1"
            assert await turns.hear() == "start s1 1"
            turns.release()
            assert await turns.hear() == "end s1"
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_job_is_cancelled_even_while_a_time_limit_of_its_own_runs_out(
    redis: ArqRedis, queue: Queue, working: Working
):
    async with working(lambda ctx, job: run(ctx, job), job_completion_wait=60) as worker:

        async def run(ctx: JobContext, job: TurnJob) -> None:
            try:
                async with asyncio.timeout(0):  # has its way in the next round of the loop
                    asyncio.get_running_loop().call_soon(worker.handle_sig, Signals.SIGTERM)
                    asyncio.get_running_loop().call_soon(worker.handle_sig, Signals.SIGINT)
                    await asyncio.Event().wait()
            except TimeoutError:
                await asyncio.Event().wait()

        await queue.enqueue(turn("s1"))
        assert worker.main_task is not None
        await worker.main_task
    (attempt,) = (await AttemptStore(redis, TURN_QUEUE, lease=60).claim(1)).attempts
    assert attempt.job_try == 1


async def test_what_is_claimed_while_the_worker_is_told_to_stop_goes_back(
    shared_valkey: ValkeyProcess, redis: ArqRedis, queue: Queue, turns: Turns
):
    async with unreliable_client(shared_valkey.url) as late:
        worker = TripsageWorker(
            [job_function(RUN_TURN, TurnJob, turns)],
            queue_name=TURN_QUEUE,
            redis_pool=late,
            handle_signals=False,
        )
        await queue.enqueue(turn("s1"))
        late.faults = ["late"]
        working = asyncio.create_task(worker.async_run())
        await late.holding.wait()
        worker.handle_sig(Signals.SIGTERM)
        late.let_through.set()
        await working
        await worker.close()
    assert turns.unheard == 0
    (attempt,) = (await AttemptStore(redis, TURN_QUEUE, lease=60).claim(1)).attempts
    assert attempt.job_try == 1


async def test_a_job_that_fails_while_it_is_cancelled_is_handed_back_all_the_same(
    redis: ArqRedis, queue: Queue, working: Working
):
    started = asyncio.Event()

    async def run(ctx: JobContext, job: TurnJob) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise LookupError("cleaning up failed") from None

    async with working(run, job_completion_wait=0) as worker:
        await queue.enqueue(turn("s1"))
        await started.wait()
        worker.handle_sig(Signals.SIGTERM)
        assert worker.main_task is not None
        await worker.main_task
    (attempt,) = (await AttemptStore(redis, TURN_QUEUE, lease=60).claim(1)).attempts
    assert attempt.job_try == 1
