"""Properties of a turn that a row of `tests/data/plans.toml` may name, each checked by a function of its name."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from app.contract.turn import Plan, PlanStay, RequestSummary
from tests.support.planner_world import Played
from workers.agent.planner.understand.language import detect_language

KEYS = frozenset({"ask", "then"})
Check = Callable[[Played, Any, Played | None], bool]


def broken(played: Played, row: dict[str, Any], before: Played | None) -> list[str]:
    """Names and wanted values of the properties that do not hold. Raises `KeyError` for one that is not known."""
    return [
        f"{name} = {wanted!r}"
        for name, wanted in row.items()
        if name not in KEYS and not CHECKS[name](played, wanted, before)
    ]


def _plan(played: Played) -> Plan:
    assert played.result.plan is not None, f"no plan but {played.result.outcome}: {played.text}"
    return played.result.plan


def _request(played: Played) -> RequestSummary:
    assert played.result.request is not None
    return played.result.request


def _stays(played: Played) -> list[PlanStay]:
    return _plan(played).stays or []


def _modes(played: Played) -> set[str]:
    return {transfer.mode for transfer in _plan(played).transfers or ()}


def _total(played: Played) -> Decimal:
    return _plan(played).cost.total


def _same(part: Callable[[Plan], object]) -> Check:
    def check(played: Played, wanted: bool, before: Played | None) -> bool:
        assert before is not None
        return (part(_plan(played)) == part(_plan(before))) == wanted

    return check


def _departs(played: Played, days: list[date]) -> bool:
    depart = _request(played).depart
    return depart is not None and days[0] <= depart <= days[1]


def _travellers(played: Played, wanted: list[Any]) -> bool:
    party = _request(played).travellers
    return party is not None and [party.adults, party.child_ages, party.infants] == wanted


def _budget(played: Played, wanted: list[Any]) -> bool:
    budget = _request(played).budget
    return budget is not None and [int(budget.amount), budget.currency, budget.scope, budget.hard] == wanted


def _cheaper(played: Played, before: Played | None) -> bool:
    assert before is not None
    return _total(played) < _total(before)


def _nights_more(played: Played, before: Played | None) -> int:
    assert before is not None
    return _plan(played).nights - _plan(before).nights


def _days_moved(played: Played, before: Played | None) -> int:
    assert before is not None
    return (_plan(played).date_range[0] - _plan(before).date_range[0]).days


CHECKS: dict[str, Check] = {
    "outcome": lambda played, wanted, _: played.result.outcome == wanted,
    "language": lambda played, wanted, _: detect_language(played.text, "en") == wanted,
    "origin": lambda played, wanted, _: (at := _request(played).origin) is not None and at.iata == wanted,
    "to": lambda played, wanted, _: [place.iata for place in _request(played).destinations] == wanted,
    "places": lambda played, wanted, _: len(_request(played).destinations) == wanted,
    "inside": lambda played, wanted, _: {place.admin1 for place in _request(played).destinations} == {wanted},
    "nights": lambda played, wanted, _: [place.nights for place in _request(played).destinations] == wanted,
    "nights_in_all": lambda played, wanted, _: _plan(played).nights == wanted,
    "departs": lambda played, wanted, _: _departs(played, wanted),
    "back_by": lambda played, wanted, _: (day := _request(played).return_) is not None and day <= wanted,
    "weekday": lambda played, wanted, _: (
        (day := _request(played).depart) is not None and day.weekday() == wanted
    ),
    "travellers": lambda played, wanted, _: _travellers(played, wanted),
    "budget": lambda played, wanted, _: _budget(played, wanted),
    "at_most": lambda played, wanted, _: _total(played) <= wanted,
    "currency": lambda played, wanted, _: _plan(played).cost.currency == wanted,
    "stops": lambda played, wanted, _: max(leg.stops for leg in _plan(played).legs) <= wanted,
    "leaves_after": lambda played, wanted, _: _plan(played).legs[0].departs_local.hour >= wanted,
    "arrives_before": lambda played, wanted, _: (
        (leg := _plan(played).legs[0]).arrives_local.hour < wanted and not leg.arrival_day_offset
    ),
    "returns_after": lambda played, wanted, _: _plan(played).legs[-1].departs_local.hour >= wanted,
    "nowhere": lambda played, wanted, _: (
        not any(wanted in activity.name for day in _plan(played).days for activity in day.activities)
    ),
    "flown": lambda played, wanted, _: bool(_plan(played).legs) == wanted,
    "home_from": lambda played, wanted, _: (
        (leg := _plan(played).inbound) is not None and leg.depart_iata in wanted
    ),
    "lands_at": lambda played, wanted, _: (
        (leg := _plan(played).inbound) is not None and leg.arrive_iata in wanted
    ),
    "flies_out": lambda played, wanted, _: (_plan(played).outbound is not None) == wanted,
    "flies_home": lambda played, wanted, _: (_plan(played).inbound is not None) == wanted,
    "bookings": lambda played, wanted, _: (
        len(_plan(played).legs) == wanted * len({leg.departs_local for leg in _plan(played).legs})
    ),
    "days_moved": lambda played, wanted, before: _days_moved(played, before) == wanted,
    "modes": lambda played, wanted, _: _modes(played) == set(wanted),
    "no_modes": lambda played, wanted, _: not _modes(played) & set(wanted),
    "amenities": lambda played, wanted, _: (
        bool(_stays(played)) and all(set(wanted) <= set(stay.amenities) for stay in _stays(played))
    ),
    "rooms": lambda played, wanted, _: (
        bool(_stays(played)) and all(s.rooms == wanted for s in _stays(played))
    ),
    "meals": lambda played, wanted, _: (
        sum((activity.start or "") >= "18" for day in _plan(played).days for activity in day.activities)
        >= wanted
    ),
    "busiest": lambda played, wanted, _: max(len(day.activities) for day in _plan(played).days) <= wanted,
    "constraints": lambda played, wanted, _: set(wanted) <= set(_request(played).constraints),
    "violations": lambda played, wanted, _: [each.code for each in played.result.violations or ()] == wanted,
    "relaxes": lambda played, wanted, _: (
        wanted in [each for way in played.result.alternatives or () for each in way.relaxes]
    ),
    "alternatives": lambda played, wanted, _: len(played.result.alternatives or ()) >= wanted,
    "questions": lambda played, wanted, _: (
        {each.code for each in played.result.clarifications or ()} == set(wanted)
    ),
    "candidates": lambda played, wanted, _: (
        {place.country for each in played.result.clarifications or () for place in each.candidates}
        >= set(wanted)
    ),
    "error": lambda played, wanted, _: (error := played.result.error) is not None and error.code == wanted,
    "options": lambda played, wanted, _: len(played.result.options or ()) >= wanted,
    "warm": lambda played, wanted, _: all(
        each.climate is not None and each.climate.tmax_c_mean >= wanted
        for each in played.result.options or ()
    ),
    "weather": lambda played, wanted, _: (
        (seen := played.result.weather) is not None and seen.source == wanted
    ),
    "tools": lambda played, wanted, _: {call.tool for call in played.calls} == set(wanted),
    "assumed": lambda played, wanted, _: any(wanted in line for line in played.result.assumptions),
    "warned": lambda played, wanted, _: any(wanted in line for line in played.result.warnings),
    "says": lambda played, wanted, _: wanted in played.text,
    "changed": lambda played, wanted, _: (diff := played.result.diff) is not None and diff.changed == wanted,
    "changes": lambda played, wanted, _: (
        (diff := played.result.diff) is not None and set(wanted) <= set(diff.changed)
    ),
    "cheaper": lambda played, wanted, before: _cheaper(played, before) == wanted,
    "nights_more": lambda played, wanted, before: _nights_more(played, before) == wanted,
    "same_stays": _same(lambda plan: [stay.name for stay in plan.stays or ()]),
    "same_flights": _same(lambda plan: [(leg.flight_number, leg.departs_local) for leg in plan.legs]),
    "same_rooms": _same(lambda plan: [stay.name for stay in plan.stays or ()]),
}
