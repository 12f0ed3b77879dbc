"""Putting jobs into a queue and counting them."""

import asyncio

import pytest
from arq.connections import ArqRedis
from arq.jobs import Job, JobStatus
from redis.exceptions import ConnectionError

from app.contract.jobs import TOOL_QUEUE, TURN_QUEUE, ToolJob, TurnJob
from app.streams.job_codec import deserialize
from app.streams.queue import Depth, Queue
from tests.redis.queue.conftest import client, unreliable_client
from tests.support.valkey import ValkeyProcess
from workers.attempts import AttemptStore, Outcome, Verdict

JOB = TurnJob(session_id="s1", turn_id="t1")


async def finish_all(redis: ArqRedis, queue: str = TURN_QUEUE) -> list[str]:
    store = AttemptStore(redis, queue, lease=60)
    attempts = (await store.claim(100)).attempts
    if attempts:
        await store.finish([(attempt, Outcome(Verdict.DONE)) for attempt in attempts])
    return [attempt.job_id for attempt in attempts]


async def test_a_job_is_queued_once_however_often_it_is_enqueued(redis: ArqRedis, queue: Queue):
    answers = await asyncio.gather(*(queue.enqueue(JOB) for _ in range(20)))
    assert sorted(answers) == [False] * 19 + [True]
    assert await finish_all(redis) == ["s1:t1"]
    assert await finish_all(redis) == []


async def test_a_running_job_is_not_queued_again(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    await AttemptStore(redis, TURN_QUEUE, lease=60).claim(1)
    assert await queue.enqueue(JOB) is False


async def test_an_id_may_be_used_again_when_its_job_has_ended(redis: ArqRedis, queue: Queue):
    for _ in range(3):
        assert await queue.enqueue(JOB) is True
        assert await finish_all(redis) == ["s1:t1"]
    assert await redis.keys("*") == []


async def test_jobs_run_in_the_order_in_which_they_were_enqueued(redis: ArqRedis, queue: Queue):
    ids = [f"s{number}" for number in (3, 1, 2, 9, 7, 8, 6, 4, 5)]
    for session_id in ids:
        await queue.enqueue(TurnJob(session_id=session_id, turn_id="t"))
    assert await finish_all(redis) == [f"{session_id}:t" for session_id in ids]


async def test_each_kind_of_job_has_its_queue(redis: ArqRedis, queue: Queue):
    tool = ToolJob(
        session_id="s1",
        turn_id="t1",
        task_id="t1.k",
        call_key="k",
        tool_call_id="t1.k.c",
        tool_name="flight_search",
        arguments={"origin": "BER"},
        today="2026-05-01",
    )
    assert await queue.enqueue(JOB)
    assert await queue.enqueue(tool)
    assert await finish_all(redis, TOOL_QUEUE) == ["s1:t1.k.c"]
    assert await finish_all(redis, TURN_QUEUE) == ["s1:t1"]


async def test_a_delayed_job_is_not_due_yet(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB, delay=60)
    claim = await AttemptStore(redis, TURN_QUEUE, lease=60).claim(1)
    assert claim.attempts == []
    assert claim.next_due == pytest.approx(60, abs=2)
    assert await queue.enqueue(JOB) is False


async def test_workers_are_told_of_every_job(redis: ArqRedis, queue: Queue):
    async with redis.pubsub() as subscription:
        await subscription.subscribe(f"{TURN_QUEUE}:wake")
        assert (await subscription.get_message(timeout=10))["type"] == "subscribe"
        await queue.enqueue(JOB, delay=60)
        assert (await subscription.get_message(timeout=10))["type"] == "message"


@pytest.mark.parametrize("half", ["arq:job:s1:t1", TURN_QUEUE])
async def test_half_a_job_does_not_block_its_id(redis: ArqRedis, queue: Queue, half: str):
    await queue.enqueue(JOB)
    await redis.delete(half)
    assert await queue.enqueue(JOB) is True
    assert await finish_all(redis) == ["s1:t1"]


async def test_depth_tells_the_waiting_from_the_running_and_the_later(redis: ArqRedis, queue: Queue):
    assert await queue.depth(TURN_QUEUE) == Depth(0, 0, 0)
    for number in range(5):
        await queue.enqueue(TurnJob(session_id=str(number), turn_id="t"))
    await queue.enqueue(JOB, delay=60)
    await AttemptStore(redis, TURN_QUEUE, lease=60).claim(2)
    await redis.zincrby(TURN_QUEUE, -30_000, "2:t")
    depth = await queue.depth(TURN_QUEUE)
    assert (depth.waiting, depth.running) == (3, 2)
    assert depth.oldest_seconds == pytest.approx(30, abs=2)


async def test_a_job_whose_worker_died_counts_as_waiting(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    await AttemptStore(redis, TURN_QUEUE, lease=60).claim(1)
    await redis.zincrby(TURN_QUEUE, -60_000, JOB.job_id)
    depth = await queue.depth(TURN_QUEUE)
    assert (depth.waiting, depth.running) == (1, 0)


async def test_arq_tools_see_the_job(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    job = Job(JOB.job_id, redis, TURN_QUEUE, deserialize)
    assert await job.status() == JobStatus.queued
    info = await job.info()
    assert info is not None
    assert info.args == [{"session_id": "s1", "turn_id": "t1", "version": 1}]
    assert [each.job_id for each in await redis.queued_jobs()] == [JOB.job_id]
    await AttemptStore(redis, TURN_QUEUE, lease=60).claim(1)
    assert await job.status() == JobStatus.in_progress
    await queue.enqueue(TurnJob(session_id="s2", turn_id="t"), delay=60)
    assert await Job("s2:t", redis, TURN_QUEUE, deserialize).status() == JobStatus.deferred


async def test_a_connection_lost_before_the_call_is_made_again(shared_valkey: ValkeyProcess, redis: ArqRedis):
    async with unreliable_client(shared_valkey.url) as unreliable:
        unreliable.faults = ["request", "request"]
        assert await Queue(unreliable).enqueue(JOB) is True
    assert await finish_all(redis) == ["s1:t1"]


async def test_an_answer_that_was_lost_makes_no_second_job(shared_valkey: ValkeyProcess, redis: ArqRedis):
    async with unreliable_client(shared_valkey.url) as unreliable:
        unreliable.faults = ["answer"]
        assert await Queue(unreliable).enqueue(JOB) is False
    assert await finish_all(redis) == ["s1:t1"]


async def test_jobs_and_clients_outlast_a_restart(killable_valkey: ValkeyProcess):
    async with client(killable_valkey.url) as redis:
        queue = Queue(redis)
        await queue.enqueue(JOB)
        killable_valkey.kill()
        killable_valkey.start()
        assert await queue.enqueue(TurnJob(session_id="s2", turn_id="t")) is True
        assert await finish_all(redis) == ["s1:t1", "s2:t"]


async def test_a_server_that_stays_away_is_reported(killable_valkey: ValkeyProcess):
    async with client(killable_valkey.url) as redis:
        killable_valkey.kill()
        with pytest.raises(ConnectionError):
            await Queue(redis).enqueue(JOB)
