"""Duffel v2: flight offers. Only fields that are used are read; a wrong type in one of them is an error."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct

from app.contract.codec import encode
from app.contract.turn import Money
from tools.providers.duffel_api import headers, refused
from tools.providers.http import HttpClient, Report
from tools.providers.outcome import Answer
from tools.results import FlightOffer, FlightSlice, Segment

CabinClass = Literal["economy", "premium_economy", "business", "first"]
Passenger = dict[str, str | int]
SUPPLIER_TIMEOUT = 10_000  # ms, how long Duffel waits for airlines
READ_TIMEOUT = SUPPLIER_TIMEOUT / 1000 + 10  # s, over the above so that Duffel's own answer comes first

Text = Annotated[str, Meta(max_length=200)]
Iata = Annotated[str, Meta(pattern="^[A-Z0-9]{3}$")]
CarrierCode = Annotated[str, Meta(pattern="^[A-Z0-9]{2}$")]
FlightNumber = Annotated[str, Meta(pattern="^[0-9]{1,4}[A-Z]?$")]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
LocalTime = Annotated[datetime, Meta(tz=False)]


class SliceRequest(Struct, frozen=True):
    origin: str
    destination: str
    departure_date: date


class _Airport(Struct):
    iata_code: Iata
    time_zone: Text | None = None


class _Carrier(Struct):
    name: Text
    iata_code: CarrierCode | None = None


class _Owner(Struct):
    name: Text
    iata_code: CarrierCode


class _Segment(Struct):
    origin: _Airport
    destination: _Airport
    departing_at: LocalTime
    arriving_at: LocalTime
    marketing_carrier: _Carrier
    marketing_carrier_flight_number: FlightNumber
    duration: timedelta | None = None


class _Slice(Struct):
    origin: _Airport
    destination: _Airport
    segments: Annotated[list[_Segment], Meta(min_length=1, max_length=10)]
    duration: timedelta | None = None


class PassengerBody(Struct):
    id: Text | None = None
    type: Text | None = None
    age: Annotated[int, Meta(ge=0, le=130)] | None = None


class PaymentRequirements(Struct):
    requires_instant_payment: bool = True
    payment_required_by: datetime | None = None
    price_guarantee_expires_at: datetime | None = None


class OfferBody(Struct):
    """An offer as Duffel writes it."""

    id: Annotated[str, Meta(min_length=1, max_length=128)]
    total_amount: Annotated[Decimal, Meta()]
    total_currency: Currency
    owner: _Owner
    slices: Annotated[list[_Slice], Meta(min_length=1, max_length=10)]
    passengers: list[PassengerBody]
    expires_at: datetime | None = None
    payment_requirements: PaymentRequirements | None = None


class _OfferRequest(Struct):
    offers: list[OfferBody]


class _Searched(Struct):
    data: _OfferRequest


class Duffel:
    def __init__(self, http: HttpClient, key: str | None) -> None:
        self._http = http
        self._headers = headers(key)

    async def search(
        self,
        slices: Sequence[SliceRequest],
        passengers: Sequence[Passenger],
        cabin_class: CabinClass,
        max_connections: int | None,
        report: Report,
    ) -> list[FlightOffer]:
        """Offers for the whole party on these journeys, in Duffel's order.

        Raises `VALIDATION_ERROR` for what Duffel cannot search for, `EXTERNAL_API_ERROR` or `TOOL_TIMEOUT`.
        """
        request: dict[str, Any] = {
            "slices": slices,
            "passengers": passengers,
            "cabin_class": cabin_class,
        }
        if max_connections is not None:
            request["max_connections"] = max_connections
        answer = await self._http.send(
            "POST",
            "/air/offer_requests",
            report,
            parameters={"return_offers": "true", "supplier_timeout": SUPPLIER_TIMEOUT},
            headers=self._headers,
            body=encode({"data": request}),
            read_timeout=READ_TIMEOUT,
        )
        if answer.status >= 400:
            raise refused(self._http, answer)
        searched = self._http.parse(answer, _Searched)
        return [flight_offer(offer, self._http, answer) for offer in searched.data.offers]


def flight_offer(offer: OfferBody, http: HttpClient, answer: Answer) -> FlightOffer:
    """Raises `EXTERNAL_API_ERROR` for the answer when a time zone of it is none."""
    try:
        return _offer(offer)
    except ZoneInfoNotFoundError as error:
        raise http.error("Duffel answered with an unknown time zone.", answer) from error


def _offer(offer: OfferBody) -> FlightOffer:
    terms = offer.payment_requirements
    return FlightOffer(
        offer_id=offer.id,
        carrier=offer.owner.iata_code,
        carrier_name=offer.owner.name,
        total=Money(offer.total_amount, offer.total_currency),
        slices=[_slice(part, offer.owner) for part in offer.slices],
        passengers=[_named(passenger) for passenger in offer.passengers],
        expires_at=offer.expires_at,
        can_be_held=terms is not None and not terms.requires_instant_payment,
    )


def _named(passenger: PassengerBody) -> dict[str, Any]:
    """As Duffel wants them named: by type or by age, never both."""
    return {"age": passenger.age} if passenger.age is not None else {"type": passenger.type or "adult"}


def _slice(part: _Slice, owner: _Owner) -> FlightSlice:
    duration = part.duration or _elapsed(part.segments[0], part.segments[-1])
    return FlightSlice(
        origin=part.origin.iata_code,
        destination=part.destination.iata_code,
        duration_minutes=_minutes(duration),
        segments=[_segment(segment, owner) for segment in part.segments],
    )


def _segment(segment: _Segment, owner: _Owner) -> Segment:
    carrier = segment.marketing_carrier.iata_code or owner.iata_code
    return Segment(
        carrier=carrier,
        carrier_name=segment.marketing_carrier.name,
        flight_number=f"{carrier}{segment.marketing_carrier_flight_number}",
        depart_iata=segment.origin.iata_code,
        arrive_iata=segment.destination.iata_code,
        departs_local=segment.departing_at,
        arrives_local=segment.arriving_at,
        duration_minutes=_minutes(segment.duration or _elapsed(segment, segment)),
    )


def _elapsed(first: _Segment, last: _Segment) -> timedelta:
    """Duffel leaves durations out for some airlines; the clocks at both ends tell them."""
    start = first.departing_at.replace(tzinfo=_zone(first.origin))
    end = last.arriving_at.replace(tzinfo=_zone(last.destination))
    return end - start


def _zone(airport: _Airport) -> ZoneInfo:
    try:
        return ZoneInfo(airport.time_zone or "")
    except (ValueError, OSError) as error:
        raise ZoneInfoNotFoundError(airport.iata_code) from error


def _minutes(duration: timedelta) -> int:
    return round(duration.total_seconds() / 60)
