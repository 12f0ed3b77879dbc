"""Duffel v2: the flight endpoints, what is asked, checked, searched and answered; stays have their own module."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from . import duffel_errors as errors
from .duffel_body import Offers, Traits, request_identity
from .duffel_bookings import Bookings
from .duffel_errors import Refused, refusal, request_id
from .duffel_orders import Bookable
from .duffel_paging import page
from .duffel_query import Query, parse
from .duffel_stays import Stays
from .duffel_suppliers import DEFAULT, SLOWEST, in_time, patience
from .geography import airports
from .itineraries import Itineraries, SliceQuery
from .wire import Delayed, Request, Response, json_response

OFFERS = 20  # the most that a search finds
KEPT_REQUESTS = 1000
KEPT_WRITTEN = 256
"""Requests whose offers are kept as they were written, some 60 kB each."""
_DEARER = 1.12
_OF_DUFFEL_AIRWAYS = frozenset(
    {("JFK", "EWR"), ("BTS", "MRU"), ("LGW", "LHR"), ("LHR", "STN"), ("LHR", "LGW"), ("LGW", "STN")}
)
"""Test routes that Duffel's own airline flies."""


class _Stored(NamedTuple):
    """`patience` is how many milliseconds airlines had to answer."""

    query: Query
    created_at: datetime
    patience: int = DEFAULT


class Duffel:
    """One session's Duffel. `itineraries` is the world it sells."""

    def __init__(self, seed: int, itineraries: Itineraries) -> None:
        self._seed = seed
        self._itineraries = itineraries
        self._stored: OrderedDict[str, _Stored] = OrderedDict()
        self._written: OrderedDict[str, dict[int, Any]] = OrderedDict()
        self._stays = Stays(seed)
        self._bookings = Bookings(seed, self._bookable)
        self._repriced: set[str] = set()
        self._count = 0

    def handle(self, request: Request, now: datetime) -> Response | Delayed:
        self._count += 1
        identity = request_id(self._seed, self._count, request.path)
        headers = {"x-request-id": identity}
        try:
            _check_headers(request)
            if request.path.startswith("/stays/"):
                return self._stays.handle(request, now, headers)
            status, body = self._route(request)(request, now)
        except Refused as refused:
            answer = refusal(refused, identity, headers)
            return Delayed(refused.after, answer) if refused.after else answer
        return json_response(status, body, headers)

    def _route(self, request: Request) -> Callable[[Request, datetime], tuple[int, dict[str, Any]]]:
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["air", "offer_requests"]:
                return self._search
            case "GET", ["air", "offer_requests", _]:
                return self._get_request
            case "GET", ["air", "offers"]:
                return self._list_offers
            case "GET", ["air", "offers", _]:
                return self._get_offer
            case _, ["air", "orders" | "payments" | "order_cancellations", *_]:
                return self._bookings.handle
            case _:
                raise errors.not_found(request.path[:100])

    def _search(self, request: Request, now: datetime) -> tuple[int, dict[str, Any]]:
        waits = patience(request.query.get("supplier_timeout"))
        identity = request_identity(self._seed, now, request.body, min(waits, SLOWEST))
        before = self._stored.get(identity)  # the same search on the same day is as good as it was
        query = parse(request.body, now.date()) if before is None else before.query
        if _route_of(query) == ("STN", "LHR"):
            raise errors.no_airline_answers(after=waits / 1000)
        self._stored[identity] = stored = _Stored(query, now, waits)
        self._stored.move_to_end(identity)
        self._bookings.orders.sell(identity)
        if len(self._stored) > KEPT_REQUESTS:
            oldest, _ = self._stored.popitem(last=False)
            self._bookings.orders.forget(oldest)
        offers = self._offers(identity, stored)
        body = offers.request_body()
        if request.query.get("return_offers", "true") != "false":
            body["offers"] = offers.bodies()
        return 201, {"data": body}

    def _get_request(self, request: Request, now: datetime) -> tuple[int, dict[str, Any]]:
        offers = self._stored_offers(request.path.rsplit("/", 1)[1])
        return 200, {"data": {**offers.request_body(), "offers": offers.bodies()}}

    def _list_offers(self, request: Request, now: datetime) -> tuple[int, dict[str, Any]]:
        asked = request.query.get("offer_request_id")
        if not asked:
            raise Refused(422, errors.required("offer_request_id", "/offer_request_id"))
        offers = self._stored_offers(asked)
        indexes, meta = page(_order(offers, request.query.get("sort")), request.query)
        return 200, {"data": [offers.offer(index) for index in indexes], "meta": meta}

    def _get_offer(self, request: Request, now: datetime) -> tuple[int, dict[str, Any]]:
        offers, index = self._offer_for_sale(request.path.rsplit("/", 1)[1], now)
        is_dearer = _route_of(offers.query) == ("LHR", "STN")
        if is_dearer:
            self._repriced.add(offers.offer_id(index))
        return 200, {"data": offers.offer(index, _DEARER if is_dearer else 1.0)}

    def _offer_for_sale(self, offer_id: str, now: datetime) -> tuple[Offers, int]:
        """The request's offers and which of them it is. Raises `Refused` for one that cannot be sold."""
        digits = offer_id[-3:]
        offers = self._stored_offers(f"orq_{offer_id[4:-3]}")
        if not (digits.isascii() and digits.isdigit()) or int(digits) >= len(offers.trips):
            raise errors.not_found(offer_id[:100])
        if _route_of(offers.query) == ("LGW", "LHR"):
            raise errors.GONE_OFFER
        if now >= offers.expires_at:
            raise errors.EXPIRED_OFFER
        return offers, int(digits)

    def _bookable(self, offer_id: str, is_paid: bool, now: datetime) -> Bookable:
        """Raises `Refused` for an offer that cannot be booked. One that grew dearer has to be read again before it
        is held; a payment shows whether that was done.
        """
        offers, index = self._offer_for_sale(offer_id, now)
        route = _route_of(offers.query)
        is_dearer = route == ("LHR", "STN")
        if is_dearer and not is_paid and offer_id not in self._repriced:
            raise errors.PRICE_CHANGED
        body = offers.offer(index, _DEARER if is_dearer else 1.0)
        refused = errors.INSUFFICIENT_BALANCE if is_paid and route == ("LGW", "STN") else None
        return Bookable(
            offers, offers.terms(index), body, errors.AIRLINE_UNKNOWN if route == ("LHR", "LGW") else refused
        )

    def _stored_offers(self, identity: str) -> Offers:
        stored = self._stored.get(identity)
        if stored is None:
            raise errors.not_found(identity[:100])
        return self._offers(identity, stored)

    def _offers(self, identity: str, stored: _Stored) -> Offers:
        query, created_at, waits = stored
        route = _route_of(query)
        trips = [] if route == ("PVD", "RAI") else self._trips(query, created_at.date())
        if route == ("LHR", "DXB"):
            trips = [trip for trip in trips if all(len(journey.flights) > 1 for journey in trip)]
        trips = in_time(trips, self._seed, identity, waits)
        written = self._written.setdefault(identity, {})
        self._written.move_to_end(identity)
        if len(self._written) > KEPT_WRITTEN:
            self._written.popitem(last=False)
        return Offers(identity, query, trips, created_at, _traits(route), self._seed, written)

    def _trips(self, query: Query, today: date) -> list[Any]:
        slices = tuple(
            SliceQuery(part.origins, part.destinations, part.departure_date) for part in query.slices
        )
        if _route_of(query) in _OF_DUFFEL_AIRWAYS:
            return self._itineraries.on_test_route(slices, query.cabin_class, today, OFFERS)
        return self._itineraries.offers(slices, query.cabin_class, query.max_connections, today, OFFERS)


