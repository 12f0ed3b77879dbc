"""Every error that each provider's API is known for, and what any HTTP API may do, met by its client.

The answers are given by respx at the live addresses; what follows them comes from the sandbox.
"""

import json
import logging

import httpx
import pytest

from app.contract.errors import ErrorCode
from tests.support.calls import CALLS, LIVE, SECRET, Call
from tests.support.line import Line, text
from tests.support.travel import NOW
from tools.providers.config import load
from tools.providers.http import MAX_ANSWER
from tools.providers.retry import ATTEMPTS, MAX_WAIT
from tools.sandbox import Sandbox
from tools.sandbox.transports import answer

EXTERNAL, INVALID, TIMEOUT = ErrorCode.EXTERNAL_API_ERROR, ErrorCode.VALIDATION_ERROR, ErrorCode.TOOL_TIMEOUT
every_call = pytest.mark.parametrize("made", CALLS, ids=str)


# -- what any of them may answer with status 200 -------------------------------------------------------------


@every_call
@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        "7",
        '"text"',
        '{"data":',
        b"\xff\xfe{}",
        "<html><body>Sign in to the network</body></html>",
        '{"data":7,"daily":"warm","features":"none","base":1}',
        '{"data":{"offers":[{"id":1}],"results":[{"id":[]}]},"daily":{"time":["soon"]},"features":[{}]}',
    ],
)
async def test_an_answer_that_is_not_what_was_agreed_is_no_result(made: Call, body: str | bytes) -> None:
    error = await Line([text(200, body)]).fail(made)
    assert (error.code, error.message) == (EXTERNAL, f"{made.label} answered with something unexpected.")
    assert (error.details["provider"], error.details["status"]) == (made.label, 200)
    assert error.details["request_id"] == "F-77"
    assert error.details["reason"]


