"""What there is to do in a city: well-known sights of some, believable ones everywhere."""

import math
from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from .cities import City
from .draws import Draws
from .hotels import price_level

_TABLE = Path(__file__).parent / "data" / "sights.tsv"
_EURO = "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"
_CURRENCIES = {
    **dict.fromkeys(_EURO.split(), "EUR"),
    "US": "USD",
    "GB": "GBP",
}


class Sight(NamedTuple):
    """`hours` and `charge` are as OpenStreetMap writes them; None: always open, and free.

    `diets` are what a restaurant is known to serve, as Geoapify names its conditions.
    """

    name: str
    categories: tuple[str, ...]
    latitude: float
    longitude: float
    hours: str | None
    wheelchair: str | None
    charge: str | None
    diets: tuple[str, ...] = ()

    @property
    def is_restaurant(self) -> bool:
        return self.categories[0].startswith("catering.restaurant")


class _Kind(NamedTuple):
    name: str
    category: str
    hours: str | None
    price: float  # EUR, at middle prices; 0 is free


_KINDS = (
    _Kind("{city} City Museum", "entertainment.museum", "Tu-Su 10:00-18:00", 8),
    _Kind("{city} Old Town Walk", "tourism.attraction", None, 0),
    _Kind("{city} Botanical Garden", "leisure.park.garden", "Mo-Su 09:00-18:00", 5),
    _Kind("{city} Art Gallery", "entertainment.culture.gallery", "We-Mo 11:00-19:00; Tu off", 9),
    _Kind("{city} Market Hall", "commercial.marketplace", "Mo-Sa 08:00-15:00; Su off", 0),
    _Kind("{city} Viewpoint", "tourism.attraction.viewpoint", None, 0),
    _Kind("Theatre of {city}", "entertainment.culture.theatre", "Tu-Su 17:00-22:00", 24),
    _Kind("{city} Cooking Class", "entertainment.culture.arts_centre", "Mo-Sa 10:00-14:00", 45),
)


@lru_cache(maxsize=256)
def sights_in(seed: int, city: City) -> tuple[Sight, ...]:
    """Small places have fewer of the made-up kinds; the well-known ones come first."""
    count = 3 + round(5 * min(1.0, city.prominence * 2))
    return (*_known().get((city.name, city.country), ()), *(_made_up(seed, city, n) for n in range(count)))


def _made_up(seed: int, city: City, number: int) -> Sight:
    kind = _KINDS[number]
    draws = Draws(seed, "sight", city.line, number)
    away, direction = draws.between(0.1, 0.4), draws.between(0, 2 * math.pi)  # km, radians
    narrowing = math.cos(math.radians(city.latitude))
    price = round(kind.price * price_level(city.country) * draws.between(0.8, 1.3))
    currency = _CURRENCIES.get(city.country, "EUR")
    return Sight(
        name=kind.name.format(city=city.name),
        categories=(kind.category,),
        latitude=round(city.latitude + away * math.cos(direction) / 111.2, 6),
        longitude=round(city.longitude + away * math.sin(direction) / (111.2 * narrowing), 6),
        hours=kind.hours,
        wheelchair=(None, "yes", "yes", "limited", "no")[draws.below(5)],
        charge=f"{price} {currency}" if price else None,
    )


@cache
def _known() -> dict[tuple[str, str], tuple[Sight, ...]]:
    found: defaultdict[tuple[str, str], list[Sight]] = defaultdict(list)
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        cells = line.split("\t")
        city, country, name, categories, latitude, longitude, hours, wheelchair, charge = cells
        found[city, country].append(
            Sight(
                name,
                tuple(categories.split("|")),
                float(latitude),
                float(longitude),
                hours or None,
                wheelchair or None,
                charge or None,
            )
        )
    return {key: tuple(rows) for key, rows in found.items()}
