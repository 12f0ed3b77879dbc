"""Duffel Stays: hotels around a point, and the rates of the cheapest of them. For accounts that it is enabled for.

Prices come in the account's currency: a search cannot ask for another.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from app.contract.codec import encode
from app.contract.turn import Money
from tools.providers.duffel_api import headers, refused
from tools.providers.http import HttpClient, Report
from tools.providers.outcome import Answer
from tools.providers.stays import ACCESSIBLE, RoomOffer, StaySearch

READ_TIMEOUT = 30.0  # s; a search asks many suppliers, and Duffel names no limit of its own
MAX_HOTELS = 6  # whose rates are fetched: each is a call of its own, of 60 a minute

Text = Annotated[str, Meta(max_length=300)]
Identity = Annotated[str, Meta(min_length=1, max_length=128)]
Amount = Annotated[Decimal, Meta()]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Board = Literal["room_only", "breakfast", "half_board", "full_board", "all_inclusive"]

_AMENITIES = {
    "accessibility_mobility": ACCESSIBLE,
    "accessibility_hearing": ACCESSIBLE,
    "gym": "gym",
    "parking": "parking",
    "pets_allowed": "pets",
    "pool": "pool",
    "restaurant": "restaurant",
    "spa": "spa",
    "wifi": "wifi",
}


class _Amenity(Struct):
    type: Text


class _Coordinates(Struct):
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]


class _Location(Struct):
    geographic_coordinates: _Coordinates | None = None


class _Refund(Struct):
    refund_amount: Amount


class _Rate(Struct):
    id: Identity
    total_amount: Amount
    total_currency: Currency
    board_type: Board | None = None
    cancellation_timeline: list[_Refund] = []
    quantity_available: int | None = None


class _Room(Struct):
    name: Text
    rates: list[_Rate]


class _Accommodation(Struct):
    id: Identity
    name: Text
    location: _Location
    rating: float | None = None
    review_score: float | None = None
    amenities: list[_Amenity] | None = None
    rooms: list[_Room] = []


class _Result(Struct):
    id: Annotated[str, Meta(pattern="^[A-Za-z0-9_]{1,128}$")]
    accommodation: _Accommodation
    cheapest_rate_total_amount: Amount


class _Results(Struct):
    results: list[_Result]


class _Searched(Struct):
    data: _Results


class _Fetched(Struct):
    data: _Result


class DuffelStays:
    def __init__(self, http: HttpClient, key: str | None) -> None:
        self._http = http
        self._headers = headers(key)

    async def offers(self, search: StaySearch, report: Report) -> list[RoomOffer]:
        """As `StayProvider` says; rooms of the cheapest hotels."""
        answer = await self._post("/stays/search", report, encode({"data": _body(search)}))
        found = self._http.parse(answer, _Searched).data.results
        cheapest = sorted(found, key=lambda result: result.cheapest_rate_total_amount)[:MAX_HOTELS]
        await report.note(f"{len(found)} hotels found, asking the {len(cheapest)} cheapest for rooms")
        offers: list[RoomOffer] = []
        for result in cheapest:
            path = f"/stays/search_results/{result.id}/actions/fetch_all_rates"
            answer = await self._post(path, report)
            house = self._http.parse(answer, _Fetched).data.accommodation
            offers += self._offers(house, search, answer)
        return offers

    async def _post(self, path: str, report: Report, body: bytes | None = None) -> Answer:
        answer = await self._http.send(
            "POST", path, report, headers=self._headers, body=body, read_timeout=READ_TIMEOUT
        )
        if answer.status >= 400:
            raise refused(self._http, answer)
        return answer

    def _offers(self, house: _Accommodation, search: StaySearch, answer: Answer) -> list[RoomOffer]:
        place = house.location.geographic_coordinates
        if place is None:  # Duffel does not know where every house stands, and a plan has to
            return []
        rooms = len(search.occupancies)
        rates = [(room.name, rate) for room in house.rooms for rate in room.rates]
        if any(not rate.total_amount > 0 for _, rate in rates):
            raise self._http.error("Duffel answered with a rate without a price.", answer)
        return [
            RoomOffer(
                rate_id=rate.id,
                hotel_id=house.id,
                hotel=house.name,
                latitude=place.latitude,
                longitude=place.longitude,
                stars=house.rating or None,
                review_score=house.review_score or None,
                room=name,
                board=(rate.board_type or "").replace("_", " "),
                sleeps=max(one.adults + len(one.children) for one in search.occupancies),
                amenities=_amenities(house, rate),
                refundable=any(
                    refund.refund_amount >= rate.total_amount for refund in rate.cancellation_timeline
                ),
                total=Money(rate.total_amount, rate.total_currency),
            )
            for name, rate in rates
            if rate.quantity_available is None or rate.quantity_available >= rooms
        ]


def _body(search: StaySearch) -> dict[str, Any]:
    """Duffel spreads the guests over the rooms itself. `radius` is in km."""
    adults = [{"type": "adult"} for one in search.occupancies for _ in range(one.adults)]
    children = [{"type": "child", "age": age} for one in search.occupancies for age in one.children]
    return {
        "rooms": len(search.occupancies),
        "guests": [*adults, *children],
        "check_in_date": search.check_in,
        "check_out_date": search.check_out,
        "location": {
            "radius": max(1, round(search.metres / 1000)),
            "geographic_coordinates": {
                "latitude": round(search.latitude, 4),
                "longitude": round(search.longitude, 4),
            },
        },
    }


def _amenities(house: _Accommodation, rate: _Rate) -> frozenset[str]:
    found = {_AMENITIES[one.type] for one in house.amenities or [] if one.type in _AMENITIES}
    return frozenset(found | ({"breakfast"} if rate.board_type not in (None, "room_only") else set()))
