"""What a journey costs: distance, then advance purchase, season, weekday, hour, cabin and carrier.

Amounts are whole cents of euros, so that sums are exact.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Literal

from .carriers import Carrier
from .draws import Draws
from .geography import distance
from .timetable import Flight

Cabin = Literal["economy", "premium_economy", "business", "first"]

_CABINS: dict[Cabin, float] = {"economy": 1.0, "premium_economy": 1.75, "business": 3.2, "first": 5.6}
_PREMIUM_FROM = 3500  # km; nearer, there is no such cabin
_FIRST_FROM = 5500
_MONTHS = (0.86, 0.88, 0.95, 1.02, 1.0, 1.1, 1.26, 1.25, 1.04, 0.97, 0.84, 0.98)
_WEEKDAYS = (1.03, 0.92, 0.91, 0.98, 1.12, 1.0, 1.14)
_ADVANCE = (
    (0, 1.95),
    (3, 1.7),
    (7, 1.4),
    (14, 1.2),
    (21, 1.05),
    (45, 0.98),
    (90, 0.93),
    (180, 0.95),
    (340, 1.0),
)
_BY_FLIGHTS = {1: 1.0, 2: 0.88, 3: 0.95}  # who changes pays less, unless it is far off the map
_LEAST = 1499
_LAP_INFANT, _CHILD = 0.1, 0.75
_LOW_COST_INFANT = 2500
Flights = Sequence[Flight]


def adult_fare(seed: int, flights: Flights, cabin: Cabin, today: date) -> int | None:
    """One adult's fare in cents for a journey, or None where no such cabin is flown."""
    first, last = flights[0], flights[-1]
    km = distance(first.origin, last.destination)
    carrier = seller(flights)
    if not _has_cabin(carrier.kind, cabin, km):
        return None
    day = first.departs.date()
    draws = Draws(seed, "fare", *(flight.carrier.iata + flight.number for flight in flights), day.isoformat())
    euros = (
        (20 + 0.33 * km**0.76)
        * _advance((day - today).days)
        * _season(day, last.destination.latitude)
        * _WEEKDAYS[day.weekday()]
        * _hour(first.departs.hour)
        * _CABINS[cabin]
        * carrier.price_factor
        * _BY_FLIGHTS[len(flights)]
        * draws.between(0.88, 1.14)
    )
    return max(_LEAST, round(euros * 100))


def seller(flights: Flights) -> Carrier:
    """Who sells a journey of several carriers: the one of its longest flight."""
    return max(flights, key=lambda flight: flight.km).carrier


def passenger_fare(adult: int, age: int | None, is_low_cost: bool) -> int:
    """`age` is None for an adult. Under two: on a lap; under twelve: a child's fare."""
    if age is None or age >= 12:
        return adult
    if age < 2:
        return _LOW_COST_INFANT if is_low_cost else round(adult * _LAP_INFANT)
    return adult if is_low_cost else round(adult * _CHILD)


def _has_cabin(kind: str, cabin: Cabin, km: float) -> bool:
    if cabin == "economy":
        return True
    if kind != "full":
        return False
    return {"premium_economy": km >= _PREMIUM_FROM, "business": True, "first": km >= _FIRST_FROM}[cabin]


def _advance(days: int) -> float:
    """Falls until about three months before, between the points of the table in straight lines."""
    for (near, high), (far, low) in pairwise(_ADVANCE):
        if days <= far:
            return high + (low - high) * (max(days, 0) - near) / (far - near)
    return _ADVANCE[-1][1]


def _season(day: date, latitude: float) -> float:
    if (day.month, day.day) >= (12, 18) or (day.month, day.day) <= (1, 5):
        return 1.42
    # South of the tropics the summer is in January.
    month = day.month - 1 if latitude > -23 else (day.month + 5) % 12
    return _MONTHS[month]


def _hour(hour: int) -> float:
    if hour < 7:
        return 0.91
    if hour >= 21:
        return 0.9
    return 1.06 if hour in (8, 9, 16, 17, 18) else 1.0
