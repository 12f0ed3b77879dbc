"""LiteAPI and Geoapify in the sandbox: shapes, errors, and what would give a fake away."""

from datetime import date
from typing import Any

import pytest

from tests.support.travel import LITEAPI_HEADERS, NOW, ROOMS_IN_LISBON, ask
from tools.sandbox import Sandbox
from tools.sandbox.cities import city_named, kilometres, quarters
from tools.sandbox.geoapify_categories import is_category
from tools.sandbox.hotels import hotels_in, night_price
from tools.sandbox.restaurants import restaurants_in
from tools.sandbox.sights import sights_in

CITIES = [("Lisbon", "PT"), ("Nice", "FR"), ("Venice", "IT"), ("Santorini", "GR"), ("San Francisco", "US")]


def sandbox(seed: int = 1) -> Sandbox:
    return Sandbox(seed, clock=lambda: NOW)


def rates(one: Sandbox | None = None, **more: Any) -> tuple[int, Any]:
    return ask(
        one or sandbox(), "POST", "/liteapi/v3.0/hotels/rates", {**ROOMS_IN_LISBON, **more}, LITEAPI_HEADERS
    )


def places(**query: str) -> tuple[int, Any]:
    asked = {"categories": "tourism", "filter": "circle:-9.133,38.717,8000", "apiKey": "x", **query}
    return ask(sandbox(), "GET", "/geoapify/v2/places", **asked)


def test_rates_have_the_real_shape() -> None:
    status, answer = rates(occupancies=[{"adults": 2}, {"adults": 1, "children": [4]}])
    assert status == 200
    room = answer["data"][0]["roomTypes"][0]
    assert [rate["occupancyNumber"] for rate in room["rates"]] == [1, 2]
    assert room["offerRetailRate"]["currency"] == "EUR"
    amounts = [rate["retailRate"]["total"][0]["amount"] for rate in room["rates"]]
    assert room["offerRetailRate"]["amount"] == pytest.approx(sum(amounts))
    assert room["rates"][0]["cancellationPolicies"]["refundableTag"] in ("RFN", "NRFN")
    assert all(rate["maxOccupancy"] >= 2 for rate in room["rates"])


def test_the_hotels_of_a_page_can_be_asked_for_their_rates_after_a_restart() -> None:
    one = sandbox()
    _, listed = ask(
        one, "GET", "/liteapi/v3.0/data/hotels", None, LITEAPI_HEADERS, countryCode="PT", cityName="Lisbon"
    )
    ids = [hotel["id"] for hotel in listed["data"]]
    assert len(set(ids)) == len(ids) == listed["total"]
    _, answer = rates(sandbox(), hotelIds=ids[:6])
    assert answer["data"]
    assert {hotel["hotelId"] for hotel in answer["data"]} <= set(ids[:6])


def test_pages_of_hotels_follow_one_another() -> None:
    def page(**query: str) -> list[str]:
        asked = {"countryCode": "PT", "cityName": "Lisbon", **query}
        _, answer = ask(sandbox(), "GET", "/liteapi/v3.0/data/hotels", None, LITEAPI_HEADERS, **asked)
        return [hotel["id"] for hotel in answer["data"]]

    assert page(limit="3") + page(limit="3", offset="3") == page(limit="6")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"checkin": "2026-11-21"}, "invalid checkin or checkout date"),
        ({"checkout": "2027-05-04"}, "invalid checkin or checkout date"),
        ({"currency": "ZZZ"}, "invalid currency"),
        ({"occupancies": []}, "invalid request body"),
        ({"occupancies": [{"adults": 0}]}, "invalid request body"),
        ({"cityName": None, "countryCode": None}, "hotelIds, a city or a point is required"),
    ],
)
def test_a_search_that_cannot_be_is_refused(more: dict[str, Any], message: str) -> None:
    status, answer = rates(**more)
    assert status == 400
    assert message in answer["error"]["message"]


def test_without_a_key_there_is_nothing() -> None:
    assert ask(sandbox(), "POST", "/liteapi/v3.0/hotels/rates", ROOMS_IN_LISBON)[0] == 401
    assert places(apiKey="")[0] == 401


def test_a_party_too_large_for_a_room_finds_no_availability() -> None:
    status, answer = rates(occupancies=[{"adults": 6}])
    assert (status, answer["error"]["code"]) == (200, 2001)


@pytest.mark.parametrize(("name", "country"), CITIES)
def test_hotels_stand_on_land_beside_what_they_are_named_after(name: str, country: str) -> None:
    city = city_named(name, country)
    assert city
    dry = [(one.latitude, one.longitude) for one in quarters(city)] or [(city.latitude, city.longitude)]
    for hotel in hotels_in(1, city):
        nearest = min(kilometres(hotel.latitude, hotel.longitude, *point) for point in dry)
        assert nearest <= 0.26


