"""Keeps a worker's slots filled. One loop ends what is done, renews the leases of the rest and claims."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from enum import IntEnum
from typing import Any

from workers.attempts import Attempt, AttemptStore, Outcome, Verdict
from workers.outage import WAITED_OUT, Outage

logger = logging.getLogger("arq.worker")  # which the arq command shows

ANSWER_WITHIN = 3.0
"""Seconds that one round of calls may take before the connection is given up."""

AT_ONCE = 128
"""Jobs in one script call at most, so that Redis is never held for more than a millisecond or so."""

CANCEL_GRACE = 3.0
"""Seconds that cancelled jobs have for cleaning up, and Redis for taking them back."""


class _Stage(IntEnum):
    RUNNING = 0
    DRAINING = 1
    CANCELLING = 2
    GIVEN_UP = 3


class Dispatcher:
    """Runs the jobs of a queue, at most `slots` at a time, until it is told to stop.

    `execute` runs one attempt and answers its outcome; it raises `CancelledError` only. The loop sleeps
    until `wake` is called, a job ends, a job is due or a lease has to be renewed, at most `poll` seconds.
    """

    def __init__(
        self,
        store: AttemptStore,
        execute: Callable[[Attempt], Coroutine[Any, Any, Outcome]],
        outage: Outage,
        *,
        slots: int,
        lease: float,
        poll: float,
    ) -> None:
        self._store = store
        self._execute = execute
        self._outage = outage
        self._slots = slots
        self._renew_every = lease / 3
        self._poll = poll
        self._stage = _Stage.RUNNING
        self._event = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._renew_at = self._loop.time()
        # Every attempt whose end Redis has not taken yet, and those among them that ended, in order.
        self._attempts: dict[asyncio.Task[Outcome], Attempt] = {}
        self._ended: list[asyncio.Task[Outcome]] = []
        # `Task.cancelling()` would not do: it is also true for a moment inside `asyncio.timeout`.
        self._cancelled: set[asyncio.Task[Outcome]] = set()

    @property
    def running(self) -> int:
        return len(self._attempts)

    @property
    def stopping(self) -> bool:
        return self._stage is not _Stage.RUNNING

    def wake(self) -> None:
        """Something may have become due."""
        self._event.set()

    async def run(self, idle: Callable[[], Awaitable[bool]] | None = None) -> None:
        """Returns when it has been stopped, or when nothing runs and `idle` answers that nothing will."""
        try:
            while True:
                self._event.clear()
                try:
                    async with asyncio.timeout(ANSWER_WITHIN):
                        pause = await self._round()
                        if idle and not self._attempts and await idle():
                            return
                    self._outage.over("dispatch")
                except WAITED_OUT as error:
                    pause = self._outage.failed("dispatch", error)
                if self._stage is _Stage.GIVEN_UP or (self.stopping and not self._attempts):
                    return
                await self._sleep(pause)
        finally:
            if self._attempts:
                logger.error("left behind for other workers: %s", ", ".join(self._job_ids()))
                self._cancel_jobs()

    def stop(self, drain: float) -> None:
        """Claim no more, and cancel what still runs after `drain` seconds."""
        logger.info("stopping; %d jobs have %g s to end", self.running, drain)
        self._stage = _Stage.DRAINING
        self._loop.call_later(drain, self.cancel)
        self._event.set()

    def cancel(self) -> None:
        """Cancel what runs and hand it back."""
        if self._stage >= _Stage.CANCELLING:
            return
        self._stage = _Stage.CANCELLING
        self._cancel_jobs()
        self._loop.call_later(CANCEL_GRACE, self._give_up)
        self._event.set()

    def _give_up(self) -> None:
        self._stage = _Stage.GIVEN_UP
        self._event.set()

    async def _round(self) -> float:
        """One exchange with Redis; the seconds until the next."""
        while self._ended:
            await self._finish()
        # Before claiming, so that a worker that stalled does not take over its own jobs.
        if self._attempts and self._loop.time() >= self._renew_at:
            await self._renew()
        pause = await self._claim()
        if self._attempts:
            pause = min(pause, self._renew_at - self._loop.time())
        return pause

    async def _finish(self) -> None:
        tasks = self._ended[:AT_ONCE]
        ended = [(self._attempts[task], self._outcome(task)) for task in tasks]
        for place in await self._store.finish(ended):
            logger.info("the end of job %s was not taken: superseded, or told before", ended[place][0].job_id)
        del self._ended[: len(tasks)]
        for task in tasks:
            del self._attempts[task]
            self._cancelled.discard(task)

    async def _renew(self) -> None:
        started = self._loop.time()
        attempts = list(self._attempts.items())
        for place in await self._store.renew([attempt for _, attempt in attempts]):
            task, attempt = attempts[place]
            if not task.done() and task not in self._cancelled:
                logger.warning("job %s was taken over by a later attempt; stopping it here", attempt.job_id)
                self._cancel_job(task)
        self._renew_at = started + self._renew_every

    async def _claim(self) -> float:
        room = min(self._slots - len(self._attempts), AT_ONCE)
        if room <= 0 or self._stage is not _Stage.RUNNING:
            return self._poll
        if not self._attempts:
            self._renew_at = self._loop.time() + self._renew_every
        claim = await self._store.claim(room)
        for job_id in claim.lost:
            logger.error("job %s is lost: its payload has expired or was deleted", job_id)
        for attempt in claim.attempts:
            task = self._loop.create_task(self._execute(attempt), name=f"job {attempt.job_id}")
            self._attempts[task] = attempt
            task.add_done_callback(self._on_end)
            if self.stopping:  # the order came while we asked: it goes back as if never taken
                self._cancel_job(task)
        return self._poll if claim.next_due is None else min(claim.next_due, self._poll)

    def _on_end(self, task: asyncio.Task[Outcome]) -> None:
        self._ended.append(task)
        self._event.set()

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            pass

    def _cancel_jobs(self) -> None:
        for task in self._attempts:
            self._cancel_job(task)

    def _cancel_job(self, task: asyncio.Task[Outcome]) -> None:
        """Once only, so that a job that is cleaning up can do so."""
        if task not in self._cancelled:
            self._cancelled.add(task)
            task.cancel()

    def _outcome(self, task: asyncio.Task[Outcome]) -> Outcome:
        """A job that was cancelled and has not ended goes back at once, however it took it."""
        if task.cancelled() or (task in self._cancelled and task.result().verdict is Verdict.AGAIN):
            return Outcome(Verdict.HAND_BACK)
        return task.result()

    def _job_ids(self) -> list[str]:
        return sorted(attempt.job_id for attempt in self._attempts.values())
