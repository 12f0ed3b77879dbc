"""Calls that are held back, refused or answered from what was kept; the provider is a transport."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from app.contract.errors import ErrorCode, TripSageError
from tests.support.calls import Report
from tests.support.travel import NOW, TODAY, Bench
from tools.providers.allowance import Allowance
from tools.providers.breaker import FAILURES, FIRST_PAUSE, admit, succeeded
from tools.providers.config import Provider, load
from tools.providers.factory import Providers
from tools.providers.http import HttpClient, Timing
from tools.providers.outcome import Answer
from tools.providers.retry import MAX_WAIT
from tools.providers.state import LocalState
from tools.sandbox import Sandbox
from tools.sandbox.transports import mock_transport


class Line:
    """Calls answered with these in turn (200 afterwards), on a clock that waits move."""

    def __init__(self, *answers: int | httpx.Response, allowance: Allowance | None = None) -> None:
        self._answers = list(answers)
        self.now = 1000.0
        self.calls = 0
        self.notes: list[str] = []
        self._while_waiting = self._pass
        self.state = LocalState(lambda: self.now)
        self.http = HttpClient(
            Provider("Duffel", "https://api.test", allowance=allowance),
            httpx.MockTransport(self._answer),
            Timing(self._sleep, jitter=lambda: 0.0, now=lambda: datetime.now(UTC)),
            self.state,
        )

    async def call(self) -> int:
        return (await self.http.send("POST", "/things", self, body=b"{}")).status

    async def refused(self) -> TripSageError:
        with pytest.raises(TripSageError) as refused:
            await self.call()
        return refused.value

    def used(self, endpoint: str) -> None:
        pass

    async def note(self, message: str) -> None:
        self.notes.append(message)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        answer = self._answers.pop(0) if self._answers else 200
        return httpx.Response(answer) if isinstance(answer, int) else answer

    def sleeps(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Has this happen while a call waits."""
        self._while_waiting = sleep

    async def _sleep(self, seconds: float) -> None:
        await self._while_waiting(seconds)

    async def _pass(self, seconds: float) -> None:
        self.now += seconds


async def test_a_provider_that_keeps_failing_is_left_alone_and_tried_again() -> None:
    line = Line(*[500] * FAILURES)
    for _ in range(FAILURES):
        assert await line.call() == 500
    error = await line.refused()
    assert error.code == ErrorCode.EXTERNAL_API_ERROR
    assert error.retryable
    assert error.details == {"provider": "Duffel", "retry_after": FIRST_PAUSE}
    assert line.calls == FAILURES
    line.now += FIRST_PAUSE
    assert await line.call() == 200
    assert line.state.breakers["Duffel"].state == "closed"
    assert line.state.counts == {
        ("Duffel", "failed"): FAILURES,
        ("Duffel", "refused"): 1,
        ("Duffel", "answered"): 1,
    }


async def test_calls_that_come_during_a_trial_wait_for_its_end() -> None:
    line = Line(*[500] * FAILURES)
    for _ in range(FAILURES):
        await line.call()
    line.now += FIRST_PAUSE
    assert await line.state.decide("Duffel", admit) == 0  # another worker's trial is on its way
    ends = line.now + 1.0

    async def sleep(seconds: float) -> None:
        line.now += seconds
        if line.now >= ends:
            await line.state.decide("Duffel", succeeded)

    line.sleeps(sleep)
    assert await line.call() == 200
    assert ends <= line.now < ends + 1


async def test_a_trial_that_does_not_end_is_not_waited_for_for_ever() -> None:
    line = Line(*[500] * FAILURES)
    for _ in range(FAILURES):
        await line.call()
    line.now += FIRST_PAUSE
    assert await line.state.decide("Duffel", admit) == 0
    began = line.now
    error = await line.refused()
    assert MAX_WAIT <= line.now - began < MAX_WAIT + 1
    assert error.details["retry_after"] == 1.0


async def test_retries_end_when_the_breaker_opens() -> None:
    line = Line(*[503] * 20)
    assert [await line.call(), await line.call()] == [503, 503]
    assert line.calls == FAILURES  # three attempts, then the two that were left
    assert len(line.notes) == 3


async def test_a_refusal_is_no_outage() -> None:
    line = Line(*[422] * (2 * FAILURES))
    for _ in range(2 * FAILURES):
        assert await line.call() == 422


async def test_a_call_waits_for_its_place_and_says_so() -> None:
    line = Line(allowance=Allowance(per_minute=20, burst=1))
    await line.call()
    await line.call()
    assert line.now == 1003
    assert line.notes == ["Waiting 3.0 s: Duffel has been asked as often as it allows"]


async def test_a_call_whose_place_is_too_far_away_fails_at_once() -> None:
    line = Line(allowance=Allowance(per_minute=1, burst=1))
    await line.call()
    error = await line.refused()
    assert (error.code, error.retryable) == (ErrorCode.EXTERNAL_API_ERROR, True)
    assert error.details["retry_after"] == 60 > MAX_WAIT
    assert line.calls == 1


