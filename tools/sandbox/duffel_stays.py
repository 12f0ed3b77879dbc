"""Duffel Stays: `POST /stays/search`, and the rates of one of its results. The hotels are LiteAPI's as well."""

import math
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from . import duffel_errors as errors
from .cities import City, kilometres
from .draws import identity
from .duffel_stays_query import Query, parse
from .hotels import ROOMS, Hotel, Room, has_rooms, hotel_nights, hotels_around, hotels_in
from .wire import Request, Response, json_response

WITHOUT_STAYS = "Bearer duffel_test_without_stays"  # a key that stays are not enabled for
NOT_ENABLED = (
    "This feature is not enabled for your account."
    " Please contact our team to discuss getting access to Duffel Stays."
)
TEST_SITE = City("Duffel Test", "PN", -24.38, -128.32, 0.0, -1)  # where Duffel's own test hotels stand
LIFETIME = timedelta(minutes=30)
KEPT_RESULTS = 2000
_CURRENCY = "EUR"
_AMENITIES = {
    2: ("parking", "Parking"),
    3: ("restaurant", "Restaurant"),
    4: ("pets_allowed", "Pets allowed"),
    8: ("24_hour_front_desk", "24-hour front desk"),
    11: ("gym", "Gym"),
    25: ("accessibility_mobility", "Accessibility - Mobility"),
    54: ("spa", "Spa"),
    107: ("wifi", "Wi-Fi"),
    301: ("pool", "Pool"),
}
_BOARDS = {"RO": "room_only", "BB": "breakfast"}


class _Stored(NamedTuple):
    hotel: Hotel
    query: Query
    expires_at: datetime


