"""All laws of one turn's result."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

import msgspec

from app.contract.turn import TurnResult, Weather
from workers.agent.laws.evidence import Evidence, gather
from workers.agent.laws.journey import broken_activities, broken_days, broken_legs, broken_stays
from workers.agent.laws.money import broken_budget, broken_cost
from workers.agent.laws.party import broken_party
from workers.agent.model import Call, CallOutcome

MOST = 10**12
"""No number of a plan is larger: `app/contract/trip.py` takes no amount that is."""
YEARS = range(1900, 3000)


def broken_laws(
    result: TurnResult,
    calls: Sequence[Call],
    outcomes: Mapping[str, CallOutcome],
    today: date,
    previous: TurnResult | None = None,
) -> list[str]:
    """The laws that the result breaks, a sentence each; empty for a lawful one.

    `outcomes` are those of `calls`, the tool calls of this turn; `previous` is the turn that this one
    follows. Raises `msgspec.DecodeError` for an outcome that is not its tool's result.
    """
    evidence = gather(calls, outcomes, previous)
    return [
        *_broken_outcome(result),
        *_broken_plan(result, evidence, today),
        *_broken_weather(result, evidence),
    ]


def _broken_outcome(result: TurnResult) -> Iterator[str]:
    """What each outcome carries, and nothing of another."""
    if (result.plan is not None) != (result.outcome == "plan"):
        yield "a plan goes with the outcome plan, and with no other"
    if bool(result.clarifications) != (result.outcome == "clarify"):
        yield "clarifications go with the outcome clarify, and with no other"
    if bool(result.violations) != (result.outcome == "infeasible"):
        yield "violations go with the outcome infeasible, and with no other"
    if result.outcome == "infeasible" and not all(one.relaxes for one in result.alternatives or ()):
        yield "an alternative does not say what it relaxes"
    if result.outcome == "reject" and result.error is None:
        yield "a rejection names no error"
    if result.outcome == "plan" and result.request is None:
        yield "a plan does not say for which request it is"


def _broken_plan(result: TurnResult, evidence: Evidence, today: date) -> Iterator[str]:
    if result.plan is None:
        return
    unreadable = {said for part in (result.plan, result.request) for said in _unreadable(part)}
    if unreadable:
        yield from sorted(unreadable)
        return
    yield from broken_legs(result.plan, evidence, today)
    yield from broken_party(result.plan, result.request)
    yield from broken_days(result.plan)
    yield from broken_stays(result.plan, result.request, evidence)
    yield from broken_activities(result.plan, evidence)
    yield from broken_cost(result.plan, evidence)
    yield from broken_budget(result.plan, result.request)


def _unreadable(part: object) -> Iterator[str]:
    """What cannot be compared or reckoned with, which the types alone do not say."""
    kept = (Decimal, datetime, date)
    for leaf in _leaves(msgspec.to_builtins(part, builtin_types=kept, str_keys=True)):
        match leaf:
            case bool():
                pass
            case int() | float() | Decimal():
                if not _is_finite(leaf) or abs(leaf) > MOST:
                    yield "a number is no finite number of a sensible size"
            case datetime() if leaf.tzinfo is not None:
                yield "a local time has an offset"
            case date():
                if leaf.year not in YEARS:
                    yield "a date is not of these centuries"
            case _:
                pass


def _is_finite(number: float | Decimal) -> bool:
    return number.is_finite() if isinstance(number, Decimal) else math.isfinite(number)


def _leaves(value: Any) -> Iterator[object]:
    match value:
        case dict():
            for part in cast("dict[str, Any]", value).values():
                yield from _leaves(part)
        case list() | tuple():
            for part in cast("list[Any]", value):
                yield from _leaves(part)
        case _:
            yield value


def _broken_weather(result: TurnResult, evidence: Evidence) -> Iterator[str]:
    if result.weather is not None and not _is_reported(result.weather, evidence):
        yield "weather that no tool returned"


def _is_reported(weather: Weather, evidence: Evidence) -> bool:
    known = {(each.source, msgspec.json.encode(day)) for each in evidence.weather for day in each.days}
    return all((weather.source, msgspec.json.encode(day)) in known for day in weather.days)
