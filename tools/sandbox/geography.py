"""Airports: where they are, which clock they keep, how busy they are, and how far apart they lie (km)."""

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import airportsdata

EARTH_RADIUS = 6371.0
SIDE_AIRPORT = 0.3  # of the busiest one's rank: below it a city's airport is not offered for the city
_TABLE = Path(__file__).parent / "data" / "airports.tsv"


@dataclass(frozen=True, slots=True, eq=False)
class Airport:
    """`rank` is 0 to 1, by how central it is among the world's airports; 0 for one without airline flights.

    `x, y, z` is its unit vector.

    There is one object an airport, so they are compared and hashed by identity.
    """

    iata: str
    icao: str
    name: str
    city: str
    city_code: str
    country: str
    latitude: float
    longitude: float
    time_zone: str
    rank: float
    x: float
    y: float
    z: float

    @property
    def zone(self) -> ZoneInfo:
        return _zone(self.time_zone)


@cache
def airports() -> dict[str, Airport]:
    """Every airport with an IATA code, by that; some half of them have airline flights."""
    real = airportsdata.load("IATA")
    found: dict[str, Airport] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        code, city_code, rank = line.split("\t")
        row = real.get(code)
        if row is not None:
            found[code] = _airport(row, city_code, float(rank))
    taken = {airport.city_code for airport in found.values()}
    quiet = (code for code in real if code not in found and code not in taken)
    found.update({code: _airport(real[code], code, 0.0) for code in quiet})
    return found


def resolve(code: str) -> tuple[Airport, ...]:
    """The airport of this code, or the airports of the city of this code; empty for an unknown one."""
    airport = airports().get(code)
    return (airport,) if airport else _cities().get(code, ())


def distance(one: Airport, other: Airport) -> float:
    """Along the great circle, in km."""
    cosine = one.x * other.x + one.y * other.y + one.z * other.z
    return EARTH_RADIUS * math.acos(max(-1.0, min(1.0, cosine)))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def _cities() -> dict[str, tuple[Airport, ...]]:
    groups: defaultdict[str, list[Airport]] = defaultdict(list)
    for airport in airports().values():
        groups[airport.city_code].append(airport)
    cities: dict[str, tuple[Airport, ...]] = {}
    for code, group in groups.items():
        group.sort(key=lambda airport: -airport.rank)
        cities[code] = tuple(one for one in group if one.rank >= SIDE_AIRPORT * group[0].rank)
    return cities


def _airport(row: airportsdata.Airport, city_code: str, rank: float) -> Airport:
    latitude, longitude = math.radians(row["lat"]), math.radians(row["lon"])
    return Airport(
        iata=row["iata"],
        icao=row["icao"],
        name=row["name"],
        city=row["city"],
        city_code=city_code,
        country=row["country"],
        latitude=row["lat"],
        longitude=row["lon"],
        time_zone=row["tz"],
        rank=rank,
        x=math.cos(latitude) * math.cos(longitude),
        y=math.cos(latitude) * math.sin(longitude),
        z=math.sin(latitude),
    )
