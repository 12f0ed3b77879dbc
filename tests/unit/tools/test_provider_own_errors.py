"""What each provider documents as its errors keeps its meaning, and what is no answer of theirs is no result."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.contract.errors import ErrorCode
from tests.support.calls import call
from tests.support.line import Line, text
from tests.support.travel import NOW
from tools.providers.retry import ATTEMPTS
from tools.sandbox import Sandbox
from tools.sandbox.transports import answer

EXTERNAL, INVALID = ErrorCode.EXTERNAL_API_ERROR, ErrorCode.VALIDATION_ERROR


def duffel(kind: str, code: str, source: Any = None) -> str:
    problem = {"type": kind, "title": "Title", "message": "Message", "code": code, "source": source}
    return json.dumps({"errors": [problem], "meta": {"status": 400, "request_id": "F-77"}})


def liteapi(code: int, message: str) -> str:
    return json.dumps({"error": {"code": code, "message": message, "description": message}})


FIELD = {"field": "departure_date", "pointer": "/slices/0/departure_date"}
DUFFEL = [
    (
        401,
        duffel("authentication_error", "missing_authorization_header"),
        EXTERNAL,
        "missing_authorization_header: M",
        None,
    ),
    (
        401,
        duffel("authentication_error", "access_token_not_found"),
        EXTERNAL,
        "access_token_not_found: M",
        None,
    ),
    (401, duffel("authentication_error", "expired_access_token"), EXTERNAL, "expired_access_token: M", None),
    (
        400,
        duffel("invalid_request_error", "missing_version_header"),
        EXTERNAL,
        "missing_version_header",
        None,
    ),
    (400, duffel("invalid_request_error", "unsupported_version"), EXTERNAL, "unsupported_version", None),
    (404, duffel("invalid_request_error", "not_found"), EXTERNAL, "not_found", None),
    (
        422,
        duffel("validation_error", "validation_required", FIELD),
        INVALID,
        "validation_req",
        "departure_date",
    ),
    (
        422,
        duffel("validation_error", "validation_format", FIELD),
        INVALID,
        "validation_for",
        "departure_date",
    ),
    (422, duffel("validation_error", "validation_inclusion"), INVALID, "validation_inclusion", ""),
    (422, duffel("validation_error", "validation_inclusion", "iberia"), INVALID, "validation_inclusion", ""),
    (422, duffel("invalid_state_error", "offer_expired"), EXTERNAL, "offer_expired", None),
    (422, duffel("airline_error", "offer_no_longer_available", "iberia"), EXTERNAL, "offer_no_longer", None),
    (422, duffel("airline_error", "price_changed"), EXTERNAL, "price_changed", None),
    (422, '{"errors":[]}', EXTERNAL, "", None),
    (429, duffel("rate_limit_error", "rate_limit_exceeded"), EXTERNAL, "rate_limit_exceeded", None),
    (500, duffel("api_error", "internal_server_error"), EXTERNAL, "internal_server_error", None),
]
DOCUMENTED: list[tuple[str, int, str, ErrorCode, str, str | None]] = [
    *((name, *row) for name in ("flights", "duffel stays") for row in DUFFEL),
    ("liteapi", 400, liteapi(4002, "invalid hotel ids"), INVALID, "4002: invalid hotel ids", None),
    ("liteapi", 422, liteapi(4000, "unprocessable"), INVALID, "4000: unprocessable", None),
    ("liteapi", 401, liteapi(4001, "unauthorized"), EXTERNAL, "4001: unauthorized", None),
    ("liteapi", 500, liteapi(5000, "internal"), EXTERNAL, "5000: internal", None),
    ("forecast", 400, '{"error":true,"reason":"out of allowed range"}', EXTERNAL, "out of allowed", None),
    ("archive", 400, '{"error":true,"reason":"out of allowed range"}', EXTERNAL, "out of allowed", None),
    ("forecast", 429, '{"error":true,"reason":"Minutely limit exceeded."}', EXTERNAL, "Minutely", None),
    ("archive", 429, '{"error":true,"reason":"Daily limit exceeded."}', EXTERNAL, "Daily", None),
    ("rate", 404, '{"status":404,"message":"not found"}', INVALID, "not found", "to"),
    ("rate", 422, '{"message":"bad currency pair"}', INVALID, "bad currency pair", "to"),
    ("rate", 503, '{"status":503,"message":"deadline"}', EXTERNAL, "deadline", None),
    ("places", 400, '{"statusCode":400,"error":"Bad Request","message":"no"}', INVALID, "no", None),
    (
        "places",
        401,
        '{"statusCode":401,"error":"Unauthorized","message":"Invalid apiKey"}',
        EXTERNAL,
        "I",
        None,
    ),
    ("places", 429, '{"message":"too many"}', EXTERNAL, "too many", None),
]


@pytest.mark.parametrize(("name", "status", "body", "code", "says", "field"), DOCUMENTED)
async def test_a_documented_error_keeps_its_meaning(
    name: str, status: int, body: str, code: ErrorCode, says: str, field: str | None
) -> None:
    error = await Line([text(status, body)] * ATTEMPTS).fail(call(name))
    assert (error.code, error.details["status"], error.details["request_id"]) == (code, status, "F-77")
    assert error.details.get("reason", "").startswith(says)
    assert error.details.get("field") == field


# -- answers in the right shape with the wrong content -------------------------------------------------------


def changed(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    def apply(body: bytes) -> bytes:
        document = json.loads(body)
        change(document)
        return json.dumps(document).encode()

    return apply


def first_offer(document: Any) -> Any:
    return document["data"]["offers"][0]


def first_house(document: Any) -> Any:
    return document["data"]["accommodation"]["rooms"][0]["rates"][0]


def first_room(document: Any) -> Any:
    return document["data"][0]["roomTypes"][0]


def without_zone(document: Any) -> None:
    part = first_offer(document)["slices"][0]
    part.pop("duration")
    part["segments"][0]["origin"]["time_zone"] = "Atlantis/Capital"


WRONG: list[tuple[str, int, Callable[[Any], Any]]] = [
    ("flights", 0, lambda it: first_offer(it).update(total_amount="much")),
    ("flights", 0, lambda it: first_offer(it).update(total_currency="euro")),
    ("flights", 0, lambda it: first_offer(it).update(slices=[])),
    ("flights", 0, lambda it: first_offer(it).pop("owner")),
    ("flights", 0, without_zone),
    ("duffel stays", 0, lambda it: it["data"]["results"][0].update(id="../../air/orders")),
    ("duffel stays", 0, lambda it: it["data"].pop("results")),
    ("duffel stays", 1, lambda it: first_house(it).update(total_amount="0.00")),
    ("duffel stays", 1, lambda it: first_house(it).update(total_amount="-1.00")),
    ("duffel stays", 1, lambda it: first_house(it).update(board_type="brunch")),
    ("duffel stays", 1, lambda it: it["data"]["accommodation"].pop("location")),
    ("liteapi", 0, lambda it: it["data"][0].update(latitude=123)),
    ("liteapi", 1, lambda it: it["data"][0].update(facility=None)),
    ("liteapi", 2, lambda it: first_room(it)["offerRetailRate"].update(amount=-1)),
    ("liteapi", 2, lambda it: first_room(it)["offerRetailRate"].update(currency="USD")),
    ("liteapi", 2, lambda it: first_room(it)["rates"].append(first_room(it)["rates"][0])),
    ("liteapi", 2, lambda it: it.update(data=None, error={"code": 5000, "message": "later"})),
    ("forecast", 0, lambda it: it["daily"]["temperature_2m_max"].pop()),
    ("archive", 0, lambda it: it["daily"]["time"].append("2025-13-01")),
    ("rate", 0, lambda it: it.update(quote="GBP")),
    ("rate", 0, lambda it: it.update(rate=-1)),
    ("rate", 0, lambda it: it.update(rate="NaN")),
    ("places", 0, lambda it: it["features"][0]["properties"].update(lat=91)),
    ("places", 0, lambda it: it["features"][0]["properties"].pop("place_id")),
    ("places", 0, lambda it: it["features"][0]["properties"].update(categories="museum")),
]


@pytest.mark.parametrize(("name", "step", "change"), WRONG)
async def test_an_answer_with_wrong_content_is_no_result(
    name: str, step: int, change: Callable[[Any], Any]
) -> None:
    """`step` is which of the call's requests is answered wrongly."""
    made = call(name)
    good = Line([])
    assert await good.run(made)
    sandbox = Sandbox(clock=lambda: NOW)
    body = [answer(sandbox, request).content for request in good.requests][step]
    error = await Line([text(200, changed(change)(body))], passing=step).fail(made)
    assert error.code is EXTERNAL
    assert (error.details["provider"], error.details["status"]) == (made.label, 200)


async def test_no_availability_is_a_result_and_no_error() -> None:
    body = '{"error":{"code":2001,"message":"no availability found"}}'
    assert await Line([text(200, body)], passing=2).run(call("liteapi")) == []


async def test_a_house_without_coordinates_or_with_too_few_rooms_is_left_out() -> None:
    made = call("duffel stays")
    good = Line([])
    offers = await good.run(made)
    sandbox = Sandbox(clock=lambda: NOW)
    fetched = [answer(sandbox, request).content for request in good.requests][1]

    def nowhere(document: Any) -> None:
        document["data"]["accommodation"]["location"]["geographic_coordinates"] = None

    def sold_out(document: Any) -> None:
        for room in document["data"]["accommodation"]["rooms"]:
            for rate in room["rates"]:
                rate["quantity_available"] = 0

    for change in (nowhere, sold_out):
        left = await Line([text(200, changed(change)(fetched))], passing=1).run(made)
        assert {one.hotel_id for one in offers} - {one.hotel_id for one in left} == {offers[0].hotel_id}
