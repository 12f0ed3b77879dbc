"""The table of places, and the search by name, by IATA code and by "name, country or region"."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import NamedTuple

import airportsdata

from tools.places.countries import country_name, find_country
from tools.places.names import fold
from tools.places.water import kilometres

_DATA = Path(__file__).parent / "data"
_MAX_NAME = 100
_SHORTEST_BEGINNING = 3  # letters
_WELL_KNOWN = 0.2
_MOST_ALIKE, _ALIKE = 3, 0.8


class Place(NamedTuple):
    """A place that people travel to, with the airports that serve it, the busiest first.

    `iata` is its city (metropolitan) code where it has one, else its main or nearest main airport's.
    `prominence` is 0 to 1; it orders places of one name and says how likely one is meant without more words.
    """

    name: str
    country: str
    country_name: str
    admin1: str
    iata: str
    airports: tuple[str, ...]
    latitude: float
    longitude: float
    time_zone: str
    prominence: float
    admin1_code: str = ""


def places_like(name: str) -> list[Place]:
    """Well-known places whose names are written almost like this one, the most alike first."""
    known = [key for key, places in index().items() if places[0].prominence >= _WELL_KNOWN]
    alike = get_close_matches(fold(name), known, n=_MOST_ALIKE, cutoff=_ALIKE)
    return list({(place.name, place.country): place for key in alike for place in index()[key][:1]}.values())


def find_places(name: str) -> list[Place]:
    """Every place that the name may mean, the likeliest first; empty when none is known.

    Takes names in eight languages with or without accents, what people write for them ("Rio", "LA"), IATA codes
    in capitals, and a name with its country or region after a comma or in brackets ("Paris, Texas").
    """
    name = name.strip()
    if not name or len(name) > _MAX_NAME:
        return []
    if len(name) == 3 and name.isascii() and name.isupper():
        by_code = _of_code(name)
        if by_code:
            return by_code
    whole = index().get(fold(name)) or abbreviations().get(name.upper())
    return list(whole) if whole else _narrowed(name, index())


def completions(beginning: str, *, to_the_word: bool) -> list[Place]:
    """Places whose own name goes on where this ends, the likeliest first; `to_the_word`: with another word."""
    keys, start = _sorted_keys(), fold(beginning)
    if len(start) < _SHORTEST_BEGINNING:
        return []
    start += " " if to_the_word else ""
    found: dict[Place, None] = {}
    for position in range(bisect_left(keys, start), len(keys)):
        if not keys[position].startswith(start):
            break
        found.update((place, None) for place in index()[keys[position]] if fold(place.name) == keys[position])
    return sorted(found, key=lambda place: -place.prominence)


def kilometres_to_airport(place: Place) -> float:
    """From the place to its main airport, as the crow flies."""
    airport = _airports()[place.airports[0]]
    return kilometres(place.latitude, place.longitude, airport["lat"], airport["lon"])


def places_in(country: str, limit: int = 10) -> list[Place]:
    """The best known places of a country (two-letter code), the best known first."""
    return [place for place in _table() if place.country == country][:limit]


@cache
def index() -> dict[str, tuple[Place, ...]]:
    """Folded names, each with its places, the likeliest first."""
    found = dict(_index_of_names())
    for name, places in _nicknames():
        if not _is_abbreviation(name):
            known = {*found.get(fold(name), ()), *places}
            found[fold(name)] = tuple(sorted(known, key=lambda place: -place.prominence))
    return found


@cache
def abbreviations() -> dict[str, tuple[Place, ...]]:
    """Two capitals that people write for a place ("LA"), which are words of everyday language otherwise."""
    return {name: places for name, places in _nicknames() if _is_abbreviation(name)}


@cache
def codes() -> dict[str, tuple[Place, ...]]:
    """City and airport codes of the table, each with the places it stands for."""
    found: dict[str, list[Place]] = {}
    for place in _table():
        found.setdefault(place.iata, []).append(place)
    for place in _table():
        for code in place.airports:
            found.setdefault(code, [place])
    # A code stands for the city itself, not for every town that the airport serves.
    return {code: (places[0],) for code, places in found.items()}


def _of_code(code: str) -> list[Place]:
    known = codes().get(code)
    if known is None:
        return _plain_airport(code)
    place = known[0]
    if place.iata == code:
        return [place]
    others = tuple(airport for airport in place.airports if airport != code)
    return [place._replace(iata=code, airports=(code, *others))]


def _plain_airport(code: str) -> list[Place]:
    """An airport that no city of the table has: a place of its own."""
    airport = _airports().get(code)
    if airport is None:
        return []
    return [
        Place(
            airport["city"] or airport["name"],
            airport["country"],
            country_name(airport["country"]),
            airport["subd"],
            code,
            (code,),
            airport["lat"],
            airport["lon"],
            airport["tz"],
            0.01,
        )
    ]


def _narrowed(name: str, names: Mapping[str, tuple[Place, ...]]) -> list[Place]:
    """With "Paris, Texas" only the Paris in Texas; none without a country or region."""
    head, qualifiers = _split(name)
    if not qualifiers:
        return []
    return [place for place in names.get(fold(head), ()) if all(_lies_in(place, q) for q in qualifiers)]


def _split(name: str) -> tuple[str, list[str]]:
    parts = [part.strip() for part in name.replace("(", ",").replace(")", ",").split(",")]
    return parts[0], [part for part in parts[1:] if part]


def _lies_in(place: Place, region: str) -> bool:
    country = find_country(region)
    if country and country.code == place.country:
        return True
    key = fold(region)
    return bool(place.admin1) and key in (fold(place.admin1), place.admin1_code.casefold())


@cache
def _table() -> tuple[Place, ...]:
    return tuple(_place(cells) for cells in _rows())


@cache
def _names() -> tuple[list[str], ...]:
    return tuple([cells[0], *cells[1].split("|")] for cells in _rows())


@cache
def _index_of_names() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for place, names in zip(_table(), _names(), strict=True):
        for key in dict.fromkeys(fold(name) for name in names):
            found.setdefault(key, []).append(place)
    found.pop("", None)
    return {key: tuple(places) for key, places in found.items()}


@cache
def _sorted_keys() -> list[str]:
    return sorted(index())


@cache
def _nicknames() -> list[tuple[str, tuple[Place, ...]]]:
    """What people write for a place or an airport, and the place."""
    rows = (line.split("\t") for line in _lines("nicknames.tsv") if not line.startswith("#"))
    return [
        (name, tuple((_narrowed(place, _index_of_names()) or _of_code(place))[:1])) for name, place in rows
    ]


def _is_abbreviation(name: str) -> bool:
    return len(name) == 2 and name.isupper()


@cache
def _rows() -> tuple[list[str], ...]:
    """Lines of the table, by falling prominence."""
    return tuple(line.split("\t") for line in _lines("cities.tsv"))


def _lines(file: str) -> list[str]:
    return (_DATA / file).read_text(encoding="utf-8").splitlines()


def _place(cells: Iterable[str]) -> Place:
    name, _, country, admin1, admin1_code, iata, airports, latitude, longitude, time_zone, prominence = cells
    return Place(
        name=name,
        country=country,
        country_name=country_name(country),
        admin1=admin1,
        iata=iata,
        airports=tuple(airports.split(",")),
        latitude=float(latitude),
        longitude=float(longitude),
        time_zone=time_zone,
        prominence=float(prominence),
        admin1_code=admin1_code,
    )


@cache
def _airports() -> dict[str, airportsdata.Airport]:
    return airportsdata.load("IATA")
