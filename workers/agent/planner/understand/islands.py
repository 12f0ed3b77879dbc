"""Going from island to island: a country is named, and which of its islands is left open."""

import re
from collections.abc import Sequence
from functools import lru_cache

from tools.places import Place, places_in
from tools.places.water import kilometres, land, seas
from workers.agent.planner.understand.grammar import Grammar
from workers.agent.planner.understand.lengths import LengthFinding
from workers.agent.planner.understand.page import Page, Span

MOST_ISLANDS = 4
_NIGHTS_EACH = 4
_FARTHEST = 300
"""Kilometres from one island to the next."""
_MOST_PLACES = 200

_HOPPING = re.compile(
    r"island[\s-]?hop|hop(?:ping)? (?:between|around|from) (?:\w+ ){0,2}islands?|"
    r"insel[\s-]?h(?:ü|u|ue|o)p|insel zu insel|"
    r"d['’]?\s?[îi]les? en [îi]les?|de isla en isla|"
    r"島めぐり|島巡り|アイランドホッピング",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"(?P<count>\w+) (?:\w+ )?(?:islands|inseln|[îi]les|islas)\b", re.IGNORECASE)


def find_islands(page: Page, grammar: Grammar) -> int | None:
    """How many islands are asked for, 0 for any number of them; None where it is not about islands."""
    hopping = _HOPPING.search(page.text)
    if hopping is not None:
        page.remove(Span(*hopping.span()))
    several = _SEVERAL.search(page.text)
    if several is not None:
        word = several["count"].casefold()
        count = int(word) if word.isdecimal() and len(word) < 3 else grammar.words.numbers.get(word)
        if count is not None and count > 1:
            return min(count, MOST_ISLANDS)
    return None if hopping is None else 0


def choose_islands(code: str, lengths: Sequence[LengthFinding], count: int) -> list[Place]:
    """Islands of a country that ferries go between, the best known first and each near the one before it.

    `count` of them or, for 0, one for every four nights, two at least; none where there are not two.
    """
    nights = max((length.length.nights for length in lengths), default=7)
    return list(_islands(code, min(MOST_ISLANDS, count or max(2, min(3, nights // _NIGHTS_EACH)))))


@lru_cache(maxsize=128)
def _islands(code: str, wanted: int) -> tuple[Place, ...]:
    islands = [
        place
        for place in places_in(code, _MOST_PLACES)
        if _on(place) and "islands" not in place.name.casefold()
    ]
    best: list[Place] = []
    for first in islands[:3]:
        chain = _chain(first, islands, wanted)
        if len(chain) > len(best):
            best = chain
    return tuple(best) if len(best) > 1 else ()


def _chain(first: Place, islands: list[Place], wanted: int) -> list[Place]:
    chain = [first]
    while len(chain) < wanted:
        last = chain[-1]
        near = [
            place
            for place in islands
            if all(_on(place) != _on(other) for other in chain)
            and seas(place.latitude, place.longitude) & seas(last.latitude, last.longitude)
            and _apart(place, last) <= _FARTHEST
        ]
        if not near:
            break
        chain.append(max(near, key=lambda place: (place.prominence - _apart(place, last) / 1000, place.name)))
    return chain


def _on(place: Place) -> str:
    return land(place.latitude, place.longitude, "")


def _apart(one: Place, other: Place) -> float:
    return kilometres(one.latitude, one.longitude, other.latitude, other.longitude)
