"""A message read as a whole: each recogniser in its turn, and what they found put together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TypeVar

from msgspec import structs

from tools.places import Place, Region
from workers.agent.planner.understand.budget import find_exchange, settle_budget
from workers.agent.planner.understand.cities import find_cities
from workers.agent.planner.understand.date_search import find_dates
from workers.agent.planner.understand.dates import Calendar, Finding
from workers.agent.planner.understand.grammar import Grammar, grammar_of
from workers.agent.planner.understand.hours import find_hours
from workers.agent.planner.understand.islands import find_islands
from workers.agent.planner.understand.landmarks import words_of
from workers.agent.planner.understand.language import detect_language
from workers.agent.planner.understand.lengths import LengthFinding, find_bare_nights, find_lengths
from workers.agent.planner.understand.model import (
    Asked,
    Exchange,
    Language,
    Note,
    OpenPlace,
    Question,
    Stop,
    Topic,
    Understanding,
    Wishes,
)
from workers.agent.planner.understand.money import BudgetFinding, find_budget
from workers.agent.planner.understand.openness import (
    chosen_cities,
    find_slack,
    open_place,
    regions_named,
    with_regions_as_targets,
)
from workers.agent.planner.understand.page import Page, Span
from workers.agent.planner.understand.party import (
    ASSUMED_CHILD_AGE,
    NOBODY,
    Joining,
    PartyFinding,
    find_ages,
    find_joining,
    find_party,
)
from workers.agent.planner.understand.places import (
    Country,
    Mention,
    find_mentions,
    find_unknown,
    home_named,
    without_home,
)
from workers.agent.planner.understand.route import read_route
from workers.agent.planner.understand.timing import moved_by, read_timing
from workers.agent.planner.understand.wishes import find_wishes
from workers.agent.planner.understand.words import WORDS

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the recognisers found; a follow-up takes from it what a whole request would be made of."""

    page: Page
    grammar: Grammar
    exchange: Exchange | None
    wishes: Wishes
    budget: BudgetFinding | None
    dates: list[Finding]
    lengths: list[LengthFinding]
    party: PartyFinding
    mentions: list[Mention]
    regions: list[Country]
    home: Place | None
    unknown: str | None
    islands: int | None
    cities: int | None
    areas: list[Region]
    open_place: OpenPlace | None
    slack: int
    joining: Joining
    """Who travels besides those before."""

    notes: list[Note] = field(default_factory=list)

    def says(self, pattern: str) -> bool:
        return self.page.says(self.grammar.whole(pattern))


@lru_cache(maxsize=32)
def read(content: str, today: date, default: Language) -> Reading:
    """Read the message once a turn, not once a step. Nobody may change what comes back."""
    page = Page(content)
    grammar = grammar_of(detect_language(page.text, default))
    notes = [Note("quote_ignored")] if page.quoted else []
    notes += [Note("cut_off")] if page.cut_off else []
    for clause in page.take(grammar.whole(grammar.words.asks.told), lambda found: found.group()):
        del clause
    exchange = find_exchange(page)
    islands = find_islands(page, grammar)
    cities = find_cities(page, grammar)
    slack = find_slack(page, grammar)
    hours = find_hours(page, grammar)
    wishes = structs.replace(find_wishes(page, grammar, hopping=islands is not None), hours=hours)
    budget = find_budget(page, grammar)
    joining = find_joining(page, grammar)
    ages = find_ages(page, grammar)
    # Who mixes languages is understood, part by part, in the first language that has something for it.
    grammars = [grammar, *(grammar_of(each) for each in WORDS if each != grammar.words.language)]
    dates = _first(find_dates(page, each, Calendar(each.words, today)) for each in grammars)
    lengths = _first(find_lengths(page, each) for each in grammars)
    party = find_party(page, grammar, ages)
    mentions, regions = find_mentions(page, grammar)
    named = [Span(mention.start, mention.end) for mention in mentions]
    lengths = sorted(
        [*lengths, *find_bare_nights(page, grammar, named, lengths)], key=lambda length: length.at
    )
    mentions = with_regions_as_targets(cities, mentions)
    home = home_named(mentions)
    mentions = without_home(mentions)
    areas = regions_named(page, mentions, regions)
    left_open = open_place(page, grammar, mentions, regions)
    unknown = find_unknown(page, grammar, mentions)
    return Reading(
        page,
        grammar,
        exchange,
        wishes,
        budget,
        dates,
        lengths,
        party,
        mentions,
        regions,
        home,
        unknown,
        islands,
        cities,
        areas,
        left_open,
        slack,
        joining,
        notes,
    )


