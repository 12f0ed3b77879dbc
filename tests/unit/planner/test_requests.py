"""What people write and what is understood of it: the table is `tests/data/requests.txt`."""

from datetime import date
from pathlib import Path

import pytest

from app.contract.turn import TurnResult
from tests.support.planner_world import TODAY, play
from tests.support.understood import in_one_line
from workers.agent.planner.understand.request import understood

TABLE = Path(__file__).parents[2] / "data" / "requests.txt"


def rows() -> list[tuple[str, str]]:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return [(request, meant.strip()) for request, meant in zip(lines[::2], lines[1::2], strict=True)]


@pytest.mark.parametrize(("request_", "meant"), rows())
def test_a_request_is_understood(request_: str, meant: str) -> None:
    assert in_one_line(understood(request_, TODAY, None)) == meant


LISBON = "5 days in Lisbon from Berlin in early May for 2 under 1500 EUR"


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("in June instead", "BER > LIS:4 | 2027-06-01..2027-06-26 | 2 | 1500 EUR"),
        ("make it 7 days", "BER > LIS:6 | 2027-05-01..2027-05-10 | 2 | 1500 EUR"),
        ("for 3 people", "BER > LIS:4 | 2027-05-01..2027-05-10 | 3 | 1500 EUR"),
        ("under 900 EUR", "BER > LIS:4 | 2027-05-01..2027-05-10 | 2 | 900 EUR"),
        ("direct flights only", "BER > LIS:4 | 2027-05-01..2027-05-10 | 2 | 1500 EUR | nonstop"),
        ("to Porto instead", "BER > OPO:4 | 2027-05-01..2027-05-10 | 2 | 1500 EUR"),
        ("from Hamburg", "HAM > LIS:4 | 2027-05-01..2027-05-10 | 2 | 1500 EUR"),
        ("cheaper please", "BER > LIS:4 | 2027-04-28..2027-05-13 | 2 | 1500 EUR"),
        ("A week in Oslo in July", "BER > OSL:7 | 2027-07-01..2027-07-24 | 1"),
        ("Rome from Vienna, 3 to 8 March", "VIE > ROM:5 | 2027-03-03 | 1"),
    ],
)
def test_a_follow_up_changes_the_plan_before(message: str, meant: str) -> None:
    before = play(LISBON).result
    assert in_one_line(understood(message, TODAY, before)) == f"en trip {meant}"


@pytest.mark.parametrize(
    ("message", "days_later", "nights"),
    [
        ("a day longer", 0, 5),
        ("two more nights", 0, 6),
        ("extend it by 3 days", 0, 7),
        ("a day shorter", 0, 3),
        ("come back a day later", 0, 5),
        ("come back two days earlier", 0, 2),
        ("leave a day later", 1, 4),
        ("a week earlier", -7, 4),
    ],
)
def test_days_are_counted_from_the_plan_before(message: str, days_later: int, nights: int) -> None:
    before = play(LISBON).result
    asked = understood(message, TODAY, before)
    assert before.plan is not None
    assert asked.when is not None
    departed = before.plan.legs[0].departs_local_date
    assert (asked.when.earliest - departed).days == days_later
    assert asked.when.earliest == asked.when.latest
    assert asked.nights == nights


def test_a_weekday_is_the_one_nearest_to_the_plan_before() -> None:
    before = play(LISBON).result
    asked = understood("leave on Friday", TODAY, before)
    assert before.plan is not None
    assert asked.when is not None
    assert asked.when.earliest.weekday() == 4
    assert abs((asked.when.earliest - before.plan.legs[0].departs_local_date).days) <= 3


def test_a_follow_up_is_answered_in_its_own_language() -> None:
    before = play(LISBON).result
    assert understood("einen Tag länger", TODAY, before).language == "de"
    assert understood("LH?", TODAY, play("5 Tage Rom ab Wien im Mai").result).language == "de"


@pytest.mark.parametrize(
    ("answer", "iata"),
    [("Costa Rica", "SJO"), ("the one in California", "SJC"), ("SJO", "SJO"), ("the second one", "SJO")],
)
def test_an_answer_chooses_among_the_candidates(answer: str, iata: str) -> None:
    before = play("Weekend in San Jose in January, flying from LAX").result
    asked = understood(answer, TODAY, before)
    assert [stop.place.iata for stop in asked.stops] == [iata]
    assert asked.origin is not None
    assert asked.origin.iata == "LAX"
    assert not asked.questions


def test_answers_fill_in_what_was_asked_for() -> None:
    result: TurnResult | None = None
    for message, questions in (
        ("5 days in Lisbon", ["origin_missing", "dates_missing"]),
        ("from Berlin", ["dates_missing"]),
        ("early May", []),
    ):
        asked = understood(message, TODAY, result)
        assert [question.code for question in asked.questions] == questions
        result = play(message, previous=result).result
    assert result is not None
    assert result.plan is not None
    assert result.diff is None, "there was no plan before this one"


def test_two_places_are_swapped_one_for_another() -> None:
    before = play("Rome 3 nights and Florence 2 nights from Paris on 3 June 2027").result
    asked = understood("Venice instead of Florence", TODAY, before)
    assert [(stop.place.iata, stop.nights) for stop in asked.stops] == [("ROM", 3), ("VCE", 2)]


def test_the_weather_there_is_that_of_the_plan_before() -> None:
    played = play("what will the weather be like there?", previous=play(LISBON).result)
    (call,) = played.calls
    assert call.tool == "weather_forecast"
    assert call.arguments["latitude"] == pytest.approx(38.7, abs=0.1)
    assert date(2027, 5, 1) <= date.fromisoformat(call.arguments["start"]) <= date(2027, 5, 10)
