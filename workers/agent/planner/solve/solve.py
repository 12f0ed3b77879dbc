"""The best trip that a problem has, or what stands in its way."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Protocol, TypeVar

from msgspec import structs

from workers.agent.planner.solve.model import (
    Condition,
    Infeasible,
    Problem,
    Relaxed,
    Solution,
    Taken,
)
from workers.agent.planner.solve.outings import plan_outings
from workers.agent.planner.solve.paths import Ways, constrain, days_of, in_order
from workers.agent.planner.solve.program import Program

BUDGET, PRICE_BEFORE, NIGHTS = "budget", "price_before", "nights"
MOST_RELAXED = 4
MOST_GIVEN_UP = 3
_TIE = 1e-4
"""What a burden weighs where the price alone counts: enough to choose between equal prices."""


class _Priced(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def price(self) -> Decimal: ...
    @property
    def burden(self) -> float: ...
    @property
    def breaks(self) -> frozenset[Condition]: ...


P = TypeVar("P", bound=_Priced)
Without = Callable[[frozenset[Condition]], Solution | None]
"""The cheapest trip when these conditions are given up; None where there is none still."""


def solve(problem: Problem) -> Solution | Infeasible:
    """The best trip, or why there is none."""
    return best_trip(problem) or why_none(problem)


def best_trip(problem: Problem) -> Solution | None:
    """The same answer whatever the order of the candidates. The trip is chosen first, then what to do on it.

    Outings take what is left of the budget: they never make a trip dearer than it may be.
    """
    found = _best(problem, frozenset())
    return None if found is None else plan_outings(problem, found)


def why_none(problem: Problem) -> Infeasible:
    """What conflicts in a problem that has no trip, and the ways out; it takes many times what a trip takes."""
    eased = structs.replace(problem, demand=structs.replace(problem.demand, cheapest=True))

    @cache
    def without(given_up: frozenset[Condition]) -> Solution | None:
        return _best(eased, given_up)

    names = _in_force(problem)
    return Infeasible(_core(names, without), _ways_out(names, without))


def _best(problem: Problem, given_up: frozenset[Condition]) -> Solution | None:
    demand = problem.demand
    in_force = demand.conditions - given_up
    tickets = [
        ticket
        for ticket in _kept(problem.tickets, in_force)
        if ticket.moves and in_order(ticket, demand.not_before)
    ]
    program, ways = Program(), Ways()
    costs = dict[int, Decimal]()

    def column(candidate: _Priced) -> int:
        price = float(candidate.price)
        number = program.column(price + candidate.burden * (_TIE if demand.cheapest else 1.0))
        costs[number] = candidate.price
        return number

    days = sorted(days_of(problem, tickets))
    ways.tickets.update((column(ticket), ticket) for ticket in tickets)
    for link in _kept(problem.links, in_force):
        for day in sorted(link.days) if link.days is not None else days:
            if day >= demand.not_before.date():
                ways.links[column(link)] = (link, day)
    if demand.lodged:
        lodgings = _undominated(
            _kept(problem.lodgings, in_force), lambda each: (each.place, each.check_in, each.check_out)
        )
        ways.lodgings.update((column(lodging), lodging) for lodging in lodgings)
    else:
        for stop, day in itertools.product(demand.stops, days):
            ways.nights[program.column(0.0)] = (stop.place, day)
    constrain(program, problem, ways, exact_nights=NIGHTS not in given_up)
    _limit(program, costs, problem, given_up)
    chosen = program.least()
    return None if chosen is None else _solution(chosen, ways)


def _limit(
    program: Program, costs: dict[int, Decimal], problem: Problem, given_up: frozenset[Condition]
) -> None:
    """Money is counted in the smallest unit that a price has, so that no sum is ever rounded."""
    demand = problem.demand
    limits = [demand.budget] if demand.budget is not None and BUDGET not in given_up else []
    amounts = [*costs.values(), *limits, *([demand.below] if demand.below is not None else [])]
    exponents = (amount.as_tuple().exponent for amount in amounts)
    unit = Decimal(1).scaleb(min((each for each in exponents if isinstance(each, int)), default=0))
    if demand.below is not None and PRICE_BEFORE not in given_up:
        limits.append(demand.below - unit)
    if limits:
        terms = {number: float(price / unit) for number, price in costs.items() if price}
        program.row(terms, at_most=float(min(limits) / unit))
        if min(limits) < 0:
            program.row({program.column(0.0): 1.0}, at_least=2)


def _solution(chosen: Sequence[bool], ways: Ways) -> Solution:
    tickets = [ticket for number, ticket in ways.tickets.items() if chosen[number]]
    links = [Taken(*taken) for number, taken in ways.links.items() if chosen[number]]
    lodgings = [lodging for number, lodging in ways.lodgings.items() if chosen[number]]
    parts = (*tickets, *(taken.link for taken in links), *lodgings)
    return Solution(
        tickets=tuple(sorted(tickets, key=lambda each: (each.moves[0].departs, each.group, each.id))),
        links=tuple(sorted(links, key=lambda each: (each.on, each.link.id))),
        lodgings=tuple(sorted(lodgings, key=lambda each: each.check_in)),
        outings=(),
        price=sum((part.price for part in parts), Decimal()),
    )


def _core(names: Sequence[Condition], without: Without) -> tuple[Condition, ...]:
    """A set of conditions of which none can be left out: without any one of them there would be a trip."""
    if without(frozenset(names)) is None:
        return ()
    given_up = frozenset[Condition]()
    for name in names:
        if without(given_up | {name}) is None:
            given_up |= {name}
    return tuple(name for name in names if name not in given_up)


def _ways_out(names: Sequence[Condition], without: Without) -> tuple[Relaxed, ...]:
    """Each gives up as few conditions as it takes."""
    for count in range(1, MOST_GIVEN_UP + 1):
        found = [
            Relaxed(given_up, solution)
            for given_up in itertools.combinations(names, count)
            if (solution := without(frozenset(given_up))) is not None
        ]
        if found:
            return tuple(sorted(found, key=lambda each: (each.solution.price, each.gives_up)))[:MOST_RELAXED]
    return ()


def _in_force(problem: Problem) -> list[Condition]:
    """The conditions that could be given up, in a fixed order."""
    demand = problem.demand
    broken = {
        name
        for each in (*problem.tickets, *problem.links, *problem.lodgings)
        for name in each.breaks & demand.conditions
    }
    names = sorted(broken)
    exact = demand.nights is not None or any(stop.nights is not None for stop in demand.stops)
    numeric = {
        BUDGET: demand.budget is not None,
        PRICE_BEFORE: demand.below is not None,
        NIGHTS: exact,
    }
    return [*(name for name, there in numeric.items() if there), *names]


def _kept(candidates: Iterable[P], in_force: frozenset[Condition]) -> list[P]:
    """Those that break no condition, in the order of their ids."""
    return sorted((each for each in candidates if in_force.isdisjoint(each.breaks)), key=lambda each: each.id)


def _undominated(candidates: Sequence[P], place_of: Callable[[P], Hashable]) -> list[P]:
    """Without those that another of the same place and days is not dearer and no worse than."""
    groups = defaultdict[Hashable, list[P]](list)
    for candidate in candidates:
        groups[place_of(candidate)].append(candidate)
    kept: list[P] = []
    for group in groups.values():
        least = float("inf")
        for candidate in sorted(group, key=lambda each: (each.price, each.burden, each.id)):
            if candidate.burden < least:
                kept.append(candidate)
                least = candidate.burden
    return sorted(kept, key=lambda each: each.id)
