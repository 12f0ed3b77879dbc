"""Jobs that fail, take too long or can never be run: what is tried again, and when."""

import asyncio
import logging
import pickle

import pytest
from arq.connections import ArqRedis
from arq.worker import Retry, func

from app.contract.jobs import PAYLOAD_VERSION, RUN_TURN, TURN_QUEUE, TurnJob
from app.streams.queue import Queue
from tests.redis.queue.conftest import Turns, Working, lease_events, run_all, turn
from workers.attempts import AttemptStore
from workers.execution import JobContext
from workers.queue_worker import TripsageWorker


async def test_a_job_that_raises_is_tried_again_and_told_each_time(
    redis: ArqRedis, queue: Queue, caplog: pytest.LogCaptureFixture
):
    tries: list[int] = []

    async def run(ctx: JobContext, job: TurnJob) -> None:
        tries.append(ctx["job_try"])
        if ctx["job_try"] < 3:
            raise LookupError("no flights")

    await queue.enqueue(turn("s1"))
    worker = await run_all(redis, run)
    assert tries == [1, 2, 3]
    assert (worker.jobs_complete, worker.jobs_retried) == (1, 2)
    errors = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(errors) == 2
    assert all(record.exc_info for record in errors)


async def test_a_job_that_keeps_failing_is_tried_ever_later(redis: ArqRedis, queue: Queue, working: Working):
    async def run(ctx: JobContext, job: TurnJob) -> None:
        raise LookupError("no flights")

    await redis.set("arq:retry:s1:t", 9)
    async with lease_events(redis, "s1:t") as next_event, working(run):
        await queue.enqueue(turn("s1"))
        assert [await next_event(), await next_event()] == ["set", "del"]
    claim = await AttemptStore(redis, TURN_QUEUE, lease=60).claim(1)
    assert claim.attempts == []
    assert claim.next_due is not None
    assert 10 < claim.next_due <= 30


async def test_a_job_may_ask_to_be_run_again(redis: ArqRedis, queue: Queue, caplog: pytest.LogCaptureFixture):
    tries: list[int] = []

    async def run(ctx: JobContext, job: TurnJob) -> None:
        tries.append(ctx["job_try"])
        if ctx["job_try"] < 3:
            raise Retry(defer=0.01)

    await queue.enqueue(turn("s1"))
    await run_all(redis, run)
    assert tries == [1, 2, 3]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_job_that_cancels_itself_has_failed(
    redis: ArqRedis, queue: Queue, caplog: pytest.LogCaptureFixture
):
    async def run(ctx: JobContext, job: TurnJob) -> None:
        if ctx["job_try"] == 1:
            raise asyncio.CancelledError

    await queue.enqueue(turn("s1"))
    worker = await run_all(redis, run)
    assert (worker.jobs_complete, worker.jobs_retried) == (1, 1)
    assert "job s1:t failed (try 1)" in caplog.text


async def test_a_job_that_takes_too_long_is_stopped_and_tried_again(redis: ArqRedis, queue: Queue):
    ends: list[str] = []

    async def run(ctx: JobContext, job: TurnJob) -> None:
        if ctx["job_try"] == 1:
            try:
                await asyncio.Event().wait()
            finally:
                ends.append("stopped")
        ends.append("done")

    await queue.enqueue(turn("s1"))
    await run_all(redis, run, job_timeout=0.05)
    assert ends == ["stopped", "done"]


class Trap:
    """Unpickling it would be noticed."""

    sprung = False

    def __reduce__(self):
        return (setattr, (Trap, "sprung", True))


async def test_pickle_is_refused_for_good(
    redis: ArqRedis, queue: Queue, turns: Turns, caplog: pytest.LogCaptureFixture
):
    await queue.enqueue(turn("s1"))
    payload = pickle.dumps({"t": None, "f": RUN_TURN, "a": (Trap(),), "k": {}, "et": 1})
    await redis.set("arq:job:s1:t", payload)
    await queue.enqueue(turn("s2"))
    worker = await run_all(redis, turns)
    assert not Trap.sprung
    assert (worker.jobs_failed, worker.jobs_complete) == (1, 1)
    assert [record.message.split(":")[0] for record in caplog.records if record.levelname == "ERROR"] == [
        "job s1"
    ]
    assert await redis.exists("arq:job:s1:t") == 0


@pytest.mark.parametrize(
    ("function", "arguments"),
    [("nobody_has_it", (turn("s1"),)), (RUN_TURN, ()), (RUN_TURN, (turn("s1"), 2)), (RUN_TURN, ("a turn",))],
    ids=["unknown function", "no job", "too many arguments", "not a job"],
)
async def test_a_call_that_can_never_work_is_refused_for_good(
    redis: ArqRedis, turns: Turns, function: str, arguments: tuple[object, ...]
):
    await redis.enqueue_job(function, *arguments, _job_id="s1:t")
    worker = await run_all(redis, turns)
    assert (worker.jobs_failed, worker.jobs_complete) == (1, 0)
    assert turns.unheard == 0


async def test_a_newer_version_waits_for_a_newer_worker(redis: ArqRedis, turns: Turns, working: Working):
    newer = {"session_id": "s1", "turn_id": "t", "version": PAYLOAD_VERSION + 1}
    await redis.enqueue_job(RUN_TURN, newer, _job_id="s1:t")
    async with lease_events(redis, "s1:t") as next_event, working(turns):
        assert [await next_event(), await next_event()] == ["set", "del"]
    assert turns.unheard == 0
    assert [job.args for job in await redis.queued_jobs()] == [[newer]]


async def test_a_function_may_have_its_own_time_limit(redis: ArqRedis):
    async def slow(ctx: JobContext) -> None:
        if ctx["job_try"] == 1:
            await asyncio.Event().wait()

    await redis.enqueue_job("slow")
    worker = TripsageWorker(
        [func(slow, name="slow", timeout=0.05)],
        queue_name=TURN_QUEUE,
        redis_pool=redis,
        burst=True,
        handle_signals=False,
    )
    assert await worker.run_check() == 1
