"""Airlines with their hubs, reach and aircraft. The tables are hand-written; see `data/`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from .geography import Airport, airports

_DATA = Path(__file__).parent / "data"
_COLUMNS = 10

Kind = Literal["full", "hybrid", "low", "leisure", "regional"]


@dataclass(frozen=True, slots=True, eq=False)
class Aircraft:
    """`speed` is the cruising speed in km/h, of jets before wind."""

    iata: str
    name: str
    speed: int


@dataclass(frozen=True, slots=True, eq=False)
class Carrier:
    """`reach` is its longest nonstop flight in km; `also` are places it serves however small they are."""

    iata: str
    name: str
    kind: Kind
    hubs: tuple[Airport, ...]
    alliance: str
    reach: int
    price_factor: float
    short_haul: tuple[Aircraft, ...]
    long_haul: tuple[Aircraft, ...]
    also: frozenset[str]

    @property
    def sells_connections(self) -> bool:
        return self.kind in ("full", "hybrid", "regional")

    @property
    def is_low_cost(self) -> bool:
        return self.kind in ("hybrid", "low", "leisure")


@cache
def carriers() -> dict[str, Carrier]:
    table = airports()
    types = aircraft()
    found: dict[str, Carrier] = {}
    for line in (_DATA / "carriers.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        cells = line.split("\t")
        code, name, kind, hubs, alliance, reach, factor, short, long, also = cells + [""] * (
            _COLUMNS - len(cells)
        )
        found[code] = Carrier(
            iata=code,
            name=name,
            kind=kind,  # pyright: ignore[reportArgumentType]  # a test checks the table
            hubs=tuple(table[hub] for hub in hubs.split(",")),
            alliance="" if alliance == "-" else alliance,
            reach=int(reach),
            price_factor=float(factor),
            short_haul=tuple(types[one] for one in short.split(",") if one in types),
            long_haul=tuple(types[one] for one in long.split(",") if one in types),
            also=frozenset(filter(None, also.split(","))),
        )
    return found


@cache
def aircraft() -> dict[str, Aircraft]:
    lines = (_DATA / "aircraft.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return {code: Aircraft(code, name, int(speed)) for code, name, speed in rows}
