"""A plan becomes a trip before its turn ends; what the trips' store refuses is said and ends nothing."""

from collections.abc import Sequence
from typing import cast, get_args

from app.contract.errors import ErrorCode, Gone, TripSageError
from app.contract.turn import TurnRequest, TurnResult
from app.services.planned_trips import PlannedTrips, RequestedPlan
from workers.agent.planner.speak.catalogue import voice_of
from workers.agent.planner.understand.model import Language, Note, NoteCode
from workers.agent.transitions import Kept

MOST_NAMED = 5
"""Things that people had changed, by name, in one sentence."""


async def keep_plan(
    trips: PlannedTrips, turn: TurnRequest, result: TurnResult, newest_first: Sequence[TurnResult]
) -> Kept:
    """Makes a trip of the plan, or changes that of the plan that it follows; once a turn, however often."""
    planned = _planned(result)
    if planned is None:
        return Kept(trip_id=None, warnings=[_say(result, Note("trip_refused"))])
    before = kept_before(result, newest_first)
    try:
        if before is None or before.plan.trip_id is None:
            return Kept(trip_id=(await trips.create(turn, planned)).trip_id)
        saved = await trips.change(turn, before.plan.trip_id, before, planned)
    except TripSageError as error:
        return Kept(trip_id=None, warnings=[_say(result, Note(_why(error)))])
    if not saved.left:
        return Kept(trip_id=saved.trip_id)
    named = ", ".join(saved.left[:MOST_NAMED]) + (" …" if len(saved.left) > MOST_NAMED else "")
    return Kept(trip_id=saved.trip_id, warnings=[_say(result, Note("trip_left", {"fields": named}))])


def kept_before(result: TurnResult, newest_first: Sequence[TurnResult]) -> RequestedPlan | None:
    """The newest plan that is in a trip, of those that this one follows; None for a plan that follows none."""
    if result.diff is None:
        return None
    for earlier in newest_first:
        planned = _planned(earlier)
        if planned is not None and planned.plan.trip_id is not None:
            return planned
        if planned is not None and earlier.diff is None:
            return None  # the first plan of them, which never came to be a trip
    return None


def _planned(result: TurnResult) -> RequestedPlan | None:
    if result.plan is None or result.request is None:
        return None
    return RequestedPlan(result.request, result.plan)


def _why(error: TripSageError) -> NoteCode:
    if isinstance(error, Gone):
        return "trip_deleted"
    closed = error.code in (ErrorCode.FORBIDDEN, ErrorCode.NOT_FOUND)
    return "trip_closed" if closed else "trip_refused"


def _say(result: TurnResult, note: Note) -> str:
    spoken = result.request.language if result.request else "en"
    language = cast(Language, spoken) if spoken in get_args(Language) else "en"
    return voice_of(language).note(note)
