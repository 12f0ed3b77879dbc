"""Which places are named, where the trip begins and where it goes."""

import itertools
import re
from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt
from typing import Literal

from msgspec import Struct, structs

from tools.places import Place, scan, scan_countries
from tools.places.names import is_wide
from workers.agent.planner.understand.grammar import Grammar
from workers.agent.planner.understand.page import TAKEN, Page

AS_LIKELY = 0.8
"""A second place of the name that is at least this likely has to be asked about."""
WORTH_A_WORD = 0.3
"""One that is at least this likely makes the choice an assumption that is said."""
MAX_CANDIDATES = 5
_SAME_PLACE_KM = 150
_REACH = 40
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’-]{2,}"
_MAX_NAME = 60
_LINK = re.compile(r"\s*(?:-|–|—|→|->|>)\s*|\s+")

Role = Literal["origin", "target", "home"]


class Mention(Struct, frozen=True, kw_only=True):
    """A place that is named, the likeliest first, and what the words around it make of it.

    `linked` says that the text leads from the place before straight to this one ("Berlin to Rome"), `last` that
    one comes home from it ("back from Venice"), `stopover` that one only changes planes there, `either` that it is
    another choice for the place before ("Bristol or Cardiff").
    """

    start: int
    end: int
    places: tuple[Place, ...]
    role: Role | None
    linked: bool = False
    last: bool = False
    stopover: bool = False
    either: bool = False

    @property
    def place(self) -> Place:
        return self.places[0]

    @property
    def ambiguous(self) -> bool:
        return len(self.places) > 1 and self.places[1].prominence >= AS_LIKELY * self.place.prominence

    @property
    def assumed(self) -> bool:
        """Whether another place of the name is likely enough for the choice to be said."""
        return len(self.places) > 1 and self.places[1].prominence >= WORTH_A_WORD * self.place.prominence


class Country(Struct, frozen=True, kw_only=True):
    """A country that is named as where to go, with no place in it."""

    at: int
    code: str


def find_mentions(page: Page, grammar: Grammar) -> tuple[list[Mention], list[Country]]:
    """The places of the page in the order of its text, and the countries that no place of it lies in."""
    found = scan(page.text)
    countries = [
        country
        for country in scan_countries(page.text)
        if not any(one.start <= country[0] < one.end for one in found)
    ]
    codes = {country.code for _, _, country in countries}
    mentions: list[Mention] = []
    for one in found:
        places = _likely([place for place in one.places if place.country in codes] or one.places)
        display = _display(page.text[one.start : one.end], places[0])
        role = _role(page, grammar, one.start, one.end)
        linked = bool(mentions) and _linked(page, grammar, mentions[-1].end, one.start)
        mentions.append(
            Mention(
                start=one.start,
                end=one.end,
                places=(display, *places[1:]),
                role=role,
                linked=linked,
                last=_is_last(page, grammar, one.start, one.end),
                stopover=_is_stopover(page, grammar, one.start, one.end),
            )
        )
    mentions = _with_choices(page, grammar, mentions)
    there = {mention.place.country for mention in mentions}
    regions = [
        Country(at=start, code=country.code) for start, _, country in countries if country.code not in there
    ]
    return _with_origin(mentions), regions


def _with_choices(page: Page, grammar: Grammar, mentions: list[Mention]) -> list[Mention]:
    """What stands after an "or" is in the role of what stands before it."""
    choices: list[Mention] = []
    for mention in mentions:
        before = choices[-1] if choices else None
        if before and re.fullmatch(
            rf"\s*(?:{grammar.words.roles.either})\s*", page.lower[before.end : mention.start]
        ):
            mention = structs.replace(mention, role=before.role, either=True, linked=False)
        choices.append(mention)
    return choices


def home_named(mentions: Sequence[Mention]) -> Place | None:
    """Where one wants to come home to, if it is said."""
    return next((mention.place for mention in mentions if mention.role == "home"), None)


def without_home(mentions: Sequence[Mention]) -> list[Mention]:
    """The places to begin at and to go to. Who names no other place goes where they "return to"."""
    others = [mention for mention in mentions if mention.role != "home"]
    if any(mention.role != "origin" for mention in others):
        return others
    return [structs.replace(one, role="target") if one.role == "home" else one for one in mentions]


