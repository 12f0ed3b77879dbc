"""Constraints: how to fly or not to, what the rooms have to have, what to eat, at which pace; and the rest."""

import re

from workers.agent.planner.understand.grammar import Grammar
from workers.agent.planner.understand.model import Cabin, Cuisine, Mode, Pace, RoomKind, Wishes
from workers.agent.planner.understand.page import Page

_MAX_UNCHECKED = 6
_MAX_WISH = 40
_MOST_ROOMS = 9
_MOST_STARS = 5
_ANY_STOPS = (
    r"(?:not|need ?n[o']t be|does ?n[o']t (?:have|need) to be) (?:necessarily )?(?:non[ -]?stop|direct)|"
    r"nicht (?:unbedingt )?(?:non[ -]?stop|direkt)|pas (?:forcément |nécessairement )?directs?|"
    r"no (?:necesariamente )?directos?"
)
"""Stops are welcome: what would otherwise read as the wish for none."""


def find_wishes(page: Page, grammar: Grammar, *, hopping: bool = False) -> Wishes:
    """What is asked besides places, dates, people and money; taken off the page.

    `hopping` from island to island, one goes by ferry and may fly there all the same.
    """
    wanted, said = grammar.words.wanted, _Said(page, grammar)
    said(_ANY_STOPS)
    one_stop, nonstop = said(wanted.one_stop), said(wanted.nonstop)
    cabins: dict[Cabin, str] = {
        "premium_economy": wanted.premium_economy,
        "business": wanted.business,
        "first": wanted.first,
        "economy": wanted.economy,
    }
    cabin: Cabin | None = next((name for name, pattern in cabins.items() if said(pattern)), None)
    no_flights, one_way = said(wanted.no_flights), said(wanted.one_way)
    no_driving = said(wanted.no_driving)
    # Who speaks of trains as well has not settled on flying.
    by_air = page.says(grammar.whole(wanted.by_air)) and not page.says(
        grammar.whole(wanted.vehicles["train"])
    )
    between_by = _vehicle(said, wanted.between_by)
    there_by, home_by = _each_way(said)
    modes: tuple[Mode, ...] = tuple(mode for mode, pattern in wanted.by.items() if said(pattern))
    rooms, room_kind = _rooms(said)
    stars = said.number(wanted.stars)
    accessible = said(wanted.accessible)
    cuisines = _cuisines(said)
    return Wishes(
        max_stops=0 if nonstop else 1 if one_stop else None,
        cabin=cabin,
        no_flights=no_flights or bool(set(modes) - ({"ferry"} if hopping else set())),
        by_air=by_air and not (no_flights or modes),
        one_way=one_way,
        modes=modes,
        there_by=there_by,
        home_by=home_by,
        between_by=between_by,
        no_driving=no_driving,
        accessible=accessible,
        amenities=tuple(name for name, pattern in wanted.amenities.items() if said(pattern)),
        stars=min(stars, _MOST_STARS) if stars else None,
        rooms=min(rooms, _MOST_ROOMS) if rooms else None,
        room_kind=room_kind,
        diets=tuple(name for name, pattern in wanted.diets.items() if said(pattern)),
        cuisines=cuisines,
        pace=_pace(said),
        avoid=tuple(name for name, pattern in wanted.avoid.items() if said(pattern)),
        unchecked=said.words(wanted.unchecked),
    )


class _Said:
    """What the page says of a pattern, which is then taken off it."""

    def __init__(self, page: Page, grammar: Grammar) -> None:
        self.page = page
        self.grammar = grammar

    def __call__(self, pattern: str) -> bool:
        return bool(self._found(pattern))

    def number(self, pattern: str) -> int | None:
        """The number that the pattern has; None where it is not said, or said without one."""
        for found in self._found(pattern):
            written = found.groupdict().get("n") or found.groupdict().get("n2")
            if written:
                return int(written) if written.isdigit() else self.grammar.words.numbers[written]
        return None

    def words(self, pattern: str) -> tuple[str, ...]:
        said = (found.group()[:_MAX_WISH].strip() for found in self._found(pattern))
        return tuple(dict.fromkeys(said))[:_MAX_UNCHECKED]

    def _found(self, pattern: str) -> list[re.Match[str]]:
        return list(self.page.take(self.grammar.whole(pattern), lambda found: found))


def _each_way(said: _Said) -> tuple[Mode | None, Mode | None]:
    """How to go there and home, where one of the two is flown and the other is not."""
    wanted = said.grammar.words.wanted

    there, home = _vehicle(said, wanted.there_by), _vehicle(said, wanted.home_by)
    return (None, None) if there == home else (there, home)


def _vehicle(said: _Said, cue: str) -> Mode | None:
    """The vehicle that stands in the cue's `{v}`."""
    for name, words in said.grammar.words.wanted.vehicles.items():
        if said(cue.replace("{v}", f"(?:{words})")):
            return name
    return None


def _rooms(said: _Said) -> tuple[int | None, RoomKind | None]:
    """How many rooms, and which kind of room."""
    wanted = said.grammar.words.wanted
    for kind, pattern in wanted.room_kinds.items():
        if said.page.says(said.grammar.whole(pattern)):
            return said.number(pattern), kind
    return said.number(wanted.rooms), None


def _cuisines(said: _Said) -> tuple[Cuisine, ...]:
    """Every kitchen that is named where eating is, "Italian and Thai restaurants" both."""
    wanted, grammar = said.grammar.words.wanted, said.grammar
    anything = "|".join(wanted.cuisines.values())
    eating = grammar.whole(wanted.eating.replace("{c}", f"(?:{anything})"))
    spans = [found.group() for found in said.page.take(eating, lambda found: found)]
    return tuple(
        name
        for name, pattern in wanted.cuisines.items()
        if any(grammar.whole(pattern).search(span) for span in spans)
    )


def _pace(said: _Said) -> Pace | None:
    wanted = said.grammar.words.wanted
    return "relaxed" if said(wanted.relaxed) else "full" if said(wanted.full) else None
