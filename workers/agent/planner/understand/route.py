"""Where the trip begins and goes, and how many nights go to each place."""

from collections.abc import Sequence

from msgspec import Struct

from tools.places import Place, Region
from workers.agent.planner.understand.islands import choose_islands
from workers.agent.planner.understand.lengths import LengthFinding
from workers.agent.planner.understand.model import Length, Note, NoteCode, Question, Stop
from workers.agent.planner.understand.places import MAX_CANDIDATES, Country, Mention

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
    regions: Sequence[Country],
    lengths: Sequence[LengthFinding],
    islands: int | None = None,
    chosen: Sequence[Place] | None = None,
    areas: Sequence[Region] = (),
    *,
    nowhere: bool = False,
) -> Route:
    """`islands` says how many islands of a country are wanted, as `find_islands` does; `chosen` are the places
    that were chosen in a region instead of those named, `areas` the states and countries that are named, and
    `nowhere` says that it is left open where to go.
    """
    route = Route()
    if chosen is not None:
        mentions = [mention for mention in mentions if mention.role == "origin"]
        regions = []
    mentions = _chosen_of(route, mentions)
    origins = [mention for mention in mentions if mention.role == "origin"]
    if origins:
        route.origin = _settled(route, "origin", origins[0])
    named = [mention for mention in mentions if mention.role != "origin" and not mention.stopover]
    targets = _targets(named, route.origin)
    listed = _listed(len(targets), lengths)
    own = {} if listed else _own_lengths(targets, lengths, named)
    for index, mention in enumerate(targets):
        place = _settled(route, "destination", mention)
        if place is not None:
            nights = as_nights(own[index].length) if index in own else None
            route.stops.append(Stop(place, listed[index] if listed else nights))
    found = _islands(targets, regions, lengths, islands)
    if found or chosen:
        targets = []
        code: NoteCode = "assumed_islands" if found else "assumed_cities"
        towns = found or list(chosen or ())
        listed = _listed(len(towns), lengths)
        route.stops = [Stop(place, listed[index] if listed else None) for index, place in enumerate(towns)]
        names = ", ".join(stop.place.name for stop in route.stops)
        route.notes.append(Note(code, {"places": names}))
    elif not targets and areas and not nowhere:
        route.questions.append(which_of(areas[0]))
    route.total = Length(sum(listed)) if listed else _total(targets, own, lengths, route)
    if route.origin is not None and any(_same(route.origin, stop.place) for stop in route.stops):
        route.questions.append(Question("destination", "same_place", {"place": route.origin}))
    return route


def _chosen_of(route: Route, mentions: Sequence[Mention]) -> list[Mention]:
    """The first of each choice that is left, with a word about it."""
    chosen: list[Mention] = []
    others: dict[str, list[str]] = {}
    for mention in mentions:
        if mention.either and chosen:
            others.setdefault(chosen[-1].place.name, [chosen[-1].place.name]).append(mention.place.name)
        else:
            chosen.append(mention)
    for name, names in others.items():
        route.notes.append(Note("chosen_of", {"name": name, "places": ", ".join(names)}))
    return chosen


def which_of(region: Region) -> Question:
    """Which place of it is meant."""
    candidates = tuple(region.places(MAX_CANDIDATES))
    return Question(
        "destination", "destination_open", {"country": region.admin1 or region.country}, candidates
    )


def _islands(
    targets: Sequence[Mention],
    regions: Sequence[Country],
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
    distinct.sort(key=lambda mention: mention.last)
    return distinct[:MAX_STOPS]


def _same(one: Place, other: Place) -> bool:
    return (one.iata, one.country) == (other.iata, other.country) and (
        one.latitude,
        one.longitude,
    ) == (other.latitude, other.longitude)


def _own_lengths(
    targets: Sequence[Mention], lengths: Sequence[LengthFinding], named: Sequence[Mention]
) -> dict[int, LengthFinding]:
    """The length of each place that has one of its own ("3 nights in Rome", "Rome (3 nights)").

    One after the other where every place has one beside it, else each to the place that it is nearest to.
    """
    if len(targets) < 2 or len(lengths) < 2:
        return {}
    in_order = list(zip(targets, lengths, strict=False))
    if len(lengths) == len(targets) and all(_gap(*pair) <= _NEAR for pair in in_order):
        return dict(enumerate(lengths))
    # "Salzburg and Vienna, 2 nights in Salzburg and 3 in Vienna": the last time that it is named counts.
    last = [[each for each in named if _same(each.place, target.place)][-1] for target in targets]
    pairs = sorted(
        (_gap(target, length), place, index)
        for place, target in enumerate(last)
        for index, length in enumerate(lengths)
    )
    own: dict[int, int] = {}
    for gap, place, index in pairs:
        if gap <= _NEAR and place not in own and index not in own.values():
            own[place] = index
    return {place: lengths[index] for place, index in own.items()}


def _listed(places: int, lengths: Sequence[LengthFinding]) -> tuple[int, ...]:
    """The nights at one place after the other, where they are said once for all; empty where they are not."""
    for length in lengths:
        if places > 1 and length.each:
            return (as_nights(length.length),) * places
        if places > 1 and len(length.parts) == places:
            return length.parts
    return ()


def _gap(target: Mention, length: LengthFinding) -> int:
    """Characters between the two."""
    return target.start - length.end if length.end <= target.start else length.at - target.end


def as_nights(length: Length) -> int:
    """Days count like nights here: the day of travel belongs to the place that it leads to."""
    return length.nights + (length.counted == "days")


def _total(
    targets: Sequence[Mention],
    own: dict[int, LengthFinding],
    lengths: Sequence[LengthFinding],
    route: Route,
) -> Length | None:
    whole = next((length for length in lengths if length not in own.values()), None)
    if own and len(own) == len(targets):
        named = Length(sum(as_nights(length.length) for length in own.values()))
        if whole is not None and abs(whole.length.nights - named.nights) > 1:
            route.questions.append(
                Question(
                    "nights", "nights_do_not_add_up", {"nights": whole.length.nights, "named": named.nights}
                )
            )
        return named
    if whole is None:
        return None
    if whole.up_to is not None:
        route.notes.append(Note("assumed_shorter", {"nights": whole.length.nights}))
    return whole.length
