"""Names to places, offline: some 8,000 cities, islands and regions with the airports that serve them.

    find_places("Lissabon")[0].iata == "LIS"
    find_places("Paris, Texas")[0].iata == "PRX"
    find_country("Griechenland") == Country("GR", "Greece")
    scan("5 days in Nice from LAX")  # -> [(10, 14, [Nice FR, ...]), (20, 23, [Los Angeles])]

The tables are read on first use (some 50 ms); see `data/README.md` for where they come from.
"""

from tools.places.countries import Country, country_name, find_country
from tools.places.gazetteer import Place, find_places, places_in
from tools.places.scan import Found, scan, scan_countries

__all__ = [
    "Country",
    "Found",
    "Place",
    "country_name",
    "find_country",
    "find_places",
    "places_in",
    "scan",
    "scan_countries",
]