RESET = {"date": "Sun, 22 Nov 2026 12:00:00 GMT", "ratelimit-reset": "Sun, 22 Nov 2026 12:00:40 GMT"}


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(429, headers={"retry-after": "40"}),
        httpx.Response(503, headers={"retry-after": "40"}),
        httpx.Response(429, headers=RESET),
        httpx.Response(200, headers={**RESET, "ratelimit-remaining": "0"}),
    ],
)
async def test_what_a_provider_says_of_its_limit_holds_for_the_calls_that_follow(
    answer: httpx.Response,
) -> None:
    line = Line(answer, allowance=Allowance(per_minute=600, burst=60))
    assert await line.call() == answer.status_code
    error = await line.refused()
    assert (error.code, error.details["retry_after"]) == (ErrorCode.EXTERNAL_API_ERROR, 40)
    assert line.calls == 1
    line.now += 40
    assert await line.call() == 200
    assert line.notes == []


async def test_calls_that_are_left_do_not_hold_others_back() -> None:
    left = {**RESET, "ratelimit-remaining": "3"}
    line = Line(httpx.Response(200, headers=left), allowance=Allowance(per_minute=600, burst=60))
    assert [await line.call(), await line.call()] == [200, 200]
    assert line.notes == []


async def test_what_a_provider_says_of_its_limit_is_believed_for_an_hour() -> None:
    line = Line(
        httpx.Response(429, headers={"retry-after": "999999"}), allowance=Allowance(per_minute=600, burst=60)
    )
    assert await line.call() == 429
    assert (await line.refused()).details["retry_after"] == 3600


KEEPING: Mapping[str, str] = {"TRIPSAGE_KEEP_ANSWERS": "on"}
RATE: dict[str, Any] = {"amount": 1, "from": "EUR", "to": "USD"}
WEATHER: dict[str, Any] = {"latitude": 38.7, "longitude": -9.1, "start": "2027-05-04", "end": "2027-05-05"}


async def test_a_fresh_answer_is_not_asked_for_again() -> None:
    bench = Bench(environ=KEEPING)
    one = await bench.call("currency_convert", RATE)
    bench.fault(provider="frankfurter", status=500)
    assert await bench.call("currency_convert", RATE) == one
    assert bench.endpoint == "GET http://127.0.0.1:8001/frankfurter/v2/rate/EUR/USD"
    with pytest.raises(TripSageError):
        await bench.call("currency_convert", {**RATE, "to": "GBP"})


async def test_past_weather_is_kept_and_flights_never_are() -> None:
    bench = Bench(environ=KEEPING)
    flight = {"origin": "BER", "destination": "LIS", "departure_date": "2027-05-04"}
    for _ in range(2):
        await bench.call("weather_forecast", WEATHER)
        await bench.call("flight_search", flight)
    asked = [entry["provider"] for entry in bench.admin("GET", "requests")]
    assert (asked.count("open-meteo"), asked.count("duffel")) == (5, 2)


async def test_an_answer_that_cannot_be_believed_is_not_kept() -> None:
    bench = Bench(environ=KEEPING)
    bench.fault(provider="frankfurter", kind="broken_json", times=1)
    with pytest.raises(TripSageError):
        await bench.call("currency_convert", RATE)
    assert (await bench.call("currency_convert", RATE)).rate > 0


class Remembering(LocalState):
    """Remembers for how long answers are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[int] = []

    async def keep(self, key: str, body: bytes, seconds: int) -> None:
        self.seconds.append(seconds)


HOUR, DAY, WEEK = 3600, 24 * 3600, 7 * 24 * 3600


@pytest.mark.parametrize(
    ("tool", "arguments", "kept"),
    [
        ("currency_convert", RATE, [DAY]),
        ("weather_forecast", {**WEATHER, "start": "2026-11-23", "end": "2026-11-24"}, [HOUR]),
        ("weather_forecast", {**WEATHER, "start": "2025-11-23", "end": "2025-11-24"}, [WEEK]),
        ("activity_search", {**WEATHER, "city": "Lisbon"}, [WEEK]),
        (
            "accommodation_search",
            {"city": "Lisbon", "latitude": 38.7, "longitude": -9.1}
            | {"check_in": "2027-05-04", "check_out": "2027-05-05"},
            [DAY, DAY],  # hotels and what their facilities are called; never rates
        ),
        ("flight_search", {"origin": "BER", "destination": "LIS", "departure_date": "2027-05-04"}, []),
    ],
)
async def test_each_kind_of_answer_is_kept_as_long_as_it_stays_true(
    tool: str, arguments: dict[str, Any], kept: list[int]
) -> None:
    state = Remembering()
    await Bench(environ=KEEPING, state=state).call(tool, arguments)
    assert state.seconds == kept


async def test_measured_days_that_have_no_values_yet_are_kept_like_a_forecast() -> None:
    state, sandbox = Remembering(), Sandbox(clock=lambda: NOW)
    providers = Providers(load(KEEPING), mock_transport(sandbox), state=state)
    days = await providers.open_meteo.archive(38.7, -9.1, date(2026, 11, 15), TODAY, Report())
    assert days[-1].tmax_c is None
    assert state.seconds == [HOUR]


async def test_a_refusal_is_not_kept_whatever_its_client_thinks_of_it() -> None:
    state = Remembering()
    http = HttpClient(Provider("Duffel", "https://api.test", keeps_answers=True), state=state)
    for status in (404, 429, 503):
        await http.keep(Answer(status, {}, b"{}", key="k"), 60)
    await http.close()
    assert state.seconds == []


async def test_what_was_kept_ends_with_its_freshness() -> None:
    now = NOW.timestamp()
    state = LocalState(lambda: now)
    await state.keep("k", b"{}", 60)
    assert await state.recall("k") == b"{}"
    now += 60
    assert await state.recall("k") is None
