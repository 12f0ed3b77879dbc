"""Writes of trips: decided on what is known of the trip, and carried out in one step if that still is."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

from app.contract import trip as t
from app.contract.errors import TripSageError
from app.domain import trip_fields as f
from app.domain.ports import Clock
from app.domain.trip_edit import Conflict, Decision, after
from app.domain.trip_fields import Snapshot
from app.services.trip_answers import refused, repeated, unchanged, written
from app.services.trip_commits import Call, Moment, commit_of
from app.services.trip_conflicts import Conflicts
from app.services.trip_refusals import check, check_epoch, check_version, crowded, refusal
from app.storage.trip_answers import Kept, TripAnswers
from app.storage.trips import Committed, Trips

ATTEMPTS = 64
"""Each further attempt means that somebody else's write of the same fields got in between."""
REMEMBERED = 128
"""Trips that a process remembers as it wrote them; each has at most `MAX_TRIP_BYTES` of values."""


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

    def __init__(
        self,
        trips: Trips,
        answers: TripAnswers,
        conflicts: Conflicts,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._trips = trips
        self._answers = answers
        self._conflicts = conflicts
        self._clock = clock
        self._new_id = new_id
        self._queues: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._remembered: OrderedDict[str, Snapshot] = OrderedDict()

    async def create(self, trip_id: str, call: Call, values: f.Fields, fingerprint: str) -> Committed:
        moment = Moment(self._new_id(), self._clock())
        commit = commit_of(trip_id, call, Snapshot(0, {}), Decision(dict(values)), fingerprint, moment)
        return await self._trips.commit(trip_id, commit)

    async def write(self, wish: Wish) -> t.Written:
        async with self._queues.setdefault(wish.trip_id, asyncio.Lock()):
            return await self._on_what_was(wish) or await self._on_what_is(wish)

    async def _on_what_was(self, wish: Wish) -> t.Written | None:
        trip, call = self._remembered.pop(wish.trip_id, None), wish.call
        if trip is None or call.if_match not in (None, trip.version) or call.epoch not in (None, trip.epoch):
            return None
        try:
            decision = await wish.decide(trip)
        except TripSageError:
            return None  # what is wrong with it may have passed since
        if decision.conflicts or not decision.writes:
            return None
        done = await self._try(wish, trip, decision)
        return await self._answer(wish, done) if done.status == "written" else None

    async def _on_what_is(self, wish: Wish) -> t.Written:
        trip_id, call = wish.trip_id, wish.call
        for _ in range(ATTEMPTS):
            stored = await self._trips.read(trip_id, call.user_id, call.mutation_id)
            if stored.answer is not None:
                return repeated(trip_id, call.mutation_id, wish.fingerprint, stored.answer)
            check(stored, "write")
            check_epoch(stored, call.epoch)
            check_version(stored, call.if_match)
            try:
                decision = await wish.decide(stored.snapshot)
            except TripSageError as error:
                return await self._refuse(wish, error)
            if decision.conflicts:
                return await self._conflict(wish, decision.conflicts)
            if not decision.writes:
                return await self._leave(wish, stored.snapshot.version)
            done = await self._try(wish, stored.snapshot, decision)
            if done.status != "moved":
                return await self._answer(wish, done)
        raise crowded()

    async def _try(self, wish: Wish, trip: Snapshot, decision: Decision) -> Committed:
        moment = Moment(self._new_id(), self._clock())
        fixed = wish.whole or wish.call.if_match is not None
        commit = commit_of(wish.trip_id, wish.call, trip, decision, wish.fingerprint, moment, fixed=fixed)
        done = await self._trips.commit(wish.trip_id, commit)
        if done.status == "written" and done.previous == trip.version:
            self._remembered[wish.trip_id] = after(trip, decision.writes, done.version)
            if len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return done

    async def _answer(self, wish: Wish, done: Committed) -> t.Written:
        if done.status == "answered":
            return self._repeated(wish, (done.fingerprint, done.answer))
        if done.status == "too_large":
            return await self._refuse(wish, refusal(done.status))
        if done.status != "written":
            raise refusal(done.status)
        return written(wish.trip_id, wish.call.mutation_id, done.answer)

    async def _conflict(self, wish: Wish, conflicts: Sequence[Conflict]) -> t.Written:
        call = wish.call
        met = await self._conflicts.keep(wish.trip_id, call.user_id, call.client_id, conflicts)
        kept = await self._keep(wish, refused(met.error))
        if kept is not None:
            return self._repeated(wish, kept)
        await self._conflicts.tell(met)
        raise met.error

    async def _refuse(self, wish: Wish, error: TripSageError) -> t.Written:
        """A conflict may still be settled in another way, under the same id."""
        kept = None if wish.call.conflict_id is not None else await self._keep(wish, refused(error))
        if kept is not None:
            return self._repeated(wish, kept)
        raise error

    async def _leave(self, wish: Wish, version: int) -> t.Written:
        answer = unchanged(version)
        return self._repeated(wish, await self._keep(wish, answer) or (wish.fingerprint, answer))

    async def _keep(self, wish: Wish, answer: bytes) -> Kept | None:
        """What another attempt of the same request has been answered meanwhile, if one has."""
        call = wish.call
        return await self._answers.keep(
            wish.trip_id, call.user_id, call.mutation_id, (wish.fingerprint, answer)
        )

    def _repeated(self, wish: Wish, kept: Kept) -> t.Written:
        return repeated(wish.trip_id, wish.call.mutation_id, wish.fingerprint, kept)
