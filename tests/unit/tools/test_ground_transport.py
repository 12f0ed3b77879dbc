"""Estimates over land and by ferry: where there is a way, how long it takes and what it costs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contract.errors import TripSageError
from tests.support.travel import Bench
from tools.places import find_places
from tools.places.water import kilometres
from tools.results import GroundOption, GroundTransportResult


def point(name: str) -> dict[str, Any]:
    place = find_places(name)[0]
    return {
        "name": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "country": place.country,
    }


async def go(origin: str, destination: str, **more: Any) -> GroundTransportResult:
    arguments = {"from": point(origin), "to": point(destination), **more}
    return await Bench().call("ground_transport", arguments)


async def modes(origin: str, destination: str) -> set[str]:
    return {option.mode for option in (await go(origin, destination)).options}


@pytest.mark.parametrize(
    ("origin", "destination", "expected"),
    [
        ("Lisbon", "Porto", {"train", "bus", "car"}),
        ("Paris", "London", {"train", "bus", "car"}),
        ("Athens", "Santorini", {"ferry"}),
        ("Santorini", "Naxos", {"ferry"}),
        ("Barcelona", "Mallorca", {"ferry"}),
        ("Tenerife", "Gran Canaria", {"ferry"}),
        ("Helsinki", "Tallinn", {"train", "bus", "car", "ferry"}),
        ("Berlin", "Santorini", set()),
        ("Berlin", "New York", set()),
        ("Athens", "Mallorca", set()),
        ("Dublin", "Paris", set()),
        ("Reykjavik", "Akureyri", {"bus", "car"}),
    ],
)
async def test_one_goes_by_what_the_land_and_the_water_allow(
    origin: str, destination: str, expected: set[str]
) -> None:
    assert await modes(origin, destination) == expected
    assert await modes(destination, origin) == expected


def by_mode(result: GroundTransportResult) -> dict[str, GroundOption]:
    return {option.mode: option for option in result.options}


async def test_estimates_are_near_what_people_know_and_say_what_they_are() -> None:
    options = by_mode(await go("Lisbon", "Porto"))
    assert 150 <= options["train"].minutes <= 260  # the timetable says 190
    assert 300 <= options["car"].distance_km <= 360  # the road is 313 km
    assert 20 <= options["train"].price.amount <= 60
    assert options["bus"].price.amount < options["train"].price.amount
    assert {option.source for option in options.values()} == {"estimate"}


async def test_the_quickest_comes_first_and_is_in_the_summary() -> None:
    result = await go("Berlin", "Munich")
    minutes = [option.minutes for option in result.options]
    assert minutes == sorted(minutes)
    assert result.summary() == {"options": 3, "quickest_mode": "train", "quickest_minutes": minutes[0]}


async def test_everybody_pays_and_five_share_a_car() -> None:
    one, six = by_mode(await go("Rome", "Naples")), by_mode(await go("Rome", "Naples", travellers=6))
    assert abs(six["train"].price.amount - 6 * one["train"].price.amount) < 1
    assert abs(six["car"].price.amount - 2 * one["car"].price.amount) < 1


async def test_only_the_wanted_modes_are_offered() -> None:
    result = await go("Rome", "Naples", modes=["bus"])
    assert [option.mode for option in result.options] == ["bus"]


async def test_from_a_place_to_itself_there_is_no_way() -> None:
    with pytest.raises(TripSageError) as refused:
        await go("Rome", "Rome")
    assert refused.value.details["field"] == "to"


COORDINATES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(COORDINATES, COORDINATES)
def test_a_distance_is_the_same_both_ways_and_never_beyond_half_the_earth(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    there, back = kilometres(*one, *other), kilometres(*other, *one)
    assert abs(there - back) < 1e-6
    assert 0 <= there <= 20016
