"""Which land a place is on, and whether a ferry goes from one place to another. The table is hand-written."""

import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).parent / "data" / "harbours.tsv"
_CODES = (
    "AG AU BB BH BM BS CU CV CY DM DO FJ FO GB GD GL HT ID IE IS JM JP KM KY LC LK MG MT MU MV NC NZ PF PG PH PR"
    " RE SC SG ST TT TW VC WS"
)
_ISLAND_STATES = frozenset(_CODES.split())
_JOINED = (frozenset({"DO", "HT"}), frozenset({"GB", ""}), frozenset({"SG", ""}))
"""Lands that are one island, or have a bridge or a tunnel between them; no name stands for a mainland."""


class _Harbour(NamedTuple):
    latitude: float
    longitude: float
    reach: float
    seas: frozenset[str]
    island: str


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Along the great circle."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    east = math.radians(other_longitude - longitude)
    part = math.sin((other - one) / 2) ** 2 + math.cos(one) * math.cos(other) * math.sin(east / 2) ** 2
    return 2 * 6371 * math.asin(min(1.0, math.sqrt(part)))


def land(latitude: float, longitude: float, country: str) -> str:
    """The island, or the island state, that a point is on; empty on a mainland."""
    islands = [harbour.island for harbour in _near(latitude, longitude) if harbour.island]
    return islands[0] if islands else country if country in _ISLAND_STATES else ""


def are_joined(one: str, other: str) -> bool:
    """Whether one can go by land."""
    return one == other or frozenset({one, other}) in _JOINED


def seas(latitude: float, longitude: float) -> frozenset[str]:
    """Those that ferries cross from there."""
    return frozenset(sea for harbour in _near(latitude, longitude) for sea in harbour.seas)


def _near(latitude: float, longitude: float) -> list[_Harbour]:
    """Harbours in whose reach the point lies, the nearest first."""
    apart = [
        (kilometres(latitude, longitude, harbour.latitude, harbour.longitude), harbour)
        for harbour in _harbours()
    ]
    return [harbour for km, harbour in sorted(apart, key=lambda pair: pair[0]) if km <= harbour.reach]


@cache
def _harbours() -> tuple[_Harbour, ...]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple(
        _Harbour(
            float(latitude), float(longitude), float(reach), frozenset(filter(None, ways.split("|"))), island
        )
        for _, latitude, longitude, reach, ways, island in rows
    )
