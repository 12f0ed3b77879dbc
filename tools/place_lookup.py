"""What places a name may mean, offline."""

from typing import Annotated

from msgspec import Meta

from tools.places import Place, find_country, find_places, places_in
from tools.results import PlaceCandidate, PlaceLookupResult
from tools.tool import ToolContext, tool

MAX_CANDIDATES = 20


@tool(timeout=10)
async def place_lookup(
    context: ToolContext,
    name: Annotated[str, Meta(min_length=1, max_length=100)],
    limit: Annotated[int, Meta(ge=1, le=MAX_CANDIDATES)] = 10,
) -> PlaceLookupResult:
    """Find every place that a name may mean, the likeliest first, with airports, coordinates and time zone.

    Takes names in eight languages, IATA codes, and a country or region after a comma ("San José, Costa Rica").
    For a country: the places in it that people travel to most, and matched is "country".
    """
    found = find_places(name)
    if found:
        return PlaceLookupResult(matched="place", candidates=[_candidate(place) for place in found[:limit]])
    country = find_country(name.strip())
    inside = places_in(country.code, limit) if country else []
    matched = "country" if inside else "nothing"
    return PlaceLookupResult(matched=matched, candidates=[_candidate(place) for place in inside])


def _candidate(place: Place) -> PlaceCandidate:
    return PlaceCandidate(
        name=place.name,
        country=place.country,
        country_name=place.country_name,
        admin1=place.admin1 or None,
        iata=place.iata,
        airports=list(place.airports),
        latitude=place.latitude,
        longitude=place.longitude,
        time_zone=place.time_zone,
        prominence=place.prominence,
    )
