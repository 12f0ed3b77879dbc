"""An arq worker that is told of jobs instead of polling, leases them, and outlives Redis.

It reads arq's layout and takes arq's settings, so `arq`, `arq --check`, `Job` and `ArqRedis` work with it.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from signal import SIGUSR1, Signals
from typing import cast

import arq.worker
import uvloop
from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.constants import default_queue_name
from arq.typing import StartupShutdown, WorkerCoroutine
from arq.worker import Function, Worker

from app.streams.job_codec import deserialize, serialize
from app.streams.queue import wake_channel
from workers.attempts import AttemptStore
from workers.dispatcher import ANSWER_WITHIN, Dispatcher
from workers.execution import Execution, JobContext
from workers.outage import WAITED_OUT, Outage
from workers.wake import listen

logger = logging.getLogger("arq.worker")  # which the arq command shows

LEASE = 2.0
"""Seconds after which the jobs of a worker that died are taken over; renewed every third of it."""


class TripsageWorker(Worker):
    """Runs jobs at least once, and one attempt at a time unless a worker stalls for longer than its lease.

    Settings keep arq's names and units (seconds), with these differences:

    - `poll_delay`: how long a job waits at most when nobody told of it (arq's own client does not).
    - `job_completion_wait`: how long running jobs may go on after SIGTERM or SIGINT before they are cancelled
      and handed back. A second signal cancels them at once.
    - `job_timeout`: None lets a job run as long as it likes.
    - `keep_result`: 0, the default, keeps none.
    - There is no `max_tries`: a job that raises is tried again, later each time, until its function returns.
      The function sees `ctx["job_try"]` and decides when to give up.
    - Cron jobs, aborting through arq and pickled payloads are not offered.

    A job function finds in `ctx`, beside what `on_startup` put there: `redis`, `job_id`, `job_try`,
    `enqueue_time`, `score`, and `fencing_token`, which is larger than that of every earlier attempt.
    """

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
        _prefer_uvloop()
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
            job_timeout=job_timeout or 0,
            keep_result=keep_result,
            poll_delay=poll_delay,
            health_check_interval=health_check_interval,
            health_check_key=health_check_key,
            ctx=ctx,
            job_serializer=serialize,
            job_deserializer=deserialize,
        )
        self._drain = job_completion_wait
        self._lease = lease
        self._poll = poll_delay
        self._health_interval = health_check_interval
        self._execution = Execution(
            cast(dict[str, Function], self.functions),  # the rest would be cron jobs
            self.ctx,
            self,
            queue=queue_name,
            timeout=job_timeout,
            keep_result=keep_result,
        )
        self._outage = Outage()
        self._dispatcher: Dispatcher | None = None

    async def main(self) -> None:
        """Work until stopped, or in a burst until the queue is empty."""
        if self._pool is None:
            self._pool = await self._connect()
        self.ctx["redis"] = self.pool
        if self.on_startup:
            await self.on_startup(self.ctx)
        self._dispatcher = dispatcher = Dispatcher(
            AttemptStore(self.pool, self.queue_name, self._lease),
            self._execution.run,
            self._outage,
            slots=self.max_jobs,
            lease=self._lease,
            poll=self._poll,
        )
        logger.info(
            "working on %s with %d slots: %s", self.queue_name, self.max_jobs, ", ".join(self.functions)
        )
        async with asyncio.TaskGroup() as group:
            wake = listen(self.pool, wake_channel(self.queue_name), dispatcher.wake, self._outage)
            helpers = (group.create_task(wake), group.create_task(self._keep_health()))
            await dispatcher.run(self._queue_is_empty if self.burst else None)
            for helper in helpers:
                helper.cancel()

    def handle_sig(self, signum: Signals) -> None:
        """Stop; arq's file watcher sends itself SIGUSR1 when it wants that at once."""
        if self._dispatcher is None:
            if self.main_task:
                self.main_task.cancel()
        elif signum == SIGUSR1 or self._dispatcher.stopping:
            self._dispatcher.cancel()
        else:
            self._dispatcher.stop(self._drain)
        if self.on_stop:
            self.on_stop(signum)

    async def close(self) -> None:
        """Stop, at once unless a signal gave the jobs time, then let go of everything."""
        if self._dispatcher and not self._dispatcher.stopping:
            self._dispatcher.cancel()
        if self.main_task:
            await asyncio.wait({self.main_task})
        self._dispatcher = None
        if not self._pool:
            return
        if self.on_shutdown:
            await self.on_shutdown(self.ctx)
        await self.pool.aclose(close_connection_pool=True)
        self._pool = None

    async def record_health(self) -> None:
        """Leave the sign of life that `arq --check` looks for; it fades when it is not renewed."""
        running = self._dispatcher.running if self._dispatcher else 0
        report = (
            f"{datetime.now(self.timezone):%b-%d %H:%M:%S} j_complete={self.jobs_complete} "
            f"j_failed={self.jobs_failed} j_retried={self.jobs_retried} j_ongoing={running} "
            f"queued={await self.pool.zcard(self.queue_name)}"
        )
        await self.pool.set(self.health_check_key, report, px=int((self._health_interval + 1) * 1000))

    async def _connect(self) -> ArqRedis:
        """The pool, once Redis answers. arq itself would give up after five tries."""
        settings = replace(self.redis_settings or RedisSettings(), conn_retries=0)
        while True:
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    pool = await create_pool(
                        settings,
                        job_serializer=serialize,
                        job_deserializer=deserialize,
                        default_queue_name=self.queue_name,
                    )
                self._outage.over("connect")
            except WAITED_OUT as error:
                await asyncio.sleep(self._outage.failed("connect", error))
            else:
                return pool

    async def _keep_health(self) -> None:
        while True:
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    await self.record_health()
                self._outage.over("health")
                pause = self._health_interval
            except WAITED_OUT as error:
                pause = self._outage.failed("health", error)
            await asyncio.sleep(pause)

    async def _queue_is_empty(self) -> bool:
        return not await self.pool.zcard(self.queue_name)


def serve_arq_command() -> None:
    """Have the `arq` command run `TripsageWorker`.

    The command makes its worker from whatever `arq.worker.Worker` names, and it has no option or hook for
    another class. The module that it is given (`arq workers.main.AgentWorker`) calls this when imported.
    """
    arq.worker.Worker = TripsageWorker


def _prefer_uvloop() -> None:
    """arq takes the loop that is running or set; a process of its own gets the faster one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.set_event_loop(uvloop.new_event_loop())
