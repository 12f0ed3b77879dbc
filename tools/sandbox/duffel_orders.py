"""Duffel's orders: paid at once, or held and paid by a deadline, or given back.

The code of the refusal to hold an offer that is paid at once (`order_type_not_available`) is not documented publicly.
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
from .duffel_json import data_of
from .duffel_order_query import OrderAsked, parse
from .duffel_parts import moment
from .duffel_payments import payment_of
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
    """An offer that may be booked; `body` is how it reads. `refused` is what becomes of it nevertheless."""

    offers: Offers
    terms: Terms
    body: msgspec.Raw
    refused: Refused | None = None


class _Order(NamedTuple):
    """`pay_by` is None when there is nothing to be paid any more."""

    body: dict[str, Any]
    pay_by: datetime | None


class Orders:
    """One session's orders, the latest of them."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._orders: OrderedDict[str, _Order] = OrderedDict()
        self._payments: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._for_sale: Counter[str] = Counter()
        self._count = 0

    def create(
        self, request: bytes, bookable: Callable[[str, bool, datetime], Bookable], now: datetime
    ) -> dict[str, Any]:
        """Raises `Refused`, as Duffel does, for the first thing that is in the way."""
        asked = parse(request, now.date())
        offered = bookable(asked.offer_id, asked.payment is not None, now)
        asked.check_against(offered.offers)
        if asked.payment is None and offered.terms.held is None:
            raise errors.PAID_AT_ONCE
        if asked.payment is not None:
            asked.payment.check_against(msgspec.json.decode(offered.body), "/payments/0")
        if offered.refused is not None:
            raise offered.refused
        request_id = offered.offers.request_id
        if not self._for_sale[request_id]:
            raise errors.ALREADY_BOOKED
        self._count += 1
        order_id = identity("ord", self._seed, asked.offer_id, self._count)
        body = self._body(order_id, asked, offered, now)
        if asked.payment is not None:
            self._orders[order_id] = _Order(_paid(body, now), None)
            self._keep_payment(order_id, asked.payment._asdict(), now)
        else:
            assert offered.terms.held is not None
            self._orders[order_id] = _Order(body, offered.offers.created_at + offered.terms.held)
        self._for_sale[request_id] -= 1
        if len(self._orders) > KEPT_ORDERS:
            self._orders.popitem(last=False)
        return self._orders[order_id].body

    def pay(self, request: bytes, now: datetime) -> dict[str, Any]:
        """The payment of an order that was held. Raises `Refused`."""
        data = data_of(request)
        problems: list[errors.Problem] = []
        order_id = data.get("order_id")
        if not isinstance(order_id, str) or not order_id:
            problems.append(errors.required("order_id", "/order_id"))
        payment = payment_of(data.get("payment"), "/payment", problems)
        if problems:
            raise Refused(422, *problems)
        order = self._orders.get(str(order_id))
        if order is None:
            raise errors.not_found(str(order_id)[:100])
        if order.body["type"] != "hold":
            raise errors.NOT_ELIGIBLE_FOR_PAYMENT
        if order.body["cancelled_at"] is not None:
            raise errors.ALREADY_CANCELLED
        if order.pay_by is None:
            raise errors.ALREADY_PAID
        if now >= order.pay_by:
            raise errors.PAST_PAYMENT_REQUIRED_BY
        payment.check_against(order.body, "/payment")
        self._orders[str(order_id)] = _Order(_paid(order.body, now), None)
        return self._keep_payment(str(order_id), payment._asdict(), now)

    def payments(self, order_id: str | None) -> list[dict[str, Any]]:
        """The latest first. Raises `Refused` where no order is named."""
        if not order_id:
            raise Refused(422, errors.required("order_id", "/order_id"))
        return [one for one in reversed(self._payments.values()) if one["order_id"] == order_id]

    def payment(self, payment_id: str) -> dict[str, Any]:
        payment = self._payments.get(payment_id)
        if payment is None:
            raise errors.not_found(payment_id[:100])
        return payment

    def active(self, order_id: str, now: datetime) -> dict[str, Any]:
        """Raises `Refused` for an order that is not known or cancelled already."""
        order = self.read(order_id, now)
        if order["cancelled_at"] is not None:
            raise errors.ALREADY_CANCELLED
        return order

    def cancel(self, order_id: str, cancellation: dict[str, Any], now: datetime) -> None:
        body = self._orders[order_id].body
        ended = {
            "cancelled_at": moment(now)[:-8] + "Z",
            "cancellation": cancellation,
            "available_actions": ["update"],
            "payment_status": {**body["payment_status"], "awaiting_payment": False},
        }
        self._orders[order_id] = _Order({**body, **ended}, None)

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

    def _keep_payment(self, order_id: str, payment: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        self._count += 1
        payment_id = identity("pay", self._seed, order_id, self._count)
        kept = {
            "id": payment_id,
            "order_id": order_id,
            "live_mode": False,
            **payment,
            "status": "succeeded",
            "failure_reason": None,
            "created_at": moment(now),
        }
        self._payments[payment_id] = kept
        if len(self._payments) > KEPT_ORDERS:
            self._payments.popitem(last=False)
        return kept

    def _body(self, order_id: str, asked: OrderAsked, offered: Bookable, now: datetime) -> dict[str, Any]:
        offer: dict[str, Any] = msgspec.json.decode(offered.body)
        requirements = offer["payment_requirements"]
        draws = Draws(self._seed, "reference", order_id)
        return {
            "id": order_id,
            "booking_reference": "".join(_LETTERS[draws.below(len(_LETTERS))] for _ in range(6)),
            "type": "hold" if asked.payment is None else "instant",
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


def _paid(order: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The order with its tickets."""
    status = {
        "awaiting_payment": False,
        "payment_required_by": None,
        "price_guarantee_expires_at": None,
        "paid_at": moment(now)[:-8] + "Z",
    }
    draws = Draws(0, "tickets", order["id"])
    tickets = [
        {
            "type": "electronic_ticket",
            "unique_identifier": str(10**12 + draws.below(10**12) // 1000 * 1000 + number),
            "passenger_ids": [one["id"]],
        }
        for number, one in enumerate(order["passengers"], 1)
    ]
    return {**order, "payment_status": status, "documents": tickets}


def _as_of(order: _Order, now: datetime) -> dict[str, Any]:
    """What is not paid by its deadline is cancelled by the airline."""
    if order.pay_by is None or now < order.pay_by:
        return order.body
    payment = {**order.body["payment_status"], "awaiting_payment": False}
    cancelled = order.body["payment_status"]["payment_required_by"]
    return {**order.body, "cancelled_at": cancelled, "available_actions": [], "payment_status": payment}
