"""The sandbox's Duffel: shapes, refusals, test routes, paging and expiry."""

import json
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.travel import DUFFEL_HEADERS, NOW, ask, offer_request, search
from tools.sandbox import Sandbox
from tools.sandbox.wire import Delayed, Request, Response

REQUESTS = "/duffel/air/offer_requests"
LISBON = ("BER", "LIS", "2027-05-04")
BACK = ("LIS", "BER", "2027-05-09")


def make() -> Sandbox:
    return Sandbox(clock=lambda: NOW)


def post(body: Any, headers: dict[str, str] | None = None, **query: str) -> tuple[int, Any]:
    return ask(make(), "POST", REQUESTS, body, DUFFEL_HEADERS if headers is None else headers, **query)


def test_an_offer_has_duffels_shape() -> None:
    offer = search(make(), LISBON, BACK, passengers=[{"type": "adult"}, {"age": 9}])[0]
    assert re.fullmatch(r"off_0000A\w+", offer["id"])
    assert re.fullmatch(r"\d+\.\d\d", offer["total_amount"])
    assert Decimal(offer["base_amount"]) + Decimal(offer["tax_amount"]) == Decimal(offer["total_amount"])
    assert offer["total_currency"] == "EUR"
    assert offer["expires_at"] > offer["created_at"]
    assert [(one["type"], one["age"]) for one in offer["passengers"]] == [("adult", None), ("child", 9)]
    assert offer["conditions"].keys() == {"change_before_departure", "refund_before_departure"}
    assert offer["payment_requirements"]["requires_instant_payment"] is True
    segment = offer["slices"][0]["segments"][0]
    assert re.fullmatch(r"2027-05-04T\d\d:\d\d:00", segment["departing_at"])
    assert re.fullmatch(r"PT(\d+H)?(\d+M)?", segment["duration"])
    assert segment["origin"]["id"] == "arp_ber_de"
    assert segment["origin"]["time_zone"] == "Europe/Berlin"
    assert segment["marketing_carrier_flight_number"].isdigit()
    assert [one["passenger_id"] for one in segment["passengers"]] == [
        one["id"] for one in offer["passengers"]
    ]
    assert {bag["type"] for bag in segment["passengers"][0]["baggages"]} == {"carry_on", "checked"}


def test_offers_are_many_and_differ() -> None:
    offers = search(make(), LISBON, BACK)
    assert len(offers) == len({offer["id"] for offer in offers}) == 20
    assert len({offer["total_amount"] for offer in offers}) > 10
    assert len({offer["owner"]["iata_code"] for offer in offers}) > 3


def test_the_same_search_has_the_same_answer_and_another_seed_another() -> None:
    assert search(make(), LISBON) == search(make(), LISBON)
    totals = [offer["total_amount"] for offer in search(make(), LISBON)]
    assert [offer["total_amount"] for offer in search(Sandbox(7, clock=lambda: NOW), LISBON)] != totals


def test_more_people_pay_more() -> None:
    alone = {offer["id"][-3:]: offer for offer in search(make(), LISBON)}
    couple = search(make(), LISBON, passengers=[{"type": "adult"}] * 2)
    for offer in couple:
        assert Decimal(offer["total_amount"]) == 2 * Decimal(alone[offer["id"][-3:]]["total_amount"])


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "missing_authorization_header"),
        ({"authorization": "Basic x", "duffel-version": "v2"}, 401, "missing_authorization_header"),
        ({"authorization": "Bearer nobody", "duffel-version": "v2"}, 401, "access_token_not_found"),
        (
            {"authorization": "Bearer duffel_test_expired", "duffel-version": "v2"},
            401,
            "expired_access_token",
        ),
        ({"authorization": "Bearer duffel_test_x"}, 400, "missing_version_header"),
        ({"authorization": "Bearer duffel_test_x", "duffel-version": "v1"}, 400, "unsupported_version"),
    ],
)
def test_headers_are_checked(headers: dict[str, str], status: int, code: str) -> None:
    got, body = post(offer_request(LISBON), headers)
    assert (got, body["errors"][0]["code"]) == (status, code)
    assert body["meta"]["status"] == status
    assert body["meta"]["request_id"].startswith("F")


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"slices": []}, "validation_required", "/slices"),
        ({"slices": "x"}, "validation_required", "/slices"),
        ({"passengers": []}, "validation_required", "/passengers"),
        ({"passengers": [{}]}, "validation_required", "/passengers/0/type"),
        ({"passengers": [{"type": "adult", "age": 3}]}, "validation_inclusion", "/passengers/0/age"),
        ({"passengers": [{"type": "dog"}]}, "validation_inclusion", "/passengers/0/type"),
        ({"passengers": [{"age": -1}]}, "validation_format", "/passengers/0/age"),
        ({"passengers": [{"type": "adult"}, {"age": 1}, {"age": 0}]}, "validation_inclusion", "/passengers"),
        ({"passengers": [{"type": "adult"}] * 10}, "validation_inclusion", "/passengers"),
        ({"cabin_class": "cargo"}, "validation_inclusion", "/cabin_class"),
        ({"cabin_class": ["economy"]}, "validation_inclusion", "/cabin_class"),
        ({"max_connections": 3}, "validation_inclusion", "/max_connections"),
        ({"max_connections": True}, "validation_inclusion", "/max_connections"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], code: str, pointer: str) -> None:
    status, body = post(offer_request(LISBON, **change))
    error = body["errors"][0]
    assert (status, error["type"], error["code"]) == (422, "validation_error", code)
    assert error["source"]["pointer"] == pointer


