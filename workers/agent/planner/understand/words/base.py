"""What a language has to bring along so that requests in it are understood.

Patterns are regular expressions on lower-cased text. In rules these stand for words of the language:
`{d}` `{d2}` a day of the month, `{m}` `{m2}` a month, `{y}` `{y2}` a year if one follows, `{n}` `{n2}` a
number, `{w}` `{w2}` a weekday, `{o}` an ordinal, `{p}` a part of the month, `{s}` a season, `{h}` `{h2}` a holiday,
`{to}` what joins the ends of a range. Each becomes a group of that name. Rules are tried in their order.
"""

from typing import Literal

from msgspec import Struct

from workers.agent.planner.understand.model import (
    Amenity,
    Cuisine,
    Diet,
    Language,
    Mode,
    RoomKind,
    Sight,
)

Rules = tuple[tuple[str, str], ...]
Part = Literal["early", "mid", "late", "first_half", "second_half"]
Season = Literal["spring", "summer", "autumn", "winter"]
Relative = Literal["adult", "adults", "child", "infant"]
Holiday = Literal[
    "christmas",
    "new_year",
    "easter",
    "ascension",
    "whitsun",
    "may_day",
    "golden_week",
    "obon",
    "all_saints",
    "thanksgiving",
    "december_bridge",
    "cherry_blossom",
    "oktoberfest",
    "carnival",
    "valentine",
    "halloween",
    "ascension_bridge",
    "corpus_christi",
    "silver_week",
    "memorial_day",
    "labor_day",
    "boxing_day",
]


def listed(words: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(words.split())


class Shapes(Struct, frozen=True, kw_only=True):
    """How the language writes days, years and ranges; `year` captures into `y`, or into `next_year`."""

    day: str
    year: str
    to: str
    day_first: bool = True


class People(Struct, frozen=True, kw_only=True):
    """Who travels. The first of `adults` counts adults, the others everybody who is no child.

    `together` rules name a number of people by themselves: `one`, `two`, so many `couples`, so many `others`
    than oneself, a whole `family`; `among` says that the children are part of the number. A `companion` is
    somebody of whom it is said that they are there; that they travel is likely where nobody else is counted.
    """

    adults: tuple[str, ...]
    children: tuple[str, ...]
    infants: tuple[str, ...]
    ages: tuple[str, ...]
    together: Rules
    among: str
    months: tuple[str, ...] = ()
    """The age of a baby, in months."""

    relatives: dict[Relative, str] = {}
    """Who may come along, one word each; "adults" are two."""

    aged: str = ""
    """What may follow such a word: an age, `age`."""


class Amounts(Struct, frozen=True, kw_only=True):
    """What stands before or after an amount of money and makes it a budget."""

    hard: str
    soft: str
    budget: str
    each: str
    in_total: str


class Roles(Struct, frozen=True, kw_only=True):
    """What stands before or after a place and says whether the trip begins or goes there.

    `link` stands between two places when the trip leads from the one to the other.
    """

    origin_before: str
    target_before: str
    link: str
    either: str
    back_from: str
    """What stands before the place that one comes home from, where it is not the one arrived at."""

    home_before: str = ""
    """What stands before the place that one comes home to, where one does not come home to where one began."""

    back_after: str = ""
    home_after: str = ""
    origin_after: str = ""
    target_after: str = ""
    filler: str = ""
    unknown_after: str = ""
    """Words that nothing but a place follows when a capital does."""


class Asks(Struct, frozen=True, kw_only=True):
    """What a message is about, and what it changes of the plan before it."""

    weather: str
    trip: str
    exchange: str
    told: str
    """A clause about a journey that is over."""

    beyond: str
    """What no tool here knows: visas, vaccinations and the like."""

    open_place: str
    return_cue: str
    cheaper: str
    longer: str
    shorter: str
    more: str
    less: str
    """With a length beside them these change it; by themselves they mean nothing."""

    later: str
    earlier: str
    change: str
    first_choice: str
    second_choice: str


class Wanted(Struct, frozen=True, kw_only=True):
    """Constraints. `unchecked` is whatever is recognised as a wish that this planner cannot look after."""

    nonstop: str
    one_stop: str
    business: str
    premium_economy: str
    first: str
    economy: str
    no_flights: str
    by_air: str
    """Words of who means to fly."""

    one_way: str
    no_driving: str
    by: dict[Mode, str]
    """How one wants to go instead of flying."""

    vehicles: dict[Mode, str]
    there_by: str
    home_by: str
    """A vehicle, `{v}`, with what says that one goes there by it, or home; what is not said is flown."""

    between_by: str
    """The same for the ways between the places."""

    avoid: dict[Sight, str]
    """Kinds of sights that one does not want to see."""

    stopover: str
    """What stands before a place where one only changes planes."""

    accessible: str
    amenities: dict[Amenity, str]
    rooms: str
    room_kinds: dict[RoomKind, str]
    stars: str
    diets: dict[Diet, str]
    cuisines: dict[Cuisine, str]
    eating: str
    """A cuisine, `{c}`, with what makes it one for the table: the same word says where people are from."""

    relaxed: str
    full: str
    slack: str
    """So many days, `{n}`, either way; without a number one."""

    cities: str
    """So many towns, `{n}`, to be chosen."""

    warm: str
    cold: str
    unchecked: str


class Changes(Struct, frozen=True, kw_only=True):
    """What a follow-up wants of the plan before, besides what `Asks` has."""

    better_stay: str
    other_stay: str
    keep_flights: str
    keep_stays: str
    joining: str
    """So many more people, `{n}`."""

    bring: tuple[str, ...] = ()
    """Somebody who comes along, `{r}` a word of `relatives`, `{a}` their age."""

    add_place: str
    drop_place: str
    instead: str
    """What stands between a place and the one that goes for it."""


class Topics(Struct, frozen=True, kw_only=True):
    """Questions that are no trip, and that no tool answers."""

    entry: str
    health: str
    opening: str
    thanks: str
    greeting: str


class Words(Struct, frozen=True, kw_only=True):
    language: Language
    spaced: bool = True
    """Whether words stand apart, so that patterns match whole words only."""

    telling: frozenset[str]
    """Frequent words by which the language is known."""

    months: dict[str, int]
    weekdays: dict[str, int]
    numbers: dict[str, int]
    ordinals: dict[str, int]
    """`-1` is the last."""

    parts: dict[str, Part]
    seasons: dict[str, Season]
    holidays: dict[str, Holiday]
    shapes: Shapes
    dates: Rules
    lengths: Rules
    people: People
    amounts: Amounts
    roles: Roles
    asks: Asks
    wanted: Wanted
    changes: Changes
    topics: Topics
