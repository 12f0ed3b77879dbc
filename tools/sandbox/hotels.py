"""Hotels of a city: the same for the same seed, on land, with what they offer and what a night costs.

A hotel stands in a well-known quarter, or a few hundred metres from the city's centre, which is on land.
"""

import math
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from .cities import City, Quarter, city_at, city_near, kilometres, quarters
from .draws import Draws

FACILITIES = {
    2: "Parking",
    3: "Restaurant",
    4: "Pets allowed",
    8: "24-hour front desk",
    11: "Fitness",
    16: "Non-smoking rooms",
    25: "Facilities for disabled guests",
    28: "Family rooms",
    47: "WiFi available",
    54: "Spa and wellness centre",
    80: "Air conditioning",
    107: "Free WiFi",
    301: "Swimming pool",
    400: "Kitchen",
}
_IDS_A_CITY = 16  # more than any city has hotels
_ALWAYS = (8, 16, 47, 107)
_BY_STARS = {2: 40.0, 3: 68.0, 4: 108.0, 5: 235.0}  # EUR a night for two, in a country of middle prices
_LEVELS = {
    1.6: "CH IS NO BM KY",
    1.35: "US GB DK IE SE FI NL LU SG AU AE MC IL JP HK",
    1.15: "FR DE AT BE IT CA NZ QA SA KR MV SC PF",
    1.0: "ES GR PT CZ HR SI EE MT CY CL UY CN TW BR CR",
    0.75: "PL HU SK LT LV TR MX ZA MA TH MY AR RO BG PE CO JO OM",
    0.55: "VN ID IN PH KH LA LK NP EG TN GE AL MK RS BA BO EC BD PK",
}
_NAMES = (
    "Hotel {place}",
    "{place} Boutique Hotel",
    "{place} Residence",
    "Grand Hotel {place}",
    "The {place} House",
    "{place} Garden Hotel",
    "{place} Suites",
    "Hotel {place} Central",
    "{place} Guest House",
    "Park Hotel {place}",
    "{place} Rooms & Breakfast",
    "Hotel Bellevue {place}",
)


class Hotel(NamedTuple):
    """`night` is what its cheapest room costs on a plain night, EUR. `score` is guests' opinion, up to 10."""

    id: str
    name: str
    city: City
    address: str
    latitude: float
    longitude: float
    stars: int
    score: float
    reviews: int
    facilities: tuple[int, ...]
    night: float


class Room(NamedTuple):
    """`factor` is upon the hotel's cheapest price, `breakfast` EUR a head and night at middle prices."""

    name: str
    sleeps: int
    board: str
    board_name: str
    is_refundable: bool
    factor: float
    breakfast: float

    def price(self, hotel: Hotel, nights: list[float], adults: float, children: float) -> float:
        """EUR for one such room over these nights (`hotel_nights`)."""
        heads = adults + 0.5 * children
        breakfast = self.breakfast * heads * len(nights) * price_level(hotel.city.country)
        return sum(nights) * self.factor * (0.88 if heads <= 1 else 1.0) + breakfast


ROOMS = (
    Room("Standard Double Room", 2, "RO", "Room Only", False, 1.0, 0.0),
    Room("Standard Double Room", 2, "BB", "Bed and Breakfast", True, 1.1, 11.0),
    Room("Triple Room", 3, "RO", "Room Only", True, 1.35, 0.0),
    Room("Family Room", 4, "BB", "Bed and Breakfast", True, 1.6, 11.0),
)


@lru_cache(maxsize=256)
def hotels_in(seed: int, city: City) -> tuple[Hotel, ...]:
    count = 4 + round(8 * math.sqrt(city.prominence))
    places = quarters(city) or (Quarter(city.name, city.latitude, city.longitude),)
    return tuple(_hotel(seed, city, places[number % len(places)], number) for number in range(count))


def hotel_of(seed: int, identity: str) -> Hotel | None:
    """The hotel of this id."""
    try:
        index, number = divmod(int(identity.removeprefix("lp"), 16), _IDS_A_CITY)
    except ValueError:
        return None
    city = city_at(index - 1)
    hotels = hotels_in(seed, city) if city else ()
    return hotels[number] if number < len(hotels) else None


def hotels_around(seed: int, latitude: float, longitude: float, metres: float) -> list[Hotel]:
    """Those of the nearest city that are within so many metres."""
    city = city_near(latitude, longitude, max(metres / 1000, 10.0))
    return [
        hotel
        for hotel in (hotels_in(seed, city) if city else ())
        if kilometres(latitude, longitude, hotel.latitude, hotel.longitude) * 1000 <= metres
    ]


def price_level(country: str) -> float:
    """What things cost there, against a country of middle prices."""
    return next((level for level, countries in _LEVELS.items() if country in countries.split()), 0.7)


def season(latitude: float, day: date) -> float:
    """Dear in summer and over New Year; little changes near the equator."""
    summer = math.cos(2 * math.pi * (day.timetuple().tm_yday - 205) / 365.25)
    strength = min(1.0, abs(latitude) / 35) * (1 if latitude >= 0 else -1)
    holidays = 0.25 if (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 2) else 0.0
    return 1 + 0.24 * strength * summer + holidays


def night_price(seed: int, hotel: Hotel, day: date) -> float:
    """EUR for two in the cheapest room. Fridays and Saturdays cost more, and every date differs a little."""
    weekend = 1.15 if day.weekday() in (4, 5) else 1.0
    change = Draws(seed, "night", hotel.id, day.isoformat()).between(0.94, 1.08)
    return hotel.night * season(hotel.latitude, day) * weekend * change


def hotel_nights(seed: int, hotel: Hotel, check_in: date, check_out: date) -> list[float]:
    """EUR for two in the cheapest room, night by night."""
    return [night_price(seed, hotel, check_in + timedelta(n)) for n in range((check_out - check_in).days)]


def has_rooms(seed: int, hotel: Hotel, check_in: date, check_out: date) -> bool:
    """One night in thirty is sold out, and then no stay goes over it."""
    nights = (check_in + timedelta(days) for days in range((check_out - check_in).days))
    return not any(Draws(seed, "full", hotel.id, night.isoformat()).below(30) == 0 for night in nights)


def _hotel(seed: int, city: City, place: Quarter, number: int) -> Hotel:
    draws = Draws(seed, "hotel", city.name, city.country, city.latitude, city.longitude, number)
    stars = (3, 4, 2, 3, 5, 4)[number % 6]
    away, direction = draws.between(0.03, 0.25), draws.between(0, 2 * math.pi)  # km, radians
    north, east = away * math.cos(direction), away * math.sin(direction)
    latitude = place.latitude + north / 111.2
    longitude = place.longitude + east / (111.2 * math.cos(math.radians(place.latitude)))
    extras = [code for code in FACILITIES if code not in _ALWAYS and draws.fraction() < 0.2 + 0.13 * stars]
    return Hotel(
        id=f"lp{(city.line + 1) * _IDS_A_CITY + number:x}",
        name=_NAMES[(number + int(city.latitude * 10)) % len(_NAMES)].format(place=place.name),
        city=city,
        address=f"{place.name}, {city.name}",
        latitude=round(latitude, 5),
        longitude=round(longitude, 5),
        stars=stars,
        score=round(6.6 + 0.4 * stars + draws.between(-0.4, 0.6), 1),
        reviews=40 + draws.below(2400),
        facilities=tuple(sorted((*_ALWAYS, *extras))),
        night=_BY_STARS[stars] * price_level(city.country) * draws.between(0.8, 1.2),
    )
