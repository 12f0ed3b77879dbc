"""Every trip that a small problem has, found by trying: what the solver is measured against."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeVar

from workers.agent.planner.solve.model import HOME, Link, Lodging, Problem, Ticket
from workers.agent.planner.solve.paths import AFTER_ARRIVAL, BEFORE_DEPARTURE, DAY_BEGINS

T = TypeVar("T")
MIDNIGHT = timedelta(days=1)


class Piece(NamedTuple):
    """Brings the party from a place at a time to a place at a time."""

    origin: str
    begins: datetime
    destination: str
    ends: datetime
    kind: str


def prices(problem: Problem, given_up: frozenset[str] = frozenset()) -> list[tuple[Decimal, float]]:
    """Price and burden of every trip that keeps what is in force."""
    demand = problem.demand
    in_force = demand.conditions - given_up
    tickets = [each for each in problem.tickets if in_force.isdisjoint(each.breaks)]
    lodgings = [each for each in problem.lodgings if in_force.isdisjoint(each.breaks)]
    links = [
        (link, day)
        for link in problem.links
        if in_force.isdisjoint(link.breaks)
        for day in sorted(link.days or ())
    ]
    found: list[tuple[Decimal, float]] = []
    for some in _some(tickets, 2):
        for taken in _some(links, 2):
            for beds in itertools.combinations(lodgings, len(demand.stops)):
                if _is_trip(problem, some, taken, beds, exact="nights" not in given_up):
                    parts = (*some, *(link for link, _ in taken), *beds)
                    price = sum((part.price for part in parts), Decimal())
                    if _affordable(problem, price, given_up):
                        found.append((price, sum(part.burden for part in parts)))
    return found


def _some(items: Sequence[T], most: int) -> Iterator[tuple[T, ...]]:
    for count in range(most + 1):
        yield from itertools.combinations(items, count)


def _affordable(problem: Problem, price: Decimal, given_up: frozenset[str]) -> bool:
    budget, below = problem.demand.budget, problem.demand.below
    return ("budget" in given_up or budget is None or price <= budget) and (
        "price_before" in given_up or below is None or price < below
    )


def _is_trip(
    problem: Problem,
    tickets: Sequence[Ticket],
    links: Sequence[tuple[Link, date]],
    lodgings: Sequence[Lodging],
    *,
    exact: bool,
) -> bool:
    demand = problem.demand
    if [each.place for each in sorted(lodgings, key=lambda each: each.check_in)] != [
        stop.place for stop in demand.stops
    ]:
        return False
    nights = {each.place: (each.check_out - each.check_in).days for each in lodgings}
    if exact and any(stop.nights not in (None, nights[stop.place]) for stop in demand.stops):
        return False
    if len({day for _, day in links}) < len(links):
        return False
    pieces = [
        Piece(move.origin, move.departs, move.destination, move.arrives, "ticket")
        for ticket in tickets
        for move in ticket.moves
    ]
    if any(ticket.moves[0].departs < demand.not_before for ticket in tickets):
        return False
    for ticket in tickets:
        if any(one.arrives >= other.departs for one, other in itertools.pairwise(ticket.moves)):
            return False
    pieces += [
        Piece(each.place, _at(each.check_in), each.place, _at(each.check_out), "lodging") for each in lodgings
    ]
    for link, day in links:
        begins = datetime.combine(day, DAY_BEGINS)
        ends = begins + timedelta(minutes=link.minutes)
        pieces.append(Piece(link.origin, begins, link.destination, ends, f"link {link.minutes}"))
        if day < demand.not_before.date():
            return False
    return any(_chained(order) for order in itertools.permutations(pieces))


def _chained(order: Sequence[Piece]) -> bool:
    if order[0].origin != HOME or order[-1].destination != HOME:
        return False
    return all(_follows(one, other) for one, other in itertools.pairwise(order)) and _in_time(order)


def _follows(one: Piece, other: Piece) -> bool:
    return one.destination == other.origin != HOME and one.ends.date() == other.begins.date()


def _in_time(order: Sequence[Piece]) -> bool:
    """Ways on one day leave time for each other."""
    for one, other in itertools.permutations(order, 2):
        if (
            one.kind == "ticket"
            and one.destination == other.origin
            and one.ends.date() == other.begins.date()
        ):
            if other.kind == "ticket" and other.begins < one.ends + BEFORE_DEPARTURE:
                return False
            if other.kind.startswith("link"):
                length = timedelta(minutes=int(other.kind.split()[1]))
                if one.ends + AFTER_ARRIVAL + length > _at(one.ends.date()) + MIDNIGHT:
                    return False
        together = one.destination == other.origin and one.ends.date() == other.begins.date()
        to_ticket = together and one.kind.startswith("link") and other.kind == "ticket"
        if to_ticket and other.begins < one.ends + BEFORE_DEPARTURE:
            return False
    return True


def _at(day: date) -> datetime:
    return datetime.combine(day, time())
