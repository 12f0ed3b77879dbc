"""A small world for the planner: tools that answer from a seed, and a driver that plays the engine.

The offers are made up but lawful: real airports and time zones, arrival after departure, prices by distance
and day. Nothing of the planner is used to make them.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Raw

from app.contract.codec import encode
from app.contract.events import ErrorBody
from app.contract.turn import Money, TurnRequest, TurnResult
from tests.support.travel import TODAY
from tests.support.weather_and_rates import RATES, convert, ground, per_euro, unit, weather
from tools.places import find_places
from tools.results import (
    AccommodationResult,
    Activity,
    ActivityResult,
    FlightOffer,
    FlightSearchResult,
    FlightSlice,
    Segment,
    Stay,
)
from workers.agent.model import Call, CallOutcome, Planner, Step, View
from workers.agent.planner import BuiltinPlanner

_CARRIERS = (("TP", "TAP Air Portugal"), ("LH", "Lufthansa"), ("BA", "British Airways"))


@dataclass(frozen=True)
class World:
    """`nonstop` and `offers` say what is on sale; `fails` which calls fail, by tool or by call key."""

    seed: str = "one"
    currency: str = "EUR"
    offers: int = 6
    stays: int = 4
    nonstop: bool = True
    departs_at: tuple[int, ...] = (7, 11, 15, 19)
    price_factor: Decimal = Decimal(1)
    fails: frozenset[str] = frozenset()

    def answer(self, call: Call) -> CallOutcome:
        failing = call.tool in self.fails or call.key in self.fails
        if failing:
            error = ErrorBody(code="EXTERNAL_API_ERROR", message="The provider is away.", retryable=True)
            return CallOutcome(key=call.key, status="error", error=error)
        tools: dict[str, Callable[[dict[str, Any]], object]] = {
            "flight_search": self.flights,
            "weather_forecast": weather,
            "currency_convert": convert,
            "accommodation_search": self.rooms,
            "activity_search": self.sights,
            "ground_transport": ground,
        }
        result = Raw(encode(tools[call.tool](call.arguments)))
        return CallOutcome(key=call.key, status="complete", result=result, endpoint="POST /sandbox")

    def flights(self, arguments: dict[str, Any]) -> FlightSearchResult:
        everybody: list[dict[str, Any]] = arguments["passengers"]
        groups = -(-len(everybody) // 9)
        offers = [
            msgspec.structs.replace(offer, group=group + 1)
            for group in range(groups)
            for offer in self._offers(arguments, everybody[group::groups])
        ]
        return FlightSearchResult(
            offers=sorted(offers, key=lambda offer: (offer.total.amount, offer.group)), groups=groups
        )

    def _offers(self, arguments: dict[str, Any], passengers: list[dict[str, Any]]) -> list[FlightOffer]:
        journeys = _journeys(arguments)
        offers: list[FlightOffer] = []
        for number in range(self.offers):
            stops = 0 if self.nonstop and number % 2 == 0 else 1
            if stops > arguments["max_stops"]:
                continue
            draw = _draw(self.seed, number, journeys)
            carrier, name = _CARRIERS[draw % len(_CARRIERS)]
            slices = [self._slice(carrier, name, hop, draw >> 3, stops) for hop in journeys]
            flown = sum(part.duration_minutes for part in slices)
            price = Decimal(30 + flown // 3 + draw % 90) * len(passengers) * RATES[self.currency]
            offers.append(
                FlightOffer(
                    offer_id=f"off_{draw:x}_{number}_{len(passengers)}",
                    carrier=carrier,
                    carrier_name=name,
                    total=Money((price * self.price_factor).quantize(unit(self.currency)), self.currency),
                    slices=slices,
                    passengers=passengers,
                )
            )
        return offers

    def rooms(self, arguments: dict[str, Any]) -> AccommodationResult:
        check_in, check_out = (date.fromisoformat(arguments[name]) for name in ("check_in", "check_out"))
        nights = (check_out - check_in).days
        people = arguments["adults"] + len(arguments["child_ages"])
        count = arguments.get("rooms") or (people + 1) // 2
        stays: list[Stay] = []
        for number in range(self.stays):
            draw = _draw(self.seed, number, arguments["city"], check_in, nights)
            currency = arguments["currency"]
            price = Decimal(8 + draw % 60) * nights * count * per_euro(currency) * self.price_factor
            stays.append(
                Stay(
                    rate_id=f"rate_{draw:x}_{number}",
                    hotel_id=f"hotel_{number}",
                    name=f"Hotel {number}",
                    city=arguments["city"],
                    latitude=arguments["latitude"],
                    longitude=arguments["longitude"],
                    stars=2.0 + draw % 4,
                    review_score=6.0 + draw % 4,
                    room="Double room",
                    board="RO",
                    sleeps=2,
                    rooms=count,
                    capacity_total=2 * count,
                    amenities=["wifi", "pets", "pool"] if number % 2 else ["wifi", "breakfast"],
                    accessible=None,
                    refundable=False,
                    check_in=check_in,
                    check_out=check_out,
                    nights=nights,
                    total=Money(
                        (price * self.price_factor).quantize(unit(arguments["currency"])),
                        arguments["currency"],
                    ),
                )
            )
        return AccommodationResult(stays=sorted(stays, key=lambda stay: stay.total.amount))

    def sights(self, arguments: dict[str, Any]) -> ActivityResult:
        start, end = date.fromisoformat(arguments["start"]), date.fromisoformat(arguments["end"])
        days = [start + timedelta(offset) for offset in range((end - start).days + 1)]
        hungry = "restaurants" in arguments.get("interests", ())
        return ActivityResult(
            city=arguments["city"],
            activities=[
                Activity(
                    activity_id=f"{arguments['city']}-{number}",
                    name=f"{arguments['city']} {'Table' if hungry else 'Museum'} {number}",
                    kind="restaurant" if hungry else "sight",
                    cuisines=arguments.get("cuisines", [])[:1],
                    diets=arguments.get("diets", []),
                    latitude=arguments["latitude"],
                    longitude=arguments["longitude"],
                    setting="indoor",
                    opening_hours=None,
                    open_on=None if number == 0 else [day for day in days if day.weekday() != number % 7],
                    accessible=True if number % 2 else None,
                    price=Money(Decimal(4 * number), "EUR"),
                )
                for number in range(5)
            ],
        )

    def _slice(
        self, carrier: str, name: str, hop: tuple[str, str, date], draw: int, stops: int
    ) -> FlightSlice:
        origin, destination, on = hop
        here, there = find_places(origin)[0], find_places(destination)[0]
        hour = self.departs_at[draw % len(self.departs_at)]
        start = datetime.combine(on, time(hour, 10), ZoneInfo(here.time_zone)).astimezone(UTC)
        degrees = abs(here.latitude - there.latitude) + abs(
            (here.longitude - there.longitude + 180) % 360 - 180
        )
        minutes = 50 + round(degrees * 6) + 110 * stops
        codes = [here.airports[0], *(["FRA"] * stops), there.airports[0]]
        legs = len(codes) - 1
        segments: list[Segment] = []
        for index in range(legs):
            begin = start + timedelta(minutes=minutes * index // legs)
            end = start + timedelta(minutes=minutes * (index + 1) // legs - (20 if index < legs - 1 else 0))
            segments.append(
                Segment(
                    carrier=carrier,
                    carrier_name=name,
                    flight_number=f"{carrier}{100 + draw % 800 + index}",
                    depart_iata=codes[index],
                    arrive_iata=codes[index + 1],
                    departs_local=_local(begin, here.time_zone),
                    arrives_local=_local(end, there.time_zone if index == legs - 1 else "Europe/Berlin"),
                    duration_minutes=int((end - begin).total_seconds()) // 60,
                )
            )
        return FlightSlice(
            origin=codes[0], destination=codes[-1], duration_minutes=minutes, segments=segments
        )


@dataclass
class Played:
    """A turn that was played to its end."""

    result: TurnResult
    finish_reason: str
    text: str
    steps: list[Step] = field(default_factory=list)
    outcomes: dict[str, CallOutcome] = field(default_factory=dict)

    @property
    def calls(self) -> list[Call]:
        return [call for step in self.steps for call in step.calls]

    def calls_of(self, tool: str) -> list[Call]:
        return [call for call in self.calls if call.tool == tool]


def request_of(content: str) -> TurnRequest:
    return TurnRequest(
        turn_id="turn-1",
        session_id="session-1",
        user_id="user-1",
        content=content,
        accepted_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    )


def play(
    content: str,
    world: World | None = None,
    *,
    previous: TurnResult | None = None,
    recent: Sequence[TurnResult] = (),
    today: date = TODAY,
    order: Callable[[Sequence[Call]], Sequence[Call]] = lambda calls: calls,
    planner: Planner | None = None,
    known: Mapping[str, CallOutcome] | None = None,
) -> Played:
    """Play the turn as the engine does: one call ends, the planner is asked again, until there is a result.

    `previous` is the turn before, or `recent` are several, newest first. `order` says which of the open calls
    end next, first to last.
    """
    world, planner = world or World(), planner or BuiltinPlanner()
    steps: list[Step] = []
    outcomes: dict[str, CallOutcome] = dict(known or {})
    open_calls: list[Call] = []
    for _ in range(100):
        step = planner.next(
            View(
                request=request_of(content),
                today=today,
                recent=tuple(recent) if previous is None else (previous,),
                steps=tuple(steps),
                outcomes=dict(outcomes),
            )
        )
        steps.append(step)
        if step.result is not None:
            text = "".join(each.say for each in steps)
            return Played(step.result, step.finish_reason, text, steps, outcomes)
        open_calls += [call for call in step.calls if call.key not in outcomes]
        ending = order(open_calls)[0]
        open_calls.remove(ending)
        outcomes[ending.key] = world.answer(ending)
    raise AssertionError("the turn has no end")


def _journeys(arguments: dict[str, Any]) -> list[tuple[str, str, date]]:
    if "slices" in arguments:
        return [
            (part["origin"], part["destination"], date.fromisoformat(part["departure_date"]))
            for part in arguments["slices"]
        ]
    origin, destination = arguments["origin"], arguments["destination"]
    journeys = [(origin, destination, date.fromisoformat(arguments["departure_date"]))]
    if "return_date" in arguments:
        journeys.append((destination, origin, date.fromisoformat(arguments["return_date"])))
    return journeys


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _draw(*parts: object) -> int:
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=5).digest())
