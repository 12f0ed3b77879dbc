"""Plans as trips: the agent writes them as a collaborator, and never over what people changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Raw

from app.contract import trip as t
from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import AGENT_ID
from app.contract.turn import Plan, RequestSummary, TurnRequest
from app.domain.planned_trip import changes_between, trip_of
from app.domain.trip_fields import canonical
from app.services.trip_commits import Call
from app.services.trips import TripEditing


@dataclass(frozen=True, slots=True)
class RequestedPlan:
    """What of a turn's result makes a trip."""

    request: RequestSummary
    plan: Plan


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """`left` names what people had changed, so that it stays as they have it: items by their name."""

    trip_id: str
    left: Sequence[str] = ()


class PlannedTrips:
    """Both may be repeated: one turn writes once. Both raise `TripSageError` for what the store refuses."""

    def __init__(self, editing: TripEditing) -> None:
        self._editing = editing

    async def create(self, turn: TurnRequest, planned: RequestedPlan) -> SavedPlan:
        """A new trip of the user's, which the agent may write to."""
        trip_id = _trip_id(turn)
        trip = _checked(planned)
        try:
            await self._editing.create(turn.user_id, trip_id, trip, _mutation_id(turn), by=AGENT_ID)
        except TripSageError as error:
            if (
                error.code != ErrorCode.CONFLICT
            ):  # nobody else can have the id: an attempt of long ago made it
                raise
        return SavedPlan(trip_id)

    async def change(
        self, turn: TurnRequest, trip_id: str, before: RequestedPlan, planned: RequestedPlan
    ) -> SavedPlan:
        """Makes of the trip of one plan that of the next, for a user who may write to it.

        What is no longer as the plan before had it was changed by people, and stays.
        """
        changes = changes_between(_checked(before), _checked(planned))
        if not changes:
            return SavedPlan(trip_id)
        mutation = t.Mutation(changes=changes, strategy="server-wins")
        call = Call(AGENT_ID, _mutation_id(turn), on_behalf_of=turn.user_id)
        written = (await self._editing.write(trip_id, call, mutation)).written
        missed = [change for change in changes if change.field not in written]
        if not missed:
            return SavedPlan(trip_id)
        standing = (await self._editing.read(turn.user_id, trip_id)).snapshot.values
        left = [_label(change) for change in missed if _differs(change, standing.get(change.field))]
        return SavedPlan(trip_id, left)


def _trip_id(turn: TurnRequest) -> str:
    """The same on every attempt. The moment of acceptance makes sure that nobody else can have it first."""
    parts = (turn.user_id, turn.session_id, turn.turn_id, turn.accepted_at.isoformat())
    return sha256(" ".join(parts).encode()).hexdigest()[:20]


def _mutation_id(turn: TurnRequest) -> str:
    """No client can send it: its ids have no dots."""
    return f"{turn.turn_id}.plan"


def _checked(planned: RequestedPlan) -> t.Trip:
    """The plan's trip, as strictly read as one that a client sends."""
    trip = trip_of(planned.request, planned.plan)
    try:
        msgspec.json.decode(encode(trip), type=t.Trip)
    except msgspec.ValidationError as error:
        raise TripSageError(
            ErrorCode.VALIDATION_ERROR, f"The plan is no trip: {error}", field="plan"
        ) from error
    return trip


def _differs(change: t.Change, standing: bytes | None) -> bool:
    return canonical(change.field, bytes(change.value)) != standing


def _label(change: t.Change) -> str:
    if "/" not in change.field:
        return change.field
    for side in (change.value, change.old_value):
        item: Any = msgspec.json.decode(side) if isinstance(side, Raw) else None
        if item is not None:
            return str(item.get("name") or item.get("date") or change.field)
    return change.field
