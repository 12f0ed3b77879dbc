"""Which carrier flies where without a stop: always from or to one of its hubs, and never too far for it."""

import math
from dataclasses import dataclass
from functools import lru_cache

from .carriers import Carrier, carriers
from .draws import Draws
from .geography import Airport, distance

MIN_KM = 110
_KEPT_SERVICES = 40_000
_KEPT_ROUTES = 3000
WIDEBODY_MIN_KM = 1800  # a carrier with nothing smaller does not fly nearer
CITY_AIRPORT_KM = 3000
CITY_AIRPORTS = frozenset(
    {"AEP", "BHD", "CGH", "CIA", "DAL", "DCA", "GMP", "HOU", "ITM", "LCY", "LGA", "LIN", "MDW", "ORY", "SDU"}
    | {"SHA", "TFN", "TSA", "YTZ"}
)
LONG_HAUL_KM = 5500
LONG_HAUL_RANK = 0.5  # of a second hub, for flights longer than that
MOST_GATEWAYS = 20
MOST_CONNECTIONS = 16  # pairs of services that are looked at, the shortest first
MAX_KM = 17_000
MAX_DETOUR = 1.35
SHORT_DETOUR = 450  # km more are always bearable: two islands are often joined through the mainland

# The least rank of an airport that a carrier flies to from a hub, by distance in km.
_FULL = ((1500, 0.13), (3000, 0.17), (5500, 0.25), (9000, 0.31), (MAX_KM, 0.4))
_LOW = ((1500, 0.15), (3000, 0.19), (MAX_KM, 0.3))
_DOMESTIC = 0.1
_DAILY = ((800, 4.2), (2000, 2.8), (4500, 1.7), (9000, 1.1), (MAX_KM, 0.9))


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """A carrier's nonstop flights from one airport to another: `frequency` a day, below 1 on some days."""

    carrier: Carrier
    origin: Airport
    destination: Airport
    km: float
    frequency: float


Route = tuple[Service, ...]