@pytest.mark.parametrize(
    ("part", "code", "field"),
    [
        (("", "LIS", "2027-05-04"), "validation_required", "origin"),
        (("QQQ", "LIS", "2027-05-04"), "validation_format", "origin"),
        (("BER", "BER", "2027-05-04"), "validation_inclusion", "destination"),
        (("BER", "LIS", "2027-02-31"), "validation_format", "departure_date"),
        (("BER", "LIS", "4 May"), "validation_format", "departure_date"),
        (("BER", "LIS", "2026-11-21"), "validation_inclusion", "departure_date"),
        (("BER", "LIS", "2028-11-21"), "validation_inclusion", "departure_date"),
    ],
)
def test_a_wrong_slice_is_named(part: tuple[str, str, str], code: str, field: str) -> None:
    status, body = post(offer_request(part))
    error = body["errors"][0]
    assert (status, error["code"], error["source"]["field"]) == (422, code, field)
    assert error["source"]["pointer"] == f"/slices/0/{field}"


def test_slices_go_forward_in_time() -> None:
    status, body = post(offer_request(BACK, LISBON))
    assert (status, body["errors"][0]["source"]["pointer"]) == (422, "/slices/1/departure_date")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"null", b'"x"', b"\xff"])
def test_what_is_no_request_is_refused(body: bytes) -> None:
    status, answer = post(body)
    assert (status, answer["errors"][0]["type"]) == (400, "invalid_request_error")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["data", "slices", "passengers", "origin", "departure_date", "type", "age", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(json_values)
def test_nothing_that_is_posted_breaks_it(value: Any) -> None:
    status, body = post(json.dumps({"data": value}).encode())
    assert status in (400, 422)
    assert body["errors"]


def test_offers_can_be_left_out_and_paged() -> None:
    sandbox = make()
    body = offer_request(LISBON, BACK)
    _, made = ask(sandbox, "POST", REQUESTS, body, DUFFEL_HEADERS, return_offers="false")
    assert "offers" not in made["data"]
    identity = made["data"]["id"]
    seen: list[str] = []
    amounts: list[Decimal] = []
    after: dict[str, str] = {}
    while True:
        status, page = ask(
            sandbox,
            "GET",
            "/duffel/air/offers",
            None,
            DUFFEL_HEADERS,
            offer_request_id=identity,
            sort="total_amount",
            limit="7",
            **after,
        )
        assert status == 200
        assert len(page["data"]) <= 7
        seen += [offer["id"] for offer in page["data"]]
        amounts += [Decimal(offer["total_amount"]) for offer in page["data"]]
        if page["meta"]["after"] is None:
            break
        after = {"after": page["meta"]["after"]}
    assert len(seen) == len(set(seen)) == 20
    assert amounts == sorted(amounts)
    _, whole = ask(sandbox, "GET", f"{REQUESTS}/{identity}", None, DUFFEL_HEADERS)
    assert {offer["id"] for offer in whole["data"]["offers"]} == set(seen)


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"sort": "x"}, {"after": "z"}]
)
def test_a_wrong_page_is_refused(query: dict[str, str]) -> None:
    sandbox = make()
    _, made = ask(sandbox, "POST", REQUESTS, offer_request(LISBON), DUFFEL_HEADERS)
    identity = made["data"]["id"]
    status, _ = ask(
        sandbox, "GET", "/duffel/air/offers", None, DUFFEL_HEADERS, offer_request_id=identity, **query
    )
    assert status == 422


def test_an_offer_can_be_read_until_it_expires() -> None:
    sandbox = make()
    offer = search(sandbox, LISBON)[3]
    path = f"/duffel/air/offers/{offer['id']}"
    assert ask(sandbox, "GET", path, None, DUFFEL_HEADERS) == (200, {"data": offer})
    expires = datetime.fromisoformat(offer["expires_at"])
    assert expires - NOW == timedelta(minutes=30)
    ask(sandbox, "POST", "/__admin/clock", {"advance": 1800})
    status, body = ask(sandbox, "GET", path, None, DUFFEL_HEADERS)
    assert (status, body["errors"][0]["code"]) == (422, "offer_expired")


@pytest.mark.parametrize("path", ["offers/off_x", "offers/off_0000A000", "offer_requests/orq_1", "nonsense"])
def test_what_is_not_there_is_not_found(path: str) -> None:
    status, body = ask(make(), "GET", f"/duffel/air/{path}", None, DUFFEL_HEADERS)
    assert (status, body["errors"][0]["code"]) == (404, "not_found")


