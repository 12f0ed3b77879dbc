"""Duffel Airways: the airline of Duffel's own test routes. It flies nothing else, and always flies those."""

from functools import cache

from .carriers import Carrier, aircraft
from .geography import Airport, distance
from .network import Service

_FLIGHTS_A_DAY = 4


@cache
def duffel_airways() -> Carrier:
    types = aircraft()
    return Carrier(
        iata="ZZ",
        name="Duffel Airways",
        kind="full",
        hubs=(),
        alliance="duffel",
        reach=20_000,
        price_factor=1.0,
        short_haul=(types["320"],),
        long_haul=(types["789"],),
        also=frozenset(),
    )


@cache
def service_on_test_route(origin: Airport, destination: Airport) -> Service:
    """Nonstop, wherever that is."""
    return Service(duffel_airways(), origin, destination, distance(origin, destination), _FLIGHTS_A_DAY)
