"""Conflicts: kept until they are settled, and told to whoever wrote."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import msgspec
from msgspec import UNSET, Raw, Struct

from app.contract import events as e
from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import derived, trip_stream, user_stream
from app.domain.ports import Clock
from app.domain.trip_edit import Conflict, standing_value
from app.services.trip_refusals import refusal
from app.storage.trip_conflicts import ConflictRecord, KeptConflicts
from app.storage.trips import Trips
from app.streams.log import RedisEventLog


class _Update(Struct):
    """What is read of a stored update."""

    updated_by: str
    timestamp: datetime
    full_trip_data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Met:
    """Conflicts that a write of the user's met: what its author is told, and what the write is answered."""

    user_id: str
    events: Sequence[e.TripConflictDetected]
    error: TripSageError


_updates = msgspec.json.Decoder(_Update)


class History:
    """A trip's past, as far back as its stream reaches."""

    def __init__(self, log: RedisEventLog) -> None:
        self._log = log

    async def value_at(self, stream: str, name: str, version: int) -> bytes | None:
        """A field's value after the write of this version; None where it had none or nobody knows."""
        update = await self.update(stream, version)
        if update is None:
            return None
        collection, _, item_id = name.partition("/")
        value = update.full_trip_data.get(collection)
        if item_id:
            value = _member(value, item_id)
        return None if value is None else encode(value)

    async def update(self, stream: str, version: int) -> _Update | None:
        if version < 1:
            return None
        entries = (await self._log.slice(stream, version, limit=1)).entries
        if not entries or entries[0][0] != version:
            return None
        try:
            return _updates.decode(entries[0][1])
        except msgspec.ValidationError:  # another event: the version is none of a write
            return None


class Conflicts:
    def __init__(
        self, kept: KeptConflicts, trips: Trips, log: RedisEventLog, clock: Clock, new_id: Callable[[], str]
    ) -> None:
        self._kept = kept
        self._trips = trips
        self._log = log
        self._history = History(log)
        self._clock = clock
        self._new_id = new_id

    async def get(self, trip_id: str, user_id: str, conflict_id: str) -> ConflictRecord:
        """Raises `NOT_FOUND` for one that is not the user's, or over for a day, and `Gone` for one that lapsed."""
        found = await self._kept.get(trip_id, conflict_id)
        if found is None or found[0].user_id != user_id:
            raise TripSageError(ErrorCode.NOT_FOUND, "There is no such conflict, or it is not yours.")
        if found[1] == "lapsed":
            raise refusal("over")
        return found[0]

    async def settled(self, trip_id: str, conflict_id: str) -> None:
        await self._kept.settled(trip_id, conflict_id)

    async def lapse_due(self) -> float | None:
        """Ends conflicts that nobody settled in time and tells their authors; seconds until more are due.

        An author is told at least once, with the same event id, whichever gateway dies meanwhile.
        """
        due = await self._kept.claim()
        for trip_id, conflict_id in due.conflicts:
            record = await self._kept.lapse(trip_id, conflict_id)
            if record is not None:
                await self._tell_lapsed(trip_id, conflict_id, record)
            await self._kept.told(trip_id, conflict_id)
        return due.wait if not due.conflicts else 0.0

    async def keep(
        self, trip_id: str, user_id: str, client_id: str | None, conflicts: Sequence[Conflict]
    ) -> Met:
        """Keeps them, to be told of and answered with."""
        events: list[e.TripConflictDetected] = []
        for conflict in conflicts:
            conflict_id = self._new_id()
            record = ConflictRecord(
                user_id=user_id,
                field=conflict.field,
                wanted=Raw(conflict.wanted or b"null"),
                base=UNSET if conflict.base is None else Raw(conflict.base),
                client_id=client_id,
            )
            await self._kept.keep(trip_id, conflict_id, record)
            events.append(await self._event(trip_id, user_id, conflict_id, conflict))
        details = [
            {
                "field": conflict.field,
                "conflict_id": event.conflict_id,
                "current_value": _raw(conflict.current),
                "current_version": conflict.current_version,
            }
            for conflict, event in zip(conflicts, events, strict=True)
        ]
        message = "Somebody changed it before you; nothing was written."
        error = TripSageError(ErrorCode.CONFLICT, message, **details[0], conflicts=details)
        return Met(user_id, events, error)

    async def tell(self, met: Met) -> None:
        """Best effort: the answer says it as well."""
        for event in met.events:
            await self._log.publish(user_stream(met.user_id), event)

    async def _tell_lapsed(self, trip_id: str, conflict_id: str, record: ConflictRecord) -> None:
        stored = await self._trips.read(trip_id, record.user_id)
        if stored.status != "found":
            return  # deleted, or no longer theirs to know of
        standing = Conflict(
            record.field,
            None,
            standing_value(stored.snapshot, record.field),
            stored.snapshot.version_of(record.field),
            None if record.base is UNSET else bytes(record.base),
        )
        event = await self._event(trip_id, record.user_id, conflict_id, standing)
        event.id = derived(conflict_id, "lapsed")
        event.resolution_required = False
        event.conflicting_changes[-1].value = record.wanted
        await self._log.publish(user_stream(record.user_id), event)

    async def _event(
        self, trip_id: str, user_id: str, conflict_id: str, conflict: Conflict
    ) -> e.TripConflictDetected:
        now = self._clock()
        sides = [e.ConflictingChange(user_id=user_id, value=_raw(conflict.wanted), timestamp=now)]
        newest = await self._history.update(trip_stream(trip_id), conflict.current_version)
        if newest is not None:
            standing = e.ConflictingChange(
                user_id=newest.updated_by, value=_raw(conflict.current), timestamp=newest.timestamp
            )
            sides.insert(0, standing)
        return e.TripConflictDetected(
            id=conflict_id,
            timestamp=now,
            trip_id=trip_id,
            field_name=conflict.field,
            conflicting_changes=sides,
            resolution_required=True,
            conflict_id=conflict_id,
            base_value=UNSET if conflict.base is None else Raw(conflict.base),
            current_version=conflict.current_version,
        )


def _member(collection: Any, item_id: str) -> Any:
    """An item of a list of them, or a value of the object of custom fields."""
    if isinstance(collection, dict):
        return cast(dict[str, Any], collection).get(item_id)
    items = cast(list[dict[str, Any]], collection or [])
    return next((item for item in items if item["id"] == item_id), None)


def _raw(value: bytes | None) -> Raw | None:
    return None if value is None else Raw(value)
