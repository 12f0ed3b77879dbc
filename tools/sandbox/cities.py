"""Cities that people travel to, with quarters of those that are asked for most. The tables are in `data/`."""

import math
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).parent / "data"
_KM_A_DEGREE = 111.2
_DEGREES = 1  # searched around a point, to each side


class City(NamedTuple):
    """`prominence` is 0 to 1, `line` where it is in the table."""

    name: str
    country: str
    latitude: float
    longitude: float
    prominence: float
    line: int


class Quarter(NamedTuple):
    name: str
    latitude: float
    longitude: float


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Good within some hundred km."""
    east = (longitude - other_longitude + 540) % 360 - 180
    narrowing = math.cos(math.radians((latitude + other_latitude) / 2))
    return _KM_A_DEGREE * math.hypot(latitude - other_latitude, east * narrowing)


def city_near(latitude: float, longitude: float, within: float) -> City | None:
    """The city that a search around a point means: the nearest one within so many km."""
    row, column = math.floor(latitude), math.floor(longitude)
    span = range(-_DEGREES, _DEGREES + 1)
    around = [
        city for south in span for east in span for city in _grid().get((row + south, column + east), ())
    ]
    near = [(kilometres(latitude, longitude, city.latitude, city.longitude), city) for city in around]
    return min(((apart, city) for apart, city in near if apart <= within), default=(0.0, None))[1]


def city_named(name: str, country: str) -> City | None:
    """The best known city of this English name in the country (two-letter code)."""
    found = (
        city
        for city in _cities()
        if city.country == country.upper() and city.name.casefold() == name.strip().casefold()
    )
    return next(found, None)


def city_at(line: int) -> City | None:
    return _cities()[line] if 0 <= line < len(_cities()) else None


def quarters(city: City) -> tuple[Quarter, ...]:
    """Well-known quarters; empty for most cities."""
    return _quarters().get((city.name, city.country), ())


@cache
def _cities() -> tuple[City, ...]:
    return tuple(
        City(name, country, float(latitude), float(longitude), float(prominence), line)
        for line, (name, country, latitude, longitude, prominence) in enumerate(_rows("cities.tsv"))
    )


@cache
def _grid() -> dict[tuple[int, int], list[City]]:
    grid: defaultdict[tuple[int, int], list[City]] = defaultdict(list)
    for city in _cities():
        grid[math.floor(city.latitude), math.floor(city.longitude)].append(city)
    return dict(grid)


@cache
def _quarters() -> dict[tuple[str, str], tuple[Quarter, ...]]:
    found: defaultdict[tuple[str, str], list[Quarter]] = defaultdict(list)
    for city, country, name, latitude, longitude in _rows("quarters.tsv"):
        found[city, country].append(Quarter(name, float(latitude), float(longitude)))
    return {key: tuple(rows) for key, rows in found.items()}


def _rows(table: str) -> list[list[str]]:
    lines = (_DATA / table).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]
