"""Where the trip begins and goes, and how many nights go to each place."""

from collections.abc import Sequence

from msgspec import Struct

from tools.places import Place, places_in
from workers.agent.planner.understand.islands import choose_islands
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
    mentions: Sequence[Mention],
    regions: Sequence[Region],
    lengths: Sequence[LengthFinding],
    islands: int | None = None,
) -> Route:
    """`islands` says how many islands of a region are wanted, as `find_islands` does."""
    route = Route()
    origins = [mention for mention in mentions if mention.role == "origin"]
    if origins:
        route.origin = _settled(route, "origin", origins[0])
    targets = _targets([mention for mention in mentions if mention.role != "origin"], route.origin)
    own = _own_lengths(targets, lengths)
    for index, mention in enumerate(targets):
        place = _settled(route, "destination", mention)
        if place is not None:
            nights = _as_nights(own[index].length) if index in own else None
            route.stops.append(Stop(place, nights))
    chosen = _islands(targets, regions, lengths, islands)
    if chosen:
        targets = []
        route.stops = [Stop(place) for place in chosen]
        route.notes.append(Note("assumed_islands", {"places": ", ".join(place.name for place in chosen)}))
    elif not targets and regions:
        candidates = tuple(places_in(regions[0].code, MAX_CANDIDATES))
        route.questions.append(
            Question("destination", "destination_open", {"country": regions[0].code}, candidates)
        )
    route.total = _total(targets, own, lengths, route)
    if route.origin is not None and any(_same(route.origin, stop.place) for stop in route.stops):
        route.questions.append(Question("destination", "same_place", {"place": route.origin}))
    return route


def _islands(
    targets: Sequence[Mention],
    regions: Sequence[Region],
    lengths: Sequence[LengthFinding],
    islands: int | None,
) -> list[Place]:
    """Islands to go to, where nothing but a country or its islands as a whole is named."""
    if islands is None:
        return []
    group = [each.place.country for each in targets if "islands" in each.place.name.casefold()]
    countries = group if len(targets) == 1 else [region.code for region in regions if not targets]
    return choose_islands(countries[0], lengths, islands) if countries else []


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


def _own_lengths(targets: Sequence[Mention], lengths: Sequence[LengthFinding]) -> dict[int, LengthFinding]:
    """The length of each place that has one of its own ("3 nights in Rome", "Rome (3 nights)").

    One after the other where every place has one beside it, else each to the place that it is nearest to.
    """
    if len(targets) < 2 or len(lengths) < 2:
        return {}
    in_order = list(zip(targets, lengths, strict=False))
    if len(lengths) == len(targets) and all(_gap(*pair) <= _NEAR for pair in in_order):
        return dict(enumerate(lengths))
    pairs = sorted(
        (_gap(target, length), place, index)
        for place, target in enumerate(targets)
        for index, length in enumerate(lengths)
    )
    own: dict[int, int] = {}
    for gap, place, index in pairs:
        if gap <= _NEAR and place not in own and index not in own.values():
            own[place] = index
    return {place: lengths[index] for place, index in own.items()}


def _gap(target: Mention, length: LengthFinding) -> int:
    """Characters between the two."""
    return target.start - length.end if length.end <= target.start else length.at - target.end


def _as_nights(length: Length) -> int:
    """Days count like nights here: the day of travel belongs to the place that it leads to."""
    return length.nights + (length.counted == "days")


def _total(
    targets: Sequence[Mention],
    own: dict[int, LengthFinding],
    lengths: Sequence[LengthFinding],
    route: Route,
) -> Length | None:
    if own and len(own) == len(targets):
        return Length(sum(_as_nights(length.length) for length in own.values()))
    whole = next((length for length in lengths if length not in own.values()), None)
    if whole is None:
        return None
    if whole.up_to is not None:
        route.notes.append(Note("assumed_shorter", {"nights": whole.length.nights}))
    return whole.length
