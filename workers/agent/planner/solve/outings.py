"""What to do on a trip that is chosen: sights and meals on days when they are open and there is time."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from msgspec import structs

from workers.agent.planner.solve.model import HOME, Demand, Outing, Planned, Problem, Solution
from workers.agent.planner.solve.program import Program

Part = Literal["morning", "afternoon", "evening"]
PARTS: dict[Part, tuple[time, time]] = {
    "morning": (time(9), time(13)),
    "afternoon": (time(14), time(18)),
    "evening": (time(18, 30), time(22)),
}
AFTER_ARRIVAL = timedelta(hours=2)
BEFORE_DEPARTURE = timedelta(hours=3)
_TIE = 1e-4


class Slot(NamedTuple):
    """Some hours at a place."""

    place: str
    on: date
    part: Part


def plan_outings(problem: Problem, trip: Solution) -> Solution:
    """The trip with the outings that are worth most, within what is left of the budget."""
    demand = problem.demand
    slots = _slots(trip)
    if not slots or not problem.outings:
        return trip
    program = Program()
    choices: dict[int, tuple[Outing, Slot]] = {}
    for outing in sorted(problem.outings, key=lambda each: each.id):
        if not demand.conditions.isdisjoint(outing.breaks):
            continue
        price = float(outing.price)
        worth = price + outing.burden * (_TIE if demand.cheapest else 1.0)
        if worth >= 0:
            continue
        for at, slot in enumerate(slots):
            if _fits(outing, slot):
                # Between equals the earlier day is better: a change of plan finds something left to do.
                choices[program.column(worth * (1 - 1e-6 * at))] = (outing, slot)
    _constrain(program, demand, choices, trip.price)
    chosen = program.least() or []
    taken = [choice for number, choice in choices.items() if chosen and chosen[number]]
    planned = [Planned(outing, slot.on, slot.part) for outing, slot in taken]
    planned.sort(key=lambda each: (each.on, list(PARTS).index(each.part), each.outing.id))
    price = sum((each.outing.price for each in planned), trip.price)
    return structs.replace(trip, outings=tuple(planned), price=price)


def _constrain(
    program: Program, demand: Demand, choices: dict[int, tuple[Outing, Slot]], spent: Decimal
) -> None:
    once, together, a_day = (defaultdict[object, dict[int, float]](dict) for _ in range(3))
    prices: dict[int, float] = {}
    limits = [each for each in (demand.budget, demand.below) if each is not None]
    for number, (outing, slot) in choices.items():
        once[outing.id][number] = 1.0
        together[slot][number] = 1.0
        if not outing.meal:
            a_day[slot.on][number] = 1.0
        if outing.price:
            prices[number] = float(outing.price)
    for terms in (*once.values(), *together.values()):
        program.row(terms, at_most=1)
    for terms in a_day.values():
        program.row(terms, at_most=demand.outings_a_day)
    if limits:
        left = min(limits) - spent
        cents = Decimal("0.01") if demand.below == min(limits) else Decimal()
        program.row(prices, at_most=max(0.0, float(left - cents)))


def _fits(outing: Outing, slot: Slot) -> bool:
    begins, ends = (datetime.combine(slot.on, at) for at in PARTS[slot.part])
    return (
        outing.place == slot.place
        and slot.part in outing.parts
        and (outing.open_on is None or slot.on in outing.open_on)
        and begins + timedelta(minutes=outing.minutes) <= ends
    )


def _slots(trip: Solution) -> list[Slot]:
    """The parts of days that are spent at a place, neither arriving nor leaving."""
    arrivals, departures = (
        defaultdict[object, list[datetime]](list),
        defaultdict[object, list[datetime]](list),
    )
    for move in (move for ticket in trip.tickets for move in ticket.moves):
        arrivals[move.destination, move.arrives.date()].append(move.arrives + AFTER_ARRIVAL)
        departures[move.origin, move.departs.date()].append(move.departs - BEFORE_DEPARTURE)
    links = {taken.on: taken.link for taken in trip.links}
    slots: list[Slot] = []
    for place, first, last in _visits(trip):
        for offset in range((last - first).days + 1):
            day = first + timedelta(offset)
            for part, (begins, ends) in PARTS.items():
                start, end = datetime.combine(day, begins), datetime.combine(day, ends)
                arrived = all(at <= start for at in arrivals[place, day])
                stays = all(at >= end for at in departures[place, day])
                link = links.get(day)
                settled = link is None or (link.destination == place and part == "evening")
                if arrived and stays and settled:
                    slots.append(Slot(place, day, part))
    return slots


def _visits(trip: Solution) -> Sequence[tuple[str, date, date]]:
    if trip.lodgings:
        return [(each.place, each.check_in, each.check_out) for each in trip.lodgings]
    arrived, left = dict[str, date](), dict[str, date]()
    for move in (move for ticket in trip.tickets for move in ticket.moves):
        arrived[move.destination], left[move.origin] = move.arrives.date(), move.departs.date()
    for taken in trip.links:
        arrived[taken.link.destination] = left[taken.link.origin] = taken.on
    return [(place, first, left.get(place, first)) for place, first in arrived.items() if place != HOME]
