"""All laws of one turn's result."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from app.contract.turn import Plan, TurnResult, Weather
from workers.agent.laws.evidence import Evidence, gather
from workers.agent.laws.journey import broken_activities, broken_days, broken_legs, broken_stays
from workers.agent.laws.money import broken_budget, broken_cost
from workers.agent.model import Call, CallOutcome


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
    if not _is_readable(result.plan):
        yield "an amount is no finite number, or a local time has an offset"
        return
    yield from broken_legs(result.plan, evidence, today)
    yield from broken_days(result.plan)
    yield from broken_stays(result.plan, result.request, evidence)
    yield from broken_activities(result.plan, evidence)
    yield from broken_cost(result.plan, evidence)
    yield from broken_budget(result.plan, result.request)


def _is_readable(plan: Plan) -> bool:
    """Whether amounts and times can be compared at all, which the types alone do not say."""
    prices = [leg.price for leg in plan.legs]
    prices += [stay.price for stay in plan.stays or ()]
    prices += [transfer.price for transfer in plan.transfers or () if transfer.price is not None]
    prices += [one.price for day in plan.days for one in day.activities if one.price is not None]
    amounts = [price.amount for price in prices] + [item.amount for item in plan.cost.items]
    amounts += [plan.cost.total, *(rate.rate for rate in plan.cost.fx)]
    times = [time for leg in plan.legs for time in (leg.departs_local, leg.arrives_local)]
    return all(amount.is_finite() for amount in amounts) and all(time.tzinfo is None for time in times)


def _broken_weather(result: TurnResult, evidence: Evidence) -> Iterator[str]:
    if result.weather is not None and not _is_reported(result.weather, evidence):
        yield "weather that no tool returned"


def _is_reported(weather: Weather, evidence: Evidence) -> bool:
    known = {(each.source, msgspec.json.encode(day)) for each in evidence.weather for day in each.days}
    return all((weather.source, msgspec.json.encode(day)) in known for day in weather.days)