class Stays:
    """One session's."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._stored: OrderedDict[str, _Stored] = OrderedDict()

    def handle(self, request: Request, now: datetime, headers: dict[str, str]) -> Response:
        """Raises `Refused`."""
        if request.headers.get("authorization") == WITHOUT_STAYS:
            return Response(403, NOT_ENABLED.encode(), headers, "text/plain")
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["stays", "search"]:
                return json_response(200, {"data": self._search(request, now)}, headers)
            case "POST", ["stays", "search_results", result, "actions", "fetch_all_rates"]:
                return json_response(200, {"data": self._with_rates(result, now)}, headers)
            case _:
                raise errors.not_found(request.path[:100])

    def _search(self, request: Request, now: datetime) -> dict[str, Any]:
        query = parse(request.body, now.date())
        found = hotels_around(self._seed, query.latitude, query.longitude, 1000 * query.radius)
        if (
            kilometres(query.latitude, query.longitude, TEST_SITE.latitude, TEST_SITE.longitude)
            <= query.radius
        ):
            found += hotels_in(self._seed, TEST_SITE)
        results: list[dict[str, Any]] = []
        for hotel in found:
            if not self._rooms(hotel, query):
                continue
            name = identity("ssr", self._seed, hotel.id, request.body.decode(), now.isoformat())
            self._stored[name] = _Stored(hotel, query, now + LIFETIME)
            # As with the real API, a search says what the cheapest room costs and fetching says which it is.
            results.append({**self._result(name), "accommodation": _accommodation(hotel, [])})
        while len(self._stored) > KEPT_RESULTS:
            self._stored.popitem(last=False)
        return {"results": results, "created_at": _moment(now)}

    def _with_rates(self, name: str, now: datetime) -> dict[str, Any]:
        stored = self._stored.get(name)
        if stored is None or now >= stored.expires_at:
            raise errors.not_found(name[:100])
        rooms = self._rooms(stored.hotel, stored.query)
        return {
            **self._result(name),
            "accommodation": _accommodation(stored.hotel, self._described(name, rooms)),
        }

    def _rooms(self, hotel: Hotel, query: Query) -> list[tuple[Room, float]]:
        """What has room for the party, with the price of all its rooms."""
        if not has_rooms(self._seed, hotel, query.check_in, query.check_out):
            return []
        nights = hotel_nights(self._seed, hotel, query.check_in, query.check_out)
        fitting = [room for room in ROOMS if room.sleeps * query.rooms >= query.adults + query.children]
        adults, children = math.ceil(query.adults / query.rooms), query.children / query.rooms
        return [(room, query.rooms * room.price(hotel, nights, adults, children)) for room in fitting]

    def _result(self, name: str) -> dict[str, Any]:
        stored = self._stored[name]
        cheapest = f"{min(price for _, price in self._rooms(stored.hotel, stored.query)):.2f}"
        query = stored.query
        return {
            "id": name,
            "check_in_date": query.check_in.isoformat(),
            "check_out_date": query.check_out.isoformat(),
            "rooms": query.rooms,
            "guests": query.guests,
            "cheapest_rate_total_amount": cheapest,
            "cheapest_rate_currency": _CURRENCY,
            "cheapest_rate_base_amount": None,
            "cheapest_rate_base_currency": None,
            "cheapest_rate_public_amount": cheapest,
            "cheapest_rate_public_currency": _CURRENCY,
            "cheapest_rate_due_at_accommodation_amount": None,
            "cheapest_rate_due_at_accommodation_currency": None,
            "supported_negotiated_rates": [],
            "expires_at": _moment(stored.expires_at),
        }

    def _described(self, name: str, rooms: list[tuple[Room, float]]) -> list[dict[str, Any]]:
        """Rates of one kind of room stand together."""
        stored = self._stored[name]
        by_name: dict[str, list[dict[str, Any]]] = {}
        for room, price in rooms:
            by_name.setdefault(room.name, []).append(_rate(name, room, price, stored))
        return [
            {"name": kind, "beds": None, "photos": None, "rates": rates} for kind, rates in by_name.items()
        ]


def _rate(result: str, room: Room, price: float, stored: _Stored) -> dict[str, Any]:
    total, base = round(price, 2), round(price / 1.1, 2)
    deadline = datetime.combine(stored.query.check_in - timedelta(2), datetime.min.time())
    refunds = [{"refund_amount": f"{total:.2f}", "currency": _CURRENCY, "before": f"{deadline.isoformat()}Z"}]
    return {
        "id": identity("rat", result, room.name, room.board),
        "name": room.board_name,
        "code": None,
        "description": None,
        "board_type": _BOARDS[room.board],
        "total_amount": f"{total:.2f}",
        "total_currency": _CURRENCY,
        "base_amount": f"{base:.2f}",
        "base_currency": _CURRENCY,
        "tax_amount": f"{total - base:.2f}",
        "tax_currency": _CURRENCY,
        "fee_amount": "0.00",
        "fee_currency": _CURRENCY,
        "due_at_accommodation_amount": None,
        "due_at_accommodation_currency": _CURRENCY,
        "payment_type": "pay_now",
        "available_payment_methods": ["balance", "card"],
        "quantity_available": stored.query.rooms + stored.hotel.reviews % 5,
        "cancellation_timeline": refunds if room.is_refundable else [],
        "conditions": [],
        "supported_loyalty_programme": None,
        "loyalty_programme_required": False,
        "estimated_commission_amount": None,
        "estimated_commission_currency": None,
        "source": "duffel",
        "expires_at": _moment(stored.expires_at),
    }


def _accommodation(hotel: Hotel, rooms: list[dict[str, Any]]) -> dict[str, Any]:
    amenities = [_AMENITIES[code] for code in hotel.facilities if code in _AMENITIES]
    return {
        "id": identity("acc", hotel.id),
        "name": hotel.name,
        "description": f"{hotel.stars} stars in {hotel.address}.",
        "location": {
            "address": {
                "line_one": hotel.address,
                "city_name": hotel.city.name,
                "country_code": hotel.city.country,
                "postal_code": None,
                "region": None,
            },
            "geographic_coordinates": {"latitude": hotel.latitude, "longitude": hotel.longitude},
        },
        "rating": hotel.stars,
        "ratings": [],
        "review_score": hotel.score,
        "review_count": hotel.reviews,
        "amenities": [{"type": kind, "description": text} for kind, text in amenities],
        "check_in_information": {"check_in_after_time": "15:00", "check_out_before_time": "11:00"},
        "chain": None,
        "brand": None,
        "email": None,
        "phone_number": None,
        "photos": None,
        "key_collection": None,
        "supported_loyalty_programme": None,
        "payment_instruction_supported": False,
        "rooms": rooms,
    }


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"
