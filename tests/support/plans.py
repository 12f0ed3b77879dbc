"""Small plans, and a planner that answers each message with the next of them at once."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from msgspec import structs

from app.contract.turn import Diff, PlaceRef, Plan, PlanCost, PlanDay, RequestSummary, TurnResult
from workers.agent.model import Step, View

START = date(2027, 5, 1)


def plan_of(*cities: str, start: date = START, **changes: Any) -> Plan:
    """A day in each city; the same name again is another day there."""
    plan = Plan(
        nights=len(cities) - 1,
        date_range=(start, start + timedelta(len(cities) - 1)),
        days=[PlanDay(date=start + timedelta(n), city=city) for n, city in enumerate(cities)],
        legs=[],
        cost=PlanCost(total=Decimal("900.50"), currency="EUR", items=[]),
    )
    return structs.replace(plan, **changes)


def request_of(*cities: str, **more: Any) -> RequestSummary:
    return RequestSummary(
        origin=PlaceRef(name="Berlin", iata="BER"),
        destinations=[PlaceRef(name=city, iata=city[:3].upper(), country="PT") for city in cities],
        **more,
    )


def planned(plan: Plan, *, follows: bool = False, language: str = "en") -> TurnResult:
    """A result with the plan; `follows` makes it one that changes the plan before it."""
    return TurnResult(
        outcome="plan",
        request=request_of(*dict.fromkeys(day.city for day in plan.days), language=language),
        plan=plan,
        diff=Diff(changed=["nights"]) if follows else None,
    )


class PlansAtOnce:
    """`results` by the words of the message that they answer."""

    def __init__(self, results: Mapping[str, TurnResult]) -> None:
        self._results = results

    def next(self, view: View) -> Step:
        return Step(say="Here it is.", result=self._results[view.request.content])
