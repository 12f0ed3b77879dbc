"""Flights that can be held, for where those of the plan are paid at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.contract.turn import TurnResult
from tools.places import find_places
from tools.results import FlightOffer, FlightSearchResult

SEARCH = "flight_search"


def search_of(offer: FlightOffer, recent: Iterable[TurnResult]) -> Mapping[str, Any] | None:
    """The arguments of the search that found the offer, in the turns that led to the plan."""
    for turn in recent:
        for call in turn.tool_calls:
            if call.name == SEARCH and call.status == "complete" and _found(call.parameters, offer):
                return call.parameters
    return None


def cheapest_that_can_be_held(offer: FlightOffer, found: FlightSearchResult) -> FlightOffer | None:
    """For the same passengers; None when all want their money at once."""
    fitting = [one for one in found.offers if one.can_be_held and one.passengers == offer.passengers]
    return min(fitting, key=lambda one: one.total.amount, default=None)


def _found(search: Mapping[str, Any], offer: FlightOffer) -> bool:
    asked = _journeys(search)
    if len(asked) != len(offer.slices):
        return False
    return all(
        _serves(journey.origin, origin)
        and _serves(journey.destination, destination)
        and journey.segments[0].departs_local.date().isoformat() == day
        for journey, (origin, destination, day) in zip(offer.slices, asked, strict=True)
    )


def _journeys(search: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
    slices = search.get("slices")
    if slices:
        return [(one["origin"], one["destination"], str(one["departure_date"])) for one in slices]
    there = (search["origin"], search["destination"], str(search["departure_date"]))
    back = search.get("return_date")
    return [there, (there[1], there[0], str(back))] if back else [there]


def _serves(airport: str, asked: str) -> bool:
    """Whether the airport is the one that was asked for, or one of that city."""
    return airport == asked or any(airport in place.airports for place in find_places(asked))
