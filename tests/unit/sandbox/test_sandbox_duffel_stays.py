"""Duffel Stays in the sandbox: results without rooms, their rates, refusals, and keys it is not enabled for."""

from typing import Any

import pytest

from tests.support.travel import DUFFEL_HEADERS, NOW, ask
from tools.sandbox import Controls, Sandbox
from tools.sandbox.duffel_stays import NOT_ENABLED
from tools.sandbox.wire import Request, Response

SEARCH: dict[str, Any] = {
    "rooms": 1,
    "guests": [{"type": "adult"}, {"type": "adult"}, {"type": "child", "age": 9}],
    "check_in_date": "2027-05-04",
    "check_out_date": "2027-05-09",
    "location": {"radius": 8, "geographic_coordinates": {"latitude": 38.7167, "longitude": -9.1333}},
}


def search(sandbox: Sandbox | None = None, **more: Any) -> tuple[int, Any]:
    one = sandbox or Sandbox(clock=lambda: NOW)
    return ask(one, "POST", "/duffel/stays/search", {"data": {**SEARCH, **more}}, DUFFEL_HEADERS)


def rates(sandbox: Sandbox, result: str) -> tuple[int, Any]:
    path = f"/duffel/stays/search_results/{result}/actions/fetch_all_rates"
    return ask(sandbox, "POST", path, None, DUFFEL_HEADERS)


def point(latitude: float, longitude: float) -> dict[str, Any]:
    coordinates = {"latitude": latitude, "longitude": longitude}
    return {"location": {"radius": 5, "geographic_coordinates": coordinates}}


def test_a_search_finds_houses_and_their_rates_are_fetched_one_by_one() -> None:
    sandbox = Sandbox(clock=lambda: NOW)
    status, answer = search(sandbox)
    assert status == 200
    results = answer["data"]["results"]
    assert len(results) >= 5
    assert all(result["accommodation"]["rooms"] == [] for result in results)
    status, fetched = rates(sandbox, results[0]["id"])
    assert status == 200
    found = [rate for room in fetched["data"]["accommodation"]["rooms"] for rate in room["rates"]]
    assert min(float(rate["total_amount"]) for rate in found) == float(
        results[0]["cheapest_rate_total_amount"]
    )
    assert len({rate["id"] for rate in found}) == len(found)


def test_the_same_seed_asks_the_same_price_and_two_rooms_cost_more() -> None:
    def cheapest(sandbox: Sandbox, **more: Any) -> list[float]:
        results = search(sandbox, **more)[1]["data"]["results"]
        return sorted(float(result["cheapest_rate_total_amount"]) for result in results)

    once = cheapest(Sandbox(clock=lambda: NOW))
    assert once == cheapest(Sandbox(clock=lambda: NOW)) != cheapest(Sandbox(2, clock=lambda: NOW))
    assert cheapest(Sandbox(clock=lambda: NOW), rooms=2)[0] > 1.2 * once[0]


def test_results_end_after_half_an_hour_and_nobody_knows_made_up_ones() -> None:
    sandbox = Sandbox(clock=lambda: NOW)
    result = search(sandbox)[1]["data"]["results"][0]["id"]
    assert rates(sandbox, "ssr_made_up")[0] == 404
    Controls(sandbox).advance(1800)
    assert rates(sandbox, result)[0] == 404


def test_duffels_test_hotels_are_where_duffel_has_them() -> None:
    assert search(**point(-24.38, -128.32))[1]["data"]["results"]
    assert search(**point(-30.0, -40.0))[1]["data"]["results"] == []


@pytest.mark.parametrize(
    ("more", "code", "pointer"),
    [
        ({"rooms": None}, "validation_required", "/rooms"),
        ({"rooms": 0}, "validation_inclusion", "/rooms"),
        ({"rooms": 1.5}, "validation_format", "/rooms"),
        ({"guests": []}, "validation_required", "/guests"),
        ({"guests": [{"type": "dog"}]}, "validation_inclusion", "/guests/0/type"),
        ({"guests": [{"type": "child"}]}, "validation_required", "/guests/0/age"),
        ({"guests": [{"type": "adult", "age": "old"}]}, "validation_format", "/guests/0/age"),
        ({"check_in_date": "4 May"}, "validation_format", "/check_in_date"),
        ({"check_in_date": "2026-11-21"}, "validation_inclusion", "/check_in_date"),
        ({"check_out_date": "2027-05-04"}, "validation_inclusion", "/check_out_date"),
        ({"check_out_date": None}, "validation_required", "/check_out_date"),
        ({"location": None}, "validation_required", "/location"),
        (point(91, 0), "validation_inclusion", "/location/geographic_coordinates/latitude"),
    ],
)
def test_a_search_that_cannot_be_names_its_field(more: dict[str, Any], code: str, pointer: str) -> None:
    status, answer = search(**more)
    assert status == 422
    problem = next(one for one in answer["errors"] if one["source"]["pointer"] == pointer)
    assert problem["code"] == code


def test_a_key_that_stays_are_not_enabled_for_is_refused_in_plain_text() -> None:
    headers = {**DUFFEL_HEADERS, "authorization": "Bearer duffel_test_without_stays"}
    sandbox = Sandbox(clock=lambda: NOW)
    refused = sandbox.handle(Request("POST", "/duffel/stays/search", {}, headers, b"{}"))
    assert isinstance(refused, Response)
    assert (refused.status, refused.content_type) == (403, "text/plain")
    assert refused.body.decode() == NOT_ENABLED
    assert refused.headers["x-request-id"]
    assert ask(sandbox, "POST", "/duffel/stays/search", {}, {})[0] == 401


def test_too_many_searches_are_refused_with_a_date() -> None:
    sandbox = Sandbox(clock=lambda: NOW)
    Controls(sandbox).limit("duffel", 1)
    assert search(sandbox)[0] == 200
    outcome = sandbox.handle(Request("POST", "/duffel/stays/search", {}, DUFFEL_HEADERS, b"{}"))
    assert isinstance(outcome, Response)
    assert outcome.status == 429
    assert outcome.headers["ratelimit-reset"].endswith("GMT")
