"""What a plan may rest on: results of this turn's tool calls, and the plan that the turn follows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from app.contract.turn import Plan, PlanLeg, PlanStay, PlanTransfer, TurnResult
from tools.results import (
    AccommodationResult,
    Activity,
    ActivityResult,
    CurrencyResult,
    FlightOffer,
    FlightSearchResult,
    GroundOption,
    GroundTransportResult,
    Stay,
    WeatherResult,
)
from workers.agent.model import Call, CallOutcome

R = TypeVar("R")


@dataclass(frozen=True)
class Evidence:
    """Everything that was found, under the name that a plan refers to it by."""

    offers: Mapping[str, FlightOffer]
    stays: Mapping[str, Stay]
    activities: Mapping[str, Sequence[Activity]]
    transfers: Sequence[GroundOption]
    rates: Mapping[tuple[str, str], Sequence[CurrencyResult]]
    weather: Sequence[WeatherResult]
    before: Plan | None

    def had_leg(self, leg: PlanLeg) -> bool:
        return self.before is not None and leg in self.before.legs

    def had_stay(self, stay: PlanStay) -> bool:
        return self.before is not None and stay in (self.before.stays or ())

    def had_transfer(self, transfer: PlanTransfer) -> bool:
        return self.before is not None and transfer in (self.before.transfers or ())

    def had_activity(self, name: str) -> bool:
        days = self.before.days if self.before else ()
        return any(activity.name == name for day in days for activity in day.activities)


def gather(
    calls: Sequence[Call], outcomes: Mapping[str, CallOutcome], previous: TurnResult | None
) -> Evidence:
    """The evidence in these calls. Raises `msgspec.DecodeError` for a result that is not its tool's."""

    def results(tool: str, kind: type[R]) -> Iterator[R]:
        for call in calls:
            outcome = outcomes.get(call.key)
            if call.tool == tool and outcome is not None and outcome.status == "complete":
                yield msgspec.json.decode(outcome.result, type=kind)

    flights = results("flight_search", FlightSearchResult)
    rooms = results("accommodation_search", AccommodationResult)
    return Evidence(
        offers={offer.offer_id: offer for result in flights for offer in result.offers},
        stays={stay.rate_id: stay for result in rooms for stay in result.stays},
        activities=_by_name(results("activity_search", ActivityResult)),
        transfers=[
            option
            for result in results("ground_transport", GroundTransportResult)
            for option in result.options
        ],
        rates=_by_currencies(results("currency_convert", CurrencyResult)),
        weather=list(results("weather_forecast", WeatherResult)),
        before=previous.plan if previous is not None else None,
    )


def _by_name(results: Iterable[ActivityResult]) -> dict[str, list[Activity]]:
    found: dict[str, list[Activity]] = {}
    for result in results:
        for activity in result.activities:
            found.setdefault(activity.name, []).append(activity)
    return found


def _by_currencies(results: Iterable[CurrencyResult]) -> dict[tuple[str, str], list[CurrencyResult]]:
    found: dict[tuple[str, str], list[CurrencyResult]] = {}
    for result in results:
        found.setdefault((result.from_currency, result.to_currency), []).append(result)
    return found
