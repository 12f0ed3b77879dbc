"""Conflicts: kept until they are settled, and told to whoever wrote."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

import msgspec
from msgspec import UNSET, Raw, Struct

from app.contract import events as e
from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import trip_stream, user_stream
from app.domain.ports import Clock
from app.domain.trip_edit import Conflict
from app.storage.trips import ConflictRecord, Trips
from app.streams.log import RedisEventLog


class _Update(Struct):
    """What is read of a stored update."""

    updated_by: str
    timestamp: datetime
    full_trip_data: dict[str, Any]


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
    def __init__(self, trips: Trips, log: RedisEventLog, clock: Clock, new_id: Callable[[], str]) -> None:
        self._trips = trips
        self._log = log
        self._history = History(log)
        self._clock = clock
        self._new_id = new_id

    async def get(self, trip_id: str, user_id: str, conflict_id: str) -> ConflictRecord:
        """Raises `TripSageError` (`NOT_FOUND`) for one that is not the user's, or over for a day."""
        record = await self._trips.conflict(trip_id, conflict_id)
        if record is None or record.user_id != user_id:
            raise TripSageError(ErrorCode.NOT_FOUND, "There is no such conflict, or it is not yours.")
        return record

    async def detected(
        self, trip_id: str, user_id: str, client_id: str | None, conflicts: Sequence[Conflict]
    ) -> TripSageError:
        """Keeps them, tells the author's connections, and answers with the error for this request."""
        told: list[dict[str, Any]] = []
        for conflict in conflicts:
            conflict_id = self._new_id()
            record = ConflictRecord(
                user_id=user_id,
                field=conflict.field,
                wanted=Raw(conflict.wanted or b"null"),
                base=UNSET if conflict.base is None else Raw(conflict.base),
                client_id=client_id,
            )
            await self._trips.keep_conflict(trip_id, conflict_id, record)
            event = await self._event(trip_id, user_id, conflict_id, conflict)
            await self._log.publish(user_stream(user_id), event)
            told.append(
                {
                    "field": conflict.field,
                    "conflict_id": conflict_id,
                    "current_value": _raw(conflict.current),
                    "current_version": conflict.current_version,
                }
            )
        return TripSageError(
            ErrorCode.CONFLICT,
            "Somebody changed it before you; nothing was written.",
            **told[0],
            conflicts=told,
        )

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
