"""The recognisers one by one: pages, money, days, parties, languages."""

import re
import string
from datetime import date, timedelta
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.planner_world import TODAY
from workers.agent.planner.understand.date_rules import RULES
from workers.agent.planner.understand.date_search import find_dates
from workers.agent.planner.understand.dates import Calendar, Finding, nth_weekend
from workers.agent.planner.understand.feasts import easter, feast, sets_out
from workers.agent.planner.understand.grammar import grammar_of
from workers.agent.planner.understand.language import detect_language
from workers.agent.planner.understand.lengths import find_lengths
from workers.agent.planner.understand.model import Language, When
from workers.agent.planner.understand.money import find_amounts, find_budget
from workers.agent.planner.understand.page import MAX_CHARACTERS, Page
from workers.agent.planner.understand.party import find_ages, find_party
from workers.agent.planner.understand.words import WORDS
from workers.agent.planner.understand.words.base import Holiday

LANGUAGES: tuple[Language, ...] = tuple(WORDS)


def dates_in(text: str, language: Language = "en", today: date = TODAY) -> list[Finding]:
    grammar = grammar_of(language)
    return find_dates(Page(text), grammar, Calendar(grammar.words, today))


@given(st.text())
def test_a_page_keeps_places_and_lengths(content: str) -> None:
    page = Page(content)
    assert len(page.lower) == len(page.text) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("content", "left"),
    [
        ('He said "come to Tokyo with me soon" and I agreed', "He said"),
        ('a trip to "Rome"', 'a trip to "Rome"'),
        ('"5 days in Lisbon from Berlin"', '"5 days in Lisbon from Berlin"'),
        ("> fly to Tokyo tomorrow\nRome please", "Rome please"),
    ],
)
def test_only_other_peoples_words_are_left_aside(content: str, left: str) -> None:
    assert left in Page(content).text
    assert "Tokyo" not in Page(content).text


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("1500 EUR", "1500", "EUR"),
        ("1.500 €", "1500", "EUR"),
        ("1,500.50 USD", "1500.50", "USD"),
        ("1 500 zł", "1500", "PLN"),
        ("€2k", "2000", "EUR"),
        ("£4.5k", "4500", "GBP"),
        ("2,5k euros", "2500", "EUR"),
        ("CHF 1'200", "1200", "CHF"),
        ("20万円", "200000", "JPY"),
        ("¥300,000", "300000", "¥"),
        ("3 thousand dollars", "3000", "$"),
        ("1.000.000 VND", "1000000", "VND"),
    ],
)
def test_amounts_as_people_write_them(written: str, amount: str, currency: str) -> None:
    (found,) = find_amounts(Page(f"max {written} please"))
    assert (found.amount, found.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "hard", "scope"),
    [
        ("under 1500 EUR", True, None),
        ("around 1500 EUR", False, None),
        ("1500 EUR per person", True, "per_person"),
        ("1500 EUR in total", True, "total"),
        ("budget of max. 1500 EUR each", True, "per_person"),
        ("ideally under 1500 EUR", False, None),
        ("1500 EUR or so", False, None),
    ],
)
def test_a_budget_says_how_firm_it_is_and_for_whom(text: str, hard: bool, scope: str | None) -> None:
    budget = find_budget(Page(text), grammar_of("en"))
    assert budget is not None
    assert (budget.hard, budget.scope) == (hard, scope)


@pytest.mark.parametrize("text", ["flight 1234 to gate 50", "in 2027 for 2", "room 101"])
def test_a_number_by_itself_is_no_budget(text: str) -> None:
    assert find_budget(Page(text), grammar_of("en")) is None


def test_easter_moves() -> None:
    known = {2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2038: (4, 25), 2285: (3, 22)}
    assert {year: (easter(year).month, easter(year).day) for year in known} == known


@pytest.mark.parametrize(
    ("kind", "year", "first", "last"),
    [
        ("oktoberfest", 2026, date(2026, 9, 19), date(2026, 10, 4)),
        ("oktoberfest", 2027, date(2027, 9, 18), date(2027, 10, 3)),
        ("carnival", 2027, date(2027, 2, 4), date(2027, 2, 9)),
        ("whitsun", 2027, date(2027, 5, 16), date(2027, 5, 17)),
        ("thanksgiving", 2026, date(2026, 11, 26), date(2026, 11, 29)),
    ],
)
def test_feasts_that_move(kind: Holiday, year: int, first: date, last: date) -> None:
    assert feast(kind, year) == (first, last)


@given(st.sampled_from(get_args(Holiday)), st.integers(1950, 2150))
def test_one_sets_out_for_a_feast_while_there_is_some_of_it_left(kind: Holiday, year: int) -> None:
    earliest, latest = sets_out(kind, year)
    first, last = feast(kind, year)
    assert first - timedelta(4) <= earliest <= min(first, latest)
    assert latest <= last


@given(st.integers(1600, 3000))
def test_easter_is_a_sunday_in_its_season(year: int) -> None:
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.sampled_from(LANGUAGES))
def test_a_day_without_a_year_is_the_next_one(day: date, language: Language) -> None:
    words = WORDS[language]
    month = next(name for name, number in words.months.items() if number == day.month)
    texts = {"de": f"am {day.day}. {month}", "es": f"el {day.day} de {month}", "ja": f"{month}{day.day}日"}
    (found,) = dates_in(texts.get(language, f"{day.day} {month}"), language)
    assert found.day is not None
    assert (found.day.month, found.day.day) == (day.month, day.day)
    assert found.day >= TODAY
    leap_day = (day.month, day.day) == (2, 29)
    assert leap_day or found.day - TODAY <= timedelta(366)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_in_digits_is_that_day(day: date) -> None:
    (iso,) = dates_in(f"on {day.isoformat()} please")
    (dotted,) = dates_in(f"am {day:%d.%m.%Y} bitte", "de")
    assert iso.day == dotted.day == day


