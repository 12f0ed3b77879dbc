"""Trips that several people edit: made, read, written, settled after a conflict."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET, Raw

from app.contract import trip as t
from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import trip_stream
from app.domain import trip_fields as f
from app.domain.ports import Clock
from app.domain.roles import Role
from app.domain.trip_edit import Decision, decide, merged, replacement, standing_value
from app.domain.trip_fields import Snapshot
from app.services.trip_answers import CREATION, Made, fingerprint_of, made, repeated
from app.services.trip_commits import Call
from app.services.trip_conflicts import Conflicts, History
from app.services.trip_refusals import check, check_epoch, refusal
from app.services.trip_writing import TripWriting, Wish
from app.storage.trip_answers import Kept, TripAnswers
from app.storage.trips import Stored, Trips
from app.streams.log import RedisEventLog


class TripEditing:
    """Every method raises `TripSageError`: `NOT_FOUND` for a trip that the user has no part in, `Gone` for one
    that was deleted, `FORBIDDEN` for what the user's role does not allow."""

    def __init__(
        self,
        trips: Trips,
        answers: TripAnswers,
        log: RedisEventLog,
        conflicts: Conflicts,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._trips = trips
        self._answers = answers
        self._history = History(log)
        self._conflicts = conflicts
        self._new_id = new_id
        self._writing = TripWriting(trips, answers, conflicts, clock, new_id)

    async def create(
        self, user_id: str, trip_id: str, trip: t.Trip, mutation_id: str = CREATION, *, by: str | None = None
    ) -> Made:
        """Makes a trip of the user's; the same again has no second effect. `by` makes it for the user, and may
        write to it from then on.

        Raises `CONFLICT` for an id that the user has a trip of already, `NOT_FOUND` where another has.
        """
        ids = (f"{number}" for number in range(1, 1 + len(trip.destinations or [])))
        wanted = f.fields_of(trip, ids.__next__)
        call = Call(by or user_id, mutation_id, on_behalf_of=user_id)
        return await self.make(trip_id, call, wanted, ("create", trip))

    async def make(self, trip_id: str, call: Call, values: f.Fields, asked: tuple[str, Any]) -> Made:
        """As `create`, of fields as they are stored. `asked` is what a repeat has to ask for as well."""
        fingerprint = fingerprint_of(*asked)
        done = await self._writing.create(trip_id, call, values, fingerprint)
        if done.status == "written":
            return made(call.mutation_id, fingerprint, (fingerprint, done.answer))
        if done.status == "answered":
            return await self.made_again(trip_id, call, fingerprint, (done.fingerprint, done.answer))
        if done.status == "taken":
            await self.read(call.on_behalf_of or call.user_id, trip_id)
            raise TripSageError(ErrorCode.CONFLICT, "You have a trip of this id already.", field="id")
        raise refusal(done.status)

    async def made_again(self, trip_id: str, call: Call, fingerprint: str, kept: Kept) -> Made:
        """A repeat's answer. Without an id of its own it may be meant as a new trip, and is not if this is gone."""
        answer = made(call.mutation_id, fingerprint, kept)
        if call.mutation_id == CREATION:
            await self.read(call.on_behalf_of or call.user_id, trip_id)
        return answer

    async def answer(self, trip_id: str, user_id: str, mutation_id: str) -> Kept | None:
        """What is kept of the answer to a request, if it came before."""
        return await self._answers.get(trip_id, user_id, mutation_id)

    async def read(self, user_id: str, trip_id: str, needed: Role = "read") -> Stored:
        stored = await self._trips.read(trip_id, user_id)
        check(stored, needed)
        return stored

    async def write(
        self, trip_id: str, call: Call, mutation: t.Mutation, asked: tuple[str, Any] | None = None
    ) -> t.Written:
        """Applies all changes or none. `asked` is what a repeat has to ask for as well, where the mutation
        depends on how the trip stands: it is the same request however the trip has moved on meanwhile.

        Raises `CONFLICT` with `details.conflicts`, `Moved` where `if_match` is not the version, and
        `VALIDATION_ERROR` for a mutation id that was used for something else.
        """

        async def decision(trip: Snapshot) -> Decision:
            bases = await self._bases(trip_id, trip, mutation.changes)
            return decide(trip, mutation.changes, mutation.reads, mutation.strategy, self._new_id, bases.get)

        fingerprint = fingerprint_of(*(asked or ("write", mutation)))
        return await self._writing.write(Wish(trip_id, call, decision, fingerprint))

    async def replace(self, trip_id: str, call: Call, trip: t.Trip) -> t.Written:
        """Makes the trip what is sent, whatever it was: the last writer wins, unless `if_match` says of what."""

        async def decision(standing: Snapshot) -> Decision:
            wanted = f.fields_of(trip, self._new_id)
            return Decision(replacement(standing, wanted))

        fingerprint = fingerprint_of("replace", trip)
        return await self._writing.write(Wish(trip_id, call, decision, fingerprint, whole=True))

    async def resolve(self, trip_id: str, user_id: str, conflict_id: str, order: t.Resolution) -> t.Written:
        """Settles a conflict of the user's. Raises `CONFLICT`, a new one, if the field moved on again, and `Gone`
        for one that was settled in another way."""
        asked = ("resolve", order)
        mutation_id = f"{conflict_id}.resolved"
        kept = await self.answer(trip_id, user_id, mutation_id)
        if kept is not None:
            if kept[0] != fingerprint_of(*asked):
                raise refusal("over")
            return repeated(trip_id, mutation_id, kept[0], kept)
        stored = await self.read(user_id, trip_id, "write")
        check_epoch(stored, order.epoch)
        record = await self._conflicts.get(trip_id, user_id, conflict_id)
        wanted = bytes(record.wanted)
        current = standing_value(stored.snapshot, record.field)
        value = wanted
        seen = not stored.snapshot.moved_past(record.field, order.base_version)
        if order.strategy == "server-wins" and seen:
            value = current or b"null"
        elif order.strategy == "merge" and seen:
            base = None if record.base is UNSET else bytes(record.base)
            both = merged(record.field, base, wanted, current)
            if both is None:
                raise f.wrong("strategy", "The two sides change the same words; settle it by hand.")
            value = both
        elif order.strategy == "manual":
            if order.value is UNSET:
                raise f.wrong("value", "`value` is missing: what is to stand?")
            value = bytes(order.value)
        change = t.Change(field=record.field, value=Raw(value), base_version=order.base_version)
        mutation = t.Mutation(changes=[change])
        call = Call(user_id, mutation_id, record.client_id, conflict_id=conflict_id, epoch=order.epoch)
        try:
            written = await self.write(trip_id, call, mutation, asked)
        except TripSageError as error:
            if "conflicts" in error.details:  # a new one, in place of this
                await self._conflicts.settled(trip_id, conflict_id)
            raise
        await self._conflicts.settled(trip_id, conflict_id)
        return written

    async def _bases(
        self, trip_id: str, trip: Snapshot, changes: Sequence[t.Change]
    ) -> dict[str, bytes | None]:
        """The values that stale changes were made on, as far back as the history reaches."""
        stale = [
            (change.field, change.base_version)
            for change in changes
            if change.base_version is not UNSET and 0 < change.base_version < trip.version_of(change.field)
        ]
        stream = trip_stream(trip_id)
        return {name: await self._history.value_at(stream, name, version) for name, version in stale}
