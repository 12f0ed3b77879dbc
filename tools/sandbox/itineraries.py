"""From places and days to offers: journeys nonstop or through a hub, put together into whole trips."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from .carriers import Carrier
from .duffel_airways import duffel_airways, service_on_test_route
from .fares import Cabin, adult_fare, seller
from .geography import Airport
from .network import Network, Route, Service
from .timetable import Flight, Timetable

LAYOVER = (50, 240)  # minutes
LONG_LAYOVER = 420  # where one of the flights is long
_LONG_KM = 4500
_MINUTE_WORTH = 22  # cents: how people weigh time against money, for choosing what to offer
_JOURNEYS_A_CARRIER = 4
_TRIPS_A_CARRIER = 6
_ENOUGH = 6  # journeys before partners are asked
_DAY = timedelta(days=1)
_CLOCK_CHANGE = timedelta(hours=2)  # at the most


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
        self.offers = lru_cache(maxsize=400)(self._find_offers)
        self._journeys = lru_cache(maxsize=400)(self._find_journeys)

    def on_test_route(
        self, slices: tuple[SliceQuery, ...], cabin: Cabin, today: date, limit: int
    ) -> list[tuple[Journey, ...]]:
        """What Duffel Airways sells."""
        journeys: list[list[Journey]] = []
        for query in slices:
            service = service_on_test_route(query.origins[0], query.destinations[0])
            journeys.append(self._priced([(service,)], query.day, cabin, today)[duffel_airways().iata])
        return _combined(journeys)[:limit]

    def _find_offers(
        self, slices: tuple[SliceQuery, ...], cabin: Cabin, max_connections: int, today: date, limit: int
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
        """The best journeys of each carrier, by its code: by itself, with partners, then by two hubs."""
        pairs = [pair for pair in product(query.origins, query.destinations) if pair[0] != pair[1]]
        routes: list[Route] = [(service,) for pair in pairs for service in self._network.nonstop(*pair)]
        if max_connections >= 1:
            routes += self._over_hubs(self._network.connections, pairs)
        found = self._priced(routes, query.day, cabin, today)
        for connections, search in (
            (1, self._network.partner_connections),
            (2, self._network.double_connections),
        ):
            if max_connections >= connections and sum(map(len, found.values())) < _ENOUGH:
                routes += self._over_hubs(search, pairs)
                found = self._priced(routes, query.day, cabin, today)
        return found

    def _over_hubs(
        self, search: Callable[[Airport, Airport], list[Route]], pairs: Iterable[tuple[Airport, Airport]]
    ) -> list[Route]:
        return [route for pair in pairs for route in search(*pair)]

    def _priced(
        self, routes: Iterable[Route], day: date, cabin: Cabin, today: date
    ) -> dict[str, list[Journey]]:
        """The best journeys of each carrier on these routes."""
        found: defaultdict[str, list[Journey]] = defaultdict(list)
        for route in dict.fromkeys(routes):
            for flights in self._flown(route, day):
                fare = adult_fare(self._seed, flights, cabin, today)
                if fare is not None:
                    minutes = _minutes_between(flights[0], flights[-1])
                    owner = seller(flights)
                    found[owner.iata].append(Journey(owner, flights, minutes, fare))
        for journeys in found.values():
            journeys.sort(key=lambda journey: journey.weight)
            del journeys[_JOURNEYS_A_CARRIER:]
        return found

    def _flown(self, route: Route, day: date) -> Iterable[tuple[Flight, ...]]:
        """For each flight of the first service, the next one to be reached on each of the others."""
        for flight in self._timetable.flights(route[0], day):
            flights = [flight]
            for before, service in pairwise(route):
                is_long = max(before.km, service.km) > _LONG_KM
                onward = self._next(flights[-1], service, LONG_LAYOVER if is_long else LAYOVER[1])
                if onward is None:
                    break
                flights.append(onward)
            else:
                yield tuple(flights)

    def _next(self, flight: Flight, service: Service, longest: int) -> Flight | None:
        earliest = flight.arrives_utc + _minutes(LAYOVER[0])
        latest = flight.arrives_utc + _minutes(longest)
        first_day, last_day = (
            flight.arrives.date(),
            (flight.arrives + _minutes(longest) + _CLOCK_CHANGE).date(),
        )
        for day in (first_day,) if first_day == last_day else (first_day, first_day + _DAY):
            for onward in self._timetable.flights(service, day):
                if earliest <= onward.departs_utc <= latest:
                    return onward
        return None


@lru_cache(maxsize=8)
def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


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
