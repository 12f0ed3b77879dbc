"""What a trip was: who changed what, the trip at any version, and one's own changes taken back."""

from collections.abc import AsyncIterator
from dataclasses import replace

from app.contract import trip as t
from app.contract.errors import ErrorCode, Gone, TripSageError
from app.contract.ids import AGENT_ID
from app.domain import trip_fields as f
from app.domain.trip_fields import Snapshot
from app.domain.trip_history import take_back, undoing
from app.services.trip_answers import fingerprint_of, repeated
from app.services.trip_commits import Call
from app.services.trip_refusals import check_epoch
from app.services.trips import TripEditing
from app.storage.trip_history import TripHistory


class TripPast:
    """Raises what `TripEditing` raises, and `Gone` for what the history no longer reaches back to."""

    def __init__(self, editing: TripEditing, history: TripHistory) -> None:
        self._editing = editing
        self._history = history

    async def page(self, user_id: str, trip_id: str, before: int | None, limit: int) -> t.TripHistory:
        """The writes with versions below `before`, newest first; none that came after access was looked up."""
        stored = await self._editing.read(user_id, trip_id)
        before = min(stored.snapshot.version + 1, before or stored.snapshot.version + 1)
        writes = await self._history.page(trip_id, before, limit)
        rest = await self._history.page(trip_id, writes[-1].version, 1) if writes else []
        return t.TripHistory(writes=writes, before=writes[-1].version if rest else None)

    async def at(self, user_id: str, trip_id: str, version: int) -> Snapshot:
        """The trip after its newest write up to this version, without the versions of its fields.

        Raises `NOT_FOUND` for a version that is still to come.
        """
        stored = await self._editing.read(user_id, trip_id)
        if version > stored.seq:
            raise _to_come(version, stored.snapshot)
        at, values = stored.snapshot.version, dict(stored.snapshot.values)
        if at <= version:
            return Snapshot(at, values)
        async for write in self._back(trip_id, at):
            if write.previous == 0:
                break
            take_back(values, write.changes)
            at = write.previous
            if at <= version:
                return Snapshot(at, values)
        raise Gone(f"The trip's history reaches back to version {at} only.", oldest_version=at)

    async def undo(self, trip_id: str, version: int, call: Call) -> t.Written:
        """Takes back a write of the caller's or of the agent, which cannot do so itself, as a write like any: it
        conflicts where a field has moved on.

        Raises `FORBIDDEN` for another's write, `VALIDATION_ERROR` for the one that made the trip.
        """
        asked = ("undo", version)
        kept = await self._editing.answer(trip_id, call.user_id, call.mutation_id)
        if kept is not None:
            return repeated(trip_id, call.mutation_id, fingerprint_of(*asked), kept)
        stored = await self._editing.read(call.user_id, trip_id, "write")
        check_epoch(stored, call.epoch)
        trip = stored.snapshot
        if version > trip.version:
            raise _to_come(version, trip)
        since: list[t.PastWrite] = []
        async for write in self._back(trip_id, trip.version):
            if write.version <= version:
                break
            since.append(write)
        else:
            raise Gone("The trip's history does not reach back to this change.")
        if write.version != version:
            raise f.wrong("version", f"Version {version} is not of a write; the history has those that are.")
        if write.updated_by not in (call.user_id, AGENT_ID):
            raise TripSageError(
                ErrorCode.FORBIDDEN, f"{write.updated_by} made this change: only they can undo it."
            )
        if write.previous == 0:
            raise f.wrong("version", "This made the trip: delete the trip instead.")
        mutation = t.Mutation(changes=undoing(write, since, trip))
        return await self._editing.write(trip_id, replace(call, undoes=version), mutation, asked)

    async def _back(self, trip_id: str, version: int) -> AsyncIterator[t.PastWrite]:
        """The writes that led to this version, newest first, up to the first that is not kept."""
        async for write in self._history.back_from(trip_id, version):
            if write.version != version:
                return
            yield write
            version = write.previous


def _to_come(version: int, trip: Snapshot) -> TripSageError:
    return TripSageError(
        ErrorCode.NOT_FOUND, f"The trip has no version {version} yet.", current_version=trip.version
    )
