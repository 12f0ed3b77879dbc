"""Whatever happens in whatever order: one attempt holds a job, and only that one can keep or end it."""

import asyncio
from dataclasses import dataclass, field

from arq.connections import ArqRedis, create_pool
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.contract.jobs import TURN_QUEUE, TurnJob
from app.streams.queue import Queue, queue_address
from tests.support.valkey import ValkeyProcess
from workers.attempts import Attempt, AttemptStore, Outcome, Verdict

names = st.sampled_from("abcd")
verdicts = st.sampled_from(Verdict)
some = st.integers(0, 1_000_000)


@dataclass
class Model:
    """A job that is in the queue: who holds it, whether its lease has ended, and how often it was tried."""

    holder: Attempt | None = None
    lapsed: bool = False
    tries: int = 0


@dataclass
class World:
    jobs: dict[str, Model] = field(default_factory=dict[str, Model])
    attempts: list[Attempt] = field(default_factory=list[Attempt])

    def holds(self, attempt: Attempt) -> bool:
        job = self.jobs.get(attempt.job_id)
        return job is not None and job.holder is attempt

    def claimable(self) -> set[str]:
        return {name for name, job in self.jobs.items() if job.holder is None or job.lapsed}


class QueueLaws(RuleBasedStateMachine):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.world = World()
        self.runner = asyncio.Runner()
        self.redis: ArqRedis = self.runner.run(create_pool(queue_address(url)))
        self.runner.run(self.redis.flushall())
        self.queue = Queue(self.redis)
        self.store = AttemptStore(self.redis, TURN_QUEUE, lease=3600)

    @rule(name=names)
    def enqueue(self, name: str) -> None:
        job = TurnJob(session_id=name, turn_id="t")
        assert self.runner.run(self.queue.enqueue(job)) is (job.job_id not in self.world.jobs)
        self.world.jobs.setdefault(job.job_id, Model())

    @rule(limit=st.integers(1, 4))
    def claim(self, limit: int) -> None:
        claim = self.runner.run(self.store.claim(limit))
        claimable = self.world.claimable()
        assert len(claim.attempts) == min(limit, len(claimable))
        assert claim.lost == []
        for attempt in claim.attempts:
            assert attempt.job_id in claimable
            assert all(
                attempt.token > old.token for old in self.world.attempts if old.job_id == attempt.job_id
            )
            job = self.world.jobs[attempt.job_id]
            job.tries += 1
            assert attempt.job_try == job.tries
            job.holder, job.lapsed = attempt, False
            self.world.attempts.append(attempt)

    @rule(name=names)
    def end_lease(self, name: str) -> None:
        job = self.world.jobs.get(f"{name}:t")
        if job is not None and job.holder is not None:
            self.runner.run(self.redis.zadd(TURN_QUEUE, {f"{name}:t": 0}, xx=True))
            job.lapsed = True

    @rule()
    def renew_all(self) -> None:
        lost = self.runner.run(self.store.renew(self.world.attempts))
        kept = [place for place, attempt in enumerate(self.world.attempts) if self.world.holds(attempt)]
        assert sorted([*lost, *kept]) == list(range(len(self.world.attempts)))
        for place in kept:
            self.world.jobs[self.world.attempts[place].job_id].lapsed = False

    @rule(which=some, verdict=verdicts)
    def finish(self, which: int, verdict: Verdict) -> None:
        if not self.world.attempts:
            return
        attempt = self.world.attempts[which % len(self.world.attempts)]
        refused = self.runner.run(self.store.finish([(attempt, Outcome(verdict))]))
        assert refused == ([] if self.world.holds(attempt) else [0])
        if refused:
            return
        job = self.world.jobs[attempt.job_id]
        job.holder, job.lapsed = None, False
        job.tries -= verdict is Verdict.HAND_BACK
        if verdict is Verdict.DONE:
            del self.world.jobs[attempt.job_id]

    @invariant()
    def depth_is_told(self) -> None:
        depth = self.runner.run(self.queue.depth(TURN_QUEUE))
        waiting = len(self.world.claimable())
        assert (depth.waiting, depth.running) == (waiting, len(self.world.jobs) - waiting)

    def teardown(self) -> None:
        for name in list(self.world.jobs):
            self.end_lease(name.removesuffix(":t"))
        self.claim(4)
        for which in range(len(self.world.attempts)):
            self.finish(which, Verdict.DONE)
        assert self.runner.run(self.redis.keys("*")) == []
        self.runner.run(self.redis.aclose(close_connection_pool=True))
        self.runner.close()


def test_the_laws_of_attempts(shared_valkey: ValkeyProcess):
    run_state_machine_as_test(
        lambda: QueueLaws(shared_valkey.url),
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
