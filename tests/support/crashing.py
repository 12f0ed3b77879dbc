"""A process that dies in the middle of a turn, played in the test's own."""

from typing import Any


class Crash(Exception):
    pass


class CrashingLog:
    """The real log, until the n-th append: then the process dies, just before the write or just after."""

    def __init__(self, log: Any, at: int, *, after: bool) -> None:
        self._log = log
        self._left = at
        self._after = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    async def append(self, *arguments: Any, **named: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise Crash
        if self._left == 0 and not self._after:
            raise Crash
        appended = await self._log.append(*arguments, **named)
        if self._left == 0:
            raise Crash
        return appended
