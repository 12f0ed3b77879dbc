"""Where the trip begins and goes, and how many nights go to each place."""

from collections.abc import Sequence

from msgspec import Struct

from tools.places import Place, places_in
from workers.agent.planner.understand.lengths import LengthFinding
from workers.agent.planner.understand.model import Length, Note, Question, Stop
from workers.agent.planner.understand.places import MAX_CANDIDATES, Mention, Region

MAX_STOPS = 6
_NEAR = 24
"""Characters between a place and the nights that are meant for it."""


class Route(Struct, kw_only=True):
    """`total` is how long all of it is; None where nothing was said."""

    origin: Place | None = None
    stops: list[Stop] = []
    total: Length | None = None
    notes: list[Note] = []
    questions: list[Question] = []


def read_route(
    mentions: Sequence[Mention], regions: Sequence[Region], lengths: Sequence[LengthFinding]
) -> Route:
    route = Route()
    origins = [mention for mention in mentions if mention.role == "origin"]
    if origins:
        route.origin = _settled(route, "origin", origins[0])
    targets = _targets([mention for mention in mentions if mention.role != "origin"], route.origin)
    nights = _nights_of_each(targets, lengths)
    for mention, own in zip(targets, nights, strict=True):
        place = _settled(route, "destination", mention)
        if place is not None:
            route.stops.append(Stop(place, own))
    if not targets and regions:
        candidates = tuple(places_in(regions[0].code, MAX_CANDIDATES))
        route.questions.append(
            Question("destination", "destination_open", {"country": regions[0].code}, candidates)
        )
    route.total = _total(nights, lengths, route)
    if route.origin is not None and any(_same(route.origin, stop.place) for stop in route.stops):
        route.questions.append(Question("destination", "same_place", {"place": route.origin}))
    return route


def _settled(route: Route, field: str, mention: Mention) -> Place | None:
    """The place that is meant, with a note or a question where more than one may be."""
    if mention.ambiguous:
        route.questions.append(
            Question(field, "place_ambiguous", {"name": mention.place.name}, mention.places)
        )
        return None
    if mention.assumed:
        route.notes.append(Note("assumed_place", {"place": mention.place}))
    return mention.place


def _targets(mentions: list[Mention], origin: Place | None) -> list[Mention]:
    """Every place once, without the way home at the end."""
    distinct: list[Mention] = []
    for mention in mentions:
        if any(_same(mention.place, other.place) for other in distinct):
            continue
        home = origin is not None and _same(mention.place, origin)
        if home and len(mentions) > 1:
            continue
        distinct.append(mention)
    return distinct[:MAX_STOPS]


def _same(one: Place, other: Place) -> bool:
    return (one.iata, one.country) == (other.iata, other.country) and (
        one.latitude,
        one.longitude,
    ) == (other.latitude, other.longitude)


def _nights_of_each(targets: list[Mention], lengths: Sequence[LengthFinding]) -> list[int | None]:
    """The nights that stand next to each place ("3 nights in Rome", "Rome (3 nights)").

    Days count like nights here: the day of travel belongs to the place that it leads to.
    """
    if len(targets) < 2 or len(lengths) < 2:
        return [None] * len(targets)
    taken: set[int] = set()
    nights: list[int | None] = []
    for mention in targets:
        nearest: tuple[int, int] | None = None
        for index, length in enumerate(lengths):
            gap = mention.start - length.end if length.end <= mention.start else length.at - mention.end
            if index not in taken and gap <= _NEAR and (nearest is None or gap < nearest[0]):
                nearest = (gap, index)
        if nearest is None:
            nights.append(None)
            continue
        taken.add(nearest[1])
        nights.append(_as_nights(lengths[nearest[1]].length))
    return nights


def _as_nights(length: Length) -> int:
    return length.nights + (length.counted == "days")


def _total(nights: list[int | None], lengths: Sequence[LengthFinding], route: Route) -> Length | None:
    own = [number for number in nights if number is not None]
    if own and len(own) == len(nights):
        return Length(sum(own))
    if not lengths:
        return None
    first = lengths[0]
    if first.up_to is not None:
        route.notes.append(Note("assumed_shorter", {"nights": first.length.nights}))
    return first.length
