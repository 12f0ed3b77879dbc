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


@pytest.mark.parametrize(
    ("name", "likeliest"),
    [
        ("Rio", ("Rio de Janeiro", "BR")),
        ("LA", ("Los Angeles", "US")),
        ("L.A.", ("Los Angeles", "US")),
        ("NYC", ("New York", "US")),
        ("SF", ("San Francisco", "US")),
        ("BA", ("Buenos Aires", "AR")),
        ("D.C.", ("Washington", "US")),
        ("Philly", ("Philadelphia", "US")),
        ("Vegas", ("Las Vegas", "US")),
        ("St Petersburg", ("Saint Petersburg", "RU")),
        ("St. Pete", ("St. Petersburg", "US")),
        ("Jo'burg", ("Johannesburg", "ZA")),
        ("Saigon", ("Ho Chi Minh City", "VN")),
        ("Addis", ("Addis Ababa", "ET")),
        ("salt lake", ("Salt Lake City", "US")),
        ("Barcelon", ("Barcelona", "ES")),
    ],
)
async def test_places_are_known_by_what_people_write(name: str, likeliest: tuple[str, str]) -> None:
    result = await look_up(name)
    assert result.matched == "place"
    assert (result.candidates[0].name, result.candidates[0].country) == likeliest


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("Rio", ["Rio Branco", "Río Gallegos"]),
        ("St Petersburg", ["St. Petersburg"]),
        ("San José", ["San José", "San José del Cabo"]),
        ("Santiago", ["Santiago de los Caballeros", "Santiago de Compostela"]),
    ],
)
async def test_who_gives_the_first_words_may_mean_a_longer_name(name: str, also: list[str]) -> None:
    candidates = [place.name for place in (await look_up(name)).candidates]
    assert set(also) <= set(candidates[1:])


async def test_a_region_stands_for_the_places_in_it() -> None:
    result = await look_up("Bayern", limit=3)
    assert (result.matched, result.candidates[0].name) == ("region", "Munich")
    assert {place.admin1 for place in result.candidates} == {"Bavaria"}


async def test_a_name_of_nothing_has_no_candidates() -> None:
    result = await look_up("Qwertzuiop")
    assert (result.matched, result.candidates, result.summary()["likeliest"]) == ("nothing", [], None)


@pytest.mark.parametrize("name", ["", "x" * 101])
async def test_a_name_has_a_length(name: str) -> None:
    with pytest.raises(TripSageError) as refused:
        await look_up(name)
    assert refused.value.details["field"] == "name"