class Network:
    """All services of one seed. Answers are kept within bounds, so asking again mostly costs nothing."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._services: dict[tuple[str, str, str], Service] = {}
        self.nonstop = lru_cache(maxsize=_KEPT_ROUTES)(self._nonstop)
        self.connections = lru_cache(maxsize=_KEPT_ROUTES)(self._connections)
        self.double_connections = lru_cache(maxsize=_KEPT_ROUTES)(self._double_connections)
        self.partner_connections = lru_cache(maxsize=_KEPT_ROUTES)(self._partner_connections)

    def _nonstop(self, origin: Airport, destination: Airport) -> list[Service]:
        found = (self.service(carrier, origin, destination) for carrier in carriers().values())
        return [service for service in found if service]

    def _connections(self, origin: Airport, destination: Airport) -> list[Route]:
        """Two services of one carrier that meet at a hub of it, the shortest way first."""
        longest = _longest(distance(origin, destination))
        pairs: list[Route] = []
        for carrier in carriers().values():
            for hub in carrier.hubs if carrier.sells_connections else ():
                pair = self._through(hub, carrier, carrier, origin, destination, longest)
                if pair:
                    pairs.append(pair)
        return _shortest(pairs)

    def _partner_connections(self, origin: Airport, destination: Airport) -> list[Route]:
        """Services of two carriers of one alliance that meet at a hub of the second."""
        longest = _longest(distance(origin, destination))
        pairs: list[Route] = []
        for second in carriers().values():
            for hub in second.hubs if second.alliance else ():
                if not self.service(second, hub, destination):
                    continue
                for first in carriers().values():
                    if first.alliance == second.alliance and first is not second:
                        pair = self._through(hub, first, second, origin, destination, longest)
                        if pair:
                            pairs.append(pair)
        return _shortest(pairs)

    def _double_connections(self, origin: Airport, destination: Airport) -> list[Route]:
        """Three services that meet at two hubs, the last one's carrier a partner of the one before."""
        longest = _longest(distance(origin, destination))
        gateways: list[Service] = []
        for carrier in carriers().values():
            for hub in carrier.hubs if carrier.sells_connections else ():
                last = self.service(carrier, hub, destination) if hub is not origin else None
                if last and distance(origin, hub) + last.km <= longest:
                    gateways.append(last)
        gateways.sort(key=lambda service: service.km)
        routes: list[Route] = []
        for last in gateways[:MOST_GATEWAYS]:
            hub = last.origin
            pairs = (*self.connections(origin, hub), *self.partner_connections(origin, hub))
            routes += (
                (*pair, last)
                for pair in pairs
                if pair[0].destination is not destination and _are_partners(pair[1], last)
            )
        return [route for route in _shortest(routes) if _km(route) <= longest]

    def service(self, carrier: Carrier, origin: Airport, destination: Airport) -> Service | None:
        key = (carrier.iata, origin.iata, destination.iata)
        service = self._services.get(key)
        if service is None:
            service = self._decide(carrier, origin, destination)
            if service:  # to know again what is not flown would take more memory than it saves time
                if len(self._services) >= _KEPT_SERVICES:
                    self._services.clear()
                self._services[key] = service
        return service

    def _through(
        self,
        hub: Airport,
        first: Carrier,
        second: Carrier,
        origin: Airport,
        destination: Airport,
        longest: float,
    ) -> Route | None:
        if hub in (origin, destination):
            return None
        if distance(origin, hub) + distance(hub, destination) > longest:
            return None
        one = self.service(first, origin, hub)
        other = one and self.service(second, hub, destination)
        return (one, other) if one and other else None

    def _decide(self, carrier: Carrier, origin: Airport, destination: Airport) -> Service | None:
        hub, spoke = (origin, destination) if origin in carrier.hubs else (destination, origin)
        if hub not in carrier.hubs or origin.city_code == destination.city_code:
            return None
        km = distance(origin, destination)
        if not _within_reach(carrier, hub, spoke, km):
            return None
        # The same draw for both directions: who flies there also flies back.
        draws = Draws(self._seed, "service", carrier.iata, hub.iata, spoke.iata)
        if draws.fraction() >= self._likelihood(carrier, hub, spoke, km):
            return None
        return Service(carrier, origin, destination, km, _frequency(carrier, hub, spoke, km))

    def _likelihood(self, carrier: Carrier, hub: Airport, spoke: Airport, km: float) -> float:
        if spoke.iata in carrier.also or spoke in carrier.hubs:
            return 1.0
        if carrier.kind == "regional":
            return 0.9 if spoke.country == hub.country and spoke.rank >= _DOMESTIC else 0.0
        domestic = spoke.country == hub.country and km < 5500
        table = _FULL if carrier.kind == "full" else _LOW
        least = _DOMESTIC if domestic else _by_distance(table, km)
        least += 0.04 * carrier.hubs.index(hub)
        if spoke.rank < least:
            return 0.0
        if carrier.kind == "full":
            return min(0.98, 0.7 + (0.2 if domestic else 0.0) + 1.5 * (spoke.rank - least))
        return min(0.85, 0.35 + (spoke.rank - least))


def _within_reach(carrier: Carrier, hub: Airport, spoke: Airport, km: float) -> bool:
    if km > min(carrier.reach, MAX_KM):
        return False
    if km > LONG_HAUL_KM and hub is not carrier.hubs[0] and hub.rank < LONG_HAUL_RANK:
        return False
    if km > CITY_AIRPORT_KM and (hub.iata in CITY_AIRPORTS or spoke.iata in CITY_AIRPORTS):
        return False
    if spoke.iata in carrier.also:
        return True
    return km >= (MIN_KM if carrier.short_haul else WIDEBODY_MIN_KM)


def _shortest(routes: list[Route]) -> list[Route]:
    return sorted(routes, key=_km)[:MOST_CONNECTIONS]


def _km(route: Route) -> float:
    return sum(service.km for service in route)


def _are_partners(one: Service, other: Service) -> bool:
    """Carriers without an alliance sell each other's flights too; those of two alliances do not."""
    alliances = (one.carrier.alliance, other.carrier.alliance)
    return one.carrier is other.carrier or alliances[0] == alliances[1] or not all(alliances)


def _longest(km: float) -> float:
    return max(km * MAX_DETOUR, km + SHORT_DETOUR)


def _frequency(carrier: Carrier, hub: Airport, spoke: Airport, km: float) -> float:
    daily = _by_distance(_DAILY, km) * (0.4 + 1.6 * spoke.rank) * (0.5 + 0.8 * hub.rank)
    if carrier.is_low_cost:
        daily *= 0.6
    return max(1.3 if spoke.iata in carrier.also else 3 / 7, min(6.0, daily))


def _by_distance(table: tuple[tuple[int, float], ...], km: float) -> float:
    return next(value for limit, value in table if km <= limit or math.isclose(limit, MAX_KM))
