"""Conflicts on Redis: kept for a day, open until somebody settles them or their time is over."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType
from redis.asyncio import Redis

from app.contract.codec import encode
from app.streams.commands import Commands
from app.streams.keys import CONFLICTS_DUE, TripKeys
from app.streams.log import Script

KEPT_SECONDS = 24 * 3600
CLAIM_MS = 5_000
"""How long a gateway has to tell of what is due, before another one does it."""
_CLAIMED_AT_ONCE = 100

State = Literal["open", "settled", "lapsed"]


class ConflictRecord(Struct, kw_only=True):
    """A change that was refused."""

    user_id: str
    field: str
    wanted: Raw
    base: Raw | UnsetType = UNSET
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Conflicts (trip, conflict) whose time is over, for who asked to tell of; `wait` is the seconds until more are."""

    conflicts: list[tuple[str, str]]
    wait: float | None


class KeptConflicts:
    """Methods raise what the event log raises when the server is away; each may be repeated."""

    def __init__(self, client: Redis, seconds: float) -> None:
        self._redis = cast(Commands, client)
        folder = Path(__file__).parent
        self._claim, self._lapse = (
            cast(Script, client.register_script((folder / name).read_text()))
            for name in ("claim_conflicts.lua", "lapse_conflict.lua")
        )
        self._life = int(seconds * 1000)

    async def keep(self, trip_id: str, conflict_id: str, record: ConflictRecord) -> None:
        """Keeps an open conflict; gateways hear of when its time is over."""
        seconds, microseconds = await self._redis.execute_command("TIME")
        now = int(seconds) * 1000 + int(microseconds) // 1000
        await self._redis.zadd(CONFLICTS_DUE, {f"{trip_id} {conflict_id}": now + self._life})
        key = TripKeys.of(trip_id).conflict(conflict_id)
        await self._redis.execute_command("HSET", key, "json", encode(record), "state", "open")
        await self._redis.execute_command("EXPIRE", key, KEPT_SECONDS)
        await self._redis.execute_command("SPUBLISH", CONFLICTS_DUE, conflict_id)

    async def get(self, trip_id: str, conflict_id: str) -> tuple[ConflictRecord, State] | None:
        found = await self._redis.hgetall(TripKeys.of(trip_id).conflict(conflict_id))
        if b"json" not in found:
            return None
        record = msgspec.json.decode(found[b"json"], type=ConflictRecord)
        return record, cast(State, found[b"state"].decode())

    async def settled(self, trip_id: str, conflict_id: str) -> None:
        await self._redis.execute_command(
            "HSET", TripKeys.of(trip_id).conflict(conflict_id), "state", "settled"
        )
        await self.told(trip_id, conflict_id)

    async def claim(self) -> Due:
        """What is due and nobody else has claimed; until it is `told` it is due again in a while."""
        members, wait = await self._claim([CONFLICTS_DUE], [CLAIM_MS, _CLAIMED_AT_ONCE])
        pairs: list[Any] = [member.decode().split(" ") for member in members]
        return Due([(trip_id, name) for trip_id, name in pairs], None if wait < 0 else wait / 1000)

    async def lapse(self, trip_id: str, conflict_id: str) -> ConflictRecord | None:
        """Ends an open conflict: nobody can settle it any more. None for one that was settled."""
        found = await self._lapse([TripKeys.of(trip_id).conflict(conflict_id)], [])
        return msgspec.json.decode(found, type=ConflictRecord) if found else None

    async def told(self, trip_id: str, conflict_id: str) -> None:
        await self._redis.zrem(CONFLICTS_DUE, f"{trip_id} {conflict_id}")
