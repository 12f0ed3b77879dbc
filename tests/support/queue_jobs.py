"""Jobs that tell of themselves and wait to be told, through lists in Redis; and a worker process of them.

    python -m arq tests.support.queue_jobs.Process

A job whose turn id is `hold` waits for `release`. What happens is pushed to the list `told`.
"""

import asyncio
import os
from typing import Any

from app.contract.jobs import RUN_TURN, TURN_QUEUE, TurnJob
from app.streams.queue import queue_address
from workers.execution import JobContext, job_function
from workers.queue_worker import serve_arq_command

TOLD = "told"
RELEASE = "release"


async def tell(redis: Any, *words: str) -> None:
    await redis.rpush(TOLD, " ".join(words))


async def hear(redis: Any, count: int = 1) -> list[str]:
    """The next things that jobs told."""
    heard: list[str] = []
    for _ in range(count):
        _, told = await redis.blpop([TOLD])
        heard.append(told.decode())
    return heard


async def turn(ctx: JobContext, job: TurnJob) -> None:
    redis = ctx["redis"]
    try:
        await tell(redis, "start", job.session_id, str(ctx["job_try"]), str(os.getpid()))
        if job.turn_id == "hold":
            assert await redis.blpop([f"{RELEASE}:{job.session_id}"], timeout=60)
    except asyncio.CancelledError:
        # In a task of its own: before Python 3.11.3 a time-out within a cancelled task ends it once more.
        await asyncio.create_task(tell(redis, "cancelled", job.session_id))
        raise
    await tell(redis, "end", job.session_id)


async def started(ctx: JobContext) -> None:
    await tell(ctx["redis"], "ready", str(os.getpid()))


async def stopped(ctx: JobContext) -> None:
    await tell(ctx["redis"], "stopped", str(os.getpid()))


if "QUEUE_URL" in os.environ:
    serve_arq_command()


class Process:
    functions = (job_function(RUN_TURN, TurnJob, turn),)
    queue_name = TURN_QUEUE
    redis_settings = queue_address(os.environ.get("QUEUE_URL", "redis://"))
    on_startup = started
    on_shutdown = stopped
    poll_delay = 60.0
    max_jobs = int(os.environ.get("MAX_JOBS", "10"))
    job_completion_wait = float(os.environ.get("DRAIN_SECONDS", "10"))
