"""How soon a job is taken up, and how many a worker does in a second, beside arq as it comes."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from statistics import median

from arq.connections import create_pool

from app.contract.jobs import RUN_TURN, TurnJob
from app.streams.queue import Queue, queue_address
from benchmarks.consumer import SLOTS, STOCK_QUEUE
from benchmarks.measure import Spread, cpu_ns
from benchmarks.options import Options
from benchmarks.processes import Helper, ground, helper
from benchmarks.report import show

WAYS = {"ours": "TripSage", "stock": "stock arq"}
TARGET = 1.8

Enqueue = Callable[[int], Awaitable[object]]
"""Takes the job's number; the time of its making goes with it."""


def run(options: Options) -> None:
    waits: dict[str, list[float]] = {way: [] for way in WAYS}
    speeds: dict[str, list[float]] = {way: [] for way in WAYS}
    costs: dict[str, list[float]] = {way: [] for way in WAYS}
    count = options.choose(1_000, 4_000)
    with ExitStack() as stack:
        url = stack.enter_context(ground()).settings.queue_url
        consumers = {way: stack.enter_context(helper("consumer", url, way)) for way in WAYS}
        for _ in range(options.choose(1, 5)):
            for way, consumer in consumers.items():
                waits[way] += asyncio.run(_pickups(url, way, consumer, options.choose(50, 100)))
                asyncio.run(_fill(url, way, count))
                before = cpu_ns(consumer.pid)
                speeds[way].append(count / consumer.ask(do="drain"))
                costs[way].append((cpu_ns(consumer.pid) - before) / count / 1000)
    ratio = median(speeds["ours"]) / median(speeds["stock"])
    mark = "[green]✓[/]" if ratio >= TARGET else "[red]✗[/]"
    spreads = {way: Spread.of(samples) for way, samples in waits.items()}
    show(
        f"Queue: one worker with {SLOTS} slots, jobs that do nothing",
        ("", "taken up after, p50, ms", "p99, ms", "jobs/s", "worker CPU a job, µs"),
        [
            (
                WAYS[way],
                f"{spreads[way].p50:.1f}",
                f"{spreads[way].p99:.1f}",
                f"{median(speeds[way]):,.0f}",
                f"{median(costs[way]):.0f}",
            )
            for way in WAYS
        ],
        (
            f"{ratio:.1f} × the jobs/s of stock arq, target ≥ {TARGET} × {mark}",
            f"taken up: {len(waits['ours'])} jobs, one every 10 to 60 ms; jobs/s: {count} waiting jobs at a time",
            "both on uvloop, no results kept; stock arq polls every 0.5 s and pickles, as it does by default",
        ),
    )


async def _pickups(url: str, way: str, consumer: Helper, count: int) -> list[float]:
    """How many ms each of `count` jobs waited."""
    pauses = random.Random(count)
    async with _enqueuing(url, way) as enqueue:
        await asyncio.to_thread(consumer.ask, do="listen")
        for number in range(count):
            await asyncio.sleep(pauses.uniform(0.01, 0.06))
            await enqueue(number)
        await asyncio.sleep(1)  # the last of them is taken up at the second look at the latest
    waits: list[float] = await asyncio.to_thread(consumer.ask, do="report")
    assert len(waits) == count, f"{count - len(waits)} jobs of {count} were not taken up"
    return waits


async def _fill(url: str, way: str, count: int) -> None:
    async with _enqueuing(url, way) as enqueue:
        for number in range(count):
            await enqueue(number)


@asynccontextmanager
async def _enqueuing(url: str, way: str) -> AsyncGenerator[Enqueue]:
    redis = await create_pool(queue_address(url))
    queue = Queue(redis)

    async def ours(number: int) -> object:
        return await queue.enqueue(TurnJob(session_id=f"s{number}", turn_id=str(time.monotonic_ns())))

    async def stock(number: int) -> object:
        return await redis.enqueue_job(RUN_TURN, time.monotonic_ns(), _queue_name=STOCK_QUEUE)

    try:
        yield {"ours": ours, "stock": stock}[way]
    finally:
        await redis.aclose(close_connection_pool=True)
