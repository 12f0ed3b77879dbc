"""Writes of trips: decided on what is known of the trip, and carried out in one step if that still is."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakValueDictionary

from msgspec import Raw

from app.contract import events as e
from app.contract import trip as t
from app.contract.errors import TripSageError
from app.domain import trip_fields as f
from app.domain.ports import Clock
from app.domain.trip_edit import Decision, after
from app.domain.trip_fields import Snapshot
from app.services.trip_answers import repeated, written
from app.services.trip_conflicts import Conflicts
from app.services.trip_refusals import check, check_version, crowded, refusal
from app.storage.trips import Commit, Committed, Trips

ATTEMPTS = 64
"""Each further attempt means that somebody else's write of the same fields got in between."""
REMEMBERED = 128
"""Trips that a process remembers as it wrote them; each has at most `MAX_TRIP_BYTES` of values."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who writes, and how the write is known again.

    `if_match` is the version that it is for, `conflict_id` the conflict that it settles, `undoes` the version
    whose write it takes back, `on_behalf_of` somebody else who has to be allowed to write as well.
    """

    user_id: str
    mutation_id: str
    client_id: str | None = None
    if_match: int | None = None
    on_behalf_of: str | None = None
    undoes: int | None = None
    conflict_id: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A write that somebody wants. `fingerprint` tells a repeat from another one under the same id.

    `whole`: the decision rests on the whole trip, so nothing of it may have changed meanwhile.
    """

    trip_id: str
    call: Call
    decide: Callable[[Snapshot], Awaitable[Decision]]
    fingerprint: str
    whole: bool = False


class TripWriting:
    """A process's own writes of a trip wait for each other: together they would only make each other decide
    again, and now and then one of them for ever.

    So the process knows how it left the trip, and decides the next write on that without reading it. Whoever
    wrote meanwhile is noticed as always: the commit looks at the version of every field that the decision
    rests on. What was remembered only ever leads to a write; anything else is decided on the trip as it is.
    """

    def __init__(self, trips: Trips, conflicts: Conflicts, clock: Clock, new_id: Callable[[], str]) -> None:
        self._trips = trips
        self._conflicts = conflicts
        self._clock = clock
        self._new_id = new_id
        self._queues: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._remembered: OrderedDict[str, Snapshot] = OrderedDict()

    async def create(self, trip_id: str, call: Call, values: f.Fields, fingerprint: str) -> t.Written | None:
        """None for an id that is taken by another trip."""
        commit = self._commit(trip_id, call, Snapshot(0, {}), Decision(dict(values)), fingerprint)
        done = await self._trips.commit(trip_id, commit)
        return None if done.status == "taken" else _answer(trip_id, commit, done)

    async def write(self, wish: Wish) -> t.Written:
        async with self._queues.setdefault(wish.trip_id, asyncio.Lock()):
            return await self._on_what_was(wish) or await self._on_what_is(wish)

    async def _on_what_was(self, wish: Wish) -> t.Written | None:
        trip = self._remembered.pop(wish.trip_id, None)
        if trip is None or wish.call.if_match not in (None, trip.version):
            return None
        try:
            decision = await wish.decide(trip)
        except TripSageError:
            return None  # what is wrong with it may have passed since
        if decision.conflicts or not decision.writes:
            return None
        commit, done = await self._try(wish, trip, decision)
        return _answer(wish.trip_id, commit, done) if done.status == "written" else None

    async def _on_what_is(self, wish: Wish) -> t.Written:
        trip_id, call = wish.trip_id, wish.call
        for _ in range(ATTEMPTS):
            stored = await self._trips.read(trip_id, call.user_id, call.mutation_id)
            if stored.answer is not None:
                return repeated(trip_id, call.mutation_id, wish.fingerprint, *stored.answer)
            check(stored, "write")
            check_version(stored, call.if_match)
            decision = await wish.decide(stored.snapshot)
            if decision.conflicts:
                raise await self._conflicts.detected(
                    trip_id, call.user_id, call.client_id, decision.conflicts
                )
            if not decision.writes:
                return await self._unchanged(wish, stored.snapshot.version)
            commit, done = await self._try(wish, stored.snapshot, decision)
            if done.status != "moved":
                return _answer(trip_id, commit, done)
        raise crowded()

    async def _try(self, wish: Wish, trip: Snapshot, decision: Decision) -> tuple[Commit, Committed]:
        fixed = wish.whole or wish.call.if_match is not None
        commit = self._commit(wish.trip_id, wish.call, trip, decision, wish.fingerprint, fixed=fixed)
        done = await self._trips.commit(wish.trip_id, commit)
        if done.status == "written" and done.previous == trip.version:
            self._remembered[wish.trip_id] = after(trip, decision.writes, done.version)
            if len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return commit, done

    def _commit(
        self,
        trip_id: str,
        call: Call,
        trip: Snapshot,
        decision: Decision,
        fingerprint: str,
        *,
        fixed: bool = False,
    ) -> Commit:
        now = self._clock()
        event = e.TripUpdateBroadcast(
            id=self._new_id(),
            timestamp=now,
            trip_id=trip_id,
            updated_by=call.user_id,
            changes=[_told(name, trip.values, value, now) for name, value in decision.writes.items()],
            full_trip_data={},
            mutation_id=call.mutation_id,
            client_id=call.client_id,
        )
        creating = trip.version == 0
        checked: set[str] = set() if creating else {*decision.writes, *decision.reads}
        return Commit(
            user_id=call.user_id,
            on_behalf_of=call.on_behalf_of or call.user_id,
            mutation_id=call.mutation_id,
            fingerprint=fingerprint,
            event=event,
            writes=decision.writes,
            at=now.timestamp(),
            undoes=call.undoes,
            creating=creating,
            epoch=trip.epoch,
            version=trip.version if fixed else None,
            conflict_id=call.conflict_id,
            checks={name: trip.version_of(name) for name in checked},
        )

    async def _unchanged(self, wish: Wish, version: int) -> t.Written:
        call = wish.call
        answer = b'%b {"version":%d,"written":[]}' % (wish.fingerprint.encode(), version)
        await self._trips.keep_answer(wish.trip_id, call.user_id, call.mutation_id, answer)
        return t.Written(trip_id=wish.trip_id, mutation_id=call.mutation_id, version=version, written=[])


def _answer(trip_id: str, commit: Commit, done: Committed) -> t.Written:
    if done.status == "answered":
        return repeated(trip_id, commit.mutation_id, commit.fingerprint, done.fingerprint, done.answer)
    if done.status != "written":
        raise refusal(done.status)
    return written(trip_id, commit.mutation_id, done.answer)


def _told(name: str, before: f.Fields, after: bytes | None, now: datetime) -> e.TripChange:
    return e.TripChange(field=name, old_value=_raw(before.get(name)), new_value=_raw(after), timestamp=now)


def _raw(value: bytes | None) -> Raw | None:
    return None if value is None else Raw(value)
