"""What becomes of changes to a trip: which are written, which conflict, and what that rests on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import msgspec
from msgspec import UNSET

from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.contract.trip import Change, Stop, Strategy
from app.domain import trip_fields as f
from app.domain.merge import merge_keys, merge_text
from app.domain.trip_fields import DESTINATIONS, ITEMS, Snapshot

BASE_TEXTS = ("name", "notes")
BASE_LISTS = ("tags", "offers", DESTINATIONS)

_values = msgspec.json.Decoder(float_hook=Decimal)

BaseOf = Callable[[str], "bytes | None"]
"""The value of a field that a change was made on, where that is still known."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A change that met a newer value. `wanted` and `current` are None where the item is not there."""

    field: str
    wanted: bytes | None
    current: bytes | None
    current_version: int
    base: bytes | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`writes` are what changes, None for what goes; `reads` are further fields that it rests on.

    Whoever writes has to make sure that the versions of both are still those of the snapshot. With
    `conflicts` nothing is to be written.
    """

    writes: dict[str, bytes | None] = field(default_factory=dict[str, "bytes | None"])
    reads: set[str] = field(default_factory=set[str])
    conflicts: list[Conflict] = field(default_factory=list[Conflict])


def decide(
    trip: Snapshot,
    changes: Sequence[Change],
    reads: Mapping[str, int],
    strategy: Strategy,
    new_id: Callable[[], str],
    base_of: BaseOf = lambda _: None,
) -> Decision:
    """Applies the rules to a trip as it was read.

    Raises `TripSageError`: `VALIDATION_ERROR` where the trip that results could not stand, `CONFLICT` with
    `details.resync` for versions that the trip never had.
    """
    if len({change.field for change in changes}) != len(changes):
        raise f.wrong("changes", "`changes` names a field twice.")
    decision = Decision(reads=set(reads))
    for name, version in reads.items():
        f.check_name(name)
        _check_known(trip, version)
        if trip.moved_past(name, version):
            current = standing_value(trip, name)
            decision.conflicts.append(Conflict(name, current, current, trip.version_of(name)))
    for change in changes:
        _decide_one(trip, change, strategy, decision, base_of)
    if decision.conflicts:
        return decision
    _expand_destinations(trip, decision, new_id)
    _place(trip, decision)
    result = resulting(trip.values, decision.writes)
    for name in decision.writes:
        decision.reads.update(f.rests_on(name))
    f.check_together(result)
    return decision


def replacement(trip: Snapshot, wanted: Mapping[str, bytes]) -> dict[str, bytes | None]:
    """The writes that make a trip what is wanted."""
    writes: dict[str, bytes | None] = {
        name: value for name, value in wanted.items() if trip.values.get(name) != value
    }
    writes |= {name: None for name in trip.values if name not in wanted}
    return writes


def resulting(values: Mapping[str, bytes], writes: Mapping[str, bytes | None]) -> dict[str, bytes]:
    return {name: value for name, value in {**values, **writes}.items() if value is not None}


def after(trip: Snapshot, writes: Mapping[str, bytes | None], version: int) -> Snapshot:
    """The trip that a write leaves; `version` is what it made."""
    versions = {name: number for name, number in trip.versions.items() if writes.get(name, b"") is not None}
    versions.update((name, version) for name, value in writes.items() if value is not None)
    if any(name.startswith("stops/") for name in writes):
        versions[DESTINATIONS] = version
    return Snapshot(version, resulting(trip.values, writes), versions, trip.epoch)


def merged(name: str, base: bytes | None, one: bytes | None, other: bytes | None) -> bytes | None:
    """Both sides' edits of a field; None where they cannot be put together."""
    if base is None or one is None or other is None:
        return None
    if name in BASE_TEXTS:
        text = merge_text(*(msgspec.json.decode(side, type=str) for side in (base, one, other)))
        return None if text is None else encode(text)
    if name in BASE_LISTS:
        lists = [msgspec.json.decode(side, type=list[str]) for side in (base, one, other)]
        if all(len(set(each)) == len(each) for each in lists):
            return encode(merge_keys(*lists))
    return None