def find_unknown(page: Page, grammar: Grammar, mentions: Sequence[Mention]) -> str | None:
    """A name written where a place would be that is none of the places known."""
    cue = grammar.words.roles.unknown_after
    if not cue:
        return None
    text = page.text
    for mention in mentions:
        text = text[: mention.start] + TAKEN * (mention.end - mention.start) + text[mention.end :]
    found = re.search(rf"(?<!\w)(?i:{cue})\s+(?:(?i:the|la|le|el)\s+)?({_NAME}(?:\s{_NAME})?)", text)
    return found.group(1)[:_MAX_NAME] if found else None


def distance_km(one: Place, other: Place) -> float:
    """Along the great circle."""
    half_latitude = radians(other.latitude - one.latitude) / 2
    half_longitude = radians(other.longitude - one.longitude) / 2
    chord = (
        sin(half_latitude) ** 2
        + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(half_longitude) ** 2
    )
    return 12_742 * asin(sqrt(min(1.0, chord)))


def _likely(places: Sequence[Place]) -> list[Place]:
    """One entry a place: what lies next to a likelier one of the name is the same to a traveller."""
    distinct: list[Place] = []
    for place in places:
        if all(distance_km(place, other) > _SAME_PLACE_KM for other in distinct):
            distinct.append(place)
    return distinct[:MAX_CANDIDATES]


def _role(page: Page, grammar: Grammar, start: int, end: int) -> Role | None:
    roles = grammar.words.roles
    if _is_last(page, grammar, start, end):
        return "target"
    before = page.lower[max(0, start - _REACH) : start]
    after = page.lower[end : end + _REACH]
    if _is_home(grammar, before, after):
        return "home"
    if roles.origin_after and grammar.after(roles.origin_after).match(after):
        return "origin"
    if roles.target_after and grammar.after(roles.target_after).match(after):
        return "target"
    filler = grammar.before(roles.filler) if roles.filler else None
    while filler and (trimmed := filler.sub("", before)) != before:
        before = trimmed
    if roles.origin_before and grammar.before(roles.origin_before).search(before):
        return "origin"
    if roles.target_before and grammar.before(roles.target_before).search(before):
        return "target"
    return None


def _is_home(grammar: Grammar, before: str, after: str) -> bool:
    roles = grammar.words.roles
    if roles.home_before:
        return bool(grammar.before(roles.home_before).search(before))
    return bool(roles.home_after and grammar.after(roles.home_after).match(after))


def _is_last(page: Page, grammar: Grammar, start: int, end: int) -> bool:
    roles = grammar.words.roles
    if roles.back_from:
        return bool(grammar.before(roles.back_from).search(page.lower[max(0, start - _REACH) : start]))
    return bool(roles.back_after and grammar.after(roles.back_after).match(page.lower[end : end + _REACH]))


def _is_stopover(page: Page, grammar: Grammar, start: int, end: int) -> bool:
    cue = grammar.words.wanted.stopover
    if grammar.words.spaced:
        return bool(grammar.before(cue).search(page.lower[max(0, start - _REACH) : start]))
    return bool(grammar.after(cue).match(page.lower[end : end + _REACH]))


def _linked(page: Page, grammar: Grammar, after: int, start: int) -> bool:
    between = page.lower[after:start]
    target = grammar.words.roles.link
    return bool(_LINK.fullmatch(between) or (target and re.fullmatch(rf"\s*(?:{target})\s*", between)))


def _with_origin(mentions: list[Mention]) -> list[Mention]:
    """Of "Berlin to Rome" the first is where it begins, unless another place is said to be."""
    if any(mention.role == "origin" for mention in mentions):
        return mentions
    for first, second in itertools.pairwise(mentions):
        if second.linked and first.role is None:
            return [structs.replace(one, role="origin") if one is first else one for one in mentions]
    return mentions


def _display(written: str, place: Place) -> Place:
    """The place under the name that the user gave it; codes and careless spellings keep the table's name."""
    name = re.split(r"[,(]", written)[0].strip()
    titled = name[:1].isupper() and name != name.upper()
    return place._replace(name=name) if titled or is_wide(name[:1] or " ") else place
