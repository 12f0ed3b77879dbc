"""Writes of trips as they are stored: the decision, the event that tells of it, and how it is known again."""

from dataclasses import dataclass
from datetime import datetime

from msgspec import Raw

from app.contract import events as e
from app.domain import trip_fields as f
from app.domain.trip_edit import Decision
from app.domain.trip_fields import Snapshot
from app.storage.trips import Commit


@dataclass(frozen=True, slots=True)
class Call:
    """Who writes, and how the write is known again.

    `if_match` is the version that it is for, `conflict_id` the conflict that it settles, `undoes` the version
    whose write it takes back, `epoch` that of which the versions are, `on_behalf_of` somebody else who has to be
    allowed to write as well.
    """

    user_id: str
    mutation_id: str
    client_id: str | None = None
    if_match: int | None = None
    on_behalf_of: str | None = None
    undoes: int | None = None
    conflict_id: str | None = None
    epoch: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """When a write is made, and the id of the event that tells of it."""

    event_id: str
    at: datetime


def commit_of(
    trip_id: str,
    call: Call,
    trip: Snapshot,
    decision: Decision,
    fingerprint: str,
    moment: Moment,
    *,
    fixed: bool = False,
) -> Commit:
    """`fixed`: the trip must still be the version that was decided about."""
    event = e.TripUpdateBroadcast(
        id=moment.event_id,
        timestamp=moment.at,
        trip_id=trip_id,
        updated_by=call.user_id,
        changes=[_told(name, trip.values, value, moment.at) for name, value in decision.writes.items()],
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
        at=moment.at.timestamp(),
        undoes=call.undoes,
        creating=creating,
        epoch=trip.epoch,
        version=trip.version if fixed else None,
        conflict_id=call.conflict_id,
        checks={name: trip.version_of(name) for name in checked},
    )


def _told(name: str, before: f.Fields, after: bytes | None, now: datetime) -> e.TripChange:
    return e.TripChange(field=name, old_value=_raw(before.get(name)), new_value=_raw(after), timestamp=now)


def _raw(value: bytes | None) -> Raw | None:
    return None if value is None else Raw(value)
