"""Duffel's cancellations: what would be paid back is quoted first, and the order ends when the quote is confirmed.

What comes back follows the offer's conditions, on Duffel's own test airline the whole total. As seen in Duffel's test
mode, a held order that nobody paid gives 0.00 to `awaiting_payment`, and a quote holds for an hour.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any

from . import duffel_errors as errors
from .draws import identity
from .duffel_errors import Refused, required
from .duffel_json import data_of
from .duffel_orders import KEPT_ORDERS, Orders
from .duffel_parts import moment

_HOLDS_FOR = timedelta(hours=1)
_TEST_AIRLINE = "ZZ"


class Cancellations:
    """One session's quotes, the latest of them."""

    def __init__(self, seed: int, orders: Orders) -> None:
        self._seed = seed
        self._orders = orders
        self._quotes: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._expires: dict[str, datetime] = {}
        self._count = 0

    def quote(self, request: bytes, now: datetime) -> dict[str, Any]:
        """Raises `Refused` for an order that is not known or cancelled already."""
        order_id = data_of(request).get("order_id")
        if not isinstance(order_id, str) or not order_id:
            raise Refused(422, required("order_id", "/order_id"))
        order = self._orders.active(order_id, now)
        self._count += 1
        quote_id = identity("ore", self._seed, order_id, self._count)
        quote: dict[str, Any] = {
            "id": quote_id,
            "order_id": order_id,
            "live_mode": False,
            **_refund(order),
            "airline_credits": [],
            "created_at": moment(now),
            "expires_at": moment(now + _HOLDS_FOR),
            "confirmed_at": None,
        }
        self._quotes[quote_id], self._expires[quote_id] = quote, now + _HOLDS_FOR
        if len(self._quotes) > KEPT_ORDERS:
            oldest, _ = self._quotes.popitem(last=False)
            del self._expires[oldest]
        return quote

    def confirm(self, quote_id: str, now: datetime) -> dict[str, Any]:
        """Raises `Refused` for a quote that expired, is not the order's latest or was confirmed already."""
        quote = self.read(quote_id)
        self._orders.active(quote["order_id"], now)
        if self.find(quote["order_id"])[0]["id"] != quote_id or now >= self._expires[quote_id]:
            raise errors.EXPIRED_CANCELLATION
        confirmed = {**quote, "confirmed_at": moment(now)}
        self._quotes[quote_id] = confirmed
        self._orders.cancel(quote["order_id"], confirmed, now)
        return confirmed

    def read(self, quote_id: str) -> dict[str, Any]:
        quote = self._quotes.get(quote_id)
        if quote is None:
            raise errors.not_found(quote_id[:100])
        return quote

    def find(self, order_id: str | None) -> list[dict[str, Any]]:
        """The latest first; of all orders where none is named."""
        return [one for one in reversed(self._quotes.values()) if order_id in (None, one["order_id"])]


def _refund(order: dict[str, Any]) -> dict[str, str]:
    paid = order["payment_status"]["paid_at"] is not None
    return {
        "refund_amount": _paid_back(order) if paid else "0.00",
        "refund_currency": order["total_currency"],
        "refund_to": "balance" if paid else "awaiting_payment",
    }


def _paid_back(order: dict[str, Any]) -> str:
    if order["owner"]["iata_code"] == _TEST_AIRLINE:
        return order["total_amount"]
    terms = order["conditions"]["refund_before_departure"]
    if not terms["allowed"]:
        return "0.00"
    cents = _cents(order["total_amount"]) - _cents(terms["penalty_amount"] or "0.00")
    return f"{cents // 100}.{cents % 100:02d}"


def _cents(amount: str) -> int:
    return int(amount.replace(".", ""))
