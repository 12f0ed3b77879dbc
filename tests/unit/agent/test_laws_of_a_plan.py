"""Each law, broken in a lawful plan, is named; the plan before counts as evidence."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec import structs

from app.contract.turn import Budget, Money, Plan, PlanActivity, PlanTransfer, Travellers, TurnResult
from tests.support.planner_world import TODAY, Played, World, play
from workers.agent.laws import broken_laws

REQUEST = "5 days in Lisbon from Berlin in early May for 2 under 5000 EUR"


@pytest.fixture(scope="module")
def played() -> Played:
    return play(REQUEST, World())


def _laws(played: Played, result: TurnResult) -> list[str]:
    return broken_laws(result, played.calls, played.outcomes, TODAY)


def _with_leg(**changes: object) -> Callable[[Plan], Plan]:
    return lambda plan: structs.replace(plan, legs=[structs.replace(plan.legs[0], **changes), *plan.legs[1:]])


def _with_stay(**changes: object) -> Callable[[Plan], Plan]:
    return lambda plan: structs.replace(plan, stays=[structs.replace((plan.stays or [])[0], **changes)])


def _with_cost(**changes: object) -> Callable[[Plan], Plan]:
    return lambda plan: structs.replace(plan, cost=structs.replace(plan.cost, **changes))


def _with_day(**changes: object) -> Callable[[Plan], Plan]:
    return lambda plan: structs.replace(plan, days=[structs.replace(plan.days[0], **changes), *plan.days[1:]])


def _second_currency(plan: Plan) -> Plan:
    items = [structs.replace(plan.cost.items[0], currency="USD"), *plan.cost.items[1:]]
    return _with_cost(items=items)(plan)


def _late_stay(plan: Plan) -> Plan:
    stay = (plan.stays or [])[0]
    return _with_stay(check_in=stay.check_in + timedelta(1))(plan)


def _short_stay(plan: Plan) -> Plan:
    stay = (plan.stays or [])[0]
    return _with_stay(check_out=stay.check_out - timedelta(1))(plan)


def _flown_backwards(plan: Plan) -> Plan:
    leg = plan.legs[0]
    return _with_leg(arrives_local=leg.departs_local - timedelta(hours=3))(plan)


BROKEN: dict[str, Callable[[Plan], Plan]] = {
    "is not as an offer": _with_leg(source_offer_id="off_invented"),
    "arrives before it departs": _flown_backwards,
    "departs in the past": _with_leg(departs_local_date=TODAY - timedelta(1)),
    "dates that are not those of its times": _with_leg(arrives_local_date=TODAY),
    "wrong arrival_day_offset": _with_leg(arrival_day_offset=3),
    "airport that does not exist": _with_leg(depart_iata="QQQ"),
    "leave one of date_range out": lambda plan: structs.replace(plan, days=plan.days[1:]),
    "does not begin on the local date of arrival": _late_stay,
    "does not end on the local date of departure": _short_stay,
    "is not as an accommodation_search": _with_stay(price=Money(Decimal(1), "EUR")),
    "too few beds": _with_stay(capacity_total=1),
    "was found by no activity_search": _with_day(activities=[PlanActivity(name="Invented museum")]),
    "more than one currency": _second_currency,
    "do not sum to the total": _with_cost(total=Decimal(1)),
    "that is no part of the plan": lambda plan: structs.replace(plan, stays=[]),
    "no finite number": _with_cost(total=Decimal("NaN")),
    "has an offset": _with_leg(departs_local=datetime(2027, 5, 1, tzinfo=UTC)),
    "leaves out the": _with_cost(items=[]),
    "returned by no ground_transport": lambda plan: structs.replace(
        plan,
        transfers=[
            PlanTransfer(city="A->B", mode="bus", minutes=9, distance_km=9, price=Money(Decimal(9), "EUR"))
        ],
    ),
}


def test_a_lawful_plan_breaks_no_law(played: Played) -> None:
    assert played.result.plan is not None
    assert played.result.plan.stays
    assert _laws(played, played.result) == []


@pytest.mark.parametrize("said", BROKEN)
def test_a_broken_law_is_named(played: Played, said: str) -> None:
    assert played.result.plan is not None
    result = structs.replace(played.result, plan=BROKEN[said](played.result.plan))
    assert any(said in law for law in _laws(played, result))


def test_a_hard_budget_is_a_law(played: Played) -> None:
    assert played.result.request is not None
    request = structs.replace(played.result.request, budget=Budget(amount=Decimal(10), currency="EUR"))
    result = structs.replace(played.result, request=request)
    assert any("over the budget" in law for law in _laws(played, result))
    soft = structs.replace(request, budget=Budget(amount=Decimal(10), currency="EUR", hard=False))
    assert _laws(played, structs.replace(played.result, request=soft)) == []


def test_what_the_plan_before_holds_needs_no_call(played: Played) -> None:
    result = structs.replace(played.result, weather=None)
    assert broken_laws(result, [], {}, TODAY, previous=played.result) == []
    assert broken_laws(result, [], {}, TODAY) != []


def test_an_outcome_carries_what_belongs_to_it_and_nothing_else(played: Played) -> None:
    for outcome in ("clarify", "infeasible", "reject", "answer"):
        assert _laws(played, structs.replace(played.result, outcome=outcome))
    assert _laws(played, TurnResult(outcome="answer")) == []


@pytest.mark.parametrize(
    "travellers",
    [
        Travellers(adults=3),
        Travellers(adults=1),
        Travellers(adults=1, child_ages=[9]),
        Travellers(adults=2, child_ages=[4]),
        Travellers(adults=2, infants=1),
    ],
)
def test_everybody_who_travels_has_a_seat_and_nobody_else(played: Played, travellers: Travellers) -> None:
    assert played.result.request is not None
    request = structs.replace(played.result.request, travellers=travellers)
    laws = _laws(played, structs.replace(played.result, request=request))
    assert any("is not for those who travel" in law for law in laws)


def test_parties_of_every_make_have_their_seats() -> None:
    for party in ("2 adults, kids 4 and 9, and a baby", "14 people", "1 adult and a child of 12"):
        played = play(f"5 days in Lisbon from Berlin in early May for {party}", World())
        assert played.result.plan is not None
        assert _laws(played, played.result) == []
