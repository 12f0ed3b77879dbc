"""Hotel rooms for a party around a point."""

from datetime import date, timedelta
from typing import Annotated, Literal

from msgspec import Meta

from tools.providers.stays import ACCESSIBLE, Occupancy, RoomOffer, StaySearch
from tools.results import AccommodationResult, Stay
from tools.tool import ToolContext, invalid, tool

MAX_NIGHTS = 60
MAX_GUESTS = 36
MAX_ROOMS = 9
_MOST_A_ROOM = 4  # few rooms sleep more
MAX_STAYS = 40

Amenity = Literal[
    "wifi",
    "breakfast",
    "pool",
    "parking",
    "gym",
    "spa",
    "restaurant",
    "kitchen",
    "air_conditioning",
    "pets",
    "family_rooms",
]
CurrencyCode = Annotated[
    str, Meta(pattern="^[A-Z]{3}$", max_length=3, description="ISO 4217 code of a currency.")
]
CountryCode = Annotated[
    str, Meta(pattern="^[A-Z]{2}$", max_length=2, description="ISO 3166 code of the guests' country.")
]
Age = Annotated[int, Meta(ge=0, le=17)]


@tool(timeout=60)
async def accommodation_search(
    context: ToolContext,
    city: Annotated[str, Meta(min_length=1, max_length=100)],
    latitude: Annotated[float, Meta(ge=-90, le=90)],
    longitude: Annotated[float, Meta(ge=-180, le=180)],
    check_in: date,
    check_out: date,
    adults: Annotated[int, Meta(ge=1, le=MAX_GUESTS)] = 2,
    child_ages: Annotated[tuple[Age, ...], Meta(max_length=MAX_GUESTS)] = (),
    rooms: Annotated[int, Meta(ge=1, le=MAX_ROOMS)] | None = None,
    amenities: Annotated[tuple[Amenity, ...], Meta(max_length=11)] = (),
    accessible: bool = False,
    currency: CurrencyCode = "EUR",
    guest_nationality: CountryCode = "DE",
    radius_km: Annotated[float, Meta(ge=0.5, le=50)] = 8.0,
) -> AccommodationResult:
    """Find hotel rooms that are free for the whole stay, cheapest first; prices are for all rooms and nights.

    Take latitude and longitude from place_lookup. child_ages are ages in years, 0 for babies. Without rooms,
    two adults share a room. With accessible, only houses that name facilities for disabled guests. Some
    providers answer in a currency of their own: each total says its currency.
    """
    nights = _nights(check_in, check_out, context.today)
    occupancies = shared_out(adults, child_ages, rooms)
    await context.progress(0.1, f"Looking for hotels in {city}")
    search = StaySearch(
        latitude,
        longitude,
        round(radius_km * 1000),
        check_in,
        check_out,
        occupancies,
        currency,
        guest_nationality,
    )
    offers = await context.providers.stays.offers(search, context)
    stays = [_stay(offer, city, check_in, nights, len(occupancies)) for offer in offers]
    fitting = [
        stay
        for stay in stays
        if set(amenities) <= set(stay.amenities) and (stay.accessible or not accessible)
    ]
    fitting.sort(key=lambda stay: (stay.total.amount, stay.rate_id))
    await context.progress(0.9, f"{len(fitting)} of {len(stays)} rooms fit")
    return AccommodationResult(stays=fitting[:MAX_STAYS])


def shared_out(adults: int, child_ages: tuple[int, ...], rooms: int | None) -> list[Occupancy]:
    """Everybody in a room, as evenly as can be, and an adult in each."""
    if adults + len(child_ages) > MAX_GUESTS:
        raise invalid("child_ages", f"A stay is for at most {MAX_GUESTS} people.")
    crowded = -(-(adults + len(child_ages)) // _MOST_A_ROOM)
    count = rooms or min(MAX_ROOMS, adults, max((adults + 1) // 2, crowded))
    if count > adults:
        raise invalid("rooms", "Every room needs an adult.")
    by_age = sorted(child_ages)
    return [
        Occupancy(len(range(number, adults, count)), tuple(by_age[count - 1 - number :: count]))
        for number in range(count)
    ]


def _nights(check_in: date, check_out: date, today: date) -> int:
    if check_in < today:
        raise invalid("check_in", f"The day of arrival {check_in} has passed.")
    nights = (check_out - check_in) // timedelta(days=1)
    if nights < 1:
        raise invalid("check_out", "The stay ends before its first night.")
    if nights > MAX_NIGHTS:
        raise invalid("check_out", f"The stay is longer than {MAX_NIGHTS} nights.")
    return nights


def _stay(offer: RoomOffer, city: str, check_in: date, nights: int, rooms: int) -> Stay:
    return Stay(
        rate_id=offer.rate_id,
        hotel_id=offer.hotel_id,
        name=offer.hotel,
        city=city,
        latitude=offer.latitude,
        longitude=offer.longitude,
        stars=offer.stars,
        review_score=offer.review_score,
        room=offer.room,
        board=offer.board,
        sleeps=offer.sleeps,
        rooms=rooms,
        capacity_total=offer.sleeps * rooms,
        amenities=sorted(offer.amenities - {ACCESSIBLE}),
        accessible=True if ACCESSIBLE in offer.amenities else None,
        refundable=offer.refundable,
        check_in=check_in,
        check_out=check_in + timedelta(days=nights),
        nights=nights,
        total=offer.total,
    )
