"""Train, bus, ferry and car between two places: worked out from the distance, and said to be so."""

import math
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.contract.turn import Money
from tools.places.water import are_joined, kilometres, land, seas
from tools.results import GroundOption, GroundTransportResult
from tools.tool import ToolContext, invalid, tool

Mode = Literal["train", "bus", "ferry", "car"]

DETOUR = 1.25  # road or rail against the straight line
FERRY_DETOUR = 1.1
SEATS = 5  # in a car
MAX_TRAVELLERS = 50
_TRAINLESS = "AD AF BB BM BS BZ CV CY FO GD GL GT GY HN HT IS JM KW LA LB LY MT MU MV NI OM PG SC SO SR"
NO_TRAINS = frozenset(_TRAINLESS.split())


class _Terms(Struct, frozen=True):
    """`wait` is minutes for getting on and off, `fixed` and `per_km` EUR a head (of a car: a car)."""

    speed: float
    wait: float
    fixed: float
    per_km: float
    longest: float


_TERMS: dict[Mode, _Terms] = {
    "train": _Terms(speed=105, wait=20, fixed=5.0, per_km=0.13, longest=1500),
    "bus": _Terms(speed=70, wait=20, fixed=3.0, per_km=0.065, longest=1000),
    "car": _Terms(speed=82, wait=5, fixed=2.0, per_km=0.16, longest=1500),
    "ferry": _Terms(speed=36, wait=40, fixed=14.0, per_km=0.24, longest=800),
}


class Point(Struct, forbid_unknown_fields=True):
    """A place, as place_lookup says where it is; `country` is its two-letter code."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$", max_length=2)]


@tool(timeout=10)
async def ground_transport(
    context: ToolContext,
    from_: Point,
    to: Point,
    travellers: Annotated[int, Meta(ge=1, le=MAX_TRAVELLERS)] = 1,
    modes: Annotated[tuple[Mode, ...], Meta(max_length=4)] = (),
) -> GroundTransportResult:
    """Estimate minutes, km and the price for all travellers (EUR) by train, bus, ferry and car, quickest first.

    Estimates from distances, not timetables: source says so. Ferries only where one is known to cross the
    water; no options at all means that one has to fly. A car's price is fuel and tolls, without its rent.
    """
    straight = kilometres(from_.latitude, from_.longitude, to.latitude, to.longitude)
    if straight < 1:
        raise invalid("to", "The two places are the same.")
    possible = _possible(from_, to)
    wanted: list[Mode] = [mode for mode in possible if not modes or mode in modes]
    options = [_option(mode, straight, travellers) for mode in wanted if straight <= _TERMS[mode].longest]
    options.sort(key=lambda option: option.minutes)
    return GroundTransportResult(origin=from_.name, destination=to.name, options=options)


def _possible(one: Point, other: Point) -> list[Mode]:
    lands = [land(point.latitude, point.longitude, point.country) for point in (one, other)]
    modes: list[Mode] = []
    if are_joined(*lands):
        has_trains = NO_TRAINS.isdisjoint({one.country, other.country}) and _has_rails(lands)
        modes = ["train", "bus", "car"] if has_trains else ["bus", "car"]
    harbours = [seas(point.latitude, point.longitude) for point in (one, other)]
    crosses_border = lands[0] != lands[1] or one.country != other.country
    if crosses_border and harbours[0] & harbours[1]:
        modes.append("ferry")
    return modes


def _has_rails(lands: list[str]) -> bool:
    """Small islands have none; island states are known by their capital letters."""
    return all(
        not name or name.isupper() or name in ("sicily", "sardinia", "corsica", "mallorca") for name in lands
    )


def _option(mode: Mode, straight: float, travellers: int) -> GroundOption:
    terms = _TERMS[mode]
    distance = straight * (FERRY_DETOUR if mode == "ferry" else DETOUR)
    paying = math.ceil(travellers / SEATS) if mode == "car" else travellers
    price = Decimal(str((terms.fixed + terms.per_km * distance) * paying)).quantize(Decimal("0.01"))
    return GroundOption(
        mode=mode,
        minutes=round((terms.wait + distance / terms.speed * 60) / 5) * 5,
        distance_km=round(distance, 1),
        price=Money(price, "EUR"),
        source="estimate",
    )
