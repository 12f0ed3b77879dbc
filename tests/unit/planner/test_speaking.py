"""Every language says everything, with the same values, and each number rests on what is known."""

import re
import string
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.contract.turn import Money
from tests.support.planner_world import Played, World, play
from tools.places import find_places
from tools.results import FlightSearchResult
from workers.agent.planner.speak.catalogue import PHRASES, voice_of
from workers.agent.planner.speak.en import EN
from workers.agent.planner.speak.phrases import Phrases
from workers.agent.planner.understand.model import CABINS, Language, NoteCode, QuestionCode

LANGUAGES = list(PHRASES)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def texts(phrases: Phrases) -> Iterator[tuple[str, str]]:
    for field in phrases.__struct_fields__:
        value = getattr(phrases, field)
        if isinstance(value, str):
            yield field, value
        else:
            for key, text in value.items():
                yield f"{field}.{key}", text if isinstance(text, str) else text[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_text_with_the_values_of_english(language: Language) -> None:
    english = {name: placeholders(text) for name, text in texts(EN)}
    assert {name: placeholders(text) for name, text in texts(PHRASES[language])} == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_and_question_has_words(language: Language) -> None:
    phrases = PHRASES[language]
    assert set(phrases.notes) == set(get_args(NoteCode))
    assert set(phrases.questions) == set(get_args(QuestionCode))
    assert set(phrases.cabins) == set(CABINS)


@pytest.mark.parametrize(
    ("language", "whole", "broken", "day"),
    [
        ("en", "€1,500", "€1,500.50", "Tue 4 May 2027"),
        ("de", "1.500 €", "1.500,50 €", "Di. 4. Mai 2027"),
        ("fr", "1 500 €", "1 500,50 €", "mar. 4 mai 2027"),
        ("es", "1500 €", "1500,50 €", "mar 4 may 2027"),
        ("ja", "€1,500", "€1,500.50", "2027年5月4日(火)"),
    ],
)
def test_money_and_days_are_written_as_the_language_does(
    language: Language, whole: str, broken: str, day: str
) -> None:
    voice = voice_of(language)
    spaces = str.maketrans({"\u00a0": " ", "\u202f": " "})
    assert voice.money(Money(Decimal(1500), "EUR")).translate(spaces) in (whole, "1.500 €")
    assert voice.money(Money(Decimal("1500.50"), "EUR")).translate(spaces) in (broken, "1.500,50 €")
    assert voice.day(date(2027, 5, 4)) == day


def test_a_place_is_told_apart_by_region_and_country() -> None:
    place = find_places("Portland")[0]
    assert voice_of("de").place(place) == "Portland (Oregon, Vereinigte Staaten)"


def test_text_from_outside_cannot_grow_the_answer_without_bound() -> None:
    said = voice_of("en").fill(EN.failed["flights"], reason="x" * 10_000, into="")
    assert len(said) < 200


def numbers_in(text: str) -> set[Decimal]:
    """Of an English text: amounts, days, times, counts, flight numbers."""
    return {Decimal(found.replace(",", "")) for found in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}


def numbers_known(played: Played) -> set[Decimal]:
    """What a plan's text may rest on: the request, the result, and how much the tools returned."""
    result = played.result
    assert result.request is not None
    assert result.plan is not None
    known = numbers_in(str(msgspec.to_builtins([result.request, result.plan])))
    results = [
        msgspec.json.decode(played.outcomes[call.key].result, type=FlightSearchResult)
        for call in played.calls_of("flight_search")
    ]
    known |= {Decimal(sum(len(each.offers) for each in results)), Decimal(len(results))}
    for leg in result.plan.legs:
        known |= set(map(Decimal, divmod(leg.duration_minutes, 60)))
    if result.request.budget is not None:
        known.add(result.request.budget.amount - result.plan.cost.total)
    days = result.weather.days if result.weather else []
    for values in ([day.tmax_c for day in days], [day.tmin_c for day in days]):
        temperatures = [value for value in values if value is not None]
        known |= {Decimal(round(min(temperatures))), Decimal(round(max(temperatures)))}
    known.add(Decimal(round(sum(day.precipitation_mm or 0 for day in days))))
    known.add(Decimal(result.weather.years_averaged or 0 if result.weather else 0))
    return known | {Decimal(result.request.travellers.count if result.request.travellers else 0)}


@settings(deadline=None, max_examples=40)
@given(st.sampled_from("abcdefgh"), st.sampled_from(["", "EUR", "USD"]), st.integers(1, 5))
def test_every_number_of_a_plan_rests_on_what_is_known(seed: str, budget: str, people: int) -> None:
    limit = f"under 9000 {budget}" if budget else ""
    played = play(f"5 days in Lisbon from Berlin in early May for {people} {limit}", World(seed=seed))
    told = played.text.replace(EN.closing, "")
    unknown = numbers_in(told) - numbers_known(played)
    assert not unknown


def test_the_text_changes_with_what_the_tools_return() -> None:
    request = "5 days in Lisbon from Berlin in early May for 2"
    dear, cheap = play(request, World(price_factor=Decimal(3))), play(request)
    assert dear.result.plan is not None
    assert voice_of("en").money(Money(dear.result.plan.cost.total, "EUR")) in dear.text
    assert voice_of("en").money(Money(dear.result.plan.cost.total, "EUR")) not in cheap.text


def test_a_window_with_one_day_in_it_is_told_as_that_day() -> None:
    first, *_ = play("a weekend in Lisbon from Berlin in mid May for 2").text.splitlines()
    assert first == "**Berlin → Lisbon** · 2 nights · leaving Fri 14 May 2027 · 2 adults"
