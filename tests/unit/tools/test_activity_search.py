"""Things to do: open days, accessibility, price, indoors or outdoors, and nothing that nobody said."""

import json
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contract.errors import ErrorCode, TripSageError
from tests.support.travel import Bench
from tools.activity_search import Cuisine, Interest
from tools.places import find_places
from tools.providers.opening_hours import open_weekdays
from tools.results import Activity, ActivityResult

LISBON = find_places("Lisbon")[0]
MONDAY = "2027-05-03"
STAY: dict[str, Any] = {
    "city": "Lisbon",
    "latitude": LISBON.latitude,
    "longitude": LISBON.longitude,
    "start": MONDAY,
    "end": "2027-05-09",
}


async def found(bench: Bench | None = None, **more: Any) -> ActivityResult:
    return await (bench or Bench()).call("activity_search", {**STAY, **more})


def named(result: ActivityResult, name: str) -> Activity:
    return next(activity for activity in result.activities if activity.name == name)


async def test_a_museum_is_open_on_its_days_and_costs_what_it_says() -> None:
    bench = Bench()
    museum = named(await found(bench), "Museu Nacional do Azulejo")
    assert museum.open_on == [date(2027, 5, day) for day in range(4, 10)]
    assert museum.price is not None
    assert (museum.price.amount, museum.price.currency) == (Decimal(10), "EUR")
    assert (museum.setting, museum.accessible) == ("indoor", True)
    assert bench.endpoint == "GET http://127.0.0.1:8001/geoapify/v2/places"


async def test_what_has_no_hours_and_no_price_says_neither_or_that_it_is_free() -> None:
    view = named(await found(), "Miradouro da Senhora do Monte")
    assert (view.open_on, view.setting, view.accessible) == (None, "outdoor", False)
    assert view.price is not None
    assert view.price.amount == 0


async def test_on_a_monday_no_closed_museum_is_offered() -> None:
    names = {activity.name for activity in (await found(end=MONDAY)).activities}
    assert "Museu Nacional do Azulejo" not in names
    assert "Castelo de São Jorge" in names


async def test_wishes_are_met() -> None:
    assert {one.setting for one in (await found(setting="indoor")).activities} == {"indoor"}
    assert {one.accessible for one in (await found(accessible=True)).activities} == {True}
    museums = (await found(interests=["museums"])).activities
    assert museums
    assert all("Museu" in one.name for one in museums)


async def test_a_limited_access_is_not_known_to_be_accessible() -> None:
    assert named(await found(), "Castelo de São Jorge").accessible is None


async def test_the_summary_counts() -> None:
    result = await found()
    assert result.summary()["activities_found"] == len(result.activities) >= 10
    assert 0 < result.summary()["free"] < len(result.activities)


@pytest.mark.parametrize(
    ("more", "field"),
    [({"end": "2027-05-02"}, "end"), ({"end": "2027-09-09"}, "end"), ({"setting": "both"}, "setting")],
)
async def test_what_cannot_be_searched_for_is_named(more: dict[str, Any], field: str) -> None:
    with pytest.raises(TripSageError) as refused:
        await found(**more)
    assert (refused.value.code, refused.value.details["field"]) == (ErrorCode.VALIDATION_ERROR, field)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"status": 500}, ErrorCode.EXTERNAL_API_ERROR),
        ({"status": 429, "body": '{"message":"Too many requests"}'}, ErrorCode.EXTERNAL_API_ERROR),
        ({"status": 400, "body": '{"message":"no"}'}, ErrorCode.VALIDATION_ERROR),
        ({"kind": "broken_json"}, ErrorCode.EXTERNAL_API_ERROR),
        ({"kind": "timeout"}, ErrorCode.TOOL_TIMEOUT),
    ],
)
async def test_a_failing_provider_is_an_error_of_its_kind(fault: dict[str, Any], code: ErrorCode) -> None:
    bench = Bench()
    bench.fault(provider="geoapify", **fault)
    with pytest.raises(TripSageError) as refused:
        await found(bench)
    assert (refused.value.code, refused.value.details["provider"]) == (code, "Geoapify")


async def test_the_key_is_in_no_error_and_in_no_journal() -> None:
    bench = Bench(environ={"TRIPSAGE_GEOAPIFY_KEY": "do-not-show"})
    bench.fault(provider="geoapify", status=401, body='{"message":"Invalid apiKey do-not-show"}')
    with pytest.raises(TripSageError) as refused:
        await found(bench)
    assert refused.value.details["reason"] == "Invalid apiKey [key]"
    assert "do-not-show" not in repr(bench.admin("GET", "requests"))


