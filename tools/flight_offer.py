"""What a flight offer costs now, and whether its seats can be held."""

from typing import Annotated

from msgspec import Meta

from tools.results import FlightOfferResult
from tools.tool import ToolContext, tool

OfferId = Annotated[
    str, Meta(pattern="^off_[A-Za-z0-9_]{1,100}$", description="The offer_id of a flight offer.")
]


@tool(timeout=45)
async def flight_offer(context: ToolContext, offer_id: OfferId) -> FlightOfferResult:
    """Look at a flight offer again: its price now, whether it is still sold and whether it can be held."""
    await context.progress(0.1, "Asking what the offer is now")
    current = await context.providers.duffel_orders.offer(offer_id, context)
    return FlightOfferResult(
        offer=current.offer,
        payment_required_by=current.terms.payment_required_by,
        price_guarantee_expires_at=current.terms.price_guarantee_expires_at,
    )
