"""The path through places and days: which candidates can follow each other, as rows of a program."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from workers.agent.planner.solve.model import (
    HOME,
    Demand,
    Link,
    Lodging,
    Move,
    Problem,
    Stop,
    Ticket,
)
from workers.agent.planner.solve.program import Program

DAY_BEGINS = time(8)
"""When a link leaves at the earliest."""
BEFORE_DEPARTURE = timedelta(hours=2)
"""From a link, or from another ticket's arrival, to a scheduled departure."""
AFTER_ARRIVAL = timedelta(hours=1)

_ANY_NIGHTS = 1_000

Node = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Ways:
    """The candidates that are columns, by number."""

    tickets: dict[int, Ticket] = field(default_factory=dict[int, Ticket])
    links: dict[int, tuple[Link, date]] = field(default_factory=dict[int, tuple[Link, date]])
    lodgings: dict[int, Lodging] = field(default_factory=dict[int, Lodging])
    nights: dict[int, Node] = field(default_factory=dict[int, Node])
    """Nights that need no lodging: from that day to the next."""


def constrain(program: Program, problem: Problem, ways: Ways, *, exact_nights: bool) -> None:
    demand = problem.demand
    _flow(program, demand, ways)
    _visits(program, demand, ways, exact_nights=exact_nights)
    _groups(program, demand, ways)
    _times(program, ways)
    by_day = defaultdict[date, dict[int, float]](dict)
    for number, (_, day) in ways.links.items():
        by_day[day][number] = 1.0
    for taken in by_day.values():
        program.row(taken, at_most=2 if _on_one_day(demand) else 1)


def days_of(problem: Problem, tickets: Sequence[Ticket]) -> set[date]:
    """Days on which one may be somewhere."""
    found = {day for link in problem.links for day in link.days or ()}
    for ticket in tickets:
        for move in ticket.moves:
            found |= {move.departs.date(), move.arrives.date()}
    for lodging in problem.lodgings:
        found |= {lodging.check_in, lodging.check_out}
    if not found:
        return found
    first, last = min(found), max(found)
    return {first + timedelta(offset) for offset in range((last - first).days + 1)}


def in_order(ticket: Ticket, not_before: datetime) -> bool:
    """Whether it departs in time, and leaves no place before it is reached."""
    legs = ticket.moves
    return ticket.moves[0].departs >= not_before and all(
        leg.arrives < onward.departs for leg, onward in itertools.pairwise(legs)
    )


def _flow(program: Program, demand: Demand, ways: Ways) -> None:
    """What comes to a place on a day goes on from there; home is left once, and reached once more."""
    balance = defaultdict[Node, dict[int, float]](lambda: defaultdict(float))
    left, reached = dict[int, float](), dict[int, float]()
    for number, origin, destination, leaves, arrives in _steps(ways):
        if origin == HOME:
            left[number] = 1.0
        else:
            balance[origin, leaves][number] -= 1.0
        if destination == HOME:
            reached[number] = 1.0
        else:
            balance[destination, arrives][number] += 1.0
    if demand.one_way:
        last = demand.stops[-1].place
        ends = {number: 1.0 for node in list(balance) if node[0] == last for number in [program.column(0.0)]}
        for number, node in zip(ends, [node for node in balance if node[0] == last], strict=True):
            balance[node][number] = -1.0
        program.row(ends, at_least=1, at_most=1)
    else:
        program.row(reached, at_least=1, at_most=1)
    program.row(left, at_least=1, at_most=1)
    for terms in balance.values():
        program.row({number: value for number, value in terms.items() if value}, at_least=0, at_most=0)


def _steps(ways: Ways) -> Iterator[tuple[int, str, str, date, date]]:
    """Every move of a column: from a place on a day to a place on a day."""
    for number, ticket in ways.tickets.items():
        if ticket.group == 1:
            for move in ticket.moves:
                yield number, move.origin, move.destination, move.departs.date(), move.arrives.date()
    for number, (link, day) in ways.links.items():
        yield number, link.origin, link.destination, day, day
    for number, lodging in ways.lodgings.items():
        yield number, lodging.place, lodging.place, lodging.check_in, lodging.check_out
    for number, (place, day) in ways.nights.items():
        yield number, place, place, day, day + timedelta(1)


