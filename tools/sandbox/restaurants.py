"""Where to eat in a city: the country's own kitchen first, some of elsewhere, and one that is vegan.

They stand where hotels may stand: in a well-known quarter or near the city's centre, which is on land.
"""

import math
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from .cities import City, Quarter, quarters
from .draws import Draws
from .sights import Sight

_TABLE = Path(__file__).parent / "data" / "restaurants.tsv"
_ANYWHERE = "*"
_LATE = frozenset({"ES", "PT", "IT", "GR", "CY", "AR", "UY", "CL", "BR", "MT"})  # dinner begins at eight
_HALAL = (
    "TR",
    "MA",
    "DZ",
    "TN",
    "EG",
    "JO",
    "LB",
    "AE",
    "OM",
    "QA",
    "SA",
    "KW",
    "BH",
    "ID",
    "MY",
    "PK",
    "BD",
)
_WITHOUT_MEAT = frozenset({"indian", "lebanese", "arab", "african", "thai", "mediterranean", "italian"})
_DAYS = ("Mo-Su {hours}", "Tu-Su {hours}", "Mo-Sa {hours}; Su off", "We-Mo {hours}; Tu off", "Tu-Sa {hours}")
_EARLY_HOURS = ("12:00-22:00", "11:30-14:30,17:30-22:00", "17:00-23:00")
_LATE_HOURS = ("12:30-23:30", "12:30-15:30,19:30-23:30", "19:00-23:30")


class _Kitchen(NamedTuple):
    countries: frozenset[str]
    cuisine: str
    names: tuple[str, ...]


@lru_cache(maxsize=256)
def restaurants_in(seed: int, city: City) -> tuple[Sight, ...]:
    """Two thirds cook as the country does; every city has a vegan one, the last."""
    own, *others, vegan = _kitchens(city.country)
    count = 7 + round(9 * math.sqrt(city.prominence))
    kitchens = [
        own if number % 3 or not others else others[(number // 3 + city.line) % len(others)]
        for number in range(1, count)
    ]
    places = quarters(city) or (Quarter(city.name, city.latitude, city.longitude),)
    names: dict[str, _Kitchen] = {}
    for number, kitchen in enumerate((*kitchens, vegan)):
        first = (number + city.line) % len(kitchen.names)
        fresh = (name for name in (*kitchen.names[first:], *kitchen.names[:first]) if name not in names)
        names[next(fresh, f"{kitchen.names[first]} {number + 1}")] = kitchen
    return tuple(
        _restaurant(seed, city, places[number % len(places)], kitchen, name)
        for number, (name, kitchen) in enumerate(names.items())
    )


def _restaurant(seed: int, city: City, place: Quarter, kitchen: _Kitchen, name: str) -> Sight:
    draws = Draws(seed, "restaurant", city.line, name)
    away, direction = draws.between(0.03, 0.25), draws.between(0, 2 * math.pi)  # km, radians
    narrowing = math.cos(math.radians(place.latitude))
    hours = (_LATE_HOURS if city.country in _LATE else _EARLY_HOURS)[draws.below(3)]
    days = _DAYS[draws.below(len(_DAYS))]
    is_stated = draws.fraction() < 0.88  # nobody entered the others' hours
    return Sight(
        name=name,
        categories=(f"catering.restaurant.{kitchen.cuisine}",),
        latitude=round(place.latitude + away * math.cos(direction) / 111.2, 6),
        longitude=round(place.longitude + away * math.sin(direction) / (111.2 * narrowing), 6),
        hours=days.format(hours=hours) if is_stated else None,
        wheelchair=(None, "yes", "yes", "limited", "no")[draws.below(5)],
        charge=None,
        diets=_vegan(draws) if kitchen is _table()[-1] else _diets(kitchen.cuisine, city.country, draws),
    )


def _vegan(draws: Draws) -> tuple[str, ...]:
    return ("vegetarian.only", "vegan.only", *(("gluten_free",) if draws.fraction() < 0.75 else ()))


def _diets(cuisine: str, country: str, draws: Draws) -> tuple[str, ...]:
    """What somebody entered for it; the rest is not known."""
    is_green = cuisine in _WITHOUT_MEAT
    chances = {
        "vegetarian": 0.9 if is_green else 0.6,
        "vegan": 0.45 if is_green else 0.2,
        "gluten_free": 0.35,
        "halal": 0.8 if country in _HALAL else 0.4 if cuisine in ("lebanese", "turkish", "indian") else 0.02,
        "kosher": 0.6 if country == "IL" else 0.02,
    }
    drawn = [diet for diet, chance in chances.items() if draws.fraction() < chance]
    return tuple(diet for diet in drawn if diet != "vegan" or "vegetarian" in drawn)


@cache
def _kitchens(country: str) -> tuple[_Kitchen, ...]:
    """The country's own, those of elsewhere, and the vegan one; without its own the plain one is first."""
    own = [one for one in _table() if country in one.countries]
    foreign = [one for one in _table() if _ANYWHERE in one.countries]
    if not own:
        own = [one for one in foreign if one.cuisine == "international"]
    return (*own[:1], *(one for one in foreign if one.cuisine != own[0].cuisine or one is foreign[-1]))


@cache
def _table() -> tuple[_Kitchen, ...]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple(
        _Kitchen(frozenset(places.split()), cuisine, tuple(names)) for places, cuisine, *names in rows
    )
