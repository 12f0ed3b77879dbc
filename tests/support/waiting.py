"""The bounds of what tests wait for. None is ever reached while all is well, however busy the machine is."""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

WITHIN = 60.0
"""Seconds that a test waits for one thing."""
BEFORE_THE_RUNNER = 15.0
"""Seconds before pytest would end a whole test, and could not say where it stood."""


@asynccontextmanager
async def waiting_for(what: str, so_far: Callable[[], str] = str) -> AsyncIterator[None]:
    """Fails when the block has not ended within the bound; says what it waited for, and what there was so far."""
    try:
        async with asyncio.timeout(WITHIN) as bound:
            yield
    except TimeoutError:
        if not bound.expired():
            raise
        raise AssertionError(f"{what}: not within {WITHIN:g} s. {so_far()}") from None


def bounded(test: Callable[..., Awaitable[None]], seconds: float) -> Callable[..., Awaitable[None]]:
    """The test, cancelled where it stands if it takes longer: the traceback shows what it waited for."""

    @functools.wraps(test)
    async def run(*arguments: Any, **named: Any) -> None:
        async with asyncio.timeout(seconds):
            await test(*arguments, **named)

    return run
