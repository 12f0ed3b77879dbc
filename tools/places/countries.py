"""Countries by their names in eight languages, and by ISO 3166 code."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from tools.places.names import fold

_TABLE = Path(__file__).parent / "data" / "countries.tsv"
_NICKNAMES = {
    "usa": "US",
    "u s a": "US",
    "u s": "US",
    "us": "US",
    "america": "US",
    "the states": "US",
    "uk": "GB",
    "u k": "GB",
    "great britain": "GB",
    "britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "schottland": "GB",
    "ecosse": "GB",
    "holland": "NL",
    "czech republic": "CZ",
    "tschechische republik": "CZ",
    "uae": "AE",
    "emirates": "AE",
    "south korea": "KR",
    "korea": "KR",
    "russia": "RU",
    "turkey": "TR",
    "turkei": "TR",
    "tuerkei": "TR",
    "oesterreich": "AT",
    "burma": "MM",
    "ivory coast": "CI",
    "hong kong": "HK",
    "macau": "MO",
}


class Country(NamedTuple):
    """`code` is ISO 3166-1 alpha-2, `name` English."""

    code: str
    name: str


def find_country(name: str) -> Country | None:
    """The country of this name in any of our languages, or of this two-letter code in capitals."""
    if len(name) == 2 and name.isupper():
        code = _NICKNAMES.get(name.lower(), name)
        return Country(code, _names()[code]) if code in _names() else None
    code = country_keys().get(fold(name))
    return Country(code, _names()[code]) if code else None


def country_name(code: str) -> str:
    """The English name of a country's code; the code itself when it is not known."""
    return _names().get(code, code)


@cache
def country_keys() -> dict[str, str]:
    """Folded names, each with its country's code."""
    keys = {fold(name): code for code, names in _rows() for name in names}
    keys.update(_NICKNAMES)
    return keys


@cache
def _names() -> dict[str, str]:
    return {code: names[0] for code, names in _rows()}


def _rows() -> list[tuple[str, list[str]]]:
    rows: list[tuple[str, list[str]]] = []
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        code, english, others = line.split("\t")
        rows.append((code, [english, *filter(None, others.split("|"))]))
    return rows
