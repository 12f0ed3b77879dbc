"""Duffel's hold orders: seats that are taken now and paid by a deadline, or given back.

Instant orders are not sold here. The code of the refusal to hold an offer that is paid at once
(`order_type_not_available`) is not documented publicly.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from . import duffel_errors as errors
from .draws import Draws, identity
from .duffel_body import Offers
from .duffel_errors import Refused
from .duffel_order_query import OrderAsked, parse
from .duffel_parts import moment
from .duffel_terms import Terms

KEPT_ORDERS = 1000
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LIKE_THE_OFFER = (
    "live_mode",
    "total_amount",
    "total_currency",
    "base_amount",
    "base_currency",
    "tax_amount",
    "tax_currency",
    "owner",
    "conditions",
    "slices",
)


class Bookable(NamedTuple):
    """An offer that may be booked; `body` is how it reads."""

    offers: Offers
    terms: Terms
    body: msgspec.Raw


class _Order(NamedTuple):
    body: dict[str, Any]
    pay_by: datetime


class Orders:
    """One session's orders, the latest of them."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._orders: OrderedDict[str, _Order] = OrderedDict()
        self._for_sale: Counter[str] = Counter()
        self._count = 0

    def create(
        self, request: bytes, bookable: Callable[[str, datetime], Bookable], now: datetime
    ) -> dict[str, Any]:
        """Raises `Refused`, as Duffel does, for the first thing that is in the way."""
        asked = parse(request, now.date())
        offered = bookable(asked.offer_id, now)
        asked.check_against(offered.offers)
        if offered.terms.held is None:
            raise errors.PAID_AT_ONCE
        request_id = offered.offers.request_id
        if not self._for_sale[request_id]:
            raise errors.ALREADY_BOOKED
        self._count += 1
        order_id = identity("ord", self._seed, asked.offer_id, self._count)
        pay_by = offered.offers.created_at + offered.terms.held
        self._orders[order_id] = _Order(self._body(order_id, asked, offered, now), pay_by)
        self._for_sale[request_id] -= 1
        if len(self._orders) > KEPT_ORDERS:
            self._orders.popitem(last=False)
        return self._orders[order_id].body

    def sell(self, request_id: str) -> None:
        """Each search is an offer request that can be booked once, though the same search has the same id here."""
        self._for_sale[request_id] += 1

    def forget(self, request_id: str) -> None:
        del self._for_sale[request_id]

    def read(self, order_id: str, now: datetime) -> dict[str, Any]:
        order = self._orders.get(order_id)
        if order is None:
            raise errors.not_found(order_id[:100])
        return _as_of(order, now)

    def find(self, query: Mapping[str, str], now: datetime) -> list[dict[str, Any]]:
        """Those that the parameters ask for, the latest first."""
        found = [_as_of(order, now) for order in reversed(self._orders.values())]
        reference = query.get("booking_reference")
        if reference is not None:
            found = [order for order in found if order["booking_reference"] == reference]
        awaiting = query.get("awaiting_payment")
        if awaiting not in (None, "true", "false"):
            raise Refused(422, errors.not_included("awaiting_payment", "/awaiting_payment"))
        if awaiting is not None:
            waits = awaiting == "true"
            found = [order for order in found if order["payment_status"]["awaiting_payment"] is waits]
        return found

    def _body(self, order_id: str, asked: OrderAsked, offered: Bookable, now: datetime) -> dict[str, Any]:
        offer: dict[str, Any] = msgspec.json.decode(offered.body)
        requirements = offer["payment_requirements"]
        draws = Draws(self._seed, "reference", order_id)
        return {
            "id": order_id,
            "booking_reference": "".join(_LETTERS[draws.below(len(_LETTERS))] for _ in range(6)),
            "type": "hold",
            "content": "managed",
            "offer_id": asked.offer_id,
            "created_at": moment(now),
            "synced_at": moment(now)[:-8] + "Z",
            **{name: offer[name] for name in _LIKE_THE_OFFER},
            "passengers": asked.named(offered.offers),
            "payment_status": {
                "awaiting_payment": True,
                "payment_required_by": requirements["payment_required_by"],
                "price_guarantee_expires_at": requirements["price_guarantee_expires_at"],
                "paid_at": None,
            },
            "available_actions": ["cancel", "update"],
            "cancelled_at": None,
            "cancellation": None,
            "changes": [],
            "airline_initiated_changes": [],
            "documents": [],
            "services": [],
            "metadata": asked.metadata,
        }


def _as_of(order: _Order, now: datetime) -> dict[str, Any]:
    """What is not paid by its deadline is cancelled by the airline."""
    if now < order.pay_by:
        return order.body
    payment = {**order.body["payment_status"], "awaiting_payment": False}
    cancelled = order.body["payment_status"]["payment_required_by"]
    return {**order.body, "cancelled_at": cancelled, "available_actions": [], "payment_status": payment}
