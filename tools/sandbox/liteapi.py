"""LiteAPI v3: `GET /v3.0/data/hotels`, `GET /v3.0/data/facilities` and `POST /v3.0/hotels/rates`."""

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from .cities import city_named
from .draws import identity
from .frankfurter import currencies
from .hotels import (
    FACILITIES,
    ROOMS,
    Hotel,
    Room,
    has_rooms,
    hotel_nights,
    hotel_of,
    hotels_around,
    hotels_in,
)
from .wire import Request, Response, json_response

MAX_NIGHTS = 90
DEFAULT_RADIUS = 5000.0  # m
_WHOLE = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "HUF", "IDR", "XOF", "XAF", "PYG"})


class _Refused(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class _Occupancy(Struct):
    adults: Annotated[int, Meta(ge=1, le=20)]
    children: Annotated[list[Annotated[int, Meta(ge=0, le=17)]], Meta(max_length=20)] = []


class _Asked(Struct, rename="camel"):
    checkin: date
    checkout: date
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    guest_nationality: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    occupancies: Annotated[list[_Occupancy], Meta(min_length=1, max_length=9)]
    hotel_ids: Annotated[list[str], Meta(max_length=500)] = []
    country_code: str | None = None
    city_name: str | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    radius: Annotated[float, Meta(ge=100, le=100_000)] = DEFAULT_RADIUS
    timeout: float | None = None


class LiteApi:
    def __init__(self, seed: int) -> None:
        self._seed = seed

    def handle(self, request: Request, now: datetime) -> Response:
        try:
            if not request.headers.get("x-api-key"):
                raise _Refused(401, 4001, "Unauthorized")
            match (request.method, request.path.rstrip("/")):
                case ("GET", "/v3.0/data/hotels"):
                    return json_response(200, self._hotels(request.query))
                case ("GET", "/v3.0/data/facilities"):
                    rows = [{"facility_id": code, "facility": name} for code, name in FACILITIES.items()]
                    return json_response(200, {"data": rows})
                case ("POST", "/v3.0/hotels/rates"):
                    return json_response(200, self._rates(request.body, now.date()))
                case _:
                    raise _Refused(404, 4004, "resource not found")
        except _Refused as refused:
            error = {"code": refused.code, "message": str(refused), "description": str(refused)}
            return json_response(refused.status, {"error": error})

    def _hotels(self, query: Mapping[str, str]) -> dict[str, Any]:
        if "latitude" in query or "longitude" in query:
            latitude, longitude = _number(query, "latitude", 90), _number(query, "longitude", 180)
            radius = _number(query, "radius", 100_000) if "radius" in query else DEFAULT_RADIUS
            found = hotels_around(self._seed, latitude, longitude, radius)
        elif query.get("countryCode"):
            found = self._in_city(query.get("cityName"), query["countryCode"])
        else:
            raise _Refused(400, 4002, "countryCode or latitude and longitude are required")
        offset = int(_number(query, "offset", 1e6)) if "offset" in query else 0
        limit = int(_number(query, "limit", 5000)) if "limit" in query else 200
        return {"data": [_described(hotel) for hotel in found[offset : offset + limit]], "total": len(found)}

    def _rates(self, body: bytes, today: date) -> dict[str, Any]:
        try:
            asked = msgspec.json.decode(body, type=_Asked)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _Refused(400, 4002, f"invalid request body: {error}") from None
        nights = (asked.checkout - asked.checkin).days
        if asked.checkin < today or not 1 <= nights <= MAX_NIGHTS:
            raise _Refused(400, 4002, "invalid checkin or checkout date")
        if asked.currency != "EUR" and asked.currency not in currencies():
            raise _Refused(400, 4002, "invalid currency")
        answers = [self._offers(hotel, asked) for hotel in self._meant(asked)]
        data = [answer for answer in answers if answer["roomTypes"]]
        if not data:
            # The real API answers a search without results with 200 and an error.
            return {"error": {"code": 2001, "message": "no availability found"}}
        return {"data": data, "guestLevel": 0, "sandbox": True}

    def _meant(self, asked: _Asked) -> list[Hotel]:
        if asked.hotel_ids:
            return [hotel for one in asked.hotel_ids if (hotel := hotel_of(self._seed, one))]
        if asked.latitude is not None and asked.longitude is not None:
            return hotels_around(self._seed, asked.latitude, asked.longitude, asked.radius)
        if asked.country_code:
            return self._in_city(asked.city_name, asked.country_code)
        raise _Refused(400, 4002, "hotelIds, a city or a point is required")

    def _in_city(self, name: str | None, country: str) -> list[Hotel]:
        city = city_named(name or "", country)
        return list(hotels_in(self._seed, city)) if city else []

    def _offers(self, hotel: Hotel, asked: _Asked) -> dict[str, Any]:
        most = max(one.adults + len(one.children) for one in asked.occupancies)
        is_open = has_rooms(self._seed, hotel, asked.checkin, asked.checkout)
        fitting = [room for room in ROOMS if room.sleeps >= most] if is_open else []
        rooms = [self._room_type(hotel, room, asked) for room in fitting]
        return {"hotelId": hotel.id, "roomTypes": rooms}

    def _room_type(self, hotel: Hotel, room: Room, asked: _Asked) -> dict[str, Any]:
        nights = hotel_nights(self._seed, hotel, asked.checkin, asked.checkout)
        rates: list[dict[str, Any]] = []
        total = 0.0
        for number, guests in enumerate(asked.occupancies, 1):
            amount = _money(room.price(hotel, nights, guests.adults, len(guests.children)), asked.currency)
            total += amount
            rates.append(_rate(hotel, room, asked, number, amount))
        subject = [self._seed, hotel.id, room.name, room.board, msgspec.json.encode(asked).decode()]
        return {
            "roomTypeId": identity("rt", hotel.id, room.name),
            "offerId": identity("of", *subject),
            "supplier": "nuitee",
            "supplierId": 2,
            "rates": rates,
            "offerRetailRate": {"amount": _money(total, asked.currency, 1.0), "currency": asked.currency},
            "rateType": "standard",
        }


def _rate(hotel: Hotel, room: Room, asked: _Asked, number: int, amount: float) -> dict[str, Any]:
    guests = asked.occupancies[number - 1]
    deadline = asked.checkin - timedelta(2)
    return {
        "rateId": identity("ra", hotel.id, room.name, room.board, asked.checkin.isoformat(), number, amount),
        "occupancyNumber": number,
        "name": room.name,
        "maxOccupancy": room.sleeps,
        "adultCount": guests.adults,
        "childCount": len(guests.children),
        "childrenAges": guests.children,
        "boardType": room.board,
        "boardName": room.board_name,
        "retailRate": {"total": [{"amount": amount, "currency": asked.currency}]},
        "cancellationPolicies": {
            "cancelPolicyInfos": [
                {
                    "cancelTime": f"{deadline} 12:00:00",
                    "amount": amount,
                    "currency": asked.currency,
                    "type": "amount",
                }
            ]
            if room.is_refundable
            else [],
            "refundableTag": "RFN" if room.is_refundable else "NRFN",
        },
    }


def _described(hotel: Hotel) -> dict[str, Any]:
    return {
        "id": hotel.id,
        "name": hotel.name,
        "hotelDescription": f"<p>{hotel.stars} stars in {hotel.address}.</p>",
        "currency": "EUR",
        "country": hotel.city.country.lower(),
        "city": hotel.city.name,
        "latitude": hotel.latitude,
        "longitude": hotel.longitude,
        "address": hotel.address,
        "stars": hotel.stars,
        "rating": hotel.score,
        "reviewCount": hotel.reviews,
        "facilityIds": list(hotel.facilities),
    }


def _money(amount: float, currency: str, rate: float | None = None) -> float:
    """Euros (or, with a rate of 1, already the currency) as the currency's smallest units allow."""
    factor = rate if rate is not None else 1.0 if currency == "EUR" else currencies()[currency].per_euro
    return float(round(amount * factor)) if currency in _WHOLE else round(amount * factor, 2)


def _number(query: Mapping[str, str], name: str, limit: float) -> float:
    try:
        value = float(query.get(name, ""))
    except ValueError:
        value = math.nan
    if not -limit <= value <= limit:
        raise _Refused(400, 4002, f"invalid {name}")
    return value
