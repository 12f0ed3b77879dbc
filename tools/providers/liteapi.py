"""LiteAPI v3: hotels around a point, and what their rooms cost."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.contract.turn import Money
from tools.providers.http import HttpClient, Report
from tools.providers.outcome import Answer
from tools.providers.retry import Effect
from tools.providers.stays import ACCESSIBLE, RoomOffer, StaySearch

HOTELS_FRESH = 24 * 3600  # s; names and places of hotels change seldom. Rates are never kept: they expire.
SUPPLIER_TIMEOUT = 8  # s, how long LiteAPI waits for hotels
READ_TIMEOUT = SUPPLIER_TIMEOUT + 10.0
MAX_HOTELS = 60
NO_AVAILABILITY = 2001

# What a facility's English name says of it; the first that fits counts.
_WORDS = {
    "wheelchair": ACCESSIBLE,
    "disabled": ACCESSIBLE,
    "accessib": ACCESSIBLE,
    "wifi": "wifi",
    "wi-fi": "wifi",
    "pool": "pool",
    "parking": "parking",
    "fitness": "gym",
    "gym": "gym",
    "spa": "spa",
    "restaurant": "restaurant",
    "kitchen": "kitchen",
    "air condition": "air_conditioning",
    "pets": "pets",
    "family room": "family_rooms",
    "breakfast": "breakfast",
}

Text = Annotated[str, Meta(max_length=300)]
Identity = Annotated[str, Meta(min_length=1, max_length=2000)]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]


class Hotel(Struct, rename="camel"):
    """`stars` and `rating` (up to 10) are 0 or None where nobody gave any."""

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Text
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    stars: float | None = None
    rating: float | None = None
    facility_ids: list[int] | None = None


class _Hotels(Struct):
    data: list[Hotel]


class _Facility(Struct):
    facility_id: int
    facility: Text


class _Facilities(Struct):
    data: list[_Facility]


class _Price(Struct):
    amount: Annotated[Decimal, Meta()]
    currency: Currency


class _Cancellation(Struct, rename="camel"):
    refundable_tag: Text | None = None


class _Rate(Struct, rename="camel"):
    name: Text
    board_name: Text | None = None
    board_type: Text | None = None
    max_occupancy: Annotated[int, Meta(ge=1, le=50)] | None = None
    adult_count: Annotated[int, Meta(ge=0, le=50)] | None = None
    child_count: Annotated[int, Meta(ge=0, le=50)] | None = None
    cancellation_policies: _Cancellation | None = None


class _RoomType(Struct, rename="camel"):
    offer_id: Identity
    offer_retail_rate: _Price
    rates: Annotated[list[_Rate], Meta(min_length=1, max_length=50)]


class _HotelRates(Struct, rename="camel"):
    hotel_id: Text
    room_types: list[_RoomType] | None = None


class _Problem(Struct):
    code: int = 0
    message: str = ""
    description: str = ""


class _Rates(Struct):
    data: list[_HotelRates] | None = None
    error: _Problem | None = None


class _Refusal(Struct):
    error: _Problem


class LiteApi:
    def __init__(self, http: HttpClient, key: str | None) -> None:
        self._http = http
        self._headers = {"x-api-key": key or "", "accept": "application/json"}

    async def hotels(self, latitude: float, longitude: float, metres: int, report: Report) -> list[Hotel]:
        """Raises `EXTERNAL_API_ERROR` or `TOOL_TIMEOUT`."""
        parameters = {
            "latitude": round(latitude, 4),
            "longitude": round(longitude, 4),
            "radius": metres,
            "limit": MAX_HOTELS,
        }
        answer = await self._http.read("/v3.0/data/hotels", parameters, report, headers=self._headers)
        if answer.status >= 400:
            raise self._refused(answer)
        hotels = self._http.parse(answer, _Hotels).data
        await self._http.keep(answer, HOTELS_FRESH)
        return hotels[:MAX_HOTELS]

    async def facilities(self, report: Report) -> dict[int, str]:
        """What facilities' numbers mean. Raises `EXTERNAL_API_ERROR` or `TOOL_TIMEOUT`."""
        answer = await self._http.read("/v3.0/data/facilities", {}, report, headers=self._headers)
        if answer.status >= 400:
            raise self._refused(answer)
        rows = self._http.parse(answer, _Facilities).data
        await self._http.keep(answer, HOTELS_FRESH)
        return {row.facility_id: row.facility for row in rows}

    async def offers(self, search: StaySearch, report: Report) -> list[RoomOffer]:
        """As `StayProvider` says."""
        hotels = await self.hotels(search.latitude, search.longitude, search.metres, report)
        if not hotels:
            return []
        names = await self.facilities(report)
        await report.note(f"{len(hotels)} hotels found, asking for rooms")
        by_id = {hotel.id: hotel for hotel in hotels}
        answer, found = await self._rates(list(by_id), search, report)
        return [
            self._offer(by_id[one.hotel_id], room, search, names, answer)
            for one in found
            if one.hotel_id in by_id
            for room in one.room_types or []
        ]

    async def _rates(
        self, hotel_ids: list[str], search: StaySearch, report: Report
    ) -> tuple[Answer, list[_HotelRates]]:
        body = {
            "hotelIds": hotel_ids,
            "checkin": search.check_in,
            "checkout": search.check_out,
            "currency": search.currency,
            "guestNationality": search.nationality,
            "occupancies": search.occupancies,
            "timeout": SUPPLIER_TIMEOUT,
        }
        answer = await self._http.send(
            "POST",
            "/v3.0/hotels/rates",
            report,
            headers={**self._headers, "content-type": "application/json"},
            body=encode(body),
            read_timeout=READ_TIMEOUT,
            effect=Effect.NONE,  # a search books nothing
        )
        if answer.status >= 400:
            raise self._refused(answer)
        rates = self._http.parse(answer, _Rates)
        if rates.error is not None and rates.error.code != NO_AVAILABILITY:
            raise self._http.refused(answer, rates.error.message)
        return answer, [] if rates.error else rates.data or []

    def _offer(
        self, hotel: Hotel, room: _RoomType, search: StaySearch, names: dict[int, str], answer: Answer
    ) -> RoomOffer:
        price = room.offer_retail_rate
        if (
            len(room.rates) != len(search.occupancies)
            or price.currency != search.currency
            or not price.amount > 0
        ):
            raise self._http.error("LiteAPI answered with rates for something else.", answer)
        first = room.rates[0]
        board = first.board_name or first.board_type or ""
        facilities = (names[code] for code in hotel.facility_ids or [] if code in names)
        breakfast = ["breakfast"] if "breakfast" in board.lower() or board == "BB" else []
        return RoomOffer(
            rate_id=room.offer_id,
            hotel_id=hotel.id,
            hotel=hotel.name,
            latitude=hotel.latitude,
            longitude=hotel.longitude,
            stars=hotel.stars or None,
            review_score=hotel.rating or None,
            room=first.name,
            board=board,
            sleeps=min(_sleeps(rate) for rate in room.rates),
            amenities=frozenset((*_amenities(facilities), *breakfast)),
            refundable=all(
                rate.cancellation_policies is not None and rate.cancellation_policies.refundable_tag == "RFN"
                for rate in room.rates
            ),
            total=Money(price.amount, price.currency),
        )

    def _refused(self, answer: Answer) -> TripSageError:
        try:
            problem = msgspec.json.decode(answer.body, type=_Refusal).error
        except (msgspec.DecodeError, UnicodeDecodeError):
            return self._http.refused(answer, answer.body[:1000].decode(errors="replace"))
        said: Any = f"{problem.code}: {problem.description or problem.message}"
        if answer.status in (400, 422):
            return self._http.error(
                "LiteAPI cannot search for that.", answer, reason=said, code=ErrorCode.VALIDATION_ERROR
            )
        return self._http.refused(answer, said)


def _sleeps(rate: _Rate) -> int:
    """What the room takes; where that is not said, those it is offered to."""
    return rate.max_occupancy or max(1, (rate.adult_count or 0) + (rate.child_count or 0))


def _amenities(facilities: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for facility in facilities:
        name = facility.lower()
        meaning = next((meaning for word, meaning in _WORDS.items() if word in name), None)
        if meaning:
            found.add(meaning)
    return found
