"""The law of the party: who travels is who the flights are for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.contract.turn import Plan, RequestSummary

_INFANT_BELOW, _ADULT_FROM = 2, 18
_UNKNOWN = -1
"""The age of a child who is only said to be one."""


def broken_party(plan: Plan, request: RequestSummary | None) -> Iterator[str]:
    """Each journey is for everybody who travels and for nobody else, in however many bookings."""
    if request is None or request.travellers is None:
        return
    party = request.travellers
    wanted = _heads(
        [
            *[{"type": "adult"}] * party.adults,
            *({"age": age} for age in party.child_ages),
            *[{"age": 0}] * party.infants,
        ]
    )
    aboard: dict[tuple[str, datetime], list[Mapping[str, Any]]] = defaultdict(list)
    for leg in plan.legs:
        aboard[leg.flight_number, leg.departs_local] += leg.passengers
    for (number, _), passengers in aboard.items():
        if not _same(_heads(passengers), wanted):
            yield f"leg {number} is not for those who travel"


def _heads(passengers: Sequence[Mapping[str, Any]]) -> tuple[int, list[int], int]:
    """Adults, the ages of children, infants."""
    ages = [_age(passenger) for passenger in passengers]
    children = sorted(age for age in ages if age == _UNKNOWN or _INFANT_BELOW <= age < _ADULT_FROM)
    infants = sum(0 <= age < _INFANT_BELOW for age in ages)
    return len(ages) - len(children) - infants, children, infants


def _age(passenger: Mapping[str, Any]) -> int:
    age = passenger.get("age")
    if isinstance(age, int) and age >= 0:
        return age
    kind = passenger.get("type")
    return _UNKNOWN if kind == "child" else 0 if kind == "infant_without_seat" else _ADULT_FROM


def _same(one: tuple[int, list[int], int], other: tuple[int, list[int], int]) -> bool:
    """A child of unknown age is any child."""
    known = _UNKNOWN not in one[1]
    return (one[0], one[2], len(one[1])) == (other[0], other[2], len(other[1])) and (
        not known or one[1] == other[1]
    )
