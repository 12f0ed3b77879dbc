"""Which places a follow-up wants: one of the candidates, another one instead, one more, or one less."""

from dataclasses import replace

from msgspec import structs

from app.contract.turn import Clarification, TurnResult
from tools.places import Place
from workers.agent.planner.understand.model import Length, Note, Stop, Understanding
from workers.agent.planner.understand.places import Mention
from workers.agent.planner.understand.reader import Reading, other_home
from workers.agent.planner.understand.recall import place_of
from workers.agent.planner.understand.route import MAX_STOPS, as_nights, read_route

_NIGHTS_MORE = 2
"""At a place that is added without a word about how long."""


def with_choice(
    asked: Understanding, reading: Reading, previous: TurnResult
) -> tuple[Understanding, Reading]:
    """The candidate that the message chooses; what chose it is not read again as a place to go to."""
    for question in previous.clarifications or []:
        chosen = _chosen(question, reading)
        if chosen is None:
            continue
        reading = replace(reading, mentions=[], regions=[], areas=[])
        if question.field == "origin":
            asked = structs.replace(asked, origin=chosen)
        else:
            asked = structs.replace(asked, stops=(*asked.stops, Stop(chosen)))
    return asked, reading


def with_places(asked: Understanding, reading: Reading) -> tuple[Understanding, Reading]:
    """The request with the places that it now has; lengths that belong to a place are not read again."""
    if reading.home is not None and _only_home(reading):
        home = other_home(reading.home, asked.origin, asked.stops)
        return structs.replace(asked, home=home), replace(reading, mentions=[])
    mentions = reading.mentions
    if asked.origin is None and asked.stops and all(mention.role is None for mention in mentions):
        mentions = [structs.replace(mention, role="origin") for mention in mentions]
    changed = _added(asked, reading) or _dropped(asked, reading)
    if changed is not None:
        return changed, replace(reading, lengths=[])
    route = read_route(mentions, reading.regions, (), areas=reading.areas)
    stops = _swapped(asked.stops, mentions) or tuple(route.stops) or asked.stops
    changed = structs.replace(
        asked,
        origin=route.origin or asked.origin,
        home=other_home(reading.home or asked.home, route.origin or asked.origin, stops),
        stops=stops,
        notes=(*asked.notes, *route.notes),
        questions=(*asked.questions, *route.questions),
    )
    return changed, reading


def _only_home(reading: Reading) -> bool:
    """Whether no place is named but the one to come home to."""
    return all(mention.place == reading.home for mention in reading.mentions)


def adds_a_place(reading: Reading) -> bool:
    """Whether a place is to be visited besides those before."""
    targets = [mention for mention in reading.mentions if mention.role != "origin"]
    origin = len(targets) < len(reading.mentions)
    return bool(targets) and not origin and reading.says(reading.grammar.words.changes.add_place)


def _added(asked: Understanding, reading: Reading) -> Understanding | None:
    new = [place for place in _targets(reading.mentions) if not _is_among(place, asked.stops)]
    if not asked.stops or not new or not adds_a_place(reading) or reading.says(_instead(reading)):
        return None
    nights = as_nights(reading.lengths[0].length) if reading.lengths else _NIGHTS_MORE
    more = [Stop(place, nights) for place in new][: MAX_STOPS - len(asked.stops)]
    notes = [] if reading.lengths else [Note("assumed_stop_nights", {"nights": nights})]
    total = asked.nights + nights * len(more)
    return structs.replace(
        asked,
        stops=(*asked.stops, *more),
        length=Length(total, asked.length.counted if asked.length else "nights"),
        notes=(*asked.notes, *notes),
    )


def _dropped(asked: Understanding, reading: Reading) -> Understanding | None:
    gone = _targets(reading.mentions)
    if not gone or not reading.says(reading.grammar.words.changes.drop_place):
        return None
    left = [stop for stop in asked.stops if not any(_same(stop.place, place) for place in gone)]
    if not left or len(left) + len(gone) != len(asked.stops):
        return None
    nights = sum(stop.nights or 0 for stop in left)
    return structs.replace(asked, stops=tuple(left), length=Length(nights) if nights else asked.length)


def _swapped(stops: tuple[Stop, ...], mentions: list[Mention]) -> tuple[Stop, ...] | None:
    """One stop in the place of another ("Venice instead of Florence"), with the same nights."""
    targets = _targets(mentions)
    out = [place for place in targets if _is_among(place, stops)]
    into = [place for place in targets if not _is_among(place, stops)]
    if len(out) != 1 or len(into) != 1:
        return None
    return tuple(Stop(into[0], stop.nights) if _same(stop.place, out[0]) else stop for stop in stops)


def _chosen(question: Clarification, reading: Reading) -> Place | None:
    candidates = [place for ref in question.candidates if (place := place_of(ref)) is not None]
    named = {mention.place[:5] for mention in reading.mentions}
    countries = {region.code for region in reading.regions}
    asks = reading.grammar.words.asks
    fitting = [
        place
        for place in candidates
        if (place.country, place.iata) in {(name[1], name[4]) for name in named}
        or place.country in countries
        or (place.admin1 and place.admin1.lower() in reading.page.lower)
    ]
    if len(fitting) == 1:
        return fitting[0]
    for position, pattern in enumerate((asks.first_choice, asks.second_choice)):
        if position < len(candidates) and reading.page.says(reading.grammar.alone(pattern)):
            return candidates[position]
    return None


def _targets(mentions: list[Mention]) -> list[Place]:
    return [mention.place for mention in mentions if mention.role != "origin"]


def _is_among(place: Place, stops: tuple[Stop, ...]) -> bool:
    return any(_same(place, stop.place) for stop in stops)


def _same(one: Place, other: Place) -> bool:
    return (one.iata, one.country) == (other.iata, other.country)


def _instead(reading: Reading) -> str:
    return reading.grammar.words.changes.instead
