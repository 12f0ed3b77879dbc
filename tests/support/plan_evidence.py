"""What the tools returned in a turn, under the name that a plan refers to it by."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from tools.results import (
    AccommodationResult,
    Activity,
    ActivityResult,
    CurrencyResult,
    FlightOffer,
    FlightSearchResult,
    Stay,
)
from workers.agent.model import Call, CallOutcome

R = TypeVar("R", bound=msgspec.Struct)
Outcomes = Mapping[str, CallOutcome]


def results(calls: Sequence[Call], outcomes: Outcomes, tool: str, kind: type[R]) -> Iterator[R]:
    for call in calls:
        if call.tool == tool and outcomes[call.key].status == "complete":
            yield msgspec.json.decode(outcomes[call.key].result, type=kind)


def offers_of(calls: Sequence[Call], outcomes: Outcomes) -> dict[str, FlightOffer]:
    found = results(calls, outcomes, "flight_search", FlightSearchResult)
    return {offer.offer_id: offer for result in found for offer in result.offers}


def stays_of(calls: Sequence[Call], outcomes: Outcomes) -> dict[str, Stay]:
    found = results(calls, outcomes, "accommodation_search", AccommodationResult)
    return {stay.rate_id: stay for result in found for stay in result.stays}


def sights_of(calls: Sequence[Call], outcomes: Outcomes) -> dict[tuple[str, str], Activity]:
    found = results(calls, outcomes, "activity_search", ActivityResult)
    return {(result.city, activity.name): activity for result in found for activity in result.activities}


def rates_of(calls: Sequence[Call], outcomes: Outcomes) -> dict[tuple[str, str], CurrencyResult]:
    found = results(calls, outcomes, "currency_convert", CurrencyResult)
    return {(result.from_currency, result.to_currency): result for result in found}