def _first(readings: Iterable[list[F]]) -> list[F]:
    return next((found for found in readings if found), list[F]())


def understand(reading: Reading, today: date) -> Understanding:
    """The whole request that the message makes by itself."""
    asked = asked_for(reading)
    route = read_route(
        reading.mentions,
        reading.regions,
        reading.lengths,
        reading.islands,
        chosen_cities(reading.cities, reading.areas),
        reading.areas,
        nowhere=reading.open_place is not None,
    )
    timing = read_timing(reading.page, reading.grammar, reading.dates, reading.lengths, route.total, today)
    when = moved_by(timing.when, reading.slack, today)
    questions = [*route.questions, *timing.questions, *_contradictions(reading)]
    party = reading.party.travellers
    notes = [*reading.notes, *party_notes(reading.party, reading.joining)]
    party = reading.joining.added_to(party)
    if any(found.season for found in reading.dates) and any(stop.place.latitude < 0 for stop in route.stops):
        notes.append(Note("season_north"))
    budget = settle_budget(reading.budget, route.origin, party, notes)
    return Understanding(
        asked=asked,
        language=reading.grammar.words.language,
        origin=route.origin,
        stops=tuple(route.stops),
        home=other_home(reading.home, route.origin, route.stops),
        when=when,
        length=timing.length,
        party=party,
        budget=budget,
        wishes=reading.wishes,
        exchange=reading.exchange,
        unknown=reading.unknown,
        notes=(*notes, *route.notes, *timing.notes),
        questions=tuple(questions),
        rejection=timing.rejection,
        open_place=None if route.stops else reading.open_place,
        topic=topic_of(reading) if asked == "other" else None,
        named=words_of(reading.page.text) if asked == "opening" else (),
    )


def _contradictions(reading: Reading) -> list[Question]:
    """A journey without a stop cannot have one."""
    stop = next((mention.place for mention in reading.mentions if mention.stopover), None)
    if stop is None or reading.wishes.max_stops != 0:
        return []
    return [Question("constraints", "nonstop_with_stop", {"name": stop.name})]


def other_home(home: Place | None, origin: Place | None, stops: Sequence[Stop]) -> Place | None:
    """Where it ends, if that is neither where it begins nor a place that it goes to."""
    places = [*([origin] if origin else []), *(stop.place for stop in stops)]
    return home if home and all(home.iata != place.iata for place in places) else None


def party_notes(party: PartyFinding, joining: Joining = NOBODY) -> list[Note]:
    notes: list[Note] = []
    if joining == NOBODY and (not party.said or party.grown_assumed):
        notes.append(Note("assumed_adults", {"adults": party.travellers.adults}))
    if party.ages_assumed or joining.ages_assumed:
        notes.append(Note("assumed_child_ages", {"age": ASSUMED_CHILD_AGE}))
    return notes


def asked_for(reading: Reading) -> Asked:
    """What the message, taken by itself, is about."""
    asks = reading.grammar.words.asks
    named = bool(reading.mentions or reading.regions)
    origin = any(mention.role == "origin" for mention in reading.mentions)
    if reading.exchange is not None and not reading.lengths and not origin:
        return "exchange"
    topic = topic_of(reading)
    if topic == "opening" and not (reading.lengths or reading.budget or reading.says(asks.trip)):
        return "opening"
    if topic in ABOUT_SOMETHING and not reading.lengths and not origin and not reading.budget:
        return "other"
    if reading.says(asks.beyond) and not reading.lengths and not origin:
        return "other"
    if reading.says(asks.weather) and not origin and not reading.budget:
        return "weather"
    wanted = reading.says(asks.trip) or reading.says(asks.open_place)
    details = reading.lengths or reading.dates or reading.budget or origin or reading.party.said
    if wanted or (details if named else reading.lengths):
        return "trip"
    return "other"


ABOUT_SOMETHING: tuple[Topic, ...] = ("entry", "health", "opening")
"""Topics that are the question itself, whatever place or day is named along with them."""


def topic_of(reading: Reading) -> Topic | None:
    """What a question is about that no trip answers."""
    topics = reading.grammar.words.topics
    patterns: dict[Topic, str] = {
        "entry": topics.entry,
        "health": topics.health,
        "opening": topics.opening,
        "thanks": topics.thanks,
        "greeting": topics.greeting,
    }
    return next((name for name, pattern in patterns.items() if reading.says(pattern)), None)
