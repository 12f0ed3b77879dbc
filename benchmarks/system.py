"""A whole running system, with limits that a benchmark does not meet."""

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tests.support.system import System

UNLIMITED = {"TRIPSAGE_FRAMES_PER_MINUTE": "1000000", "TRIPSAGE_MESSAGES_PER_MINUTE": "1000000"}


@asynccontextmanager
async def running_system(**variables: str) -> AsyncGenerator[System]:
    """`tripsage up` in a directory of its own, which goes with it."""
    system = System.prepare(**UNLIMITED, **variables)
    try:
        await system.start()
        yield system
    finally:
        if system.process is not None:
            await system.stop()
        shutil.rmtree(system.directory, ignore_errors=True)
