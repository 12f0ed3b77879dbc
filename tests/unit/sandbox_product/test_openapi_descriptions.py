"""What the sandbox takes and answers is what its OpenAPI descriptions say, refusals included."""

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.support.openapi import DESCRIPTIONS, Description
from tests.support.travel import (
    ADA,
    DUFFEL_HEADERS,
    LITEAPI_HEADERS,
    ROOMS_IN_LISBON,
    fresh_sandbox,
    offer_request,
)
from tools.sandbox import Controls, Sandbox
from tools.sandbox.wire import Delayed, Request, Response

PROVIDERS = {path.stem: Description(path.stem) for path in sorted(DESCRIPTIONS.glob("*.yaml"))}
OFFER_REQUESTS = "/air/offer_requests"
WEATHER = {"latitude": "38.7", "longitude": "-9.1", "daily": "weather_code,rain_sum", "timezone": "auto"}
PAST = {**WEATHER, "start_date": "2025-11-18", "end_date": "2025-11-22"}

STAY: dict[str, Any] = {
    "rooms": 1,
    "guests": [{"type": "adult"}, {"type": "child", "age": 9}],
    "check_in_date": "2027-05-04",
    "check_out_date": "2027-05-09",
    "location": {"radius": 8, "geographic_coordinates": {"latitude": 38.7167, "longitude": -9.1333}},
}
PLACES = {"categories": "tourism,catering.restaurant", "filter": "circle:-9.133,38.717,8000", "apiKey": "x"}


PERSON: dict[str, Any] = {**ADA, "id": "pas_1"}


def answer(sandbox: Sandbox, provider: str, request: Request) -> Response:
    outcome = sandbox.world().call(provider, request)
    assert isinstance(outcome, Response)
    return outcome


def search(*slices: tuple[str, str, str], **more: Any) -> Request:
    body = json.dumps(offer_request(*slices, **more)).encode()
    return Request("POST", OFFER_REQUESTS, {}, DUFFEL_HEADERS, body)


def duffel(path: str, **query: str) -> Request:
    return Request("GET", path, query, DUFFEL_HEADERS)


def stays(**more: Any) -> Request:
    body = json.dumps({"data": {**STAY, **more}}).encode()
    return Request("POST", "/stays/search", {}, DUFFEL_HEADERS, body)


def rates(**more: Any) -> Request:
    return Request(
        "POST", "/v3.0/hotels/rates", {}, LITEAPI_HEADERS, json.dumps({**ROOMS_IN_LISBON, **more}).encode()
    )


def hotels(**query: str) -> Request:
    return Request("GET", "/v3.0/data/hotels", query, LITEAPI_HEADERS)


def places(**query: str) -> Request:
    return Request("GET", "/v2/places", {**PLACES, **query})


def order(offer_id: str = "off_0000A", **more: Any) -> Request:
    body = {"data": {"type": "hold", "selected_offers": [offer_id], "passengers": [PERSON], **more}}
    return Request("POST", "/air/orders", {}, DUFFEL_HEADERS, json.dumps(body).encode())


