"""Faults by chance and by number, bodies that come slowly, and latency that varies."""

import asyncio
import statistics
from typing import Any

import httpx
import pytest

from tests.support.travel import NOW
from tools.sandbox import Controls, Sandbox
from tools.sandbox.asgi import SandboxApp
from tools.sandbox.conditions import Latency
from tools.sandbox.transports import mock_transport
from tools.sandbox.wire import Delayed, Request, Response, Slow

RATE = "/frankfurter/v2/rate/EUR/USD"
GET_RATE = Request("GET", RATE)


def make(seed: int = 1) -> tuple[Sandbox, Controls]:
    sandbox = Sandbox(seed, clock=lambda: NOW)
    return sandbox, Controls(sandbox)


def statuses(sandbox: Sandbox, calls: int) -> list[int]:
    outcomes = [sandbox.handle(GET_RATE) for _ in range(calls)]
    return [outcome.status for outcome in outcomes if isinstance(outcome, Response)]


def by_chance(seed: int) -> list[int]:
    sandbox, controls = make(seed)
    controls.fault("frankfurter", status=500, probability=0.3)
    return statuses(sandbox, 200)


def test_chance_meets_about_its_share_and_the_same_calls_for_the_same_seed() -> None:
    assert 40 < by_chance(1).count(500) < 80
    assert by_chance(1) == by_chance(1)
    assert by_chance(1) != by_chance(2)


def test_times_counts_the_calls_that_were_met_and_not_those_that_chance_spared() -> None:
    sandbox, controls = make()
    controls.fault("frankfurter", status=500, probability=0.3, times=2)
    assert statuses(sandbox, 50).count(500) == 2


def test_the_third_call_alone_can_fail() -> None:
    sandbox, controls = make()
    controls.fault("frankfurter", status=500, after=2, times=1)
    assert statuses(sandbox, 5) == [200, 200, 500, 200, 200]


def test_faults_that_met_nothing_are_known() -> None:
    sandbox, controls = make()
    controls.fault("frankfurter", status=500, times=2)
    controls.fault("duffel", kind="timeout")
    controls.fault("open-meteo", probability=0.5)
    statuses(sandbox, 1)
    assert [rule.provider for rule in controls.unused_faults()] == ["frankfurter", "duffel"]
    statuses(sandbox, 1)
    assert [rule.provider for rule in controls.unused_faults()] == ["duffel"]


def test_a_slow_body_is_the_whole_answer_in_parts() -> None:
    sandbox, controls = make()
    whole = sandbox.handle(GET_RATE)
    controls.fault("frankfurter", kind="slow_body", seconds=5)
    slow = sandbox.handle(GET_RATE)
    assert isinstance(slow, Slow)
    assert slow.response == whole
    assert slow.pause == 0.5


def test_a_slow_body_times_out_by_its_parts_without_a_wire() -> None:
    sandbox, controls = make()
    controls.fault("frankfurter", kind="slow_body", seconds=20)
    with httpx.Client(transport=mock_transport(sandbox), base_url="http://sandbox") as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get(RATE, timeout=1.9)
        assert client.get(RATE, timeout=2).json()["quote"] == "USD"


async def test_a_slow_body_comes_in_parts_over_the_wire() -> None:
    sandbox, controls = make()
    controls.fault("frankfurter", kind="slow_body", seconds=0.01)
    sent: list[Any] = []
    gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not asked:
            asked.append(True)
            return {"type": "http.request", "body": b""}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asked: list[bool] = []
    scope = {"type": "http", "method": "GET", "path": RATE, "query_string": b"", "headers": []}
    await SandboxApp(sandbox)(scope, receive, send)
    head, *parts = sent
    announced = int(dict(head["headers"])[b"content-length"])
    assert len(b"".join(part["body"] for part in parts)) == announced
    assert len([part for part in parts if part["body"]]) > 5
    assert not parts[-1]["more_body"]


def latencies(seed: int) -> list[float]:
    return [Latency(0.8, 2.5).of_call(seed, "duffel", number) for number in range(1, 2001)]


def test_latency_has_the_median_and_the_tail_that_were_asked_for() -> None:
    taken = latencies(1)
    assert statistics.median(taken) == pytest.approx(0.8, rel=0.1)
    assert statistics.quantiles(taken, n=20)[-1] == pytest.approx(2.5, rel=0.15)
    assert latencies(1) == taken != latencies(2)


def test_each_call_draws_its_own_latency() -> None:
    sandbox, controls = make()
    controls.latency("frankfurter", 0.8, p95=2.5)
    outcomes = [sandbox.handle(GET_RATE) for _ in range(5)]
    assert len({outcome.seconds for outcome in outcomes if isinstance(outcome, Delayed)}) == 5


@pytest.mark.parametrize(
    "call",
    [
        lambda controls: controls.fault("nobody"),
        lambda controls: controls.fault(probability=0),
        lambda controls: controls.fault(kind="slow_body", seconds=-1),
        lambda controls: controls.latency("duffel", -1),
        lambda controls: controls.latency("duffel", 2, p95=1),
        lambda controls: controls.limit("duffel", -1),
        lambda controls: controls.set_clock(NOW.replace(tzinfo=None)),
    ],
)
def test_a_wrong_value_is_refused_in_python_too(call: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        call(make()[1])
