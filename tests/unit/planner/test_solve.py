"""The solver against every trip there is, on small problems; and what its answers say."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.support.solve_reference import prices
from workers.agent.planner.solve.model import (
    HOME,
    Demand,
    Infeasible,
    Link,
    Lodging,
    Move,
    Outing,
    Problem,
    Solution,
    Stop,
    Ticket,
)
from workers.agent.planner.solve.solve import solve

FIRST = date(2027, 5, 1)
ANY = Demand(stops=(Stop("lisbon"),), not_before=datetime(2027, 1, 1))


def at(day: int, hour: int) -> datetime:
    return datetime.combine(FIRST + timedelta(day), time(hour))


def round_trip(id: str, price: int, out: int = 0, back: int = 4, *breaks: str, hour: int = 9) -> Ticket:
    return Ticket(
        id=id,
        price=Decimal(price),
        moves=(
            Move(HOME, "lisbon", at(out, hour), at(out, hour + 3)),
            Move("lisbon", HOME, at(back, hour), at(back, hour + 3)),
        ),
        breaks=frozenset(breaks),
    )


def beds(id: str, price: int, first: int = 0, last: int = 4, *breaks: str, place: str = "lisbon") -> Lodging:
    return Lodging(
        id=id,
        place=place,
        check_in=FIRST + timedelta(first),
        check_out=FIRST + timedelta(last),
        price=Decimal(price),
        breaks=frozenset(breaks),
    )


def solved(problem: Problem) -> Solution:
    found = solve(problem)
    assert isinstance(found, Solution)
    return found


def unsolved(problem: Problem) -> Infeasible:
    found = solve(problem)
    assert isinstance(found, Infeasible)
    return found


def test_flight_and_bed_are_chosen_together():
    """The cheapest flight is on days when beds are dear."""
    problem = Problem(
        demand=ANY,
        tickets=(round_trip("cheap", 100), round_trip("dear", 150, 1, 5)),
        lodgings=(beds("dear beds", 400), beds("cheap beds", 300, 1, 5)),
    )
    found = solved(problem)
    assert ([each.id for each in found.tickets], found.price) == (["dear"], Decimal(450))
    assert found.lodgings[0].id == "cheap beds"


def test_beds_cover_the_nights_from_arrival_to_departure():
    problem = Problem(
        demand=ANY, tickets=(round_trip("a", 100),), lodgings=(beds("short", 1, 0, 3), beds("late", 1, 1, 4))
    )
    assert unsolved(problem) == Infeasible((), ())


def test_comfort_is_worth_its_burden_unless_the_cheapest_is_wanted():
    slow = structs.replace(round_trip("slow", 100), burden=30.0)
    problem = Problem(demand=ANY, tickets=(slow, round_trip("fast", 120)), lodgings=(beds("b", 1),))
    assert solved(problem).tickets[0].id == "fast"
    cheapest = structs.replace(problem, demand=structs.replace(ANY, cheapest=True))
    assert solved(cheapest).tickets[0].id == "slow"


def test_what_cannot_hold_together_is_named_and_nothing_else():
    demand = structs.replace(ANY, budget=Decimal(300), conditions=frozenset({"nonstop", "pets"}))
    problem = Problem(
        demand=demand,
        tickets=(round_trip("stops", 100, 0, 4, "nonstop"), round_trip("direct", 250)),
        lodgings=(beds("no pets", 20, 0, 4, "pets"), beds("pets", 100)),
    )
    found = unsolved(problem)
    assert found.core == ("budget", "nonstop", "pets"), "each of them by itself would be enough to give"
    ways = {each.gives_up: each.solution.price for each in found.relaxed}
    assert ways == {("nonstop",): Decimal(200), ("pets",): Decimal(270), ("budget",): Decimal(350)}
    assert [each.solution.price for each in found.relaxed] == sorted(ways.values())


def test_where_one_condition_is_not_enough_two_are_given_up():
    demand = structs.replace(ANY, budget=Decimal(100), conditions=frozenset({"nonstop"}))
    problem = Problem(
        demand=demand, tickets=(round_trip("a", 200, 0, 4, "nonstop"),), lodgings=(beds("b", 50),)
    )
    assert [each.gives_up for each in unsolved(problem).relaxed] == [("budget", "nonstop")]


def test_a_price_below_is_strictly_below():
    problem = Problem(
        demand=structs.replace(ANY, below=Decimal("150.00")),
        tickets=(round_trip("a", 100),),
        lodgings=(beds("b", 50),),
    )
    assert unsolved(problem).core == ("price_before",)
    assert solved(structs.replace(problem, lodgings=(beds("b", 49),))).price == 149


def test_every_group_flies_at_the_same_times():
    demand = structs.replace(ANY, groups=2)
    second = [
        structs.replace(round_trip("second early", 100), group=2),
        structs.replace(round_trip("second late", 10, 1, 5), group=2),
        structs.replace(round_trip("second at noon", 10, hour=12), group=2),
    ]
    problem = Problem(demand=demand, tickets=(round_trip("first", 100), *second), lodgings=(beds("b", 50),))
    assert [each.id for each in solved(problem).tickets] == ["first", "second early"]


ISLANDS = (Stop("naxos"), Stop("paros"))


def islands(**demand: object) -> Problem:
    """Athens is flown to and passed through; ferries go on every day."""
    fly = Ticket(
        id="fly",
        price=Decimal(200),
        moves=(Move(HOME, "athens", at(0, 8), at(0, 12)), Move("athens", HOME, at(6, 20), at(6, 23))),
    )
    days = frozenset(FIRST + timedelta(day) for day in range(7))
    ferries = tuple(
        Link(id=f"{a}-{b}", origin=a, destination=b, minutes=minutes, price=Decimal(40), days=days)
        for a, b, minutes in (
            ("athens", "naxos", 240),
            ("naxos", "athens", 240),
            ("athens", "paros", 200),
            ("paros", "athens", 200),
            ("naxos", "paros", 45),
            ("paros", "naxos", 45),
        )
    )
    lodgings = tuple(
        beds(f"{place}{first}{last}", 50 * (last - first), first, last, place=place)
        for place in ("naxos", "paros")
        for first in range(7)
        for last in range(first + 1, 7)
    )
    return Problem(
        demand=structs.replace(ANY, stops=ISLANDS, **demand),
        tickets=(fly,),
        links=ferries,
        lodgings=lodgings,
    )


def test_islands_are_reached_by_ferry_through_a_place_that_is_passed_only():
    found = solved(islands())
    assert [each.place for each in found.lodgings] == ["naxos", "paros"]
    assert [each.link.id for each in found.links] == ["athens-naxos", "naxos-paros", "paros-athens"]
    assert sum((each.check_out - each.check_in).days for each in found.lodgings) == 6


def test_one_of_several_places_may_be_chosen():
    found = solved(islands(any_order=True, choose=1))
    assert len(found.lodgings) == 1


def test_a_late_arrival_leaves_no_time_for_a_long_ferry():
    problem = islands(any_order=True, choose=1)
    late = structs.replace(
        problem.tickets[0], moves=(Move(HOME, "athens", at(0, 18), at(0, 22)), problem.tickets[0].moves[1])
    )
    assert isinstance(solve(structs.replace(problem, tickets=(late,))), Infeasible)


def test_sights_are_seen_when_open_and_meals_are_eaten_in_the_evening():
    open_on = frozenset({FIRST + timedelta(2)})
    problem = Problem(
        demand=structs.replace(ANY, outings_a_day=3, budget=Decimal(160)),
        tickets=(round_trip("a", 100),),
        lodgings=(beds("b", 50),),
        outings=(
            Outing(id="castle", place="lisbon", minutes=120, price=Decimal(8), burden=-50.0, open_on=open_on),
            Outing(id="dear", place="lisbon", minutes=60, price=Decimal(20), burden=-50.0),
            Outing(id="dinner", place="lisbon", minutes=90, parts=("evening",), burden=-5.0),
            Outing(id="elsewhere", place="porto", minutes=60, burden=-50.0),
        ),
    )
    found = solved(problem)
    planned = {each.outing.id: (each.on, each.part) for each in found.outings}
    assert planned.keys() == {"castle", "dinner"}
    assert planned["castle"][0] == FIRST + timedelta(2)
    assert planned["dinner"][1] == "evening"
    assert found.price == 158


tickets = st.builds(
    round_trip,
    st.text("abc", min_size=1, max_size=3),
    st.integers(50, 90),
    st.integers(0, 1),
    st.integers(3, 4),
    st.sampled_from(["nonstop", "dates", "-"]),
    hour=st.sampled_from([5, 9, 19]),
)
lodgings = st.builds(
    beds,
    st.text("xyz", min_size=1, max_size=3),
    st.integers(20, 60),
    st.integers(0, 1),
    st.integers(3, 4),
    st.sampled_from(["pets", "-"]),
)
demands = st.builds(
    Demand,
    stops=st.sampled_from([(Stop("lisbon"),), (Stop("lisbon", 3),)]),
    not_before=st.sampled_from([datetime(2027, 1, 1), at(1, 0)]),
    budget=st.one_of(st.none(), st.integers(60, 150).map(Decimal)),
    below=st.one_of(st.none(), st.integers(60, 150).map(Decimal)),
    conditions=st.frozensets(st.sampled_from(["nonstop", "pets", "dates"])),
    cheapest=st.booleans(),
)
problems = st.builds(
    Problem,
    demand=demands,
    tickets=st.lists(tickets, max_size=4, unique_by=lambda each: each.id).map(tuple),
    lodgings=st.lists(lodgings, max_size=4, unique_by=lambda each: each.id).map(tuple),
)


@settings(max_examples=100)
@given(problems)
def test_it_is_the_best_of_all_trips_or_there_is_none(problem: Problem):
    found, every = solve(problem), prices(problem)
    if isinstance(found, Solution):
        weigh = (lambda each: each[0]) if problem.demand.cheapest else (lambda each: float(each[0]) + each[1])
        assert found.price in {
            price for price, burden in every if weigh((price, burden)) == min(map(weigh, every))
        }
    else:
        assert not every
        _check_core(problem, found)
    shuffled = structs.replace(problem, tickets=problem.tickets[::-1], lodgings=problem.lodgings[::-1])
    assert solve(shuffled) == found


def _check_core(problem: Problem, found: Infeasible) -> None:
    """Without all of the core there is a trip when everything else is given up too; with it there is none."""
    names = {"nonstop", "pets", "dates", "budget", "price_before", "nights"}
    if not prices(problem, frozenset(names)):
        assert found == Infeasible((), ())
        return
    others = frozenset(names - set(found.core))
    assert not prices(problem, others), "the core alone is enough to forbid every trip"
    for name in found.core:
        assert prices(problem, others | {name}), "each of the core is needed"
    for each in found.relaxed:
        assert each.solution.price == min(prices(problem, frozenset(each.gives_up)))[0]
        for name in each.gives_up:
            assert not prices(problem, frozenset(each.gives_up) - {name}), "it gives up no more than it must"
