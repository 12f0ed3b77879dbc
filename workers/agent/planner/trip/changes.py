"""What a follow-up changed, against the plan before it."""

from datetime import date, datetime

from app.contract.turn import PlaceRef, Plan, RequestSummary, TurnResult
from workers.agent.planner.understand.recall import TIMING


def changed_fields(previous: TurnResult | None, request: RequestSummary, plan: Plan) -> list[str] | None:
    """Names of the fields of request and plan that differ, in a fixed order; None without a plan before."""
    before = previous.request if previous else None
    old_plan = previous.plan if previous else None
    if before is None or old_plan is None:
        return None
    pairs: dict[str, tuple[object, object]] = {
        "origin": (_code(before.origin), _code(request.origin)),
        "destinations": (
            [_code(place) for place in before.destinations],
            [_code(place) for place in request.destinations],
        ),
        "depart": (before.depart, request.depart),
        "return": (before.return_, request.return_),
        "travellers": (before.travellers, request.travellers),
        "budget": (before.budget, request.budget),
        "constraints": (_conditions(before), _conditions(request)),
        "nights": (old_plan.nights, plan.nights),
        "legs": (_flights(old_plan), _flights(plan)),
        "stays": (_rooms(old_plan), _rooms(plan)),
        "cost": (
            (old_plan.cost.total, old_plan.cost.currency),
            (plan.cost.total, plan.cost.currency),
        ),
    }
    return [name for name, (old, new) in pairs.items() if old != new]


def _code(place: PlaceRef | None) -> tuple[str | None, str | None] | None:
    return (place.iata, place.country) if place else None


def _conditions(request: RequestSummary) -> set[str]:
    """Without those that only say when and how long: they have fields of their own."""
    return {one for one in request.constraints if one not in TIMING and not one.startswith(TIMING)}


def _rooms(plan: Plan) -> list[tuple[str, date, date]]:
    return [(stay.name, stay.check_in, stay.check_out) for stay in plan.stays or ()]


def _flights(plan: Plan) -> list[tuple[str, datetime]]:
    return [(leg.flight_number, leg.departs_local) for leg in plan.legs]
