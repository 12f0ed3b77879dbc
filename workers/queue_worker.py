"""An arq worker that is told of jobs, leases them, and outlives everything but its own bugs."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from signal import Signals
from typing import Any

import arq.worker
import uvloop
from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.constants import default_queue_name
from arq.jobs import serialize_result
from arq.typing import StartupShutdown, WorkerCoroutine
from arq.utils import ms_to_datetime
from arq.worker import Function, Retry, RetryJob, Worker, func

from app.streams.job_codec import Call, J, UnreadableJob, decode_call, decode_job, deserialize, serialize
from app.streams.queue import wake_channel
from workers import wake
from workers.attempts import Attempt, AttemptStore, Outcome, Verdict
from workers.outage import AWAY, Outage

logger = logging.getLogger(__name__)

LEASE = 2.0
ANSWER_WITHIN = 5.0
CLAIM_AT_ONCE = 128
CANCEL_GRACE = 5.0
BACKOFF_FIRST, BACKOFF_LONGEST = 0.2, 30.0

JobContext = dict[Any, Any]


def job_function(name: str, kind: type[J], run: Callable[[JobContext, J], Awaitable[None]]) -> Function:
    """`run` as an arq function that gets its job decoded.

    A job of a newer version fails this try and waits for a newer worker; an unreadable one is refused for good.
    """

    async def call(ctx: JobContext, job: Any) -> None:
        await run(ctx, decode_job(job, kind))

    return func(call, name=name)


@dataclass(eq=False, slots=True)
class _Running:
    attempt: Attempt
    task: asyncio.Task[None] | None = None
    superseded: bool = False


class TripsageWorker(Worker):
    def __init__(
        self,
        functions: Sequence[Function | WorkerCoroutine] = (),
        *,
        queue_name: str = default_queue_name,
        redis_settings: RedisSettings | None = None,
        redis_pool: ArqRedis | None = None,
        burst: bool = False,
        on_startup: StartupShutdown | None = None,
        on_shutdown: StartupShutdown | None = None,
        handle_signals: bool = True,
        job_completion_wait: float = 10,
        max_jobs: int = 10,
        job_timeout: float | None = None,
        keep_result: float = 0,
        poll_delay: float = 5,
        lease: float = LEASE,
        health_check_interval: float = 10,
        health_check_key: str | None = None,
        ctx: JobContext | None = None,
    ) -> None:
        _use_uvloop()
        super().__init__(
            functions,
            queue_name=queue_name,
            redis_settings=redis_settings,
            redis_pool=redis_pool,
            burst=burst,
            on_startup=on_startup,
            on_shutdown=on_shutdown,
            handle_signals=handle_signals,
            max_jobs=max_jobs,
            job_timeout=0,
            keep_result=keep_result,
            poll_delay=poll_delay,
            health_check_interval=health_check_interval,
            health_check_key=health_check_key,
            ctx=ctx,
            job_serializer=serialize,
            job_deserializer=deserialize,
        )
        self._timeout = job_timeout
        self._drain = job_completion_wait
        self._lease = lease
        self._poll = poll_delay
        self._outage = Outage()
        self._wake = asyncio.Event()
        self._running: set[_Running] = set()
        self._ended: list[tuple[_Running, Outcome]] = []
        self._stopping = False
        self._handing_back = False

    # -- the life of the worker ------------------------------------------------------------------

    async def main(self) -> None:
        if self._pool is None:
            self._pool = await self._connect()
        self.ctx["redis"] = self.pool
        store = AttemptStore(self.pool, self.queue_name, self._lease)
        if self.on_startup:
            await self.on_startup(self.ctx)
        channel = wake_channel(self.queue_name)
        async with asyncio.TaskGroup() as group:
            helpers = [
                group.create_task(wake.listen(self.pool, channel, self._wake.set, self._outage)),
                group.create_task(self._every(self._lease / 3, "renew", lambda: self._renew(store))),
                group.create_task(
                    self._every(self.health_check_interval or 10, "health", self.record_health)
                ),
            ]
            await self._dispatch(store)
            for helper in helpers:
                helper.cancel()

    async def _connect(self) -> ArqRedis:
        settings = self.redis_settings or RedisSettings()
        while True:
            try:
                pool = await create_pool(
                    settings,
                    retry=settings.conn_retries,
                    job_serializer=serialize,
                    job_deserializer=deserialize,
                    default_queue_name=self.queue_name,
                )
            except AWAY as error:
                await asyncio.sleep(self._outage.failed("connect", error))
            else:
                self._outage.over("connect")
                return pool

    async def _every(self, seconds: float, name: str, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    await step()
                self._outage.over(name)
            except AWAY as error:
                self._outage.failed(name, error)
            await asyncio.sleep(seconds)

    async def _dispatch(self, store: AttemptStore) -> None:
        while not (self._stopping and not self._running):
            self._wake.clear()
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    await self._finish(store)
                    pause = await self._claim(store)
                    if self.burst and not self._running and not await self.pool.zcard(self.queue_name):
                        return
                self._outage.over("dispatch")
            except AWAY as error:
                pause = self._outage.failed("dispatch", error)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _claim(self, store: AttemptStore) -> float:
        room = min(self.max_jobs - len(self._running), CLAIM_AT_ONCE)
        if self._stopping or room <= 0:
            return self._poll
        attempts, pause = await store.claim(room)
        for attempt in attempts:
            running = _Running(attempt)
            self._running.add(running)
            running.task = asyncio.create_task(self._run(running))
        return self._poll if pause is None else min(pause, self._poll)

    async def _renew(self, store: AttemptStore) -> None:
        if not self._running:
            return
        running = list(self._running)
        lost = await store.renew([each.attempt for each in running])
        for each in running:
            if each.attempt.job_id in lost and each in self._running and each.task:
                each.superseded = True
                each.task.cancel()

    async def _finish(self, store: AttemptStore) -> None:
        ended = self._ended
        if not ended:
            return
        self._ended = []
        try:
            await store.finish([(running.attempt, outcome) for running, outcome in ended])
        except BaseException:
            self._ended = ended + self._ended
            raise
        self._running.difference_update(running for running, _ in ended)

    # -- the life of a job -----------------------------------------------------------------------

    async def _run(self, running: _Running) -> None:
        outcome = await self._outcome(running)
        self._ended.append((running, outcome))
        self._wake.set()

    async def _outcome(self, running: _Running) -> Outcome:
        attempt = running.attempt
        try:
            if attempt.payload is None:
                raise UnreadableJob("payload is gone")
            call = decode_call(attempt.payload)
            function = self.functions.get(call.function)
            if function is None:
                raise UnreadableJob(f"no function {call.function!r}")
            ctx = {
                **self.ctx,
                "job_id": attempt.job_id,
                "job_try": attempt.job_try,
                "fencing_token": attempt.token,
                "enqueue_time": ms_to_datetime(call.enqueued_ms),
                "score": int(attempt.due_ms),
            }
            async with asyncio.timeout(function.timeout_s or self._timeout):
                await function.coroutine(ctx, *call.args, **call.kwargs)
        except UnreadableJob as error:
            logger.error("job %s refused: %s", attempt.job_id, error)
            self.jobs_failed += 1
            return Outcome(Verdict.DONE)
        except Retry as error:
            self.jobs_retried += 1
            return Outcome(Verdict.AGAIN, delay=(error.defer_score or 0) / 1000)
        except asyncio.CancelledError:
            return Outcome(Verdict.HANDBACK)
        except Exception:
            delay = min(BACKOFF_LONGEST, BACKOFF_FIRST * 2 ** min(attempt.job_try - 1, 10))
            logger.exception(
                "job %s failed in try %d; again in %.1f s", attempt.job_id, attempt.job_try, delay
            )
            self.jobs_retried += 1
            return Outcome(Verdict.AGAIN, delay=delay)
        self.jobs_complete += 1
        return Outcome(Verdict.DONE)

    # -- stopping --------------------------------------------------------------------------------

    def handle_sig(self, signum: Signals) -> None:
        if self._stopping:
            self._cancel_all()
        self._stopping = True
        self._wake.set()
        self.loop.call_later(self._drain, self._cancel_all)

    def _cancel_all(self) -> None:
        for running in self._running:
            if running.task:
                running.task.cancel()

    async def close(self) -> None:
        if not self._pool:
            return
        if self.on_shutdown:
            await self.on_shutdown(self.ctx)
        await self.pool.aclose(close_connection_pool=True)
        self._pool = None


def _use_uvloop() -> None:
    """Inside a running loop that one is used; a process of its own gets the faster one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.set_event_loop(uvloop.new_event_loop())


def serve_arq_command() -> None:
    """Have the `arq` command run `TripsageWorker`.

    The command builds whatever `arq.worker.Worker` names at that moment and offers no option for it.
    """
    arq.worker.Worker = TripsageWorker
