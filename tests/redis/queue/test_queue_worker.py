"""A worker and its jobs, while everything around them works."""

import asyncio

from arq.connections import ArqRedis
from arq.jobs import Job

from app.contract.jobs import TURN_QUEUE, TurnJob
from app.streams.job_codec import deserialize
from app.streams.queue import Queue
from tests.redis.queue.conftest import Turns, Working, lease_events, run_all, turn
from workers.attempts import AttemptStore, Outcome, Verdict
from workers.execution import JobContext


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
