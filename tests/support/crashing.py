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


class CrashingJournal:
    """The real Redis, until the n-th entry of a journal: then the process dies, just before the write or after."""

    def __init__(self, redis: Any, at: int, *, after: bool) -> None:
        self._redis = redis
        self._left = at
        self._after = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._redis, name)

    def register_script(self, source: str) -> Any:
        script = self._redis.register_script(source)
        return self._counted(script) if "one decision to a turn's journal" in source else script

    def _counted(self, script: Any) -> Any:
        async def run(*arguments: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise Crash
            done = await script(*arguments)
            if self._left == 0:
                raise Crash
            return done

        return run


class CrashingTrips:
    """The real service that keeps plans, whose process dies just before or just after the first write."""

    def __init__(self, trips: Any, *, after: bool) -> None:
        self._trips = trips
        self._after = after

    async def create(self, *arguments: Any) -> Any:
        return await self._crash(self._trips.create, arguments)

    async def change(self, *arguments: Any) -> Any:
        return await self._crash(self._trips.change, arguments)

    async def _crash(self, write: Any, arguments: Any) -> Any:
        if self._after:
            await write(*arguments)
        raise Crash