def _visits(program: Program, demand: Demand, ways: Ways, *, exact_nights: bool) -> None:
    """Each stop is slept at once, so many nights, and the stops come in their order."""
    begins, lasts, ends = (defaultdict[str, dict[int, float]](dict) for _ in range(3))
    for number, lodging in ways.lodgings.items():
        begins[lodging.place][number] = float(lodging.check_in.toordinal())
        ends[lodging.place][number] = float(lodging.check_out.toordinal())
        lasts[lodging.place][number] = float((lodging.check_out - lodging.check_in).days)
    for number, (place, _) in ways.nights.items():
        lasts[place][number] = 1.0
    chosen = dict[int, float]()
    for stop in demand.stops:
        visited = program.column(0.0)
        chosen[visited] = 1.0
        if demand.lodged:
            one = dict.fromkeys(begins[stop.place], 1.0)
            program.row({**one, visited: -1.0}, at_least=0, at_most=0)
        least, most = _bounds(demand, stop, exact_nights=exact_nights)
        program.row({**lasts[stop.place], visited: -float(least)}, at_least=0)
        program.row({**lasts[stop.place], visited: -float(most)}, at_most=0)
    wanted = float(demand.choose or len(demand.stops))
    program.row(chosen, at_least=wanted, at_most=wanted)
    if demand.nights is not None and exact_nights:
        total = {number: nights for terms in lasts.values() for number, nights in terms.items()}
        program.row(total, at_least=demand.nights, at_most=demand.nights)
    if demand.lodged and not demand.any_order:
        for stop, following in itertools.pairwise(demand.stops):
            program.row(
                {
                    **begins[following.place],
                    **{number: -value for number, value in ends[stop.place].items()},
                },
                at_least=0,
            )


def _bounds(demand: Demand, stop: Stop, *, exact_nights: bool) -> tuple[int, int]:
    """Of the nights at a stop."""
    if demand.one_way and not demand.lodged:
        return 0, _ANY_NIGHTS
    if stop.nights is None or not exact_nights:
        return 1, _ANY_NIGHTS
    return stop.nights, stop.nights


def _on_one_day(demand: Demand) -> bool:
    """Whether one goes and comes back on the same day."""
    return any(stop.nights == 0 for stop in demand.stops)


def _groups(program: Program, demand: Demand, ways: Ways) -> None:
    """Every group of the party makes the same moves at the same times as the first: they stay together."""
    for group in range(2, demand.groups + 1):
        alike = defaultdict[object, dict[int, float]](dict)
        for number, ticket in ways.tickets.items():
            if ticket.group in (1, group):
                alike[_signature(ticket)][number] = 1.0 if ticket.group == 1 else -1.0
        for terms in alike.values():
            program.row(terms, at_least=0, at_most=0)


def _signature(ticket: Ticket) -> object:
    return ticket.moves


def _times(program: Program, ways: Ways) -> None:
    """Nobody takes two ways on one day that do not leave time for each other."""
    arriving, leaving = (
        defaultdict[Node, list[tuple[int, Move]]](list),
        defaultdict[Node, list[tuple[int, Move]]](list),
    )
    for number, ticket in ways.tickets.items():
        for move in ticket.moves:
            arriving[move.destination, move.arrives.date()].append((number, move))
            leaving[move.origin, move.departs.date()].append((number, move))
    for number, (link, day) in ways.links.items():
        length = timedelta(minutes=link.minutes)
        midnight = datetime.combine(day + timedelta(1), time())
        ready = datetime.combine(day, DAY_BEGINS) + length + BEFORE_DEPARTURE
        late = [
            one
            for one, move in arriving[link.origin, day]
            if move.arrives + AFTER_ARRIVAL + length > midnight
        ]
        early = [one for one, move in leaving[link.destination, day] if move.departs < ready]
        _never_with(program, number, [*late, *early])
    # Of those that leave home one is taken, so that they need no row against each other.
    from_home = {number for number, ticket in ways.tickets.items() if ticket.moves[0].origin == HOME}
    for node, arrivals in arriving.items():
        if node[0] == HOME:
            continue
        for number, move in arrivals:
            soon = {one for one, onward in leaving[node] if onward.departs < move.arrives + BEFORE_DEPARTURE}
            _never_with(program, number, soon - (from_home if number in from_home else {number}))


def _never_with(program: Program, number: int, others: Iterable[int]) -> None:
    for other in sorted(set(others)):
        program.row({number: 1.0, other: 1.0}, at_most=1)
