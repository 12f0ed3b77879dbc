"""Trips taken elsewhere: another trip like one, and files of it."""

from datetime import UTC, datetime

import msgspec

from app.contract import trip as t
from app.contract.codec import encode
from app.domain.trip_calendar import calendar_of
from app.domain.trip_json import trip_json
from app.services.trip_answers import Made, fingerprint_of
from app.services.trip_commits import Call
from app.services.trips import TripEditing


class TripCopies:
    """Whoever may read a trip may copy it. Raises what `TripEditing` raises."""

    def __init__(self, editing: TripEditing) -> None:
        self._editing = editing

    async def duplicate(
        self, user_id: str, trip_id: str, copy_id: str, name: str | None, mutation_id: str
    ) -> Made:
        """A new trip of the user's, with the fields as they stand; people and history are not copied.

        The same again has no second effect, whatever has become of the trip meanwhile.
        """
        call = Call(user_id, mutation_id, on_behalf_of=user_id)
        asked = ("duplicate", [trip_id, name])
        kept = await self._editing.answer(copy_id, user_id, mutation_id)
        if kept is not None:
            return await self._editing.made_again(copy_id, call, fingerprint_of(*asked), kept)
        stored = await self._editing.read(user_id, trip_id)
        values = dict(stored.snapshot.values)
        if name is not None:
            values["name"] = encode(name)
        return await self._editing.make(copy_id, call, values, asked)

    async def as_json(self, user_id: str, trip_id: str) -> bytes:
        """What makes the same trip again when it is sent to create one."""
        return trip_json((await self._editing.read(user_id, trip_id)).snapshot.values)

    async def as_calendar(self, user_id: str, trip_id: str) -> bytes:
        stored = await self._editing.read(user_id, trip_id)
        trip = msgspec.json.decode(trip_json(stored.snapshot.values), type=t.Trip)
        written_at = datetime.fromtimestamp(stored.updated_at, UTC)
        return calendar_of(trip_id, trip, stored.snapshot.version, written_at)