LISBON = ("BER", "LIS", "2027-05-04")
BACK = ("LIS", "BER", "2027-05-09")
PARTY = [{"type": "adult"}, {"type": "adult"}, {"age": 9}, {"type": "infant_without_seat"}]
GOOD = [
    ("duffel", search(LISBON)),
    ("duffel", search(LISBON, BACK, passengers=PARTY, cabin_class="business", max_connections=0)),
    ("duffel", search(("LON", "NYC", "2027-05-04"))),
    ("duffel", search(("AKL", "RAR", "2027-05-04"), max_connections=2)),
    *(
        ("duffel", search((*route, "2027-05-04")))
        for route in (("PVD", "RAI"), ("LHR", "DXB"), ("JFK", "EWR"), ("BTS", "MRU"), ("DXB", "AMS"))
    ),
    ("open-meteo", Request("GET", "/v1/forecast", WEATHER)),
    ("open-meteo", Request("GET", "/v1/forecast", {"latitude": "0", "longitude": "0"})),
    ("open-meteo", Request("GET", "/v1/archive", PAST)),
    ("open-meteo", Request("GET", "/v1/archive", {**PAST, "end_date": "2026-11-22"})),
    ("frankfurter", Request("GET", "/v1/latest", {"base": "USD", "symbols": "EUR,JPY", "amount": "10"})),
    ("frankfurter", Request("GET", "/v1/latest")),
    ("frankfurter", Request("GET", "/v2/rates", {"base": "EUR", "quotes": "USD,VND"})),
    ("frankfurter", Request("GET", "/v2/rates")),
    ("frankfurter", Request("GET", "/v2/rate/EUR/EUR")),
    ("duffel", stays()),
    ("duffel", stays(rooms=2, guests=[{"type": "adult", "age": 40}] * 4)),
    ("duffel", stays(location={"geographic_coordinates": {"latitude": 30.0, "longitude": -40.0}})),
    ("liteapi", rates()),
    ("liteapi", rates(occupancies=[{"adults": 2}, {"adults": 1, "children": [4]}], currency="JPY")),
    ("liteapi", rates(occupancies=[{"adults": 6}])),
    ("liteapi", hotels(countryCode="PT", cityName="Lisbon", limit="3")),
    ("liteapi", hotels(latitude="38.7167", longitude="-9.1333", radius="8000")),
    ("liteapi", Request("GET", "/v3.0/data/facilities", {}, LITEAPI_HEADERS)),
    ("geoapify", places()),
    ("geoapify", places(conditions="vegan,gluten_free", limit="5", offset="1")),
    ("geoapify", places(filter="circle:-40.0,30.0,8000")),
]
REFUSED = [
    ("duffel", Request("POST", OFFER_REQUESTS, {}, {}, b"{}"), 401),
    ("duffel", Request("POST", OFFER_REQUESTS, {}, {"authorization": "Bearer duffel_test_x"}, b"{}"), 400),
    ("duffel", Request("POST", OFFER_REQUESTS, {}, DUFFEL_HEADERS, b"["), 400),
    ("duffel", search(("BER", "NOWHERE", "2027-05-04")), 422),
    ("duffel", search(("BER", "LIS", "4 May")), 422),
    ("duffel", search(LISBON, passengers=[{"type": "adult", "age": 40}]), 422),
    ("duffel", search(LISBON, passengers=[]), 422),
    ("duffel", search(LISBON, cabin_class="steerage"), 422),
    ("duffel", search(*([LISBON] * 7)), 422),
    ("duffel", duffel("/air/offers"), 422),
    ("duffel", duffel("/air/offers", offer_request_id="orq_1", sort="colour"), 404),
    ("duffel", order(type="instant"), 422),
    ("duffel", order(passengers=[]), 422),
    ("duffel", order(passengers=[{**PERSON, "gender": "x"}]), 422),
    ("duffel", order(passengers=[{**PERSON, "phone_number": "0301234"}]), 422),
    ("duffel", order(payments=[{"type": "balance"}]), 422),
    ("duffel", Request("GET", "/air/orders", {"awaiting_payment": "perhaps"}, DUFFEL_HEADERS), 422),
    ("open-meteo", Request("GET", "/v1/forecast", {"latitude": "38.7"}), 400),
    ("open-meteo", Request("GET", "/v1/forecast", {**WEATHER, "forecast_days": "17"}), 400),
    ("open-meteo", Request("GET", "/v1/forecast", {**WEATHER, "daily": "mood"}), 400),
    ("open-meteo", Request("GET", "/v1/archive", WEATHER), 400),
    ("frankfurter", Request("GET", "/v1/latest", {"base": "EURO"}), 404),
    ("frankfurter", Request("GET", "/v1/latest", {"amount": "much"}), 422),
    ("frankfurter", Request("GET", "/v2/rates", {"quotes": "DOLLAR"}), 422),
    ("frankfurter", Request("GET", "/v2/rate/EUR/BTC1"), 404),
    ("duffel", stays(rooms=0), 422),
    ("duffel", stays(guests=[{"type": "child"}]), 422),
    ("duffel", stays(check_in_date="4 May"), 422),
    ("duffel", stays(location=None), 422),
    (
        "duffel",
        Request("POST", "/stays/search_results/nothing/actions/fetch_all_rates", {}, DUFFEL_HEADERS),
        404,
    ),
    ("liteapi", Request("POST", "/v3.0/hotels/rates", {}, {}, b"{}"), 401),
    ("liteapi", rates(occupancies=[{"adults": 0}]), 400),
    ("liteapi", rates(checkin="4 May"), 400),
    ("liteapi", rates(currency="euro"), 400),
    ("liteapi", hotels(latitude="north", longitude="west"), 400),
    ("geoapify", places(apiKey=""), 401),
    ("geoapify", places(categories="magic"), 400),
    ("geoapify", places(conditions="tasty"), 400),
    ("geoapify", places(filter="rect:1,2"), 400),
    ("geoapify", places(limit="501"), 400),
]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_schema_of_a_description_is_a_schema(provider: str) -> None:
    components = PROVIDERS[provider].document["components"]["schemas"]
    for schema in components.values():
        Draft202012Validator.check_schema(schema)
    assert components


@pytest.mark.parametrize(("provider", "request_"), GOOD)
def test_good_requests_and_their_answers_are_as_described(provider: str, request_: Request) -> None:
    description = PROVIDERS[provider]
    found = answer(fresh_sandbox(), provider, request_)
    assert found.status in (200, 201)
    assert description.request_problems(request_) == []
    assert description.response_problems(request_, found) == []


