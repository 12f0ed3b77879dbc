"""Where it is left open where to go: some places compared by their weather and by what it costs to get there."""

from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct, structs

from app.contract.events import ErrorBody
from app.contract.turn import Climate, Money, Option
from tools.places import Place, Region
from tools.places.water import kilometres
from tools.results import FlightSearchResult, WeatherResult
from workers.agent.planner.context import Flow
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.script import Script
from workers.agent.planner.trip.search import FLIGHTS
from workers.agent.planner.trip.variants import variants
from workers.agent.planner.understand.complete import complete
from workers.agent.planner.understand.model import Note, OpenPlace, Stop
from workers.agent.planner.weather import weather_arguments

DESTINATIONS = "destinations"
MOST_COMPARED = 6
MOST_OPTIONS = 4
_NEAREST, _FARTHEST = 400, 6_000
"""Kilometres from home."""
_WARM, _COLD = 20.0, 10.0
"""Mean of the highs, °C, from which it is warm, and up to which it is cold."""
_WORLD = (
    "ES IT GR PT FR MA TR EG CY MT AE HR GB AT NO SE IS TH JP SG VN ID AU NZ US MX CR CU DO CO PE BR ZA KE"
)


class _Compared(Struct, frozen=True):
    place: Place
    price: Money
    tmax: float | None
    source: str


async def with_place_chosen(flow: Flow) -> Flow:
    """The flow with the place to go to, and the others that were compared; as it was where none can be had."""
    asked, wanted = flow.asked, flow.asked.open_place
    if wanted is None or asked.origin is None or asked.when is None:
        return flow
    script, phrases = flow.script, flow.voice.phrases
    script.status(phrases.statuses[FLIGHTS])
    places = places_to_compare(asked.origin, wanted, asked.when.earliest)
    names = ", ".join(place.name for place in places)
    description = flow.voice.fill(phrases.task_descriptions[DESTINATIONS], route=names)
    script.task(DESTINATIONS, phrases.tasks[DESTINATIONS], description)
    for place in places:
        _ask(flow, place)
    compared = [each for place in places if (each := await _compared(script, place)) is not None]
    fitting = [each for each in compared if _suits(wanted, each.tmax)] or _nearest_to(wanted, compared)
    ranked = sorted(fitting, key=lambda each: (each.price.currency, each.price.amount, each.place.iata))
    if not ranked:
        return flow
    script.end(DESTINATIONS, {"compared": len(compared), "best_option": ranked[0].place.name})
    return _chosen(flow, ranked[:MOST_OPTIONS])


def places_to_compare(origin: Place, wanted: OpenPlace, on: date) -> list[Place]:
    """Well-known places at a fitting distance, one a country where no country was named.

    Warmth is first guessed from how far a place is from the equator, and from the half of the world that has summer.
    """
    countries = [wanted.country] if wanted.country else _WORLD.split()
    each = MOST_COMPARED if wanted.country else 2

    def guess(place: Place) -> tuple[float, float, str]:
        degrees = _from_the_sun(place, on) // 10
        climate = {"warm": degrees, "cold": -degrees, None: 0.0}[wanted.climate]
        return climate, -place.prominence, place.iata

    near = [
        place
        for country in countries
        for place in sorted(_reachable(Region(country, "").places(30), origin), key=guess)[:each]
        if wanted.country or country != origin.country or country == "US"
    ]
    near.sort(key=guess)
    return near[:MOST_COMPARED]


def _reachable(places: list[Place], origin: Place) -> list[Place]:
    return [
        place
        for place in places
        if _NEAREST
        <= kilometres(place.latitude, place.longitude, origin.latitude, origin.longitude)
        <= _FARTHEST
    ]


def _from_the_sun(place: Place, on: date) -> float:
    """Degrees of latitude from where the sun stands highest: 23° north in June, 23° south in December."""
    months = abs(on.month + on.day / 30 - 6.7)
    sun = 23 - 46 * min(months, 12 - months) / 6
    return abs(place.latitude - sun) if abs(place.latitude) > 12 else 0.0


def _ask(flow: Flow, place: Place) -> None:
    asked = structs.replace(flow.asked, stops=(Stop(place, flow.asked.nights or None),))
    planned = variants(asked, {})
    variant = planned[len(planned) // 2]
    key = f"where-{place.iata}"
    flow.script.call(key, DESTINATIONS, "flight_search", variant.arguments(asked, asked.wishes.max_stops))
    last = variant.depart + timedelta(max(asked.nights, 1))
    flow.script.call(
        f"{key}-weather", DESTINATIONS, "weather_forecast", weather_arguments(place, variant.depart, last)
    )


async def _compared(script: Script, place: Place) -> _Compared | None:
    """The cheapest flights there, and how warm it is; None where there are none."""
    flights, weather = await script.outcomes([f"where-{place.iata}", f"where-{place.iata}-weather"])
    found, seen = read_outcome(flights, FlightSearchResult), read_outcome(weather, WeatherResult)
    if isinstance(found, ErrorBody) or not found.offers:
        return None
    cheapest: dict[int, Money] = {}
    for offer in sorted(found.offers, key=lambda each: each.total.amount):
        cheapest.setdefault(offer.group, offer.total)
    total = sum((money.amount for money in cheapest.values()), Decimal())
    highs = [] if isinstance(seen, ErrorBody) else [day.tmax_c for day in seen.days if day.tmax_c is not None]
    price = Money(total, found.offers[0].total.currency)
    source = "" if isinstance(seen, ErrorBody) else seen.source
    return _Compared(place, price, round(sum(highs) / len(highs), 1) if highs else None, source)


def _suits(wanted: OpenPlace, tmax: float | None) -> bool:
    if wanted.climate is None:
        return True
    return tmax is not None and (tmax >= _WARM if wanted.climate == "warm" else tmax <= _COLD)


def _nearest_to(wanted: OpenPlace, compared: list[_Compared]) -> list[_Compared]:
    """The warmest, or the coldest, where nothing is as warm or cold as that."""
    sign = -1 if wanted.climate == "warm" else 1
    return sorted(compared, key=lambda each: sign * (each.tmax or 0.0))[:1]


def _chosen(flow: Flow, ranked: list[_Compared]) -> Flow:
    voice, asked = flow.voice, flow.asked
    best, names = ranked[0].place, ", ".join(each.place.name for each in ranked)
    note = Note("chosen_place", {"name": best.name, "places": names})
    lines = [
        voice.fill(
            voice.phrases.option_anywhere if each.tmax is None else voice.phrases.option,
            name=each.place.name,
            price=each.price,
            warmth=round(each.tmax or 0),
        )
        for each in ranked
    ]
    flow.say_lines(f"**{voice.phrases.options}**", *(f"- {line}" for line in lines), "")
    return structs.replace(
        flow,
        asked=complete(structs.replace(asked, stops=(Stop(best),), notes=(*asked.notes, note))),
        options=tuple(
            Option(
                destination=each.place.name,
                iata=each.place.iata,
                total=each.price,
                climate=None if each.tmax is None else Climate(tmax_c_mean=each.tmax, source=each.source),
            )
            for each in ranked
        ),
    )
