"""Duffel's endpoints for what is booked: orders, payments of those that were held, and cancellations."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from . import duffel_errors as errors
from .duffel_cancellations import Cancellations
from .duffel_orders import Bookable, Orders
from .duffel_paging import page
from .wire import Request

Answer = tuple[int, dict[str, Any]]


class Bookings:
    """One session's. `bookable` finds the offer that is booked, or raises `Refused`."""

    def __init__(self, seed: int, bookable: Callable[[str, bool, datetime], Bookable]) -> None:
        self.orders = Orders(seed)
        self._cancellations = Cancellations(seed, self.orders)
        self._bookable = bookable

    def handle(self, request: Request, now: datetime) -> Answer:
        """Raises `Refused`."""
        parts = request.path.strip("/").split("/")[1:]
        match request.method, parts:
            case "POST", ["orders"]:
                return 201, {"data": self.orders.create(request.body, self._bookable, now)}
            case "GET", ["orders"]:
                return _listed(self.orders.find(request.query, now), request)
            case "GET", ["orders", order_id]:
                return 200, {"data": self.orders.read(order_id, now)}
            case _, ["order_cancellations", *rest]:
                return self._cancellation(request, rest, now)
            case "POST", ["payments"]:
                return 201, {"data": self.orders.pay(request.body, now)}
            case "GET", ["payments"]:
                return _listed(self.orders.payments(request.query.get("order_id")), request)
            case "GET", ["payments", payment_id]:
                return 200, {"data": self.orders.payment(payment_id)}
            case _:
                raise errors.not_found(request.path[:100])

    def _cancellation(self, request: Request, rest: list[str], now: datetime) -> Answer:
        match request.method, rest:
            case "POST", []:
                return 201, {"data": self._cancellations.quote(request.body, now)}
            case "GET", []:
                return _listed(self._cancellations.find(request.query.get("order_id")), request)
            case "GET", [quote_id]:
                return 200, {"data": self._cancellations.read(quote_id)}
            case "POST", [quote_id, "actions", "confirm"]:
                return 200, {"data": self._cancellations.confirm(quote_id, now)}
            case _:
                raise errors.not_found(request.path[:100])


def _listed(found: list[Any], request: Request) -> Answer:
    data, meta = page(found, request.query)
    return 200, {"data": data, "meta": meta}
