"""Owners take turns when there are more jobs than room; nobody's jobs keep somebody else's waiting."""

import random

import pytest
from arq.connections import ArqRedis

from app.contract.jobs import TURN_QUEUE, TurnJob
from app.streams.queue import Queue
from workers.attempts import Attempt, AttemptStore, Outcome, Verdict


async def enqueue(queue: Queue, owner: str, *numbers: int) -> None:
    for number in numbers:
        await queue.enqueue(TurnJob(session_id=f"{owner}{number}", turn_id="t"), owner=owner)


class Worker:
    """Slots that are filled one claim after another."""

    def __init__(self, redis: ArqRedis) -> None:
        self._store = AttemptStore(redis, TURN_QUEUE, lease=60)
        self.running: list[Attempt] = []

    async def claim(self, room: int = 1) -> list[str]:
        attempts = (await self._store.claim(room)).attempts
        self.running += attempts
        return [attempt.job_id.removesuffix(":t") for attempt in attempts]

    async def finish(self, verdict: Verdict = Verdict.DONE) -> None:
        await self._store.finish([(self.running.pop(0), Outcome(verdict))])


async def test_one_message_starts_after_at_most_one_of_fifty(redis: ArqRedis, queue: Queue) -> None:
    await enqueue(queue, "a", *range(50))
    worker = Worker(redis)
    await worker.claim()
    await enqueue(queue, "b", 0)
    await worker.finish()
    assert await worker.claim() == ["b0"]


async def test_who_was_served_while_nobody_waited_was_served(redis: ArqRedis, queue: Queue) -> None:
    await enqueue(queue, "a", 0)
    worker = Worker(redis)
    await worker.claim()
    await enqueue(queue, "a", *range(1, 25))
    await enqueue(queue, "b", 0)
    await worker.finish()
    assert await worker.claim() == ["b0"]


async def test_owners_take_turns_whenever_they_came(redis: ArqRedis, queue: Queue) -> None:
    await enqueue(queue, "a", *range(6))
    await enqueue(queue, "b", *range(3))
    await enqueue(queue, "c", *range(2))
    worker, order = Worker(redis), ""
    for _ in range(11):
        order += (await worker.claim())[0][0]
        await worker.finish()
    assert order == "abcabcabaaa"


async def test_slots_are_shared(redis: ArqRedis, queue: Queue) -> None:
    await enqueue(queue, "a", *range(8))
    await enqueue(queue, "b", *range(8))
    assert sorted(job[0] for job in await Worker(redis).claim(6)) == ["a"] * 3 + ["b"] * 3


async def test_who_has_slots_already_waits_for_who_has_none(redis: ArqRedis, queue: Queue) -> None:
    await enqueue(queue, "a", *range(8))
    worker = Worker(redis)
    await worker.claim(4)
    await enqueue(queue, "b", *range(8))
    assert [job[0] for job in await worker.claim(4)] == ["b"] * 4


async def test_an_owners_jobs_keep_their_order_and_free_slots_are_used(redis: ArqRedis, queue: Queue) -> None:
    await enqueue(queue, "a", *range(5))
    worker = Worker(redis)
    assert await worker.claim(3) == ["a0", "a1", "a2"]
    assert await worker.claim(10) == ["a3", "a4"]


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_is_left_of_jobs_that_are_done(redis: ArqRedis, queue: Queue, seed: int) -> None:
    rng = random.Random(seed)
    worker, left = Worker(redis), 30
    for number in range(30):
        await enqueue(queue, rng.choice("abc"), number)
        if rng.random() < 0.5 and await worker.claim():
            verdict = rng.choice([Verdict.DONE, Verdict.HAND_BACK])
            await worker.finish(verdict)
            left -= verdict is Verdict.DONE
    while await worker.claim():
        await worker.finish()
        left -= 1
    assert left == 0
    kept = {key.decode() for key in await redis.keys("*")}  # type: ignore[misc]
    assert all(key.startswith(f"{TURN_QUEUE}:served:") for key in kept)


async def test_a_job_that_is_wanted_again_runs_once_more(redis: ArqRedis, queue: Queue) -> None:
    job = TurnJob(session_id="a0", turn_id="t")
    worker = Worker(redis)
    await queue.enqueue(job, owner="a")
    await worker.claim()
    assert await queue.enqueue(job, owner="a", again=True) is False
    assert await queue.enqueue(job, owner="a", again=True) is False
    await worker.finish()
    assert await worker.claim() == ["a0"]
    await worker.finish()
    assert await worker.claim() == []
