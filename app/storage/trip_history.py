"""The writes of trips, kept beside their streams: small, not bound to an epoch, and for longer."""

from collections.abc import AsyncIterator
from typing import Any, cast

import msgspec
from redis.asyncio import Redis

from app.contract.trip import PastWrite
from app.streams.commands import Commands
from app.streams.keys import TripKeys

STEP = 64
PAGE_BYTES = 256 * 1024
"""A page ends with the write that reaches this size."""

_writes = msgspec.json.Decoder(PastWrite)


class TripHistory:
    """`commit_trip.lua` writes it, in the step that writes the trip."""

    def __init__(self, client: Redis) -> None:
        self._redis = cast(Commands, client)

    async def page(self, trip_id: str, before: int | None, limit: int) -> list[PastWrite]:
        """Writes whose version is below `before`, the newest first."""
        found: list[PastWrite] = []
        size = 0
        while len(found) < limit and size < PAGE_BYTES:
            step = await self._read(trip_id, before, min(STEP, limit - len(found)))
            for text in step:
                if size < PAGE_BYTES:
                    found.append(_writes.decode(text))
                    size += len(text)
            if not step:
                break
            before = found[-1].version
        return found

    async def back_from(self, trip_id: str, version: int) -> AsyncIterator[PastWrite]:
        """Every write that is kept, from this version back."""
        before: int | None = version + 1
        while step := await self._read(trip_id, before, STEP):
            for text in step:
                write = _writes.decode(text)
                before = write.version
                yield write

    async def _read(self, trip_id: str, before: int | None, count: int) -> list[bytes]:
        end = "+" if before is None else f"({before}-0"
        found: list[Any] = await self._redis.execute_command(
            "XREVRANGE", TripKeys.of(trip_id).history, end, "-", "COUNT", count
        )
        return [fields[b"write"] for _, fields in found]