@pytest.mark.parametrize(
    ("hours", "days"),
    [
        ("Mo-Su 09:00-18:00", "0123456"),
        ("Tu-Su 10:00-18:00", "123456"),
        ("We-Mo 08:30-15:30; Tu off", "023456"),
        ("Su-Tu,Th 10:00-17:00; Fr,Sa 10:00-21:00; We off", "013456"),
        ("24/7", "0123456"),
        ("09:00-12:00,14:00-18:00", "0123456"),
        ("Mo-Su 09:00-18:00; Mo closed", "123456"),
        ("Mar-Oct: Mo-Su 09:00-18:00", None),
        ("Mo-Su 09:00-18:00; PH off", "0123456"),
        ("Mo-Sa 9:00-18:00; Su,PH off", "012345"),
        ("PH,Su 10:00-14:00", "6"),
        ("Mo-PH 10:00-14:00", None),
        ("by appointment", None),
        ("", None),
    ],
)
def test_opening_hours_are_understood_or_not_known(hours: str, days: str | None) -> None:
    expected = None if days is None else frozenset(map(int, days))
    assert open_weekdays(hours) == expected


@given(st.text(max_size=400) | st.text("MoTuSuPHSH-,;: 0129of", max_size=60))
def test_any_text_is_answered(text: str) -> None:
    days = open_weekdays(text)
    assert days is None or days <= frozenset(range(7))


async def test_restaurants_come_when_they_are_asked_for_with_their_kitchen_and_days() -> None:
    assert {one.kind for one in (await found()).activities} == {"sight"}
    both = await found(interests=["museums", "restaurants"])
    assert {one.kind for one in both.activities} == {"sight", "restaurant"}
    restaurants = (await found(interests=["restaurants"])).activities
    assert len(restaurants) >= 8
    assert {one.kind for one in restaurants} == {"restaurant"}
    assert sum(one.cuisines == ["portuguese"] for one in restaurants) > len(restaurants) / 2
    assert {one.setting for one in restaurants} == {"indoor"}
    assert {one.price for one in restaurants} == {None}
    closing = [one for one in restaurants if one.open_on is not None and len(one.open_on) < 7]
    assert closing
    assert both.summary()["restaurants"] == len(restaurants)


@pytest.mark.parametrize("diet", ["vegetarian", "vegan", "gluten_free"])
async def test_every_restaurant_serves_each_diet_that_was_asked_for(diet: str) -> None:
    everything = (await found(interests=["restaurants"])).activities
    restaurants = (await found(interests=["restaurants"], diets=["vegetarian", diet])).activities
    assert 0 < len(restaurants) < len(everything)
    assert all({"vegetarian", diet} <= set(one.diets) for one in restaurants)


async def test_a_diet_that_nobody_stated_is_not_promised_though_the_provider_lists_the_place() -> None:
    bench = Bench()
    place = {
        "place_id": "p1",
        "name": "Tasca",
        "lat": 38.7,
        "lon": -9.1,
        "categories": ["catering.restaurant"],
    }
    bench.fault(provider="geoapify", body=json.dumps({"features": [{"properties": place}]}), status=200)
    assert (await found(bench, interests=["restaurants"], diets=["kosher"])).activities == []


async def test_a_cuisine_is_one_of_those_asked_for() -> None:
    restaurants = (await found(interests=["restaurants"], cuisines=["thai", "lebanese"])).activities
    assert restaurants
    assert all(set(one.cuisines) & {"thai", "lebanese"} for one in restaurants)


@pytest.mark.parametrize("more", [{"diets": ["vegan"]}, {"cuisines": ["thai"], "interests": ["sights"]}])
async def test_diets_and_cuisines_are_for_restaurants(more: dict[str, Any]) -> None:
    with pytest.raises(TripSageError) as refused:
        await found(**more)
    assert refused.value.details["field"] == "interests"


@pytest.mark.parametrize("interest", get_args(Interest))
async def test_every_interest_is_one_that_the_provider_knows(interest: str) -> None:
    assert (await found(interests=[interest], radius_km=20)).activities


async def test_every_cuisine_is_one_that_the_provider_knows() -> None:
    for cuisine in get_args(Cuisine):
        await found(interests=["restaurants"], cuisines=[cuisine])


def test_an_activity_of_before_there_were_restaurants_is_a_sight() -> None:
    old = {"activity_id": "a", "name": "Zoo", "latitude": 1.0, "longitude": 2.0, "setting": None}
    old |= {"opening_hours": None, "open_on": None, "accessible": None, "price": None}
    activity = msgspec.convert(old, Activity)
    assert (activity.kind, activity.cuisines, activity.diets) == ("sight", [], [])
