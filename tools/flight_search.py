"""Flight offers for a party: one way, there and back, or several journeys."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from tools.providers.duffel import CabinClass, Passenger, SliceRequest
from tools.results import FlightSearchResult
from tools.tool import ToolContext, invalid, tool

MAX_PASSENGERS = 9
INFANT_AGE = 1  # years; younger than two, so on a lap

IataCode = Annotated[
    str, Meta(pattern="^[A-Z]{3}$", max_length=3, description="IATA code of a city or an airport.")
]

ChildAge = Annotated[int, Meta(ge=2, le=17)]


class Journey(Struct, forbid_unknown_fields=True):
    """From one place to another on one day."""

    origin: IataCode
    destination: IataCode
    departure_date: date


@tool(timeout=60)
async def flight_search(
    context: ToolContext,
    origin: IataCode | None = None,
    destination: IataCode | None = None,
    departure_date: date | None = None,
    return_date: date | None = None,
    slices: Annotated[tuple[Journey, ...], Meta(max_length=6)] = (),
    adults: Annotated[int, Meta(ge=0, le=MAX_PASSENGERS)] = 1,
    child_ages: Annotated[tuple[ChildAge, ...], Meta(max_length=MAX_PASSENGERS)] = (),
    infants: Annotated[int, Meta(ge=0, le=MAX_PASSENGERS)] = 0,
    cabin_class: CabinClass = "economy",
    max_stops: Annotated[int, Meta(ge=0, le=2)] = 1,
) -> FlightSearchResult:
    """Find flight offers for a party, cheapest first; every price is for the whole party and all journeys.

    Give origin, destination and departure_date, with return_date for a return flight; or slices for open-jaw
    and multi-city trips. child_ages are ages in years on the last day of flying; infants are under two.
    """
    journeys = _journeys(origin, destination, departure_date, return_date, slices)
    _check(journeys, context.today)
    passengers = _passengers(adults, child_ages, infants)
    route = " – ".join([journeys[0].origin, *(journey.destination for journey in journeys)])
    await context.progress(0.1, f"Asking airlines for {route}")
    offers = await context.providers.duffel.search(journeys, passengers, cabin_class, max_stops, context)
    offers.sort(key=lambda offer: (offer.total.amount, offer.offer_id))
    await context.progress(0.9, f"{len(offers)} offers read")
    return FlightSearchResult(offers=offers)


def _journeys(
    origin: str | None,
    destination: str | None,
    departure_date: date | None,
    return_date: date | None,
    slices: tuple[Journey, ...],
) -> list[SliceRequest]:
    given = {
        "origin": origin,
        "destination": destination,
        "departure_date": departure_date,
        "return_date": return_date,
    }
    if slices:
        if any(value is not None for value in given.values()):
            raise invalid("slices", "Give either slices or origin, destination and dates, not both.")
        return [SliceRequest(part.origin, part.destination, part.departure_date) for part in slices]
    if origin is None or destination is None or departure_date is None:
        missing = next(name for name, value in given.items() if value is None)
        raise invalid(missing, f"A flight search needs {missing}.")
    journeys = [SliceRequest(origin, destination, departure_date)]
    if return_date is not None:
        if return_date < departure_date:
            raise invalid("return_date", "The return date is before the departure date.")
        journeys.append(SliceRequest(destination, origin, return_date))
    return journeys


def _check(journeys: list[SliceRequest], today: date) -> None:
    earliest = today
    for journey in journeys:
        if journey.origin == journey.destination:
            raise invalid("destination", "A flight goes to another place than it starts from.")
        if journey.departure_date < earliest:
            past = "has passed" if journey.departure_date < today else "is before the journey before it"
            raise invalid("departure_date", f"The departure date {journey.departure_date} {past}.")
        earliest = journey.departure_date


def _passengers(adults: int, child_ages: tuple[int, ...], infants: int) -> list[Passenger]:
    """As Duffel names them: adults by type, everybody else by age."""
    count = adults + len(child_ages) + infants
    if not 1 <= count <= MAX_PASSENGERS:
        raise invalid("adults", f"A flight search is for 1 to {MAX_PASSENGERS} people, not {count}.")
    if infants > adults:
        raise invalid("infants", "Every infant needs an adult to sit with.")
    return [
        *({"type": "adult"} for _ in range(adults)),
        *({"age": age} for age in child_ages),
        *({"age": INFANT_AGE} for _ in range(infants)),
    ]