def test_prices_move_with_season_and_weekday_and_city_and_seed() -> None:
    lisbon, zurich = city_named("Lisbon", "PT"), city_named("Zürich", "CH") or city_named("Zurich", "CH")
    assert lisbon
    assert zurich
    hotel = hotels_in(1, lisbon)[0]

    def mean(month: int, weekdays: set[int]) -> float:
        days = [day for n in range(1, 29) if (day := date(2027, month, n)).weekday() in weekdays]
        return sum(night_price(1, hotel, day) for day in days) / len(days)

    assert mean(7, {1, 2}) > 1.2 * mean(2, {1, 2})
    assert mean(5, {4, 5}) > 1.08 * mean(5, {1, 2})
    assert sum(h.night for h in hotels_in(1, zurich)) / len(hotels_in(1, zurich)) > 1.2 * (
        sum(h.night for h in hotels_in(1, lisbon)) / len(hotels_in(1, lisbon))
    )
    assert rates() == rates()
    assert rates(sandbox(1))[1] != rates(sandbox(2))[1]


def test_places_have_the_real_shape() -> None:
    status, answer = places()
    assert (status, answer["type"]) == (200, "FeatureCollection")
    feature = answer["features"][0]
    properties = feature["properties"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [properties["lon"], properties["lat"]]}
    assert properties["datasource"]["sourcename"] == "openstreetmap"
    assert "tourism" in properties["categories"]


@pytest.mark.parametrize(
    "query",
    [
        {"categories": ""},
        {"categories": "magic"},
        {"categories": "tourism.magic"},
        {"categories": "tourism,catering.restaurant.klingon"},
        {"categories": "commercial..x"},
        {"conditions": "tasty"},
        {"filter": "rect:1,2"},
        {"filter": "circle:a,b,c"},
        {"limit": "-1"},
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(query: dict[str, str]) -> None:
    status, answer = places(**query)
    assert (status, answer["statusCode"], answer["error"]) == (400, 400, "Bad Request")


@pytest.mark.parametrize(("name", "country"), [*CITIES, ("Ulm", "DE"), ("Hobart", "AU")])
def test_every_city_has_something_to_do_near_it(name: str, country: str) -> None:
    city = city_named(name, country)
    assert city
    sights = sights_in(1, city)
    assert len(sights) >= 3
    assert len({sight.name for sight in sights}) == len(sights)
    every = (*sights, *restaurants_in(1, city))
    assert all(is_category(category) for one in every for category in one.categories)
    assert all(kilometres(one.latitude, one.longitude, city.latitude, city.longitude) < 30 for one in sights)


@pytest.mark.parametrize(("name", "country"), [*CITIES, ("Ulm", "DE"), ("Suva", "FJ"), ("Tokyo", "JP")])
def test_restaurants_stand_on_land_close_on_some_days_and_one_is_vegan(name: str, country: str) -> None:
    city = city_named(name, country)
    assert city
    restaurants = restaurants_in(1, city)
    assert len(restaurants) >= 7
    assert len({one.name for one in restaurants}) == len(restaurants)
    dry = [(one.latitude, one.longitude) for one in quarters(city)] or [(city.latitude, city.longitude)]
    for one in restaurants:
        assert min(kilometres(one.latitude, one.longitude, *point) for point in dry) <= 0.26
    assert any("off" in hours or "Tu-Sa" in hours for one in restaurants if (hours := one.hours))
    assert "vegan.only" in restaurants[-1].diets
    assert restaurants == restaurants_in(1, city) != restaurants_in(2, city)


def test_a_condition_leaves_those_that_are_known_to_meet_it() -> None:
    def found(**query: str) -> list[list[str]]:
        answer = places(categories="catering.restaurant", **query)[1]
        return [feature["properties"]["categories"] for feature in answer["features"]]

    vegan = found(conditions="vegan,vegetarian")
    assert 0 < len(vegan) < len(found())
    assert all({"vegan", "vegetarian", "catering", "catering.restaurant"} <= set(one) for one in vegan)


def test_both_are_at_their_real_hosts() -> None:
    from tools.sandbox.wire import Request, Response

    for host, path in (("api.liteapi.travel", "/v3.0/data/facilities"), ("api.geoapify.com", "/v2/places")):
        outcome = sandbox().handle(Request("GET", path, {}, {}, b"", host))
        assert isinstance(outcome, Response)
        assert outcome.status == 401
