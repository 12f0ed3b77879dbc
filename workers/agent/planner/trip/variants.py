"""Which days are searched: a few ways to lay the trip on the calendar."""

import itertools
from collections.abc import Container, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from msgspec import Struct

from app.contract.turn import Travellers
from workers.agent.planner.understand.model import Understanding, When

MAX_SEARCHES = 5
"""At once, for one request; what a flexible request costs the provider is bounded by this."""
MAX_CHEAPER_SEARCHES = 10
INFANT_AGE = 1  # years: any below two is an infant to an airline
_DEFAULT_STOPS = 1

T = TypeVar("T")


class Hop(Struct, frozen=True):
    origin: str
    destination: str
    on: date


class Variant(Struct, frozen=True):
    """The trip begun on one day. `there_and_back` is a return ticket between two places."""

    hops: tuple[Hop, ...]
    there_and_back: bool

    @property
    def depart(self) -> date:
        return self.hops[0].on

    @property
    def back(self) -> date:
        return self.hops[-1].on

    def key(self, max_stops: int | None) -> str:
        """The same search has the same key, however often it is thought of."""
        stops = "" if max_stops is None else f"-{max_stops}"
        return f"flights-{self.depart.isoformat()}-{(self.back - self.depart).days}{stops}"

    def arguments(self, asked: Understanding, max_stops: int | None) -> dict[str, Any]:
        """Of `flight_search`."""
        return _journeys(self) | _party(asked.party) | _limits(asked, max_stops)


def variants(asked: Understanding, ways: Container[int], *, extra_nights: int = 0) -> list[Variant]:
    """Some departures spread evenly over the days that are possible.

    `ways` are the stops that are not flown to. `extra_nights` is for flights that arrive a day after they
    depart, where nights were asked for.
    """
    assert asked.when is not None
    many = MAX_CHEAPER_SEARCHES if asked.cheaper_than else MAX_SEARCHES
    days = asked.when.departures(0 if asked.wishes.one_way else asked.nights + extra_nights)
    return [_variant(asked, ways, day, extra_nights) for day in spread(days or [asked.when.earliest], many)]


def variants_around(asked: Understanding, ways: Container[int], today: date, days: int) -> list[Variant]:
    """The same trip begun so many days before or after the days that were asked for."""
    assert asked.when is not None
    earlier, later = asked.when.earliest - timedelta(days), asked.when.latest + timedelta(days)
    moved = [When(day, day) for day in (earlier, later) if day > today]
    return [_variant(asked, ways, when.earliest, 0) for when in moved]


def spread(days: Sequence[T], at_most: int) -> list[T]:
    """At most so many of them, the first and the last included, evenly apart."""
    if len(days) <= at_most:
        return list(days)
    step = (len(days) - 1) / (at_most - 1)
    return [days[round(index * step)] for index in range(at_most)]


def _variant(asked: Understanding, ways: Container[int], depart: date, extra_nights: int) -> Variant:
    assert asked.origin is not None
    home = asked.home.iata if asked.home else asked.origin.iata
    codes = [asked.origin.iata, *(stop.place.iata for stop in asked.stops)]
    day = depart
    hops: list[Hop] = []
    for index, (origin, destination) in enumerate(itertools.pairwise(codes)):
        if index not in ways:
            hops.append(Hop(origin, destination, day))
        day += timedelta((asked.stops[index].nights or 0) + (extra_nights if index == 0 else 0))
    if not asked.wishes.one_way and len(asked.stops) not in ways:
        hops.append(Hop(codes[-1], home, day))
    ends = [(hop.origin, hop.destination) for hop in hops]
    return_ticket = len(ends) == 2 and ends[0] == ends[1][::-1]
    return Variant(tuple(hops), there_and_back=return_ticket and not asked.wishes.one_way)


def _journeys(variant: Variant) -> dict[str, Any]:
    first = variant.hops[0]
    if len(variant.hops) > 1 and not variant.there_and_back:
        return {
            "slices": [
                {
                    "origin": hop.origin,
                    "destination": hop.destination,
                    "departure_date": hop.on.isoformat(),
                }
                for hop in variant.hops
            ]
        }
    there = {
        "origin": first.origin,
        "destination": first.destination,
        "departure_date": first.on.isoformat(),
    }
    return there | ({"return_date": variant.back.isoformat()} if variant.there_and_back else {})


def _party(party: Travellers) -> dict[str, Any]:
    """Each passenger as Duffel names them; an infant is a year old."""
    adults: list[dict[str, Any]] = [{"type": "adult"}] * party.adults
    ages = [*party.child_ages, *[INFANT_AGE] * party.infants]
    return {"passengers": [*adults, *({"age": age} for age in ages)]}


def _limits(asked: Understanding, max_stops: int | None) -> dict[str, Any]:
    return {
        "cabin_class": asked.wishes.cabin or "economy",
        "max_stops": _DEFAULT_STOPS if max_stops is None else max_stops,
    }
