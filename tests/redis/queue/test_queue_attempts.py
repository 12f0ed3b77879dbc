"""Leases: who may run a job, who may end it, and what is left when it has ended."""

import asyncio

from arq.connections import ArqRedis

from app.contract.jobs import TURN_QUEUE, TurnJob
from app.streams.queue import Queue
from workers.attempts import Attempt, AttemptStore, Outcome, Verdict

JOB = TurnJob(session_id="s1", turn_id="t1")
DONE = Outcome(Verdict.DONE)


def store(redis: ArqRedis, lease: float = 60) -> AttemptStore:
    return AttemptStore(redis, TURN_QUEUE, lease)


async def claim_one(redis: ArqRedis) -> Attempt:
    (attempt,) = (await store(redis).claim(10)).attempts
    return attempt


async def end_lease(redis: ArqRedis, attempt: Attempt) -> None:
    """As if the lease had run out."""
    await redis.zadd(TURN_QUEUE, {attempt.job_id: 0}, xx=True)


async def test_no_two_workers_get_the_same_job(redis: ArqRedis, queue: Queue):
    for number in range(40):
        await queue.enqueue(TurnJob(session_id=str(number), turn_id="t"))
    claims = await asyncio.gather(*(store(redis).claim(10) for _ in range(6)))
    ids = [attempt.job_id for claim in claims for attempt in claim.attempts]
    assert len(ids) == 40
    assert len(set(ids)) == 40


async def test_more_jobs_run_at_once_than_arq_reads_ids(redis: ArqRedis, queue: Queue):
    for number in range(250):
        await queue.enqueue(TurnJob(session_id=str(number), turn_id="t"))
    claimed = [len((await store(redis).claim(50)).attempts) for _ in range(6)]
    assert claimed == [50, 50, 50, 50, 50, 0]
    assert (await queue.depth(TURN_QUEUE)).running == 250