@pytest.mark.parametrize(
    "text", ["31 February 2027", "on 31.04.2027", "30 February", "2027-02-30", "Feb 29, 2027"]
)
def test_a_day_that_the_calendar_has_not_is_told_apart(text: str) -> None:
    (found,) = dates_in(text, "de" if "." in text else "en")
    assert found.invalid is not None or found.when is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("early May", date(2027, 5, 1), date(2027, 5, 10)),
        ("mid-June", date(2027, 6, 11), date(2027, 6, 20)),
        ("the end of February", date(2027, 2, 21), date(2027, 2, 28)),
        ("in the second week of March", date(2027, 3, 8), date(2027, 3, 14)),
        ("the last week of January", date(2027, 1, 25), date(2027, 1, 31)),
        ("in winter", date(2026, 12, 1), date(2027, 2, 28)),
        ("next month", date(2026, 12, 1), date(2026, 12, 31)),
        ("early November", date(2027, 11, 1), date(2027, 11, 10)),
        ("in 3 weeks", date(2026, 12, 13), date(2026, 12, 19)),
    ],
)
def test_windows_of_days(text: str, first: date, last: date) -> None:
    (found,) = dates_in(f"a trip {text}, please")
    assert found.when is not None
    assert (found.when.earliest, found.when.latest) == (first, last)


@pytest.mark.parametrize(
    "text", ["I may go there", "open 24/7", "2.5 stars", "5 days in Rome", "a 50/50 chance"]
)
def test_words_and_numbers_that_are_no_dates(text: str) -> None:
    assert all(found.when is None for found in dates_in(text))


def test_a_weekend_of_a_month_begins_on_friday() -> None:
    march = (date(2027, 3, 1), date(2027, 3, 31))
    assert [nth_weekend(number, march) for number in (1, 2, -1)] == [
        date(2027, 3, 5),
        date(2027, 3, 12),
        date(2027, 3, 26),
    ]


def test_departures_leave_room_for_the_way_back() -> None:
    when = When(date(2027, 5, 1), date(2027, 5, 31), weekday=4, back_by=date(2027, 5, 31))
    assert when.departures(3) == [date(2027, 5, day) for day in (7, 14, 21, 28)]
    assert when.departures(4) == [date(2027, 5, day) for day in (7, 14, 21)]


@pytest.mark.parametrize(
    ("text", "adults", "ages", "infants"),
    [
        ("for 2", 2, [], 0),
        ("for two adults and two kids aged 4 and 9", 2, [4, 9], 0),
        ("2 adults, 1 child (7)", 2, [7], 0),
        ("family of four with kids 4, 9", 2, [4, 9], 0),
        ("my wife and I with our 1-year-old", 2, [], 1),
        ("a couple with a baby", 2, [], 1),
        ("solo", 1, [], 0),
        ("with three friends", 4, [], 0),
        ("5 people including 2 kids aged 3 and 5", 3, [3, 5], 0),
        ("for 3 days", 1, [], 0),
        ("2 adults aged 70 and 72", 2, [], 0),
        ("3 kids", 2, [8], 0),
    ],
)
def test_parties(text: str, adults: int, ages: list[int], infants: int) -> None:
    page, grammar = Page(text), grammar_of("en")
    party = find_party(page, grammar, find_ages(page, grammar)).travellers
    if text != "3 kids":
        assert (party.adults, party.child_ages, party.infants) == (adults, ages, infants)
    else:
        assert party.child_ages == [8, 8, 8]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("5 days in Rome", "en"),
        ("5 Tage in Rom", "de"),
        ("5 jours à Rome", "fr"),
        ("5 días en Roma", "es"),
        ("ローマに5日間", "ja"),
        ("10. Juni", "de"),
        ("LIS", "fr"),
    ],
)
def test_the_language_is_known_by_its_words(text: str, language: Language) -> None:
    assert detect_language(text, "fr") == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_language_has_its_meaning(language: Language) -> None:
    """A number, month or part that a rule can match must not be unknown to what reads it."""
    grammar, words = grammar_of(language), WORDS[language]
    calendar = Calendar(words, TODAY)
    rules = [*words.dates, *words.lengths]
    assert {name for name, _ in words.dates} <= set(RULES)
    for name, pattern in rules:
        assert set(re.findall(r"{([a-z])2?}", pattern)) <= set("dmynwophst"), name
    for number in words.numbers:
        assert calendar.number(number) > 0
    for unit in ("{} days", "{} Tage", "{} jours", "{} días", "{}泊"):
        for number in words.numbers:
            find_lengths(Page(unit.format(number)), grammar)
    for template in ("for {}", "zu {}", "für {} personen", "pour {}", "para {}", "{}人", "{} people"):
        for number in words.numbers:
            page = Page(template.format(number))
            assert find_party(page, grammar, []).travellers.adults >= 1


@given(st.sampled_from(LANGUAGES), st.text(string.ascii_letters + " 0123456789.,-/", max_size=60))
def test_no_text_breaks_a_recogniser(language: Language, text: str) -> None:
    grammar = grammar_of(language)
    for found in dates_in(text, language):
        assert found.when is None or found.when.earliest <= found.when.latest
    for length in find_lengths(Page(text), grammar):
        assert 0 <= length.length.nights <= 330
    page = Page(text)
    assert find_party(page, grammar, find_ages(page, grammar)).travellers.count >= 0