def _decide_one(
    trip: Snapshot, change: Change, strategy: Strategy, decision: Decision, base_of: BaseOf
) -> None:
    name = change.field
    wanted = f.canonical(name, bytes(change.value))
    current = standing_value(trip, name)
    if _same(name, wanted, current):
        decision.reads.add(name)
        return
    met = _meets(trip, change, current)
    if not met or strategy == "client-wins":
        decision.writes[name] = wanted
        return
    base = f.canonical(name, bytes(change.old_value)) if change.old_value is not UNSET else base_of(name)
    outcome: Literal["conflict"] | bytes | None = "conflict"
    if strategy == "server-wins":
        decision.reads.add(name)
        return
    if strategy == "merge":
        outcome = merged(name, base, wanted, current) or "conflict"
    if outcome == "conflict":
        decision.conflicts.append(Conflict(name, wanted, current, trip.version_of(name), base))
    elif not _same(name, outcome, current):
        decision.writes[name] = f.canonical(name, outcome)


def _meets(trip: Snapshot, change: Change, current: bytes | None) -> bool:
    """Whether the field has moved past the change's base."""
    if change.base_version is not UNSET:
        _check_known(trip, change.base_version)
        return trip.moved_past(change.field, change.base_version)
    if change.old_value is not UNSET:
        return not _same(change.field, f.canonical(change.field, bytes(change.old_value)), current)
    return False


def _check_known(trip: Snapshot, version: int) -> None:
    if version > trip.version:
        raise TripSageError(
            ErrorCode.CONFLICT,
            f"The trip has no version {version}; read it again.",
            resync=True,
            current_version=trip.version,
        )


def standing_value(trip: Snapshot, name: str) -> bytes | None:
    """A field's value; None where it is not there."""
    if name == DESTINATIONS:
        return encode(f.destinations(trip.values))
    return trip.values.get(name)


def _same(name: str, one: bytes | None, other: bytes | None) -> bool:
    """Values as they read, whatever their spelling; an item without a position stands where it stood."""
    if one is None or other is None or one == other:
        return one == other
    a, b = _values.decode(one), _values.decode(other)
    if name.partition("/")[0] in ITEMS and a.get("position") is None:
        a["position"] = b["position"]
    return _alike(a, b)


def _alike(one: Any, other: Any) -> bool:
    """As JSON has it: 1 is 1.0, but it is not true."""
    match one, other:
        case {}, {}:
            return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
        case [*_], [*_]:
            return len(one) == len(other) and all(map(_alike, one, other))
        case _:
            return one == other and isinstance(one, bool) == isinstance(other, bool)


def _expand_destinations(trip: Snapshot, decision: Decision, new_id: Callable[[], str]) -> None:
    """A list of names is written as stops: those that are named stay themselves, others come and go."""
    if DESTINATIONS not in decision.writes:
        return
    if any(name.startswith("stops/") for name in decision.writes):
        raise f.wrong(DESTINATIONS, "Write `destinations` or stops, not both at once.")
    names = msgspec.json.decode(decision.writes.pop(DESTINATIONS) or b"[]", type=list[str])
    known = f.stops(trip.values)
    for number, name in enumerate(names):
        stop = next((stop for stop in known if stop.name == name), None)
        if stop is None:
            stop = Stop(id=new_id(), name=name)
        else:
            known.remove(stop)
        value = encode(msgspec.structs.replace(stop, position=float(number)))
        if trip.values.get(f"stops/{stop.id}") != value:
            decision.writes[f"stops/{stop.id}"] = value
    decision.writes.update((f"stops/{stop.id}", None) for stop in known)
    decision.reads.add(DESTINATIONS)


def _place(trip: Snapshot, decision: Decision) -> None:
    """Items without a position stay where they are; new ones go to the end, in the order they came."""
    for name, value in decision.writes.items():
        collection = name.partition("/")[0]
        if value is None or collection not in ITEMS or f.position(name, value) is not None:
            continue
        item = msgspec.json.decode(value, type=ITEMS[collection])
        where = _where(resulting(trip.values, decision.writes), trip.values.get(name), collection)
        decision.writes[name] = encode(msgspec.structs.replace(item, position=where))


def _where(values: Mapping[str, bytes], standing: bytes | None, collection: str) -> float:
    if standing is not None:
        return f.position(f"{collection}/", standing) or 0.0
    taken = (f.position(name, values[name]) for name in values if name.startswith(f"{collection}/"))
    return max((place for place in taken if place is not None), default=-1.0) + 1.0
