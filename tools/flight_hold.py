"""Seats held without paying: an order that binds the airline, and lapses when nobody pays."""

from typing import Annotated

from msgspec import Meta

from app.contract.errors import ErrorCode, TripSageError
from app.contract.turn import Money
from tools.flight_offer import OfferId
from tools.flight_search import MAX_PASSENGERS
from tools.passengers import NamedPassenger, seated
from tools.providers.duffel_orders import CurrentOffer
from tools.results import FlightHoldResult
from tools.tool import ToolContext, invalid, tool


@tool(timeout=120, needs_approval=True)
async def flight_hold(
    context: ToolContext,
    offer_id: OfferId,
    passengers: Annotated[tuple[NamedPassenger, ...], Meta(min_length=1, max_length=MAX_PASSENGERS)],
    total: Annotated[
        Money | None, Meta(description="The price agreed to; at a higher one nothing is held.")
    ] = None,
) -> FlightHoldResult:
    """Hold the seats of a flight offer for these passengers, to be paid later: it makes an order with the airline.

    Only offers that can_be_held can. The seats are lost when they are not paid by payment_required_by, and the
    price may change after price_guarantee_expires_at.
    """
    orders = context.providers.duffel_orders
    await context.progress(0.1, "Asking what the offer is now")
    current = await orders.offer(offer_id, context)
    _check(current, total)
    flown_on = current.offer.slices[-1].segments[0].departs_local.date()
    named = seated(current.passengers, passengers, flown_on)
    await context.progress(0.4, f"Holding seats with {current.offer.carrier_name}")
    await context.point_of_no_return()
    return await orders.hold(offer_id, named, context)


def _check(current: CurrentOffer, total: Money | None) -> None:
    if not current.offer.can_be_held:
        raise invalid(
            "offer_id",
            f"{current.offer.carrier_name} wants this offer paid at once, so it cannot be held. "
            "Of the offers that its flight_search found, hold the cheapest that can_be_held.",
        )
    if current.needs_documents:
        raise invalid("offer_id", "The airline wants passports for this offer, which cannot be given here.")
    now = current.offer.total
    if total is not None and (now.currency != total.currency or now.amount > total.amount):
        raise TripSageError(
            ErrorCode.CONFLICT,
            f"The offer costs {now.amount} {now.currency} now, and {total.amount} {total.currency} "
            "were agreed to. Nothing was held.",
            price=now.amount,
            currency=now.currency,
        )
