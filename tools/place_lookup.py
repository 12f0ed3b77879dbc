"""What places a name may mean, offline."""

from typing import Annotated

from msgspec import Meta

from tools.places import Place, completions, find_country, find_places, find_regions, places_in
from tools.results import Matched, PlaceCandidate, PlaceLookupResult
from tools.tool import ToolContext, tool

MAX_CANDIDATES = 20
SHORTEST_BEGINNING = 4  # letters of a name that is not written to its end
KNOWN = 0.1  # prominence of a place that may be meant by the first words of its name


@tool(timeout=10)
async def place_lookup(
    context: ToolContext,
    name: Annotated[str, Meta(min_length=1, max_length=100)],
    limit: Annotated[int, Meta(ge=1, le=MAX_CANDIDATES)] = 10,
) -> PlaceLookupResult:
    """Find every place that a name may mean, the likeliest first, with airports, coordinates and time zone.

    Takes names in eight languages, what people write for them ("Rio", "LA"), IATA codes, and a country or region
    after a comma ("San José, Costa Rica"). For a country or a region: the places in it that people travel to most,
    and matched is "country" or "region".
    """
    matched, places = _found(name.strip())
    return PlaceLookupResult(matched=matched, candidates=[_candidate(place) for place in places[:limit]])


def _found(name: str) -> tuple[Matched, list[Place]]:
    """Places of just this name come before those whose name goes on after it ("San José del Cabo")."""
    longer = [place for place in completions(name, to_the_word=True) if place.prominence >= KNOWN]
    exact = find_places(name)
    if exact:
        return "place", list(dict.fromkeys([*exact, *longer]))
    country = find_country(name)
    inside = places_in(country.code, MAX_CANDIDATES) if country else []
    if inside:
        return "country", inside
    inside = [place for region in find_regions(name) for place in region.places(MAX_CANDIDATES)]
    if inside:
        return "region", inside
    begun = longer or (completions(name, to_the_word=False) if len(name) >= SHORTEST_BEGINNING else [])
    return ("place" if begun else "nothing"), begun


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