async def test_a_lease_that_ran_out_is_taken_over_and_cannot_be_used_any_more(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    old = await claim_one(redis)
    await end_lease(redis, old)
    new = await claim_one(redis)
    assert new.token > old.token
    assert (old.job_try, new.job_try) == (1, 2)
    assert await store(redis).renew([old, new]) == [0]
    for verdict in Verdict:
        assert await store(redis).finish([(old, Outcome(verdict))]) == [0]
    assert (await queue.depth(TURN_QUEUE)).running == 1
    assert await store(redis).finish([(new, DONE)]) == []
    assert await redis.keys("*") == []


async def test_a_lease_that_ran_out_is_kept_by_renewing_when_nobody_took_it(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    attempt = await claim_one(redis)
    await end_lease(redis, attempt)
    await redis.delete(f"arq:in-progress:{JOB.job_id}")
    assert await store(redis).renew([attempt]) == []
    assert (await store(redis).claim(1)).attempts == []
    assert await redis.pttl(f"arq:in-progress:{JOB.job_id}") > 50_000


async def test_renewing_prolongs_the_lease(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    attempt = await claim_one(redis)
    before = await redis.zscore(TURN_QUEUE, JOB.job_id)
    assert await store(redis, lease=120).renew([attempt]) == []
    after = await redis.zscore(TURN_QUEUE, JOB.job_id)
    assert before is not None
    assert after is not None
    assert 59_000 < after - before < 90_000


async def test_tokens_grow_even_when_an_id_is_used_again(redis: ArqRedis, queue: Queue):
    tokens: list[int] = []
    for _ in range(5):
        await queue.enqueue(JOB)
        attempt = await claim_one(redis)
        assert attempt.job_try == 1
        tokens.append(attempt.token)
        await store(redis).finish([(attempt, DONE)])
    assert tokens == sorted(set(tokens))


async def test_an_attempt_of_an_earlier_life_of_an_id_cannot_end_the_present_one(
    redis: ArqRedis, queue: Queue
):
    await queue.enqueue(JOB)
    stalled = await claim_one(redis)
    await end_lease(redis, stalled)
    await store(redis).finish([(await claim_one(redis), DONE)])
    await queue.enqueue(JOB)
    present = await claim_one(redis)
    assert await store(redis).finish([(stalled, DONE)]) == [0]
    assert await store(redis).renew([stalled, present]) == [0]


async def test_a_claim_that_the_server_has_forgotten_is_void(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    payload, due = await redis.dump(f"arq:job:{JOB.job_id}"), await redis.dump(TURN_QUEUE)
    forgotten = await claim_one(redis)
    await redis.flushall()  # and then what an append-only file that lost its last second would restore
    await redis.restore(f"arq:job:{JOB.job_id}", 0, payload)
    await redis.restore(TURN_QUEUE, 0, due)
    present = await claim_one(redis)
    assert (forgotten.job_try, present.job_try) == (1, 1)
    assert await store(redis).renew([forgotten, present]) == [0]
    assert await store(redis).finish([(forgotten, DONE)]) == [0]


async def test_running_again_keeps_the_job_and_counts_the_try(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    for job_try in (1, 2, 3):
        attempt = await claim_one(redis)
        assert attempt.job_try == job_try
        assert await store(redis).finish([(attempt, Outcome(Verdict.AGAIN))]) == []
    assert await redis.exists(f"arq:in-progress:{JOB.job_id}") == 0


async def test_handing_back_does_not_count_the_try(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    tokens: list[int] = []
    for _ in range(3):
        attempt = await claim_one(redis)
        assert attempt.job_try == 1
        tokens.append(attempt.token)
        await store(redis).finish([(attempt, Outcome(Verdict.HAND_BACK))])
    assert tokens == sorted(set(tokens))


async def test_running_again_later_is_due_later(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    await store(redis).finish([(await claim_one(redis), Outcome(Verdict.AGAIN, delay=60))])
    claim = await store(redis).claim(1)
    assert claim.attempts == []
    assert claim.next_due is not None
    assert 50 < claim.next_due <= 60


async def test_other_workers_are_told_of_a_job_that_was_handed_back(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    attempt = await claim_one(redis)
    async with redis.pubsub() as subscription:
        await subscription.subscribe(f"{TURN_QUEUE}:wake")
        assert (await subscription.get_message(timeout=10))["type"] == "subscribe"
        await store(redis).finish([(attempt, Outcome(Verdict.HAND_BACK))])
        assert (await subscription.get_message(timeout=10))["type"] == "message"


async def test_ending_twice_is_harmless(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    attempt = await claim_one(redis)
    assert await store(redis).finish([(attempt, DONE)]) == []
    assert await store(redis).finish([(attempt, DONE)]) == [0]


async def test_many_are_ended_in_one_call_each_in_its_way(redis: ArqRedis, queue: Queue):
    for name in "abcd":
        await queue.enqueue(TurnJob(session_id=name, turn_id="t"))
    attempts = (await store(redis).claim(4)).attempts
    await end_lease(redis, attempts[1])
    await store(redis).claim(1)
    outcomes = [DONE, DONE, Outcome(Verdict.AGAIN), Outcome(Verdict.AGAIN, delay=60)]
    assert await store(redis).finish(list(zip(attempts, outcomes, strict=True))) == [1]
    assert [job.job_id for job in await redis.queued_jobs()] == ["c:t", "b:t", "d:t"]


async def test_a_result_is_kept_as_long_as_asked(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    outcome = Outcome(Verdict.DONE, result=b"\x80", keep_result=30)
    await store(redis).finish([(await claim_one(redis), outcome)])
    assert await redis.get(f"arq:result:{JOB.job_id}") == b"\x80"
    assert 25_000 < await redis.pttl(f"arq:result:{JOB.job_id}") <= 30_000
    assert await queue.enqueue(JOB) is True


async def test_a_job_without_payload_is_dropped_and_named(redis: ArqRedis, queue: Queue):
    await queue.enqueue(JOB)
    await end_lease(redis, await claim_one(redis))
    await redis.delete(f"arq:job:{JOB.job_id}")
    await queue.enqueue(TurnJob(session_id="s2", turn_id="t"))
    claim = await store(redis).claim(10)
    assert claim.lost == [JOB.job_id]
    assert [attempt.job_id for attempt in claim.attempts] == ["s2:t"]
    await store(redis).finish([(claim.attempts[0], DONE)])
    assert await redis.keys("*") == []


async def test_what_arqs_client_lets_expire_stays_once_it_was_claimed(redis: ArqRedis):
    await redis.enqueue_job("run_turn", JOB, _job_id=JOB.job_id)
    assert await redis.pttl(f"arq:job:{JOB.job_id}") > 0
    await claim_one(redis)
    assert await redis.pttl(f"arq:job:{JOB.job_id}") == -1


async def test_scripts_come_back_when_the_server_has_lost_them(redis: ArqRedis, queue: Queue):
    attempts = store(redis)
    for _ in range(2):
        await queue.enqueue(JOB)
        claimed = (await attempts.claim(1)).attempts
        await attempts.renew(claimed)
        await attempts.finish([(claimed[0], DONE)])
        await redis.script_flush()
    assert (await queue.depth(TURN_QUEUE)).waiting == 0
