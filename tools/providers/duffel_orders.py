"""Duffel v2: an offer as it is sold now, and orders that hold seats until they are paid."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from app.contract.codec import encode
from app.contract.errors import ErrorCode
from app.contract.turn import Money
from tools.providers.duffel import Currency, OfferBody, PaymentRequirements, Text, flight_offer
from tools.providers.duffel_api import headers, refused
from tools.providers.http import HttpClient, Report
from tools.providers.retry import Effect
from tools.results import FlightHoldResult, FlightOffer

READ_TIMEOUT = 60.0  # s; airlines take their time to book, and who gives up early knows nothing
_SEARCH_AGAIN = "search for flights again."
_STALE = {
    "offer_expired": f"The offer has expired: {_SEARCH_AGAIN}",
    "offer_no_longer_available": f"The airline no longer sells this offer: {_SEARCH_AGAIN}",
    "not_found": f"Duffel knows this offer no more: {_SEARCH_AGAIN}",
    "price_changed": "The price of the offer has changed: look at the offer again.",
    "offer_request_already_booked": f"An offer of this search has been booked already: {_SEARCH_AGAIN}",
}


class OfferedPassenger(Struct, frozen=True):
    """Whom an offer has a seat for: `age` is on the last day of flying, None for an adult."""

    id: str
    type: str
    age: int | None


class CurrentOffer(Struct, frozen=True):
    offer: FlightOffer
    passengers: list[OfferedPassenger]
    terms: PaymentRequirements
    needs_documents: bool


class OrderPassenger(Struct, frozen=True, omit_defaults=True):
    """A passenger of an order, with what Duffel wants to know; `id` is the offer's."""

    id: str
    title: str
    given_name: str
    family_name: str
    gender: str
    born_on: date
    email: str
    phone_number: str
    infant_passenger_id: str | None = None


class _CurrentBody(OfferBody, kw_only=True):
    passenger_identity_documents_required: bool = False


class _Offered(Struct):
    data: _CurrentBody


class _PaymentStatus(Struct):
    payment_required_by: datetime
    price_guarantee_expires_at: datetime | None = None


class _Owner(Struct):
    name: Text


class _Order(Struct):
    id: Annotated[str, Meta(min_length=1, max_length=128)]
    booking_reference: Annotated[str, Meta(min_length=1, max_length=20)]
    total_amount: Decimal
    total_currency: Currency
    owner: _Owner
    payment_status: _PaymentStatus


class _Ordered(Struct):
    data: _Order


class DuffelOrders:
    def __init__(self, http: HttpClient, key: str | None) -> None:
        self._http = http
        self._headers = headers(key)

    async def offer(self, offer_id: str, report: Report) -> CurrentOffer:
        """The offer with the price that it has now.

        Raises `CONFLICT` for one that is no longer sold, `EXTERNAL_API_ERROR` or `TOOL_TIMEOUT`.
        """
        # It asks the airline, and Duffel wants nothing repeated that it answered with 500 or 502.
        answer = await self._http.send("GET", f"/air/offers/{offer_id}", report, headers=self._headers)
        if answer.status >= 400:
            raise refused(self._http, answer, verb="look at", stale=_STALE)
        body = self._http.parse(answer, _Offered).data
        seats = [OfferedPassenger(one.id or "", one.type or "adult", one.age) for one in body.passengers]
        if not all(seat.id for seat in seats):
            raise self._http.error("Duffel answered with a passenger without an id.", answer)
        offer = flight_offer(body, self._http, answer)
        terms = body.payment_requirements or PaymentRequirements()
        return CurrentOffer(offer, seats, terms, body.passenger_identity_documents_required)

    async def hold(
        self, offer_id: str, passengers: Sequence[OrderPassenger], report: Report
    ) -> FlightHoldResult:
        """Make a hold order. It binds: nothing is sent again that may have been done.

        Raises `OUTCOME_UNKNOWN` when nobody can tell, and else `CONFLICT` for an offer that is no longer sold
        so, `VALIDATION_ERROR` for what Duffel does not accept, `EXTERNAL_API_ERROR` or `TOOL_TIMEOUT`.
        """
        order = {"type": "hold", "selected_offers": [offer_id], "passengers": passengers}
        answer = await self._http.send(
            "POST",
            "/air/orders",
            report,
            headers=self._headers,
            body=encode({"data": order}),
            read_timeout=READ_TIMEOUT,
            effect=Effect.BINDS,
        )
        if answer.status >= 400:
            raise refused(self._http, answer, verb="hold", stale=_STALE)
        made = self._http.parse(answer, _Ordered, unreadable=ErrorCode.OUTCOME_UNKNOWN).data
        return FlightHoldResult(
            order_id=made.id,
            booking_reference=made.booking_reference,
            carrier_name=made.owner.name,
            total=Money(made.total_amount, made.total_currency),
            payment_required_by=made.payment_status.payment_required_by,
            price_guarantee_expires_at=made.payment_status.price_guarantee_expires_at,
        )
