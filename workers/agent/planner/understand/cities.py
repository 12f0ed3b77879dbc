"""A number of towns to be chosen in a country, a state or a region."""

import itertools
from functools import lru_cache

from tools.places import Place, Region, kilometres_to_airport
from tools.places.water import are_joined, kilometres, land
from workers.agent.planner.understand.grammar import Grammar
from workers.agent.planner.understand.page import Page

MOST_CITIES = 5
_NEAREST = 40
_FARTHEST = 400
_ANOTHER_TOWN = 80
"""Kilometres from one town to the next; what is nearer than another town is seen from the first as well."""
_MOST_PLACES = 40


def find_cities(page: Page, grammar: Grammar) -> int | None:
    """How many towns are to be chosen, where it is said; taken off the page."""
    for written in page.take(
        grammar.whole(grammar.words.wanted.cities), lambda found: found.groupdict()["n"]
    ):
        count = int(written) if written.isdigit() else grammar.words.numbers[written]
        if count > 0:
            return min(count, MOST_CITIES)
    return None


@lru_cache(maxsize=128)
def choose_cities(region: Region, count: int) -> tuple[Place, ...]:
    """So many towns of the region that one can go between over land, in a short round.

    The best known comes first; every further one is well known and near. Fewer where there are not as many.
    """
    places = region.places(_MOST_PLACES)
    chosen = [places[0]] if places else []
    while len(chosen) < count:
        near = [place for place in places if _goes_with(place, chosen)]
        if not near:
            break
        chosen.append(max(near, key=lambda place: (_worth(place, chosen), place.name)))
    if not chosen:
        return ()
    rounds = itertools.permutations(chosen)
    return min(rounds, key=lambda order: (_length(order), [place.name for place in order]))


def _goes_with(place: Place, chosen: list[Place]) -> bool:
    distances = [_apart(place, other) for other in chosen]
    return (
        min(distances) >= _NEAREST
        and min(distances) <= _FARTHEST
        and all(place.airports[0] != other.airports[0] for other in chosen)
        and all(are_joined(_land(place), _land(other)) for other in chosen)
    )


def _worth(place: Place, chosen: list[Place]) -> float:
    apart = min(_apart(place, other) for other in chosen)
    return place.prominence - apart / 1_000 - max(0.0, _ANOTHER_TOWN - apart) / 100


def _length(order: tuple[Place, ...]) -> float:
    """Of the round, with the ways to the airports at both ends of it."""
    between = sum(_apart(*pair) for pair in itertools.pairwise(order))
    return between + kilometres_to_airport(order[0]) + kilometres_to_airport(order[-1])


def _land(place: Place) -> str:
    return land(place.latitude, place.longitude, place.country)


def _apart(one: Place, other: Place) -> float:
    return kilometres(one.latitude, one.longitude, other.latitude, other.longitude)
