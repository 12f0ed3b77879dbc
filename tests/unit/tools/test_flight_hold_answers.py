"""What each answer of Duffel to an order comes to, and that nothing is ordered twice."""

import json
from typing import Any

import httpx
import pytest

from app.contract.errors import ErrorCode, TripSageError
from tests.support.calls import HOLD
from tests.support.line import Line, text
from tools.providers.retry import ATTEMPTS
from tools.results import FlightHoldResult

EARLIER = 2  # requests before the order: the search, and the offer as it is now
UNKNOWN, CONFLICT, INVALID = ErrorCode.OUTCOME_UNKNOWN, ErrorCode.CONFLICT, ErrorCode.VALIDATION_ERROR
EXTERNAL = ErrorCode.EXTERNAL_API_ERROR


def duffel(kind: str, code: str, source: Any = None) -> str:
    problem = {"type": kind, "title": "Title", "message": "Message", "code": code, "source": source}
    return json.dumps({"errors": [problem], "meta": {"status": 422, "request_id": "F-77"}})


async def ordered(*outcomes: httpx.Response | Exception) -> tuple[TripSageError, int]:
    """The error when Duffel answers the order so, and how often it was sent."""
    line = Line(outcomes, passing=EARLIER)
    error = await line.fail(HOLD)
    return error, sum(request.url.path == "/air/orders" for request in line.requests)


@pytest.mark.parametrize(
    ("status", "kind", "code", "meaning"),
    [
        (422, "invalid_state_error", "offer_expired", CONFLICT),
        (422, "airline_error", "offer_no_longer_available", CONFLICT),
        (422, "airline_error", "price_changed", CONFLICT),
        (422, "invalid_state_error", "offer_request_already_booked", CONFLICT),
        (404, "invalid_request_error", "not_found", CONFLICT),
        (422, "invalid_state_error", "order_type_not_available", EXTERNAL),
        (422, "airline_error", "airline_internal", EXTERNAL),
        (401, "authentication_error", "expired_access_token", EXTERNAL),
        (403, "invalid_request_error", "insufficient_permissions", EXTERNAL),
    ],
)
async def test_a_refusal_of_an_order_says_why_and_is_sent_once(
    status: int, kind: str, code: str, meaning: ErrorCode
) -> None:
    error, sent = await ordered(text(status, duffel(kind, code)))
    assert (error.code, sent) == (meaning, 1)
    assert (error.details["provider"], error.details["status"], error.details["request_id"]) == (
        "Duffel",
        status,
        "F-77",
    )
    assert error.details["reason"] == f"{code}: Message"


async def test_a_detail_that_duffel_refuses_is_named() -> None:
    source = {"field": "phone_number", "pointer": "/passengers/0/phone_number"}
    error, sent = await ordered(text(422, duffel("validation_error", "invalid_phone_number", source)))
    assert (error.code, error.details["field"], sent) == (INVALID, "phone_number", 1)
    assert error.message == "Duffel cannot hold that."


@pytest.mark.parametrize(
    "outcome",
    [
        text(500, duffel("api_error", "internal_server_error")),
        text(502, "<html>bad gateway</html>", "text/html"),
        text(503, "upstream connect error", "text/plain"),
        text(504, ""),
        text(201, '{"data":{"id":"ord_1"'),
        text(201, '{"data":{"id":"ord_1"}}'),
        text(202, '{"data":{}}'),
        httpx.ReadTimeout("silence"),
        httpx.WriteTimeout("silence"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("cut"),
    ],
)
async def test_an_order_that_may_have_been_made_is_not_sent_again(
    outcome: httpx.Response | Exception,
) -> None:
    error, sent = await ordered(outcome)
    assert (error.code, error.retryable, sent) == (UNKNOWN, False, 1)
    assert error.message.endswith("Look at the orders with Duffel before you ask for it again.")
    assert error.details["provider"] == "Duffel"
    if isinstance(outcome, httpx.Response):
        assert error.details["request_id"] == "F-77"


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (httpx.ConnectError("refused"), EXTERNAL),
        (httpx.ConnectTimeout("slow"), ErrorCode.TOOL_TIMEOUT),
        (text(429, duffel("rate_limit_error", "rate_limit_exceeded")), EXTERNAL),
    ],
)
async def test_an_order_that_was_never_looked_at_is_sent_again(
    outcome: httpx.Response | Exception, code: ErrorCode
) -> None:
    line = Line([outcome], passing=EARLIER)
    assert isinstance(await line.run(HOLD), FlightHoldResult)
    assert len(line.waits) == 1
    error, sent = await ordered(*[outcome] * ATTEMPTS)
    assert (error.code, sent) == (code, ATTEMPTS)


@pytest.mark.parametrize("status", [500, 502])
async def test_an_offer_is_not_asked_for_again_where_duffel_wants_no_repeat(status: int) -> None:
    line = Line([text(status, duffel("api_error", "internal_server_error"))], passing=1)
    error = await line.fail(HOLD)
    assert (error.code, error.details["status"]) == (EXTERNAL, status)
    assert [request.method for request in line.requests] == ["POST", "GET"]