DAY = "2027-05-04"


def test_the_route_without_offers() -> None:
    assert search(make(), ("PVD", "RAI", DAY)) == []


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("2000", 2), ("10000", 10), ("60000", 60), ("1999", 20), ("60001", 20), ("soon", 20), ("", 20)],
)
def test_the_route_on_which_no_airline_answers_ends_when_the_supplier_timeout_is_over(
    asked: str, seconds: float
) -> None:
    body = json.dumps(offer_request(("STN", "LHR", DAY))).encode()
    sandbox = make()
    late = sandbox.handle(Request("POST", REQUESTS, {"supplier_timeout": asked}, DUFFEL_HEADERS, body))
    assert isinstance(late, Delayed)
    assert isinstance(late.outcome, Response)
    assert (late.seconds, late.outcome.status) == (seconds, 504)
    problem = json.loads(late.outcome.body)["errors"][0]
    assert (problem["type"], problem["code"]) == ("api_error", "gateway_timeout_error")
    assert late.outcome.headers["date"]
    assert ask(sandbox, "GET", "/__admin/requests")[1][0]["outcome"] == "504"


def test_airlines_that_take_longer_than_the_supplier_timeout_are_not_among_the_offers() -> None:
    sandbox = make()

    def found(**query: str) -> list[Any]:
        return ask(
            sandbox, "POST", "/duffel/air/offer_requests", offer_request(LISBON), DUFFEL_HEADERS, **query
        )[1]["data"]["offers"]

    everybody, early = found(), found(supplier_timeout="2000")
    assert 0 < len(early) < len(everybody)
    assert {one["owner"]["name"] for one in early} < {one["owner"]["name"] for one in everybody}
    assert {one["total_amount"] for one in early} < {one["total_amount"] for one in everybody}
    assert found(supplier_timeout="2000") == early
    assert found(supplier_timeout="10000") == found(supplier_timeout="1") == everybody
    status, again = ask(sandbox, "GET", f"/duffel/air/offers/{early[-1]['id']}", None, DUFFEL_HEADERS)
    assert (status, again["data"]["total_amount"]) == (200, early[-1]["total_amount"])


def test_the_route_with_connections_only() -> None:
    offers = search(make(), ("LHR", "DXB", DAY))
    assert offers
    assert all(len(offer["slices"][0]["segments"]) > 1 for offer in offers)


def test_the_routes_with_holds_no_bags_and_stops() -> None:
    held = search(make(), ("JFK", "EWR", DAY))
    assert held
    assert not any(offer["payment_requirements"]["requires_instant_payment"] for offer in held)
    without_bags = search(make(), ("BTS", "MRU", DAY))
    assert without_bags
    for offer in without_bags:
        assert offer["slices"][0]["segments"][0]["passengers"][0]["baggages"] == []
    stopping = search(make(), ("DXB", "AMS", DAY))
    assert stopping
    assert all(offer["slices"][0]["segments"][0]["stops"] for offer in stopping)


def test_the_routes_whose_offers_expire_or_change_their_price() -> None:
    sandbox = make()
    dearer, gone_ones = search(sandbox, ("LHR", "STN", DAY)), search(sandbox, ("LGW", "LHR", DAY))
    assert dearer
    assert gone_ones
    for offer in dearer:
        _, again = ask(sandbox, "GET", f"/duffel/air/offers/{offer['id']}", None, DUFFEL_HEADERS)
        assert Decimal(again["data"]["total_amount"]) > Decimal(offer["total_amount"])
    for offer in gone_ones:
        status, gone = ask(sandbox, "GET", f"/duffel/air/offers/{offer['id']}", None, DUFFEL_HEADERS)
        assert (status, gone["errors"][0]["code"]) == (422, "offer_no_longer_available")


def test_the_rate_limit_says_when_it_ends_as_a_date() -> None:
    sandbox = make()
    ask(sandbox, "POST", "/__admin/limits", {"provider": "duffel", "requests": 1})
    body = json.dumps(offer_request(LISBON)).encode()
    request = Request("POST", REQUESTS, {}, DUFFEL_HEADERS, body)
    first, second = sandbox.handle(request), sandbox.handle(request)
    assert isinstance(first, Response)
    assert (first.headers["ratelimit-limit"], first.headers["ratelimit-remaining"]) == ("1", "0")
    assert first.headers["ratelimit-reset"] == "Sun, 22 Nov 2026 12:01:00 GMT"
    assert first.headers["date"] == "Sun, 22 Nov 2026 12:00:00 GMT"
    assert isinstance(second, Response)
    assert (first.status, second.status) == (201, 429)
    assert second.headers["ratelimit-remaining"] == "0"
    assert second.headers["ratelimit-reset"] == "Sun, 22 Nov 2026 12:01:00 GMT"
    ask(sandbox, "POST", "/__admin/clock", {"advance": 61})
    third = sandbox.handle(request)
    assert isinstance(third, Response)
    assert third.status == 201
