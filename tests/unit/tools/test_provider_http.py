"""How travel APIs are called: what is tried again, how long is waited, and what an error says."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import pytest

from app.contract.errors import ErrorCode, TripSageError
from tests.support.calls import Report
from tools.providers.config import Provider
from tools.providers.http import CONNECT_TIMEOUT, MAX_ANSWER, READ_TIMEOUT, HttpClient, Timing
from tools.providers.outcome import Answer
from tools.providers.retry import ATTEMPTS, MAX_WAIT, backoff, stated_wait

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
KEY = "duffel_test_do-not-show"
Outcome = httpx.Response | Exception


class Line:
    """A client whose calls meet these outcomes, one after the other, and whose waits take no time."""

    def __init__(self, outcomes: Sequence[Outcome | Callable[[httpx.Request], httpx.Response]]) -> None:
        self._outcomes = list(outcomes)
        self.requests: list[httpx.Request] = []
        self.waits: list[float] = []
        self.report = Report()
        self.http = HttpClient(
            Provider("Duffel", "https://api.test/base", KEY),
            httpx.MockTransport(self._answer),
            Timing(self._sleep, jitter=lambda: 0.5, now=lambda: NOW),
        )

    async def get(self) -> Answer:
        return await self.http.get("/things", {"a": 1}, self.report)

    async def post(self) -> Answer:
        return await self.http.send("POST", "/things", self.report, body=b"{}")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome if isinstance(outcome, httpx.Response) else outcome(request)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


async def test_an_answer_comes_with_its_endpoint() -> None:
    line = Line([httpx.Response(200, json={"x": 1}, headers={"x-request-id": "F1"})])
    answer = await line.get()
    assert (answer.status, answer.request_id) == (200, "F1")
    assert str(line.requests[0].url) == "https://api.test/base/things?a=1"
    assert line.report.endpoint == "GET https://api.test/base/things"
    assert line.waits == []


@pytest.mark.parametrize(
    ("failure", "post_again", "get_again"),
    [
        (httpx.Response(503), True, True),
        (httpx.Response(429), True, True),
        (httpx.ConnectError("refused"), True, True),
        (httpx.ConnectTimeout("slow"), True, True),
        (httpx.Response(500), False, True),
        (httpx.Response(502), False, True),
        (httpx.Response(504), False, True),
        (httpx.ReadError("reset"), False, True),
        (httpx.RemoteProtocolError("cut off"), False, True),
        (httpx.ReadTimeout("silence"), False, False),
        (httpx.Response(400), False, False),
        (httpx.Response(404), False, False),
        (httpx.Response(422), False, False),
    ],
)
async def test_only_what_does_no_harm_is_sent_again(
    failure: Outcome, post_again: bool, get_again: bool
) -> None:
    for again, call in ((post_again, Line.post), (get_again, Line.get)):
        line = Line([failure, httpx.Response(200)])
        if again:
            assert (await call(line)).status == 200
            assert len(line.requests) == 2
        elif isinstance(failure, httpx.Response):
            assert (await call(line)).status == failure.status_code
            assert len(line.requests) == 1
        else:
            with pytest.raises(TripSageError):
                await call(line)
            assert len(line.requests) == 1


async def test_each_retry_is_reported_and_they_end() -> None:
    line = Line([httpx.Response(503)] * 10)
    assert (await line.get()).status == 503
    assert len(line.requests) == ATTEMPTS
    assert line.waits == [backoff(1, 0.5), backoff(2, 0.5)]
    assert line.report.notes == [
        "Duffel answered 503; trying again in 0.2 s (attempt 2 of 3)",
        "Duffel answered 503; trying again in 0.4 s (attempt 3 of 3)",
    ]


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"retry-after": "3"}, 3.0),
        (503, {"retry-after": "2"}, 2.0),
        (429, {"retry-after": "Sun, 22 Nov 2026 12:00:05 GMT"}, 5.0),
        (429, {"ratelimit-reset": "Sun, 22 Nov 2026 12:00:04 GMT"}, 4.0),
        (429, {"ratelimit-reset": "Sun, 22 Nov 2026 11:59:00 GMT"}, 0.0),
        (
            429,
            {"date": "Sun, 29 Nov 2026 09:00:00 GMT", "ratelimit-reset": "Sun, 29 Nov 2026 09:00:04 GMT"},
            4.0,
        ),
        (503, {"ratelimit-reset": "Sun, 22 Nov 2026 12:00:04 GMT"}, None),
        (429, {"ratelimit-reset": "30"}, None),
        (429, {"retry-after": "soon"}, None),
        (429, {"retry-after": "9" * 400}, 999999999.0),
        (429, {}, None),
        (200, {"retry-after": "3"}, None),
    ],
)
def test_the_provider_says_how_long_to_wait(
    status: int, headers: dict[str, str], seconds: float | None
) -> None:
    assert stated_wait(status, headers, NOW) == seconds


async def test_a_stated_wait_is_kept() -> None:
    line = Line([httpx.Response(429, headers={"retry-after": "3"}), httpx.Response(200)])
    await line.post()
    assert line.waits[0] >= 3.0
    assert line.waits[0] <= 3.0 + backoff(1, 1.0)


async def test_a_wait_that_is_too_long_is_an_answer_at_once() -> None:
    line = Line([httpx.Response(429, headers={"retry-after": str(int(MAX_WAIT) + 1)})])
    answer = await line.post()
    assert answer.status == 429
    assert line.waits == []
    assert line.http.refused(answer, "slow down").details["retry_after"] == MAX_WAIT + 1


async def test_every_request_has_a_deadline() -> None:
    line = Line([httpx.Response(200)] * 2)
    await line.get()
    await line.http.send("POST", "/things", line.report, body=b"{}", read_timeout=60)
    deadlines = [request.extensions["timeout"] for request in line.requests]
    assert [one["read"] for one in deadlines] == [READ_TIMEOUT, 60]
    assert {one["connect"] for one in deadlines} == {CONNECT_TIMEOUT}


async def test_silence_is_a_tool_timeout() -> None:
    with pytest.raises(TripSageError) as failed:
        await Line([httpx.ReadTimeout("")]).post()
    assert failed.value.code is ErrorCode.TOOL_TIMEOUT
    assert failed.value.message == "Duffel did not answer in time."
    assert failed.value.details == {"provider": "Duffel"}


async def test_a_provider_out_of_reach_is_named() -> None:
    with pytest.raises(TripSageError) as failed:
        await Line([httpx.ConnectError("[Errno 111] /secret/path")] * ATTEMPTS).get()
    assert failed.value.code is ErrorCode.EXTERNAL_API_ERROR
    assert failed.value.message == "Duffel could not be reached."
    assert "secret" not in str(failed.value.details)


async def test_an_endless_answer_is_cut() -> None:
    line = Line([httpx.Response(200, content=b"x" * (MAX_ANSWER + 1))])
    with pytest.raises(TripSageError) as failed:
        await line.get()
    assert failed.value.code is ErrorCode.EXTERNAL_API_ERROR
    assert "16 MiB" in failed.value.message


async def test_an_answer_that_cannot_be_unpacked_is_an_honest_error() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"not gzip"))

    with pytest.raises(TripSageError) as failed:
        await Line([broken]).get()
    assert failed.value.code is ErrorCode.EXTERNAL_API_ERROR


class Thing(msgspec.Struct):
    x: int


@pytest.mark.parametrize("body", [b"", b"{", b'{"x": "1"}', b'{"y": 1}', b"\xff\xfe", b"<html>"])
async def test_a_surprise_is_an_error_with_status_and_request_id(body: bytes) -> None:
    line = Line([httpx.Response(200, content=body, headers={"x-request-id": "F77"})])
    answer = await line.get()
    with pytest.raises(TripSageError) as failed:
        line.http.parse(answer, Thing)
    details: dict[str, Any] = failed.value.details
    assert failed.value.code is ErrorCode.EXTERNAL_API_ERROR
    assert (details["provider"], details["status"], details["request_id"]) == ("Duffel", 200, "F77")


async def test_what_a_provider_says_is_cut_and_never_holds_the_key() -> None:
    said = f"bad token {KEY}\x00\n" + "y" * 5000
    line = Line([httpx.Response(401, text=said, headers={"x-request-id": f"F-{KEY}"})])
    error = line.http.refused(await line.get(), said)
    assert KEY not in str(error.details) + error.message
    assert "[key]" in error.details["reason"]
    assert len(error.details["reason"]) <= 300
    assert error.details["reason"].isprintable()


async def test_a_redirect_is_not_followed() -> None:
    line = Line([httpx.Response(302, headers={"location": "https://elsewhere.test/"})])
    answer = await line.get()
    with pytest.raises(TripSageError):
        line.http.parse(answer, Thing)
    assert len(line.requests) == 1
