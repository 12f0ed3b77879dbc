"""The log, read with patience: a server that is away is waited for, and few reads run at once."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from app.domain.ports import Page
from app.streams.client import AWAY
from app.streams.merge import Slice

T = TypeVar("T")


class Log(Protocol):
    """What live fan-out needs of the event log; `RedisEventLog` has it."""

    async def read(self, stream: str, after: int, *, epoch: str | None = None, limit: int = 256) -> Page: ...

    async def slice(self, stream: str, start: int, *, limit: int = 256) -> Slice: ...

    async def position(self, streams: Sequence[str]) -> list[Slice]: ...

    async def rotate_epoch(self, stream: str, lost: str) -> None: ...


class History:
    """Every method waits, however long, while the server is away; other errors are raised.

    `at_once` bounds the reads in flight and so, with the size of a page, the memory of a process whose
    clients all resume together.
    """

    def __init__(
        self,
        log: Log,
        *,
        at_once: int = 16,
        first_backoff: float = 0.02,
        longest_backoff: float = 0.5,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._log = log
        self._turn = asyncio.Semaphore(at_once)
        self._first_backoff = first_backoff
        self._longest_backoff = longest_backoff
        self._jitter = jitter

    async def check(self, stream: str, after: int, epoch: str | None) -> Page:
        """Whether a cursor can be resumed, and the top; its frames are not the point."""
        return await self._patiently(lambda: self._log.read(stream, after, epoch=epoch, limit=1))

    async def slice(self, stream: str, start: int) -> Slice:
        return await self._patiently(lambda: self._log.slice(stream, start))

    async def position(self, streams: Sequence[str]) -> list[Slice]:
        return await self._patiently(lambda: self._log.position(streams))

    async def rotate_epoch(self, stream: str, lost: str) -> None:
        await self._patiently(lambda: self._log.rotate_epoch(stream, lost))

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        backoff = self._first_backoff
        while True:
            try:
                async with self._turn:
                    return await call()
            except AWAY:
                await asyncio.sleep(backoff * (0.5 + self._jitter() / 2))
                backoff = min(backoff * 2, self._longest_backoff)