@pytest.mark.parametrize(("provider", "request_", "status"), REFUSED)
def test_what_the_description_does_not_allow_is_refused_as_described(
    provider: str, request_: Request, status: int
) -> None:
    description = PROVIDERS[provider]
    found = answer(fresh_sandbox(), provider, request_)
    assert found.status == status
    assert description.request_problems(request_) != []
    assert description.response_problems(request_, found) == []


def test_offers_are_as_described_when_they_are_read_again() -> None:
    sandbox = fresh_sandbox()
    description = PROVIDERS["duffel"]
    data = json.loads(answer(sandbox, "duffel", search(LISBON, BACK)).body)["data"]
    for request in (
        duffel(f"{OFFER_REQUESTS}/{data['id']}"),
        duffel("/air/offers", offer_request_id=data["id"], sort="total_amount", limit="7", after="g7"),
        duffel(f"/air/offers/{data['offers'][0]['id']}"),
        duffel("/air/offers/off_gone"),
    ):
        assert description.request_problems(request) == []
        assert description.response_problems(request, answer(sandbox, "duffel", request)) == []
    Controls(sandbox).advance(3600)
    expired = duffel(f"/air/offers/{data['offers'][0]['id']}")
    found = answer(sandbox, "duffel", expired)
    assert (found.status, description.response_problems(expired, found)) == (422, [])


def test_a_search_that_no_airline_answers_is_refused_as_described() -> None:
    request = search(("STN", "LHR", "2027-05-04"))
    late = fresh_sandbox().world().call("duffel", request)
    assert isinstance(late, Delayed)
    assert isinstance(late.outcome, Response)
    assert PROVIDERS["duffel"].response_problems(request, late.outcome) == []


def test_a_hold_order_is_as_described_when_it_is_made_read_and_refused() -> None:
    sandbox = fresh_sandbox()
    description = PROVIDERS["duffel"]
    data = json.loads(answer(sandbox, "duffel", search(("JFK", "EWR", "2027-05-04"))).body)["data"]
    offer_id, person = data["offers"][0]["id"], {**PERSON, "id": data["passengers"][0]["id"]}
    request = order(offer_id, passengers=[person])
    made = answer(sandbox, "duffel", request)
    assert (made.status, description.request_problems(request)) == (201, [])
    assert description.response_problems(request, made) == []
    order_id = json.loads(made.body)["data"]["id"]
    again = answer(sandbox, "duffel", request)
    assert (again.status, description.response_problems(request, again)) == (422, [])
    Controls(sandbox).advance(2 * 86400)
    for read in (duffel(f"/air/orders/{order_id}"), duffel("/air/orders", awaiting_payment="false")):
        found = answer(sandbox, "duffel", read)
        assert (found.status, description.response_problems(read, found)) == (200, [])


def test_rates_of_a_stay_are_as_described_and_so_is_the_refusal_in_plain_text() -> None:
    sandbox = fresh_sandbox()
    description = PROVIDERS["duffel"]
    result = json.loads(answer(sandbox, "duffel", stays()).body)["data"]["results"][0]["id"]
    request = Request("POST", f"/stays/search_results/{result}/actions/fetch_all_rates", {}, DUFFEL_HEADERS)
    found = answer(sandbox, "duffel", request)
    assert (found.status, description.request_problems(request)) == (200, [])
    assert description.response_problems(request, found) == []
    headers = {**DUFFEL_HEADERS, "authorization": "Bearer duffel_test_without_stays"}
    refused = answer(sandbox, "duffel", replace(stays(), headers=headers))
    assert (refused.status, description.response_problems(stays(), refused)) == (403, [])


@pytest.mark.parametrize("provider", PROVIDERS)
def test_too_many_requests_are_refused_as_described(provider: str) -> None:
    sandbox = fresh_sandbox()
    Controls(sandbox).limit(provider, 0)
    request = next(request for name, request in GOOD if name == provider)
    found = answer(sandbox, provider, request)
    assert (found.status, PROVIDERS[provider].response_problems(request, found)) == (429, [])


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(["BER", "LIS", "SYD", "LON", "GIG", "HNL", "KEF"]), min_size=2, max_size=4),
    st.sampled_from(["economy", "premium_economy", "business", "first"]),
    st.lists(st.integers(16, 90), min_size=1, max_size=5),
    st.integers(0, 2),
)
def test_any_search_is_taken_and_answered_as_described(
    places: list[str], cabin: str, ages: list[int], connections: int
) -> None:
    pairs = [(a, b, "2027-05-04") for a, b in pairwise(places) if a != b]
    if not pairs:
        pairs = [LISBON]
    passengers = [{"age": age} for age in ages]
    request = search(*pairs, cabin_class=cabin, passengers=passengers, max_connections=connections)
    assert PROVIDERS["duffel"].request_problems(request) == []
    assert PROVIDERS["duffel"].response_problems(request, answer(fresh_sandbox(), "duffel", request)) == []
