"""States, provinces and regions by name, and the places that lie in them."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from tools.places.gazetteer import Place, places_in
from tools.places.names import fold

_TABLE = Path(__file__).parent / "data" / "regions.tsv"
_EVERYWHERE = 2_000


class Region(NamedTuple):
    """`admin1` is the name that the places in it carry; empty for a whole country."""

    country: str
    admin1: str

    def holds(self, place: Place) -> bool:
        """Whether the place lies in it; the region itself, as a place of the table, does not."""
        return (
            place.country == self.country
            and self.admin1 in ("", place.admin1)
            and fold(place.name) not in _region_names()
        )

    def places(self, limit: int) -> list[Place]:
        """The best known first."""
        found = [place for place in places_in(self.country, _EVERYWHERE) if self.holds(place)]
        return found[:limit]


def region_of(place: Place) -> Region | None:
    """The region that goes by the name of this place."""
    return next((each for each in find_regions(place.name) if each.country == place.country), None)


def find_regions(name: str) -> list[Region]:
    """Every region of this name in one of our languages; those of the table in the order of the file."""
    return list(_names().get(fold(name), ()))


def region_names() -> dict[str, tuple[Region, ...]]:
    """Folded names, each with its regions."""
    return _names()


@cache
def _names() -> dict[str, tuple[Region, ...]]:
    found: dict[str, list[Region]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, admin1, names = line.split("\t")
            for name in (admin1, *filter(None, names.split("|"))):
                found.setdefault(fold(name), []).append(Region(country, admin1))
    return {name: tuple(dict.fromkeys(regions)) for name, regions in found.items()}


@cache
def _region_names() -> frozenset[str]:
    return frozenset(_names())
