"""Servers and whole systems that tests share or own, and clients of them."""

import asyncio
import inspect
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from redis.asyncio import Redis

from app.streams.client import make_client
from tests.support.system import System
from tests.support.valkey import ValkeyProcess
from tests.support.waiting import BEFORE_THE_RUNNER, bounded

# No test passes or fails by the time it takes: the machine may have other work. In CI the examples are
# nearly the same each time, so that a change is judged by what it changed (which modules are loaded still has
# a say: Hypothesis tries their constants); everywhere else each run looks at new ones.
hypothesis.settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("untimed")

# Under nohup, processes that tests start would ignore this signal too.
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bounds everything that a test awaits."""
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            marked = item.get_closest_marker("timeout")
            seconds = float(marked.args[0] if marked else item.config.getini("timeout"))
            item.obj = bounded(item.obj, seconds - BEFORE_THE_RUNNER)


@pytest.fixture(scope="session")
def shared_valkey() -> Iterator[ValkeyProcess]:
    """One server for all tests, which it cannot see apart: `valkey_url` empties it."""
    server = ValkeyProcess(Path(tempfile.mkdtemp(prefix="tripsage-")))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def killable_valkey() -> Iterator[ValkeyProcess]:
    """A server of the test's own."""
    server = ValkeyProcess(Path(tempfile.mkdtemp(prefix="tripsage-")))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def redis(shared_valkey: ValkeyProcess) -> AsyncIterator[Redis]:
    """A client of the shared server, empty."""
    client = make_client(shared_valkey.url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
async def valkey_url(redis: Redis, shared_valkey: ValkeyProcess) -> str:
    """Address of the shared server, empty."""
    return shared_valkey.url


@pytest.fixture(scope="session")
def shared_system() -> Iterator[System]:
    running = System.prepare()
    asyncio.run(running.start())
    yield running
    _end(running)


@pytest.fixture
async def system(shared_system: System) -> System:
    """The shared system, its sandbox as new."""
    await shared_system.tell_sandbox("reset")
    return shared_system


@pytest.fixture
def make_system() -> Iterator[Callable[..., System]]:
    """Systems of the test's own; they are started by the test and ended here."""
    made: list[System] = []

    def make(**variables: str) -> System:
        made.append(System.prepare(**variables))
        return made[-1]

    yield make
    for running in made:
        _end(running)


def _end(running: System) -> None:
    if running.process is not None:
        code = asyncio.run(running.stop())
        assert code == 0, running.output
    shutil.rmtree(running.directory, ignore_errors=True)
