"""What the sandbox's Duffel refuses, and how it says so."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.travel import (
    DUFFEL_HEADERS,
    FROM_LISBON,
    OFFER_REQUESTS,
    TO_LISBON,
    ask,
    fresh_sandbox,
    offer_request,
)


def post(body: Any, headers: dict[str, str] | None = None, **query: str) -> tuple[int, Any]:
    return ask(
        fresh_sandbox(), "POST", OFFER_REQUESTS, body, DUFFEL_HEADERS if headers is None else headers, **query
    )


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
    got, body = post(offer_request(TO_LISBON), headers)
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
        ({"passengers": [{"type": "adult", "age": "x"}]}, "validation_inclusion", "/passengers/0/age"),
        ({"passengers": [{"type": "dog"}]}, "validation_inclusion", "/passengers/0/type"),
        ({"passengers": [{"type": []}]}, "validation_inclusion", "/passengers/0/type"),
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
    status, body = post(offer_request(TO_LISBON, **change))
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
    status, body = post(offer_request(FROM_LISBON, TO_LISBON))
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


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"sort": "x"}, {"after": "z"}]
)
def test_a_wrong_page_is_refused(query: dict[str, str]) -> None:
    sandbox = fresh_sandbox()
    _, made = ask(sandbox, "POST", OFFER_REQUESTS, offer_request(TO_LISBON), DUFFEL_HEADERS)
    identity = made["data"]["id"]
    status, _ = ask(
        sandbox, "GET", "/duffel/air/offers", None, DUFFEL_HEADERS, offer_request_id=identity, **query
    )
    assert status == 422


@pytest.mark.parametrize("path", ["offers/off_x", "offers/off_0000A000", "offer_requests/orq_1", "nonsense"])
def test_what_is_not_there_is_not_found(path: str) -> None:
    status, body = ask(fresh_sandbox(), "GET", f"/duffel/air/{path}", None, DUFFEL_HEADERS)
    assert (status, body["errors"][0]["code"]) == (404, "not_found")
