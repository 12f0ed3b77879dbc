"""The planner on the installed tools and the sandbox: what a user of a fresh system gets."""

from functools import cache

import pytest

from tests.support.plan_laws import check_laws
from tests.support.planner_sandbox import SandboxWorld
from tests.support.planner_world import TODAY, Played, play
from tools import registry


@cache
def sandbox() -> SandboxWorld:
    return SandboxWorld(TODAY)


def played(content: str) -> Played:
    turn = play(content, sandbox())
    check_laws(turn.result, turn.calls, turn.outcomes, TODAY)
    return turn


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        ("5 days in Lisbon from Berlin in early May for 2 under 1500 EUR", "plan"),
        ("Weekend in San Jose in January, flying from LAX", "clarify"),
        ("Trip to Rome from 10 to 14 June 2025 for one", "reject"),
        ("What weather should I pack for in Reykjavik in the second week of March?", "answer"),
        ("how much is 100 USD in EUR", "answer"),
        ("10 Tage auf Kreta Ende September ab München für 2 Personen, max. 2.500 €", "plan"),
        ("7 nights in Tokyo from Frankfurt in April for 2 adults and 2 kids (4 and 9)", "plan"),
        ("Rome 3 nights and Athens 4 nights from Munich, leaving 3 May 2027", "plan"),
        ("1 to 9 March 2027 from Auckland to Rarotonga for a couple with a baby, budget $4000", "plan"),
        ("one-way from Paris to New York on 3 May in business class", "plan"),
        ("5 days in Lisbon from Berlin in early May for 2 under 20 EUR", "infeasible"),
    ],
)
def test_requests_end_as_they_should(content: str, outcome: str) -> None:
    assert played(content).result.outcome == outcome


def test_every_call_is_one_that_the_tools_take() -> None:
    turn = played("3 nights in Rome and 2 in Naples from Oslo in June for 2 adults and a baby, budget $3000")
    assert {call.tool for call in turn.calls} == {
        "flight_search",
        "weather_forecast",
        "currency_convert",
        "accommodation_search",
        "activity_search",
        "ground_transport",
    }
    for call in turn.calls:
        assert registry.load()[call.tool].validate(call.arguments)
        assert turn.outcomes[call.key].status == "complete"


def test_yen_are_whole() -> None:
    plan = played("年末年始に東京から台北へ4泊、夫婦と子供2人(3歳と7歳)、予算40万円以内、直行便").result.plan
    assert plan is not None
    amounts = [plan.cost.total, *(item.amount for item in plan.cost.items)]
    amounts += [stay.price.amount for stay in plan.stays or () if stay.price.currency == "JPY"]
    assert all(amount == int(amount) and "." not in str(amount) for amount in amounts)


def test_what_a_way_costs_is_said_in_the_currency_of_the_plan() -> None:
    turn = played("ローマ3泊、フィレンツェ2泊、ベネチア2泊、東京発、9月上旬、2人、一人35万円まで")
    assert turn.result.plan is not None
    assert turn.result.plan.transfers
    assert "€" not in turn.text
