"""What a turn looks like, as text: the tree while it runs, the answer, the result laid out."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from app.cli.chat.conversation import Interrupts, exit_code
from app.cli.chat.summary import summarise
from app.cli.chat.view import TurnView, task_tree
from app.cli.chat.words import brief, clean, count, days, minutes, money, one_line, styled
from app.cli.invoked import tripsage
from app.client import Transcript
from app.contract import events as e
from app.contract.codec import to_builtins
from app.contract.turn import (
    Alternative,
    Budget,
    Clarification,
    Climate,
    Diff,
    Money,
    Option,
    PlaceRef,
    PlanStay,
    PlanTransfer,
    RequestSummary,
    Travellers,
    TurnError,
    TurnResult,
    Violation,
)
from tests.support.lisbon_turn import ANSWER, TurnScript, cancelled_turn, lisbon_result, lisbon_turn

SESSION, TURN = "s1", "t1"


def shown(renderable: Any, width: int = 100, height: int = 40) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, height=height, force_terminal=False, highlight=False)
    console.print(renderable)
    return stream.getvalue()


def after(events: int) -> Transcript:
    transcript = Transcript(TURN)
    for _, event in lisbon_turn(SESSION, TURN)[:events]:
        transcript.add(event)
    return transcript


def result_text(**parts: Any) -> str:
    panel = summarise(to_builtins(TurnResult(**parts)))
    return shown(panel) if panel is not None else ""


def test_before_anything_began_there_is_what_the_agent_does() -> None:
    assert shown(task_tree(after(1), "*")) == "*  Reading the request\n"


def test_running_tasks_and_calls_show_how_far_they_are() -> None:
    lines = shown(task_tree(after(9), "*"), width=120).splitlines()
    assert lines == [
        "*  5 days in Lisbon from Berlin  Searching",
        "├── *  Find flights  Berlin to Lisbon and back, 1–10 May",
        "│   ├── *  flight_search  BER → LIS · depart 2027-05-04 · adults 2  →  12 offers so far  ━━━━━━╌╌╌╌╌╌╌╌╌╌ 40%",
        "│   └── *  flight_search  BER → LIS · depart 2027-05-05 · adults 2",
        "└── *  Look at the weather  Lisbon in early May",
        "    └── *  weather_forecast  place Lisbon · start 2027-05-04",
    ]


def test_what_has_ended_shows_its_result() -> None:
    text = shown(task_tree(after(10_000), "*"))
    assert "*" not in text
    assert "✓  weather_forecast  place Lisbon · start 2027-05-04  →  days 6 · tmax c 21.4" in text


def test_what_was_cancelled_is_marked() -> None:
    transcript = after(9)
    for _, event in cancelled_turn(SESSION, TURN):
        transcript.add(event)
    text = shown(task_tree(transcript, "*"))
    assert "■  Find flights  cancelled" in text
    assert exit_code(transcript) == 130


def test_a_failed_call_shows_why() -> None:
    transcript = after(9)
    error = e.ErrorBody(code="TOOL_TIMEOUT", message="Nobody answered.", retryable=True)
    transcript.add(TurnScript(SESSION, TURN).call_error("f1", "flights", "flight_search", error))
    assert "✗  flight_search  BER → LIS · depart 2027-05-04 · adults 2  →  Nobody answered." in shown(
        task_tree(transcript, "*")
    )


def test_the_answer_grows_below_the_tree_and_its_end_stays_in_sight() -> None:
    for events in range(26, 40):
        text = shown(TurnView(after(events)), height=14)
        assert len(text.splitlines()) <= 14
    assert "they can still move." in shown(TurnView(after(10_000)), height=14)


def test_a_small_terminal_folds_what_has_ended() -> None:
    assert "currency_convert" in shown(TurnView(after(10_000)), height=40)
    assert "currency_convert" not in shown(TurnView(after(10_000)), height=10)


def test_an_answer_that_begins_again_replaces_the_half_one() -> None:
    script, transcript = TurnScript(SESSION, TURN), Transcript(TURN)
    transcript.add(script.chunk("Half an ans", 1, False, "answer"))
    transcript.add(script.chunk("A whole ", 1, False, "answer.2"))
    transcript.add(script.chunk("one.", 2, True, "answer.2"))
    assert transcript.text == "A whole one."


def test_the_transcript_of_a_whole_turn() -> None:
    transcript = after(10_000)
    assert (transcript.ended, transcript.text, transcript.finish_reason) == (True, ANSWER, "stop")
    assert exit_code(transcript) == 0


@pytest.mark.parametrize("error", [None, {"code": "X", "message": "no"}])
def test_a_turn_whose_events_are_gone_ends_with_the_result_that_was_read(error: Any) -> None:
    transcript = Transcript(TURN)
    transcript.conclude({"outcome": "answer", "response": {"text": "Take a coat."}, "error": error})
    assert transcript.ended
    assert transcript.text == "Take a coat."
    assert exit_code(transcript) == (1 if error else 0)


def test_a_plan_is_laid_out() -> None:
    result = lisbon_result()
    assert result.plan is not None
    assert result.request is not None
    price = Money(Decimal("420.50"), "EUR")
    result.request.travellers = Travellers(adults=2)
    result.request.budget = Budget(amount=Decimal(1500), currency="EUR")
    result.plan.stays = [
        PlanStay(
            city="Lisbon",
            name="Casa Alta",
            check_in=date(2027, 5, 4),
            check_out=date(2027, 5, 9),
            nights=5,
            source_rate_id="r1",
            sleeps=2,
            rooms=1,
            capacity_total=2,
            amenities=[],
            price=price,
        )
    ]
    result.plan.trip_id = "t-lisbon"
    result.plan.transfers = [PlanTransfer(city="Airport->Lisbon", mode="metro", minutes=95, distance_km=8.0)]
    text = shown(summarise(to_builtins(result)))
    for part in (
        "Your trip",
        "Lisbon · 4 – 9 May 2027 · 5 nights · 2 travellers",
        "Tue 4 May   07:10 BER → 09:35 LIS   TAP Air Portugal TP 531   3 h 25, direct",
        "Casa Alta, Lisbon   5 nights, 1 room   420.50 EUR",
        "metro",
        "1 h 35",
        "Total             888 EUR   of 1,500 EUR",
        "13 to 21 °C, 1 mm of rain (average of 10 years)",
        f"Saved  {tripsage()} trip edit t-lisbon",
        "! Hotels are not part of this plan.",
        "· Both travellers are adults.",
    ):
        assert part in text


def test_a_question_shows_its_candidates() -> None:
    places = [
        PlaceRef(name="San José", iata="SJO", country="CR"),
        PlaceRef(name="San Jose", iata="SJC", country="US", admin1="California"),
    ]
    question = Clarification(field="destination", code="ambiguous", question="Which one?", candidates=places)
    text = result_text(outcome="clarify", clarifications=[question])
    assert "One question first" in text
    assert "Which one?" in text
    assert "San Jose, California, US" in text
    assert "SJC" in text


def test_what_cannot_be_says_why_and_what_can() -> None:
    text = result_text(
        outcome="infeasible",
        violations=[Violation(code="budget", detail="The cheapest flight costs 900 EUR.")],
        alternatives=[
            Alternative(
                depart=date(2027, 12, 30),
                return_=date(2028, 1, 4),
                total=Money(Decimal(700), "EUR"),
                relaxes=["dates"],
            )
        ],
    )
    assert "Not possible as asked" in text
    assert "The cheapest flight costs 900 EUR." in text
    assert "30 Dec 2027 – 4 Jan 2028 · 700 EUR · gives up: dates" in text


def test_a_refusal_says_why() -> None:
    text = result_text(outcome="reject", error=TurnError(code="date_in_past", message="That day has passed."))
    assert "Not planned" in text
    assert "That day has passed." in text


def test_options_and_changes_are_listed() -> None:
    option = Option(
        destination="Faro",
        iata="FAO",
        total=Money(Decimal(310), "EUR"),
        climate=Climate(tmax_c_mean=22.4, source="x"),
    )
    text = result_text(outcome="answer", options=[option], diff=Diff(changed=["budget", "legs"]))
    assert "Faro   FAO   22 °C   310 EUR" in text
    assert "Changed  budget, flights" in text


def test_a_plain_answer_needs_no_panel() -> None:
    assert summarise(to_builtins(TurnResult(outcome="answer", request=RequestSummary()))) is None


def test_a_result_of_a_newer_server_shows_nothing_rather_than_fail() -> None:
    assert summarise({"outcome": "teleport"}) is None


@given(st.text())
def test_nothing_a_server_says_can_steer_the_terminal(text: str) -> None:
    assert not any((ord(char) < 32 and char not in "\n\t") or 127 <= ord(char) < 160 for char in clean(text))
    assert "\n" not in one_line(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
def test_whatever_a_tool_returns_is_one_line(value: Any) -> None:
    assert "\n" not in brief({"value": value, "origin": value, "destination": value})


def test_light_markdown_becomes_style_and_keeps_its_lines() -> None:
    text = styled("# Trip\n**Flights**\n- Out: **Sat**\n2 ** 3 ** 4\nlast")
    assert text.plain == "Trip\nFlights\n• Out: Sat\n2 ** 3 ** 4\nlast"
    bold = [text.plain[span.start : span.end] for span in text.spans if span.style == "bold"]
    assert bold == ["Trip", "Flights", "Sat"]


def test_words() -> None:
    assert money(Decimal("888.00"), "EUR") == "888 EUR"
    assert money(Decimal("1234.5"), "EUR") == "1,234.50 EUR"
    assert days(date(2027, 5, 4), date(2027, 5, 9)) == "4 – 9 May 2027"
    assert days(date(2027, 5, 28), date(2027, 6, 2)) == "28 May – 2 Jun 2027"
    assert minutes(45) == "45 min"
    assert minutes(125) == "2 h 05"
    assert (count(1, "night"), count(2, "night")) == ("1 night", "2 nights")
    assert brief({"ages": [3, 5], "many": list(range(9)), "direct": True, "none": None}) == (
        "ages 3, 5 · many (9) · direct yes"
    )
    flight = {
        "origin": "BER",
        "destination": "LIS",
        "departure_date": "2027-05-04",
        "infants": 0,
        "adults": 2,
    }
    assert brief(flight) == "BER → LIS · departure date 2027-05-04 · adults 2"
    assert brief({**flight, "return_date": "2027-05-09"}) == "BER → LIS · 2027-05-04 – 2027-05-09 · adults 2"
    assert brief({"flights_found": 9, "cheapest_price": 88.5, "currency": "EUR"}) == (
        "from 88.50 EUR · flights found 9"
    )


def test_the_first_interrupt_of_a_turn_cancels_it_and_any_other_leaves() -> None:
    told: list[str] = []
    interrupts = Interrupts(leave=lambda: told.append("leave"))
    with interrupts.cancel_with(lambda: told.append("cancel")):
        interrupts()
        interrupts()
    with interrupts.cancel_with(lambda: told.append("cancel")):
        pass
    interrupts()
    assert told == ["cancel", "leave", "leave"]


def test_passengers_are_counted_in_words() -> None:
    adults = [{"type": "adult"}, {"type": "adult"}]
    assert brief({"passengers": adults}) == "2 adults"
    assert brief({"passengers": [*adults, {"age": 3}, {"age": 8}]}) == "2 adults, ages 3 and 8"
    assert brief({"passengers": [{"name": "x"}]}) == "(1)"