def _check_headers(request: Request) -> None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise errors.MISSING_TOKEN
    if token == "duffel_test_expired":  # noqa: S105  # a token of the sandbox that is always refused
        raise errors.EXPIRED_TOKEN
    if not token.startswith(("duffel_test_", "duffel_live_")):
        raise errors.UNKNOWN_TOKEN
    version = request.headers.get("duffel-version")
    if not version:
        raise errors.MISSING_VERSION
    if version != "v2":
        raise errors.UNSUPPORTED_VERSION


def _route_of(query: Query) -> tuple[str, str]:
    """The first slice's places: some pairs are Duffel's test routes."""
    return query.slices[0].origin, query.slices[0].destination


def _traits(route: tuple[str, str]) -> Traits:
    match route:
        case ("JFK", "EWR"):
            return Traits(always_holdable=True)
        case ("BTS", "MRU"):
            return Traits(bags=False)
        case ("DXB", "AMS"):
            return Traits(stop=airports()["VIE"])
        case ("LGW", "LHR"):
            return Traits(always_holdable=True, lifetime=timedelta(0))
        case ("LHR", "STN") | ("LHR", "LGW") | ("LGW", "STN"):
            return Traits(always_holdable=True)
        case _:
            return Traits()


def _order(offers: Offers, sort: str | None) -> list[int]:
    indexes = list(range(len(offers.trips)))
    if sort in ("total_amount", "-total_amount"):
        totals = offers.totals()
        indexes.sort(key=lambda index: totals[index], reverse=sort.startswith("-"))
    elif sort in ("total_duration", "-total_duration"):
        minutes = [sum(journey.minutes for journey in trip) for trip in offers.trips]
        indexes.sort(key=lambda index: minutes[index], reverse=sort.startswith("-"))
    elif sort is not None:
        raise Refused(422, errors.not_included("sort", "/sort"))
    return indexes
