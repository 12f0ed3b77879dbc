"""Choosing knows candidates and demands alone."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from workers.agent.planner.choose.choose import broken, choose, relaxations
from workers.agent.planner.choose.model import Candidate, Demand, Journey

START = datetime(2027, 5, 4, 9)
ANY = Demand(not_before=datetime(2027, 1, 1))


def candidate(
    id: str, price: int, *, stops: int = 0, minutes: int = 180, days: int = 4, begins: datetime = START
) -> Candidate:
    out = Journey(begins, begins + timedelta(minutes=minutes), minutes, stops)
    home = begins + timedelta(days)
    back = Journey(home, home + timedelta(minutes=minutes), minutes, stops)
    return Candidate(id, (out, back), Decimal(price))


def test_comfort_is_worth_some_money_and_no_more() -> None:
    fast, slow = candidate("fast", 200), candidate("slow", 190, stops=1, minutes=420)
    assert choose([slow, fast], ANY) == fast
    assert choose([candidate("slow", 90, stops=1, minutes=420), fast], ANY) != fast


def test_the_cheapest_is_the_cheapest() -> None:
    fast, slow = candidate("fast", 200), candidate("slow", 199, stops=2, minutes=900)
    assert choose([fast, slow], structs.replace(ANY, cheapest=True)) == slow


def test_every_demand_is_kept() -> None:
    offers = [candidate("a", 100, stops=1), candidate("b", 150, days=5), candidate("c", 200)]
    assert choose(offers, structs.replace(ANY, max_stops=0, nights=(4,))) == offers[2]
    assert choose(offers, structs.replace(ANY, nights=(5,))) == offers[1]
    assert choose(offers, structs.replace(ANY, budget=Decimal(99))) is None
    assert choose(offers, structs.replace(ANY, below=Decimal(100))) is None
    assert choose(offers, structs.replace(ANY, not_before=START + timedelta(1))) is None


def test_nobody_leaves_a_place_before_reaching_it() -> None:
    assert choose([candidate("a", 1, days=0)], ANY) is None


def test_what_is_in_the_way_is_named_with_the_cheapest_without_it() -> None:
    offers = [candidate("a", 100, stops=1), candidate("b", 150), candidate("c", 180)]
    demand = structs.replace(ANY, max_stops=0, budget=Decimal(120))
    assert [(each.gives_up, each.choice.id) for each in relaxations(offers, demand)] == [
        ("budget", "b"),
        ("stops", "a"),
    ]


def test_two_conditions_in_the_way_together_are_not_named_one_by_one() -> None:
    offers = [candidate("a", 200, stops=1)]
    assert relaxations(offers, structs.replace(ANY, max_stops=0, budget=Decimal(120))) == []


offers = st.lists(
    st.builds(
        candidate,
        st.text("abcdef", min_size=1, max_size=3),
        st.integers(1, 500),
        stops=st.integers(0, 2),
        minutes=st.integers(60, 900),
        days=st.integers(1, 6),
    ),
    unique_by=lambda each: each.id,
    max_size=8,
)
demands = st.builds(
    Demand,
    not_before=st.just(datetime(2027, 1, 1)),
    nights=st.sampled_from([(), (3,), (4,)]),
    max_stops=st.sampled_from([None, 0, 1]),
    budget=st.sampled_from([None, Decimal(100), Decimal(300)]),
    cheapest=st.booleans(),
)


@given(offers, demands, st.randoms())
def test_a_choice_keeps_the_demand_and_does_not_hang_on_the_order(
    listed: list[Candidate], demand: Demand, draw: Random
) -> None:
    chosen = choose(listed, demand)
    keeping = [each for each in listed if not list(broken(each, demand))]
    assert (chosen is None) == (not keeping)
    assert chosen is None or chosen in keeping
    mixed = list(listed)
    draw.shuffle(mixed)
    assert choose(mixed, demand) == chosen
