"""Whole systems for the journeys: one that all share, or one of a test's own to be killed."""

import asyncio
import shutil
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.support.system import System


@pytest.fixture(scope="session")
def shared_system() -> Iterator[System]:
    running = System.prepare()
    asyncio.run(running.start())
    yield running
    _end(running)


@pytest.fixture
def system(shared_system: System) -> System:
    """The shared system, its sandbox as new."""
    httpx.post(f"{shared_system.sandbox_url}/__admin/reset").raise_for_status()
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
