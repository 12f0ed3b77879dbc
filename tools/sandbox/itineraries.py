"""From places and days to offers: journeys nonstop or through a hub, put together into whole trips."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from .carriers import Carrier
from .fares import Cabin, adult_fare
from .geography import Airport
from .network import Network, Service
from .timetable import Flight, Timetable

LAYOVER = (50, 240)  # minutes
LONG_LAYOVER = 420  # where one of the flights is long
_LONG_KM = 4500
_MINUTE_WORTH = 22  # cents: how people weigh time against money, for choosing what to offer
_JOURNEYS_A_CARRIER = 4
_TRIPS_A_CARRIER = 6
_ENOUGH = 6  # journeys before partners are asked


class Journey(NamedTuple):
    """Flights of one slice that are sold together by one carrier; `fare` is an adult's, in cents."""

    owner: Carrier
    flights: tuple[Flight, ...]
    minutes: int
    fare: int

    @property
    def weight(self) -> int:
        return self.fare + self.minutes * _MINUTE_WORTH


class SliceQuery(NamedTuple):
    origins: tuple[Airport, ...]
    destinations: tuple[Airport, ...]
    day: date


class Itineraries:
    """Everything that can be flown in one seed's world."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._network = Network(seed)
        self._timetable = Timetable(seed)
        self._journeys = lru_cache(maxsize=2000)(self._find_journeys)

    def offers(
        self, slices: Sequence[SliceQuery], cabin: Cabin, max_connections: int, today: date, limit: int
    ) -> list[tuple[Journey, ...]]:
        """Combinations of one journey a slice, all of one carrier, the best `limit` of them."""
        by_carrier = [self._journeys(query, cabin, max_connections, today) for query in slices]
        combinations: list[tuple[Journey, ...]] = []
        for carrier in by_carrier[0]:
            if all(carrier in journeys for journeys in by_carrier):
                combinations += _combined([journeys[carrier] for journeys in by_carrier])
        combinations.sort(key=_weight)
        return combinations[:limit]

    def _find_journeys(
        self, query: SliceQuery, cabin: Cabin, max_connections: int, today: date
    ) -> dict[str, list[Journey]]:
        """The best journeys of each carrier, by its code."""
        pairs = [pair for pair in product(query.origins, query.destinations) if pair[0] != pair[1]]
        routes: list[tuple[Service, ...]] = []
        for origin, destination in pairs:
            routes += ((service,) for service in self._network.nonstop(origin, destination))
            if max_connections >= 1:
                routes += self._network.connections(origin, destination)
        found = self._priced(routes, query.day, cabin, today)
        if max_connections >= 1 and sum(map(len, found.values())) < _ENOUGH:
            for origin, destination in pairs:
                routes += self._network.partner_connections(origin, destination)
            found = self._priced(routes, query.day, cabin, today)
        return found

    def _priced(
        self, routes: Iterable[tuple[Service, ...]], day: date, cabin: Cabin, today: date
    ) -> dict[str, list[Journey]]:
        found: defaultdict[str, list[Journey]] = defaultdict(list)
        for route in dict.fromkeys(routes):
            for flights in self._flown(route, day):
                fare = adult_fare(self._seed, flights, cabin, today)
                if fare is not None:
                    minutes = _minutes_between(flights[0], flights[-1])
                    owner = flights[-1].carrier
                    found[owner.iata].append(Journey(owner, flights, minutes, fare))
        for journeys in found.values():
            journeys.sort(key=lambda journey: journey.weight)
            del journeys[_JOURNEYS_A_CARRIER:]
        return found

    def _flown(self, route: tuple[Service, ...], day: date) -> Iterable[tuple[Flight, ...]]:
        if len(route) == 1:
            for flight in self._timetable.flights(route[0], day):
                yield (flight,)
            return
        first, second = route
        onward = (
            *self._timetable.flights(second, day),
            *self._timetable.flights(second, day + timedelta(days=1)),
        )
        longest = LONG_LAYOVER if max(first.km, second.km) > _LONG_KM else LAYOVER[1]
        for flight in self._timetable.flights(first, day):
            following = _next(flight, onward, longest)
            if following:
                yield (flight, following)


def _next(flight: Flight, onward: Sequence[Flight], longest: int) -> Flight | None:
    earliest = flight.arrives_utc + timedelta(minutes=LAYOVER[0])
    latest = flight.arrives_utc + timedelta(minutes=longest)
    return next((one for one in onward if earliest <= one.departs_utc <= latest), None)


def _minutes_between(first: Flight, last: Flight) -> int:
    return round((last.arrives_utc - first.departs_utc).total_seconds() / 60)


def _combined(choices: Sequence[Sequence[Journey]]) -> list[tuple[Journey, ...]]:
    """The best combinations of one carrier; of more than two slices only of the first few journeys."""
    if len(choices) > 2:
        choices = [journeys[:2] for journeys in choices]
    trips = [trip for trip in product(*choices) if _in_order(trip)]
    return sorted(trips, key=_weight)[:_TRIPS_A_CARRIER]


def _weight(trip: Sequence[Journey]) -> int:
    return sum(journey.weight for journey in trip)


def _in_order(trip: Sequence[Journey]) -> bool:
    return all(one.flights[-1].arrives_utc < other.flights[0].departs_utc for one, other in pairwise(trip))
