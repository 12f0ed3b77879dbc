"""What a room or a ticket may break of what was asked: names that the solver takes for in force or not."""

from collections.abc import Sequence
from datetime import datetime

from app.contract.turn import Plan, PlanLeg
from tools.results import FlightOffer, Stay
from workers.agent.planner.context import Flow
from workers.agent.planner.understand.constraints import ACCESSIBLE, ROOM, STARS, of_rooms
from workers.agent.planner.understand.hours import bounds_of
from workers.agent.planner.understand.model import RoomKind, Understanding

KEPT_FLIGHTS, KEPT_STAYS = "kept_flights", "kept_stays"
BETTER_STAY, OTHER_STAY = "better_stay", "other_stay"
HOURS = "hours"
"""The times of day at which one wants to travel."""
DURATION = "duration"
"""That one is back on the day of setting out."""

AS_BEFORE = 0.15
"""What it is worth, as a share of its price, that a part of the plan stays as it was."""

_KINDS: dict[RoomKind, tuple[str, ...]] = {
    "single": ("single",),
    "double": ("double", "twin"),
    "triple": ("triple",),
    "family": ("family", "quadruple"),
    "suite": ("suite",),
    "apartment": ("apartment", "studio", "flat"),
}


def in_force(flow: Flow) -> frozenset[str]:
    """Those of rooms, and those that a change of a plan brings along."""
    asked = flow.asked
    kept = {f"kept_{name}" for name in asked.keep} if flow.previous and flow.previous.plan else set[str]()
    better = {BETTER_STAY} if asked.better_stay and _plan(flow) is not None else set[str]()
    other = {OTHER_STAY} if asked.other_stay and _plan(flow) is not None else set[str]()
    day_trip = {DURATION} if is_day_trip(asked) else set[str]()
    hours = {HOURS} if asked.wishes.hours else set[str]()
    return of_rooms(asked.wishes) | kept | better | other | day_trip | hours


def is_day_trip(asked: Understanding) -> bool:
    return asked.length is not None and asked.nights == 0 and not asked.wishes.one_way


def broken_by(flow: Flow, stay: Stay, least_merit: float | None, merit: float) -> frozenset[str]:
    """`least_merit` is what the room before was worth, which a better one has to be above."""
    wishes = flow.asked.wishes
    broken = {name for name in wishes.amenities if name not in stay.amenities}
    broken |= {ACCESSIBLE} if wishes.accessible and not stay.accessible else set()
    broken |= {STARS} if wishes.stars and (stay.stars or 0) < wishes.stars else set()
    kinds = _KINDS[wishes.room_kind] if wishes.room_kind else ()
    broken |= {ROOM} if kinds and not any(kind in stay.room.casefold() for kind in kinds) else set()
    broken |= {KEPT_STAYS} if not was_stayed_at(flow, stay) else set()
    broken |= {OTHER_STAY} if was_stayed_at(flow, stay) else set()
    better = least_merit is None or merit > least_merit
    return frozenset(broken | ({BETTER_STAY} if not better or was_stayed_at(flow, stay) else set()))


def keeps_hours(flow: Flow, offer: FlightOffer) -> bool:
    """Whether one flies at the hours that were asked for; what is not flown has no timetable."""
    first, last = offer.slices[0], offer.slices[-1]
    ends = {
        "leave": first.segments[0].departs_local if 0 not in flow.ways else None,
        "arrive": first.segments[-1].arrives_local if 0 not in flow.ways else None,
        "return": last.segments[0].departs_local if len(flow.asked.stops) not in flow.ways else None,
        "home": last.segments[-1].arrives_local if len(flow.asked.stops) not in flow.ways else None,
    }
    for what, side, at in bounds_of(flow.asked.wishes.hours):
        moment = ends[what]
        if moment is None or (flow.asked.wishes.one_way and what in ("return", "home")):
            continue
        day = ends["leave" if what == "arrive" else "return" if what == "home" else what]
        bound = datetime.combine((day or moment).date(), at)
        if moment < bound if side == "after" else moment > bound:
            return False
    return True


def was_flown(flow: Flow, offer: FlightOffer) -> bool:
    """Whether the plan before has these very flights."""
    plan = _plan(flow)
    if plan is None:
        return False
    before = [(leg.flight_number, leg.departs_local) for leg in one_of_each(plan.legs)]
    return before == [
        (part.segments[0].flight_number, part.segments[0].departs_local) for part in offer.slices
    ]


def one_of_each(legs: Sequence[PlanLeg]) -> list[PlanLeg]:
    """Each journey once, however many bookings it takes to seat everybody."""
    return list({(leg.flight_number, leg.departs_local): leg for leg in reversed(legs)}.values())[::-1]


def was_stayed_at(flow: Flow, stay: Stay) -> bool:
    plan = _plan(flow)
    return plan is not None and any(
        (each.name, each.city) == (stay.name, stay.city) for each in plan.stays or ()
    )


def _plan(flow: Flow) -> Plan | None:
    return flow.previous.plan if flow.previous else None
