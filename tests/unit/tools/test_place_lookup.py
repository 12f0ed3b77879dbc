"""Names to places: every plausible one, the likeliest first."""

import pytest

from app.contract.errors import TripSageError
from tests.support.travel import Bench
from tools.results import PlaceLookupResult


async def look_up(name: str, limit: int = 10) -> PlaceLookupResult:
    return await Bench().call("place_lookup", {"name": name, "limit": limit})


@pytest.mark.parametrize(
    ("name", "countries"),
    [
        ("San Jose", {"US", "CR"}),
        ("Sydney", {"AU", "CA"}),
        ("Paris", {"FR", "US"}),
        ("Cartagena", {"CO", "ES"}),
    ],
)
async def test_a_name_of_several_places_has_them_all(name: str, countries: set[str]) -> None:
    result = await look_up(name)
    assert countries <= {place.country for place in result.candidates}
    assert result.matched == "place"


async def test_a_place_comes_with_all_that_other_tools_ask_for() -> None:
    result = await look_up("Lissabon")
    lisbon = result.candidates[0]
    assert (lisbon.name, lisbon.country, lisbon.iata, lisbon.time_zone) == (
        "Lisbon",
        "PT",
        "LIS",
        "Europe/Lisbon",
    )
    assert (round(lisbon.latitude), round(lisbon.longitude)) == (39, -9)
    assert lisbon.airports[0] == "LIS"
    assert result.summary()["likeliest"] == "Lisbon, Portugal"


async def test_a_country_stands_for_the_places_in_it() -> None:
    result = await look_up("Griechenland", limit=5)
    assert (result.matched, len(result.candidates)) == ("country", 5)
    assert {place.country for place in result.candidates} == {"GR"}


async def test_a_name_of_nothing_has_no_candidates() -> None:
    result = await look_up("Qwertzuiop")
    assert (result.matched, result.candidates, result.summary()["likeliest"]) == ("nothing", [], None)


@pytest.mark.parametrize("name", ["", "x" * 101])
async def test_a_name_has_a_length(name: str) -> None:
    with pytest.raises(TripSageError) as refused:
        await look_up(name)
    assert refused.value.details["field"] == "name"
