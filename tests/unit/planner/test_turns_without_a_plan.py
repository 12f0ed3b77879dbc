"""Whole turns that end with an answer, a question or a refusal instead of a plan."""

from datetime import date

import pytest

from tests.support.plan_laws import check_laws
from tests.support.planner_world import TODAY, Played, World, play

LISBON = "5 days in Lisbon from Berlin in early May for 2 under 1500 EUR"


def lawful(played: Played) -> Played:
    check_laws(played.result, played.calls, played.outcomes, TODAY)
    return played


def test_no_offers_at_all_are_no_plan() -> None:
    played = lawful(play(LISBON, World(offers=0)))
    assert played.result.outcome == "infeasible"
    assert played.result.violations is not None
    assert played.result.violations[0].code == "no_flights"


def test_days_that_are_over_are_rejected_without_a_search() -> None:
    played = lawful(play("Trip to Rome from 10 to 14 June 2025 for one"))
    assert played.result.outcome == "reject"
    assert played.result.error is not None
    assert played.result.error.code == "date_in_past"
    assert played.result.alternatives is not None
    assert [(each.depart, each.return_) for each in played.result.alternatives] == [
        (date(2027, 6, 10), date(2027, 6, 14))
    ]


def test_an_ambiguous_place_is_asked_about_with_its_candidates() -> None:
    played = lawful(play("Weekend in San Jose in January, flying from LAX"))
    assert played.result.clarifications is not None
    (question,) = played.result.clarifications
    assert (question.field, question.code) == ("destination", "place_ambiguous")
    assert {place.country for place in question.candidates} >= {"US", "CR"}


def test_weather_beyond_the_forecast_is_climatology_and_no_flights_are_searched() -> None:
    played = lawful(play("What weather should I pack for in Reykjavik in the second week of March?"))
    assert played.result.outcome == "answer"
    assert played.result.weather is not None
    assert played.result.weather.source == "climatology"
    assert played.result.weather.period == (date(2027, 3, 8), date(2027, 3, 14))
    assert [call.tool for call in played.calls] == ["weather_forecast"]


def test_an_exchange_is_answered_by_the_rate_of_the_tool() -> None:
    played = lawful(play("how much is 100 USD in EUR"))
    assert played.result.outcome == "answer"
    assert "€92.59" in played.text
    assert [call.tool for call in played.calls] == ["currency_convert"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("Hello!", "Tell me where you want to go"),
        ("Do I need a visa for Japan?", "embassy or consulate"),
        ("asdf", "I plan trips by air, train"),
        ("", "I plan trips by air, train"),
        ("🙂", "I plan trips by air, train"),
    ],
)
def test_what_no_tool_knows_is_not_guessed(content: str, says: str) -> None:
    played = lawful(play(content))
    assert played.result.outcome == "answer"
    assert not played.calls
    assert says in played.text
