"""One good call of each provider's client, which tests make at every door and against every error."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msgspec import convert

from tests.support.travel import ADA
from tools.passengers import NamedPassenger, seated
from tools.providers.duffel import SliceRequest
from tools.providers.factory import Providers
from tools.providers.stays import Occupancy, StaySearch

SECRET = "do-not-show"  # in every key, so that a test sees any of them
KEYS = {
    "TRIPSAGE_DUFFEL_KEY": f"duffel_test_{SECRET}",
    "TRIPSAGE_LITEAPI_KEY": f"sand_{SECRET}",
    "TRIPSAGE_GEOAPIFY_KEY": f"geo-{SECRET}",
    "TRIPSAGE_OPEN_METEO_KEY": f"weather-{SECRET}",
}
AS_OFTEN_AS_THEY_LIKE = {
    f"TRIPSAGE_{provider}_PER_MINUTE": "0"
    for provider in ("DUFFEL", "LITEAPI", "GEOAPIFY", "OPEN_METEO", "FRANKFURTER")
}
LIVE = {"TRIPSAGE_TRAVEL": "live", "TRIPSAGE_KEEP_ANSWERS": "off", **KEYS, **AS_OFTEN_AS_THEY_LIKE}
LISBON = (38.7167, -9.1333)
ARRIVAL, DEPARTURE = date(2027, 5, 4), date(2027, 5, 9)


class Report:
    """Remembers the last endpoint and every note."""

    def __init__(self) -> None:
        self.endpoint = ""
        self.notes: list[str] = []

    def used(self, endpoint: str) -> None:
        self.endpoint = endpoint

    async def note(self, message: str) -> None:
        self.notes.append(message)


@dataclass(frozen=True)
class Call:
    """`provider` is the sandbox's name of it, `label` the errors'; with `may_repeat` a broken one is made again."""

    name: str
    provider: str
    label: str
    host: str
    run: Callable[[Providers, Report], Awaitable[Any]]
    environ: Mapping[str, str] = field(default_factory=dict[str, str])
    may_repeat: bool = True

    def __str__(self) -> str:
        return self.name


async def flights(providers: Providers, report: Report) -> Any:
    slices = [SliceRequest("BER", "LIS", ARRIVAL)]
    return await providers.duffel.search(slices, [{"type": "adult"}, {"age": 9}], "economy", 1, report)


async def held(providers: Providers, report: Report) -> Any:
    """Three requests: a search, what the offer is now, and the order."""
    slices = [SliceRequest("JFK", "EWR", ARRIVAL)]
    offer = (await providers.duffel.search(slices, [{"type": "adult"}], "economy", 0, report))[0]
    current = await providers.duffel_orders.offer(offer.offer_id, report)
    named = seated(current.passengers, [convert(ADA, NamedPassenger)], ARRIVAL)
    return await providers.duffel_orders.hold(offer.offer_id, named, report)


async def stays(providers: Providers, report: Report) -> Any:
    search = StaySearch(*LISBON, 8000, ARRIVAL, DEPARTURE, [Occupancy(2, (9,))], "EUR", "DE")
    return await providers.stays.offers(search, report)


async def forecast(providers: Providers, report: Report) -> Any:
    return await providers.open_meteo.forecast(*LISBON, date(2026, 11, 23), date(2026, 11, 25), report)


async def archive(providers: Providers, report: Report) -> Any:
    return await providers.open_meteo.archive(*LISBON, date(2025, 11, 23), date(2025, 11, 25), report)


async def rate(providers: Providers, report: Report) -> Any:
    return await providers.frankfurter.rate("EUR", "USD", report)


async def places(providers: Providers, report: Report) -> Any:
    return await providers.geoapify.places(
        ["tourism", "catering.restaurant"], *LISBON, 8000, report, ["vegan"]
    )


CALLS = [
    Call("flights", "duffel", "Duffel", "api.duffel.com", flights, may_repeat=False),
    Call(
        "duffel stays",
        "duffel",
        "Duffel",
        "api.duffel.com",
        stays,
        {"TRIPSAGE_STAYS": "duffel"},
        may_repeat=False,
    ),
    Call("liteapi", "liteapi", "LiteAPI", "api.liteapi.travel", stays),
    Call("forecast", "open-meteo", "Open-Meteo", "customer-api.open-meteo.com", forecast),
    Call("archive", "open-meteo", "Open-Meteo archive", "customer-archive-api.open-meteo.com", archive),
    Call("rate", "frankfurter", "Frankfurter", "api.frankfurter.dev", rate),
    Call("places", "geoapify", "Geoapify", "api.geoapify.com", places),
]


HOLD = Call("hold", "duffel", "Duffel", "api.duffel.com", held, may_repeat=False)


def call(name: str) -> Call:
    return next(one for one in CALLS if one.name == name)
