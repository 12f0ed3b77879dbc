"""Workers as processes of their own, started by arq's command, killed and told to stop."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from arq.connections import ArqRedis

from app.contract.jobs import TURN_QUEUE
from app.streams.queue import Queue
from tests.redis.queue.conftest import turn
from tests.support.queue_jobs import RELEASE, hear
from tests.support.valkey import ValkeyProcess

ROOT = Path(__file__).parents[3]
SETTINGS = "tests.support.queue_jobs.Process"

Command = Callable[..., Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
async def arq_command(shared_valkey: ValkeyProcess, redis: ArqRedis) -> AsyncIterator[Command]:
    """Runs `arq SETTINGS` with these options and variables; of the jobs in `tests/support` by default."""
    processes: list[asyncio.subprocess.Process] = []

    async def run(*options: str, settings: str = SETTINGS, **variables: str) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "arq", settings, *options),
            cwd=ROOT,
            env={"PATH": os.defpath, "QUEUE_URL": shared_valkey.url, **variables},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        processes.append(process)
        return process

    yield run
    for process in processes:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ready(redis: ArqRedis, process: asyncio.subprocess.Process) -> None:
    assert await hear(redis) == [f"ready {process.pid}"]


async def says(process: asyncio.subprocess.Process, words: str) -> None:
    """Waits until the process has logged it."""
    assert process.stdout is not None
    while words not in (line := (await process.stdout.readline()).decode()):
        assert line, "it has ended"


async def test_arqs_command_runs_our_worker(redis: ArqRedis, queue: Queue, arq_command: Command):
    process = await arq_command()
    await ready(redis, process)
    for number in range(3):  # its own worker would wait for a minute, and unpickle
        await queue.enqueue(turn(str(number)))
        assert await hear(redis, 2) == [f"start {number} 1 {process.pid}", f"end {number}"]
    process.send_signal(signal.SIGTERM)
    assert await hear(redis) == [f"stopped {process.pid}"]
    assert await process.wait() == 0


@pytest.mark.parametrize(
    ("settings", "queue_name"), [("AgentWorker", "tripsage:agents"), ("ToolWorker", "tripsage:tools")]
)
async def test_arqs_command_runs_the_workers_of_tripsage(
    arq_command: Command,
    redis: ArqRedis,
    shared_valkey: ValkeyProcess,
    tmp_path: Path,
    settings: str,
    queue_name: str,
):
    process = await arq_command(
        settings=f"workers.main.{settings}",
        TRIPSAGE_REDIS_URL=shared_valkey.url,
        TRIPSAGE_DATA_DIR=str(tmp_path),
    )
    await says(process, f"working on {queue_name} with ")
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


async def test_burst_ends_with_the_queue(redis: ArqRedis, queue: Queue, arq_command: Command):
    for number in range(3):
        await queue.enqueue(turn(str(number)))
    process = await arq_command("--burst")
    assert await process.wait() == 0
    heard = await hear(redis, 8)
    assert sum(words.startswith("end") for words in heard) == 3
    assert heard[-1] == f"stopped {process.pid}"


async def test_check_tells_whether_a_worker_lives(redis: ArqRedis, arq_command: Command):
    nobody = await arq_command("--check")
    assert await nobody.wait() == 1
    process = await arq_command()
    await ready(redis, process)
    while await (await arq_command("--check")).wait() != 0:
        pass  # the first sign of life may come a moment after the start


async def test_the_jobs_of_a_killed_worker_are_taken_over(
    redis: ArqRedis, queue: Queue, arq_command: Command
):
    workers = {process.pid: process for process in (await arq_command(), await arq_command())}
    assert set(await hear(redis, 2)) == {f"ready {pid}" for pid in workers}
    await queue.enqueue(turn("s1", "hold"))
    (start,) = await hear(redis)
    victim = int(start.removeprefix("start s1 1 "))
    workers.pop(victim).kill()
    (heir,) = workers
    assert await hear(redis) == [f"start s1 2 {heir}"]
    await redis.rpush(f"{RELEASE}:s1", "")
    assert await hear(redis) == ["end s1"]


async def test_a_worker_that_is_told_to_stop_ends_its_jobs(
    redis: ArqRedis, queue: Queue, arq_command: Command
):
    process = await arq_command(DRAIN_SECONDS="60")
    await ready(redis, process)
    await queue.enqueue(turn("s1", "hold"))
    await hear(redis)
    process.send_signal(signal.SIGINT)
    await says(process, "stopping; 1 jobs have 60 s to end")
    await queue.enqueue(turn("s2"))
    await redis.rpush(f"{RELEASE}:s1", "")
    assert await hear(redis, 2) == ["end s1", f"stopped {process.pid}"]
    assert await process.wait() == 0
    assert (await queue.depth(TURN_QUEUE)).waiting == 1


@pytest.mark.parametrize(
    ("drain", "signals"),
    [("0.05", [signal.SIGTERM]), ("60", [signal.SIGTERM, signal.SIGINT])],
    ids=["after its time", "told twice"],
)
async def test_a_worker_that_has_to_go_hands_its_jobs_back(
    redis: ArqRedis, queue: Queue, arq_command: Command, drain: str, signals: list[signal.Signals]
):
    process = await arq_command(DRAIN_SECONDS=drain)
    await ready(redis, process)
    await queue.enqueue(turn("s1", "hold"))
    await hear(redis)
    for each in signals:
        process.send_signal(each)
    assert await hear(redis, 2) == ["cancelled s1", f"stopped {process.pid}"]
    assert await process.wait() == 0
    depth = await queue.depth(TURN_QUEUE)
    assert (depth.waiting, depth.running) == (1, 0)
    heir = await arq_command()
    await ready(redis, heir)
    assert await hear(redis) == [f"start s1 1 {heir.pid}"]
