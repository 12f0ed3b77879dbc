"""A worker and its jobs, while everything around them works."""

import asyncio
import logging
import pickle
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from signal import Signals

import pytest
from arq.connections import ArqRedis
from arq.jobs import Job
from arq.worker import Retry, func

from app.contract.jobs import PAYLOAD_VERSION, RUN_TURN, TURN_QUEUE, TurnJob
from app.streams.job_codec import deserialize
from app.streams.queue import Queue
from tests.redis.queue.conftest import Turns, Working, unreliable_client
from tests.support.valkey import ValkeyProcess
from workers.attempts import AttemptStore, Outcome, Verdict
from workers.execution import JobContext, job_function
from workers.queue_worker import TripsageWorker


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


async def test_a_job_starts_when_it_is_enqueued_not_when_the_worker_looks(
    queue: Queue, turns: Turns, working: Working
):
    async with working(turns):
        for number in range(20):
            await queue.enqueue(turn(str(number)))
            assert await turns.hear() == f"start {number} 1"
            assert await turns.hear() == f"end {number}"


async def test_a_delayed_job_starts_when_it_is_due(queue: Queue, turns: Turns, working: Working):
    async with working(turns):
        await queue.enqueue(turn("later"), delay=2)  # longer than any machine takes for the next line
        await queue.enqueue(turn("sooner"), delay=0.1)
        heard = [await turns.hear() for _ in range(4)]
    assert heard == ["start sooner 1", "end sooner", "start later 1", "end later"]


async def test_jobs_that_were_there_before_the_worker_are_run(queue: Queue, turns: Turns, working: Working):
    await queue.enqueue(turn("a"))
    async with working(turns):
        assert await turns.hear() == "start a 1"


async def test_a_job_function_learns_what_it_runs(redis: ArqRedis, queue: Queue):
    seen: list[tuple[JobContext, TurnJob]] = []

    async def run(ctx: JobContext, job: TurnJob) -> None:
        seen.append((ctx, job))

    await queue.enqueue(turn("s1"))
    await run_all(redis, run, ctx={"parts": "shared"})
    ((ctx, job),) = seen
    assert job == turn("s1")
    assert (ctx["job_id"], ctx["job_try"], ctx["parts"], ctx["redis"]) == ("s1:t", 1, "shared", redis)
    assert ctx["fencing_token"] > 0


async def test_nothing_is_left_of_a_job_that_is_done(redis: ArqRedis, queue: Queue, turns: Turns):
    for number in range(300):
        await queue.enqueue(turn(str(number)))
    worker = await run_all(redis, turns, max_jobs=200)
    assert worker.jobs_complete == 300
    assert set(await redis.keys("*")) <= {b"tripsage:agents:health-check"}


async def test_slots_bound_how_much_runs_at_once(queue: Queue, turns: Turns, working: Working):
    for number in range(5):
        await queue.enqueue(turn(str(number), "hold"))
    async with working(turns, max_jobs=3):
        for number in range(3):
            assert await turns.hear() == f"start {number} 1"
        depth = await queue.depth(TURN_QUEUE)
        assert (depth.waiting, depth.running) == (2, 3)
        turns.release()
        heard = {await turns.hear() for _ in range(7)}
    assert heard == {*(f"end {number}" for number in range(5)), "start 3 1", "start 4 1"}


async def test_a_slot_is_free_as_soon_as_its_job_has_ended(queue: Queue, turns: Turns, working: Working):
    await queue.enqueue(turn("a", "hold"))
    await queue.enqueue(turn("b"))
    async with working(turns, max_jobs=1, lease=600):
        assert await turns.hear() == "start a 1"
        for _ in range(5):  # the worker has long gone to sleep by then
            depth = await queue.depth(TURN_QUEUE)
            assert (depth.waiting, depth.running) == (1, 1)
        turns.release()
        assert [await turns.hear(), await turns.hear()] == ["end a", "start b 1"]


async def test_two_workers_run_more_jobs_than_arq_reads_ids(queue: Queue, turns: Turns, working: Working):
    async with working(turns, max_jobs=75), working(turns, max_jobs=75):
        for number in range(150):
            await queue.enqueue(turn(str(number), "hold"))
        assert {await turns.hear() for _ in range(150)} == {f"start {number} 1" for number in range(150)}
        assert (await queue.depth(TURN_QUEUE)).running == 150
        turns.release()
        assert {await turns.hear() for _ in range(150)} == {f"end {number}" for number in range(150)}


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


async def test_a_long_job_stays_with_its_worker(
    redis: ArqRedis, queue: Queue, turns: Turns, working: Working
):
    async with working(turns, lease=0.3), working(turns, lease=0.3):
        await queue.enqueue(turn("s1", "hold"))
        assert await turns.hear() == "start s1 1"
        async with lease_events(redis, "s1:hold") as next_event:
            for _ in range(12):  # of renewing, three of which make the time of a lease
                assert await next_event() == "set"
        assert turns.unheard == 0
        turns.release()
        assert await turns.hear() == "end s1"


async def test_a_superseded_attempt_is_cancelled_and_cannot_end_the_job(
    redis: ArqRedis, queue: Queue, turns: Turns, working: Working
):
    async with working(turns, max_jobs=1, lease=0.3):
        await queue.enqueue(turn("s1", "hold"))
        assert await turns.hear() == "start s1 1"
        await redis.zadd(TURN_QUEUE, {"s1:hold": 0}, xx=True)
        store = AttemptStore(redis, TURN_QUEUE, lease=60)
        (successor,) = (await store.claim(1)).attempts
        assert await turns.hear() == "cancelled s1"
        await queue.enqueue(turn("s2"))
        assert await turns.hear() == "start s2 1"
        assert await store.finish([(successor, Outcome(Verdict.DONE))]) == []


async def test_results_are_kept_for_arqs_client_when_asked_for(redis: ArqRedis, queue: Queue, turns: Turns):
    await queue.enqueue(turn("s1"))
    await run_all(redis, turns, keep_result=30)
    assert await Job("s1:t", redis, TURN_QUEUE, deserialize).result() == "turn of s1"


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


async def test_a_worker_can_be_started_again_after_it_was_closed(
    queue: Queue, turns: Turns, working: Working
):
    async with working(turns) as worker:
        await queue.enqueue(turn("s1"))
        assert [await turns.hear(), await turns.hear()] == ["start s1 1", "end s1"]
        await worker.close()
        again = asyncio.create_task(worker.async_run())
        await queue.enqueue(turn("s2"))
        assert [await turns.hear(), await turns.hear()] == ["start s2 1", "end s2"]
        await worker.close()
        await again
