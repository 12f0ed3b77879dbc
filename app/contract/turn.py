"""A turn: what was asked, and the one object that it results in.

Parts of a result that do not apply are null. Times named `*_local` carry no offset.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

from app.contract.events import CallStatus

Outcome = Literal["plan", "clarify", "infeasible", "reject", "answer"]


class TurnRequest(Struct, kw_only=True):
    """A message that was accepted, with everything its turn needs to be done again by any worker."""

    turn_id: str
    session_id: str
    user_id: str
    content: str
    accepted_at: datetime
    when_busy: str = "enqueue"


class PastTurn(Struct, kw_only=True, frozen=True):
    """What was said in a turn that is over: by the user, and to them."""

    asked: str = ""
    answered: str = ""


class Money(Struct, frozen=True):
    """An exact amount; currencies without minor units (JPY) have whole amounts."""

    amount: Decimal
    currency: str


class PlaceRef(Struct, kw_only=True, omit_defaults=True):
    """A place as people name it; `iata` is its city or airport code, `nights` those spent there."""

    name: str
    iata: str | None = None
    country: str | None = None
    admin1: str | None = None
    nights: int | None = None


class Travellers(Struct, kw_only=True):
    adults: int = 1
    child_ages: list[int] = []
    infants: int = 0

    @property
    def count(self) -> int:
        return self.adults + len(self.child_ages) + self.infants


class Budget(Struct, kw_only=True):
    amount: Decimal
    currency: str
    scope: Literal["total", "per_person"] = "total"
    hard: bool = True


class RequestSummary(Struct, kw_only=True, rename={"return_": "return"}):
    """The request as it was understood."""

    origin: PlaceRef | None = None
    destinations: list[PlaceRef] = []
    depart: date | None = None
    return_: date | None = None
    travellers: Travellers | None = None
    budget: Budget | None = None
    constraints: list[str] = []
    language: str = "en"


class PlanActivity(Struct, kw_only=True):
    name: str
    start: str | None = None
    price: Money | None = None
    accessible: bool | Literal["unknown-flagged"] | None = None


class PlanDay(Struct, kw_only=True):
    date: date
    city: str
    activities: list[PlanActivity] = []


class PlanLeg(Struct, kw_only=True):
    """One flight journey; `source_offer_id` is the offer of this turn's tool result that it comes from."""

    source_offer_id: str
    carrier: str
    flight_number: str
    depart_iata: str
    arrive_iata: str
    departs_local: datetime
    arrives_local: datetime
    departs_local_date: date
    arrives_local_date: date
    duration_minutes: int
    arrival_day_offset: int
    stops: int
    passengers: list[dict[str, Any]]
    price: Money


class PlanStay(Struct, kw_only=True):
    city: str
    name: str
    check_in: date
    check_out: date
    nights: int
    source_rate_id: str
    sleeps: int
    rooms: int
    capacity_total: int
    amenities: list[str]
    price: Money


class PlanTransfer(Struct, kw_only=True):
    city: str
    mode: Literal["train", "bus", "car", "ferry", "taxi", "metro", "walk"]
    minutes: int
    distance_km: float
    price: Money | None = None


class CostItem(Struct, kw_only=True):
    kind: str
    label: str
    amount: Decimal
    currency: str


class FxRate(Struct, kw_only=True, rename={"from_": "from"}):
    """`rate` units of `to` for one of `from`, as published for `date`."""

    from_: str
    to: str
    rate: Decimal
    date: date


class PlanCost(Struct, kw_only=True):
    total: Decimal
    currency: str
    items: list[CostItem]
    fx: list[FxRate] = []


class Plan(Struct, kw_only=True):
    """A trip that can be taken as it stands; its laws are in `docs/turn-result.md`."""

    trip_id: str | None = None
    nights: int
    date_range: tuple[date, date]
    days: list[PlanDay]
    legs: list[PlanLeg]
    outbound: PlanLeg | None = None
    inbound: PlanLeg | None = None
    stays: list[PlanStay] | None = None
    transfers: list[PlanTransfer] | None = None
    cost: PlanCost


class Climate(Struct, kw_only=True):
    tmax_c_mean: float
    source: str


class Option(Struct, kw_only=True):
    destination: str
    iata: str
    total: Money
    climate: Climate | None = None


class Clarification(Struct, kw_only=True):
    """A question that has to be answered before there can be a plan."""

    field: str
    code: str
    question: str
    candidates: list[PlaceRef] = []


class Violation(Struct, kw_only=True):
    code: str
    detail: str


class Alternative(Struct, kw_only=True, rename={"return_": "return"}):
    """The nearest thing that can be done, and what of the request it gives up."""

    depart: date | None = None
    return_: date | None = None
    total: Money | None = None
    relaxes: list[str] = []


class WeatherDay(Struct, kw_only=True):
    """Temperatures in degrees Celsius, precipitation in mm."""

    date: date
    tmax_c: float | None = None
    tmin_c: float | None = None
    precipitation_mm: float | None = None


class Weather(Struct, kw_only=True):
    source: Literal["forecast", "archive", "climatology"]
    period: tuple[date, date]
    years_averaged: int | None = None
    days: list[WeatherDay] = []


class Diff(Struct, kw_only=True):
    changed: list[str]


class TurnError(Struct, kw_only=True):
    code: str
    message: str


class Response(Struct, kw_only=True):
    text: str


class TurnToolCall(Struct, kw_only=True):
    id: str
    name: str
    parameters: dict[str, Any]
    status: CallStatus
    endpoint: str | None = None


class Usage(Struct, kw_only=True):
    """What a turn used. `model_cost` is in US dollars, `seconds` are from the message to the end."""

    steps: int = 0
    tool_calls: int = 0
    model_tokens_in: int = 0
    model_tokens_out: int = 0
    model_cost: Decimal = Decimal(0)
    seconds: float = 0.0


class TurnResult(Struct, kw_only=True):
    """What a turn came to, as `GET /api/sessions/{id}/turns/{message_id}` answers it."""

    outcome: Outcome
    request: RequestSummary | None = None
    plan: Plan | None = None
    options: list[Option] | None = None
    clarifications: list[Clarification] | None = None
    violations: list[Violation] | None = None
    alternatives: list[Alternative] | None = None
    assumptions: list[str] = []
    warnings: list[str] = []
    weather: Weather | None = None
    diff: Diff | None = None
    explanation: str | None = None
    error: TurnError | None = None
    response: Response | None = None
    tool_calls: list[TurnToolCall] = []
    usage: Usage | None = None