@every_call
async def test_an_answer_that_breaks_off_or_never_ends_is_no_result(made: Call) -> None:
    good = Line([])
    await good.run(made)
    whole = answer(Sandbox(clock=lambda: NOW), good.requests[0]).content
    error = await Line([text(200, whole[: len(whole) // 2])]).fail(made)
    assert (error.code, error.details["status"]) == (EXTERNAL, 200)
    error = await Line([text(200, b" " * (MAX_ANSWER + 1))]).fail(made)
    assert (error.code, error.message) == (EXTERNAL, f"{made.label} sent more than 16 MiB.")


# -- what any of them may answer instead ---------------------------------------------------------------------


@every_call
@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (401, "application/json", "{}"),
        (403, "text/plain", "This feature is not enabled for your account."),
        (403, "text/html", "<html><title>Access denied</title></html>"),
        (407, "text/html", "<html>Proxy</html>"),
        (409, "application/json", '{"errors":"none","error":"one","message":7,"reason":[]}'),
        (500, "text/html", "<html>nginx</html>"),
        (500, "application/json", '{"message":"Internal Server Error"}'),
        (502, "text/html", "<html>Bad gateway</html>"),
        (503, "text/plain", "upstream connect error"),
        (504, "application/json", ""),
        (301, "text/html", "<html>moved</html>"),
        (204, "application/json", ""),
        (101, "application/json", ""),
    ],
)
async def test_a_refusal_in_any_form_is_an_error_with_its_status(
    made: Call, status: int, kind: str, body: str
) -> None:
    line = Line([text(status, body, kind, location="https://elsewhere.test/")] * ATTEMPTS)
    error = await line.fail(made)
    assert error.code is EXTERNAL
    assert (error.details["provider"], error.details["status"]) == (made.label, status)
    assert error.details["request_id"] == "F-77"
    is_made_again = status == 503 or (made.may_repeat and status in (500, 502, 504))
    assert len(line.requests) == (ATTEMPTS if is_made_again else 1)


@every_call
@pytest.mark.parametrize("status", [401, 403, 500])
async def test_what_is_said_is_cut_short_and_keys_stay_secret(
    made: Call, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    keys = [value for value in LIVE.values() if SECRET in value]
    said = f"\x00No: {' '.join(keys)} " + "y" * 5000
    shapes = {
        "errors": [{"type": "x", "code": "x", "message": said}],
        "error": {"code": 1, "message": said},
        "message": said,
        "reason": said,
    }
    own = {
        "duffel": ["errors"],
        "liteapi": ["error"],
        "open-meteo": ["reason"],
        "frankfurter": ["message"],
        "geoapify": ["message"],
    }[made.provider]
    body = json.dumps({name: shapes[name] for name in own})
    caplog.set_level(logging.DEBUG)
    outcome = text(status, body, **{"x-request-id": f"F-{keys[0]}"})
    error = await Line([outcome] * ATTEMPTS).fail(made)
    assert len(error.details["reason"]) <= 300
    assert error.details["reason"].isprintable()
    mine = {
        "duffel": "DUFFEL",
        "liteapi": "LITEAPI",
        "geoapify": "GEOAPIFY",
        "open-meteo": "OPEN_METEO",
    }.get(made.provider)
    if mine:
        secret = LIVE[f"TRIPSAGE_{mine}_KEY"]
        shown = [str(error), repr(error), str(error.details), caplog.text, repr(load(LIVE))]
        assert not any(secret in one for one in shown)
        assert "[key]" in error.details["reason"]


# -- connections ---------------------------------------------------------------------------------------------


@every_call
@pytest.mark.parametrize(
    ("outcome", "code", "says", "is_sent_again"),
    [
        (httpx.ConnectError("refused"), EXTERNAL, "could not be reached.", True),
        (httpx.ConnectTimeout("slow"), TIMEOUT, "could not be reached in time.", True),
        (httpx.ReadTimeout("silence"), TIMEOUT, "did not answer in time.", False),
        (httpx.WriteTimeout("silence"), TIMEOUT, "did not answer in time.", False),
        (httpx.ReadError("reset"), EXTERNAL, "broke the connection off.", None),
        (httpx.RemoteProtocolError("cut"), EXTERNAL, "broke the connection off.", None),
    ],
)
async def test_a_connection_that_fails_says_how(
    made: Call, outcome: Exception, code: ErrorCode, says: str, is_sent_again: bool | None
) -> None:
    line = Line([outcome] * ATTEMPTS)
    error = await line.fail(made)
    assert (error.code, error.message) == (code, f"{made.label} {says}")
    again = made.may_repeat if is_sent_again is None else is_sent_again
    assert len(line.requests) == (ATTEMPTS if again else 1)


# -- limits and recovery -------------------------------------------------------------------------------------


@every_call
@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:05 GMT"}, 5.0),
        ({"ratelimit-limit": "60", "ratelimit-reset": "Sun, 22 Nov 2026 12:00:04 GMT"}, 4.0),
        ({"retry-after": "soon"}, 0.0),
        ({}, 0.0),
    ],
)
async def test_a_limit_is_waited_for_and_then_there_is_a_result(
    made: Call, headers: dict[str, str], wait: float
) -> None:
    line = Line([text(429, '{"message":"slow down"}', **headers)])
    assert await line.run(made)
    assert wait <= line.waits[0] <= wait + 1
    assert line.report.notes[0].startswith(f"{made.label} answered 429; trying again in")


@every_call
async def test_a_limit_that_lasts_is_an_error_that_says_for_how_long(made: Call) -> None:
    line = Line([text(429, '{"message":"tomorrow"}', **{"retry-after": "3600"})])
    error = await line.fail(made)
    assert (error.code, error.details["status"], error.details["retry_after"]) == (EXTERNAL, 429, 3600)
    assert line.waits == []
    assert MAX_WAIT < 3600


@every_call
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_an_outage_that_ends_is_a_result_where_repeating_is_safe(made: Call, status: int) -> None:
    line = Line([text(status, "<html>down</html>", "text/html")] * 2)
    if made.may_repeat or status == 503:
        assert await line.run(made)
        assert len(line.waits) == 2
    else:
        assert (await line.fail(made)).details["status"] == status


# -- what each of them documents -----------------------------------------------------------------------------
