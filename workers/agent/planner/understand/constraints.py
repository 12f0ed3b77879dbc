"""Wishes as the constraints of a request, codes that a follow-up reads back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_args

from msgspec import structs

from workers.agent.planner.understand.model import (
    CABINS,
    Amenity,
    Cuisine,
    Diet,
    Mode,
    Pace,
    RoomKind,
    Wishes,
)

NONSTOP, NO_FLIGHTS, BY_AIR, ONE_WAY = "nonstop", "no_flights", "by_air", "one_way"
_NO_DRIVING, ACCESSIBLE = "no_driving", "accessible"
STARS, ROOM = "stars", "room"
_CABIN, _STOPS, _BY, _AMENITY, _STARS = "cabin:", "max_stops:", "by:", "amenity:", "stars:"
_THERE_BY, _HOME_BY, _BETWEEN_BY = "there_by:", "home_by:", "between_by:"
_ROOMS, _ROOM, _DIET, _CUISINE, _PACE = "rooms:", "room:", "diet:", "cuisine:", "pace:"
_AVOID = "avoid:"
_HOURS = tuple(
    f"{what}_{side}:" for what in ("leave", "arrive", "return", "home") for side in ("after", "before")
)
_PLAIN = (NONSTOP, NO_FLIGHTS, BY_AIR, ONE_WAY, _NO_DRIVING, ACCESSIBLE)
_WITH_VALUE = (
    _CABIN,
    _STOPS,
    _BY,
    _THERE_BY,
    _HOME_BY,
    _AMENITY,
    _STARS,
    _ROOMS,
    _ROOM,
    _DIET,
    _CUISINE,
    _PACE,
    _BETWEEN_BY,
    _AVOID,
)


def of_rooms(wishes: Wishes) -> frozenset[str]:
    """What is wished of a room, by the names of the conditions that a room may break."""
    names = {ACCESSIBLE: wishes.accessible, STARS: wishes.stars, ROOM: wishes.room_kind}
    return frozenset({*wishes.amenities, *(name for name, wanted in names.items() if wanted)})


def wished(wishes: Wishes) -> list[str]:
    """One code a wish, those that cannot be looked after as they were written."""
    return [*_flying(wishes), *_staying(wishes), *_living(wishes), *wishes.unchecked]


def _flying(wishes: Wishes) -> Iterator[str]:
    if wishes.max_stops is not None:
        yield NONSTOP if wishes.max_stops == 0 else f"{_STOPS}{wishes.max_stops}"
    if wishes.cabin is not None:
        yield f"{_CABIN}{wishes.cabin}"
    flags = {
        NO_FLIGHTS: wishes.no_flights,
        BY_AIR: wishes.by_air,
        ONE_WAY: wishes.one_way,
        _NO_DRIVING: wishes.no_driving,
    }
    yield from (name for name, wanted in flags.items() if wanted)
    yield from (f"{_BY}{mode}" for mode in wishes.modes)
    ways = {_THERE_BY: wishes.there_by, _HOME_BY: wishes.home_by, _BETWEEN_BY: wishes.between_by}
    yield from (f"{prefix}{mode}" for prefix, mode in ways.items() if mode)
    yield from wishes.hours


def _staying(wishes: Wishes) -> Iterator[str]:
    if wishes.accessible:
        yield ACCESSIBLE
    yield from (f"{_AMENITY}{name}" for name in wishes.amenities)
    values = {_STARS: wishes.stars, _ROOMS: wishes.rooms, _ROOM: wishes.room_kind}
    yield from (f"{prefix}{value}" for prefix, value in values.items() if value)


def _living(wishes: Wishes) -> Iterator[str]:
    yield from (f"{_DIET}{name}" for name in wishes.diets)
    yield from (f"{_CUISINE}{name}" for name in wishes.cuisines)
    yield from (f"{_AVOID}{name}" for name in wishes.avoid)
    if wishes.pace is not None:
        yield f"{_PACE}{wishes.pace}"


def wishes_of(said: Sequence[str], others: tuple[str, ...]) -> Wishes:
    """The inverse; constraints that begin like one of `others` are no wishes."""
    stops, stars, rooms = (value_of(said, prefix) for prefix in (_STOPS, _STARS, _ROOMS))
    known = (*_WITH_VALUE, *_HOURS, *others)
    return Wishes(
        max_stops=0 if NONSTOP in said else int(stops) if stops else None,
        cabin=_one_of(CABINS, said, _CABIN),
        no_flights=NO_FLIGHTS in said,
        by_air=BY_AIR in said,
        one_way=ONE_WAY in said,
        no_driving=_NO_DRIVING in said,
        modes=_each_of(get_args(Mode), said, _BY),
        there_by=_one_of(get_args(Mode), said, _THERE_BY),
        home_by=_one_of(get_args(Mode), said, _HOME_BY),
        between_by=_one_of(get_args(Mode), said, _BETWEEN_BY),
        accessible=ACCESSIBLE in said,
        amenities=_each_of(get_args(Amenity), said, _AMENITY),
        stars=int(stars) if stars else None,
        rooms=int(rooms) if rooms else None,
        room_kind=_one_of(get_args(RoomKind), said, _ROOM),
        diets=_each_of(get_args(Diet), said, _DIET),
        cuisines=_each_of(get_args(Cuisine), said, _CUISINE),
        pace=_one_of(get_args(Pace), said, _PACE),
        hours=tuple(each for each in said if each.startswith(_HOURS)),
        avoid=tuple(each.removeprefix(_AVOID) for each in said if each.startswith(_AVOID)),
        unchecked=tuple(wish for wish in said if wish not in _PLAIN and not wish.startswith(known)),
    )


def merged(old: Wishes, new: Wishes) -> Wishes:
    """Both; where they speak of the same, the new one counts."""
    if new.by_air:
        old = structs.replace(old, no_flights=False, modes=(), there_by=None, home_by=None)
    if new.no_flights:
        old = structs.replace(old, by_air=False)

    def newer(name: str) -> Any:
        was, wanted = getattr(old, name), getattr(new, name)
        if name == "hours":
            said = {each.partition(":")[0] for each in wanted}
            was = tuple(each for each in was if each.partition(":")[0] not in said)
        if isinstance(was, tuple):
            both: list[Any] = [*was, *wanted]
            return tuple(dict.fromkeys(both))
        return was if wanted is None or wanted is False else wanted

    return Wishes(**{name: newer(name) for name in Wishes.__struct_fields__})


def value_of(said: Iterable[str], prefix: str) -> str | None:
    return next((one.removeprefix(prefix) for one in said if one.startswith(prefix)), None)


def _one_of(known: Iterable[Any], said: Iterable[str], prefix: str) -> Any:
    return next((name for name in known if f"{prefix}{name}" in said), None)


def _each_of(known: Iterable[Any], said: Sequence[str], prefix: str) -> tuple[Any, ...]:
    return tuple(name for name in known if f"{prefix}{name}" in said)
