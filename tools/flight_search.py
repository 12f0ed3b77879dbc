"""Flight offers for a party: one way, there and back, or several journeys."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from tools.providers.duffel import CabinClass, Passenger, SliceRequest
from tools.results import FlightOffer, FlightSearchResult
from tools.tool import ToolContext, invalid, tool

MAX_PASSENGERS = 9  # of one booking
MAX_PARTY = 4 * MAX_PASSENGERS
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


class Traveller(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One passenger, named as Duffel names them: an adult by type, anybody else by age on the last day of flying."""

    type: Literal["adult"] | None = None
    age: Annotated[int, Meta(ge=0, le=17)] | None = None


@tool(timeout=60)
async def flight_search(
    context: ToolContext,
    origin: IataCode | None = None,
    destination: IataCode | None = None,
    departure_date: date | None = None,
    return_date: date | None = None,
    slices: Annotated[tuple[Journey, ...], Meta(max_length=6)] = (),
    passengers: Annotated[tuple[Traveller, ...], Meta(max_length=MAX_PARTY)] = (),
    adults: Annotated[int, Meta(ge=0, le=MAX_PARTY)] | None = None,
    child_ages: Annotated[tuple[ChildAge, ...], Meta(max_length=MAX_PARTY)] | None = None,
    infants: Annotated[int, Meta(ge=0, le=MAX_PARTY)] | None = None,
    cabin_class: CabinClass = "economy",
    max_stops: Annotated[int, Meta(ge=0, le=2)] = 1,
) -> FlightSearchResult:
    """Find flight offers for a party, cheapest first; every price is for the whole party and all journeys.

    Give origin, destination and departure_date, with return_date for a return flight; or slices for open-jaw
    and multi-city trips. Give passengers, or count them: adults (1 by default), child_ages in years on the last
    day of flying, infants under two.
    More than 9 people are searched for in groups, each with an adult: a warning says so, and the party needs
    one offer of every group.
    """
    journeys = _journeys(origin, destination, departure_date, return_date, slices)
    _check(journeys, context.today)
    parties = _parties(*_counted(passengers, adults, child_ages, infants))
    route = " – ".join([journeys[0].origin, *(journey.destination for journey in journeys)])
    await context.progress(0.1, f"Asking airlines for {route}")
    offers: list[FlightOffer] = []
    for group, party in enumerate(parties, 1):
        found = await context.providers.duffel.search(journeys, party, cabin_class, max_stops, context)
        offers += [replace(offer, group=group) for offer in found]
        await context.progress(0.1 + 0.8 * group / len(parties), f"{len(offers)} offers read")
    offers.sort(key=lambda offer: (offer.total.amount, offer.offer_id))
    return FlightSearchResult(offers=offers, groups=len(parties), warnings=_warnings(parties))


def _warnings(parties: list[list[Passenger]]) -> list[str]:
    if len(parties) == 1:
        return []
    sizes = ", ".join(str(len(party)) for party in parties)
    return [
        f"Airlines sell at most {MAX_PASSENGERS} seats in one booking: the party is searched for in "
        f"{len(parties)} groups of {sizes}. Seats for one group are not held while another is booked."
    ]


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


def _counted(
    passengers: tuple[Traveller, ...],
    adults: int | None,
    child_ages: tuple[int, ...] | None,
    infants: int | None,
) -> tuple[int, tuple[int, ...], int]:
    """Adults, the ages of children, and infants, whichever way they were given."""
    if not passengers:
        return 1 if adults is None else adults, child_ages or (), infants or 0
    if not (adults is None and child_ages is None and infants is None):
        raise invalid("passengers", "Give either passengers or adults, child_ages and infants, not both.")
    if any((each.type is None) == (each.age is None) for each in passengers):
        raise invalid("passengers", "A passenger has either type adult or an age.")
    ages = [each.age for each in passengers if each.age is not None]
    children = tuple(age for age in ages if age > INFANT_AGE)
    return len(passengers) - len(ages), children, len(ages) - len(children)


def _parties(adults: int, child_ages: tuple[int, ...], infants: int) -> list[list[Passenger]]:
    """The party in as few groups as can be, an adult in each, and no infant without its own."""
    count = adults + len(child_ages) + infants
    if not 1 <= count <= MAX_PARTY:
        raise invalid("adults", f"A flight search is for 1 to {MAX_PARTY} people, not {count}.")
    if infants > adults:
        raise invalid("infants", "Every infant needs an adult to sit with.")
    # Adults with an infant come first, so that dealing them out keeps each pair together.
    families = [[_adult(), _aged(INFANT_AGE)] for _ in range(infants)]
    families += [[_adult()] for _ in range(adults - infants)]
    families += [[_aged(age)] for age in child_ages]
    groups = -(-count // MAX_PASSENGERS)
    while len((parties := _dealt(families, groups))[0]) > MAX_PASSENGERS:
        groups += 1
    if groups > 1 and adults < groups:
        raise invalid("adults", f"{count} people fly in {groups} groups, and each needs an adult.")
    return parties


def _dealt(families: list[list[Passenger]], groups: int) -> list[list[Passenger]]:
    """Each family to the smallest group so far; the largest group first."""
    parties: list[list[Passenger]] = [[] for _ in range(groups)]
    for family in families:
        min(parties, key=len).extend(family)
    return sorted((sorted(party, key=_in_order) for party in parties), key=len, reverse=True)


def _adult() -> Passenger:
    """As Duffel names them: adults by type, everybody else by age."""
    return {"type": "adult"}


def _aged(age: int) -> Passenger:
    return {"age": age}


def _in_order(passenger: Passenger) -> int:
    """Adults, children as they were named, infants."""
    return 0 if "type" in passenger else 2 if passenger["age"] == INFANT_AGE else 1
