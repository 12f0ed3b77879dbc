"""Names to places, offline: some 8,000 cities, islands and regions with the airports that serve them.

    find_places("Lissabon")[0].iata == "LIS"
    find_places("Paris, Texas")[0].iata == "PRX"
    find_country("Griechenland") == Country("GR", "Greece")
    find_regions("Toskana") == [Region("IT", "Tuscany")]
    scan("5 days in Nice from LAX")  # -> [(10, 14, [Nice FR, ...]), (20, 23, [Los Angeles])]

The tables are read on first use (some 50 ms); see `data/README.md` for where they come from.
"""

from tools.places.countries import Country, country_name, find_country
from tools.places.gazetteer import (
    Place,
    completions,
    find_places,
    kilometres_to_airport,
    places_in,
    places_like,
)
from tools.places.regions import Region, find_regions, region_of
from tools.places.scan import Found, scan, scan_countries, scan_regions

__all__ = [
    "Country",
    "Found",
    "Place",
    "Region",
    "completions",
    "country_name",
    "find_country",
    "find_places",
    "find_regions",
    "kilometres_to_airport",
    "places_in",
    "places_like",
    "region_of",
    "scan",
    "scan_countries",
    "scan_regions",
]
