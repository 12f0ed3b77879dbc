"""Looking flights up in the sandbox's world of the first seed, without the API around it."""

from datetime import date

from tools.sandbox.geography import Airport, airports, resolve
from tools.sandbox.itineraries import Itineraries, Journey, SliceQuery
from tools.sandbox.network import Network
from tools.sandbox.timetable import Flight, Timetable

TODAY = date(2026, 11, 22)
MAY = date(2027, 5, 4)
BUSY = sorted(code for code, airport in airports().items() if airport.rank > 0.35)
WORLD = Itineraries(1)


def airport(code: str) -> Airport:
    return airports()[code]


def journeys(origin: str, destination: str, day: date = MAY, max_connections: int = 1) -> list[Journey]:
    query = SliceQuery(resolve(origin), resolve(destination), day)
    return [trip[0] for trip in WORLD.offers((query,), "economy", max_connections, TODAY, 100)]


def nonstops(origin: str, destination: str, day: date = MAY) -> list[Flight]:
    timetable, network = Timetable(1), Network(1)
    services = network.nonstop(airport(origin), airport(destination))
    return [flight for service in services for flight in timetable.flights(service, day)]
