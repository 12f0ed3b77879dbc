"""What can be changed about a sandbox, and that sessions do not meet."""

from typing import Any

import pytest

from tests.support.travel import (
    DUFFEL_HEADERS,
    ask,
    fresh_sandbox,
    offer_request,
    search,
)
from tools.sandbox import Sandbox
from tools.sandbox.sandbox import MAX_SESSIONS
from tools.sandbox.wire import Delayed, Held, Request, Reset, Response, Silence, Truncated

RATE = "/frankfurter/v2/rate/EUR/USD"
GET_RATE = Request("GET", RATE)


def admin(sandbox: Sandbox, method: str, name: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    return ask(sandbox, method, f"/__admin/{name}", body, headers)


def status_of(sandbox: Sandbox) -> int:
    outcome = sandbox.handle(GET_RATE)
    assert isinstance(outcome, Response)
    return outcome.status


def test_a_fault_meets_the_calls_it_names() -> None:
    sandbox = fresh_sandbox()
    admin(sandbox, "POST", "faults", {"provider": "frankfurter", "status": 500, "after": 1, "times": 2})
    assert [status_of(sandbox) for _ in range(4)] == [200, 500, 500, 200]
    assert admin(sandbox, "GET", "state")[1]["faults"] == []


def test_a_fault_leaves_other_providers_and_paths_alone() -> None:
    sandbox = fresh_sandbox()
    admin(sandbox, "POST", "faults", {"provider": "duffel", "status": 500})
    admin(sandbox, "POST", "faults", {"provider": "*", "path": "/v1/", "status": 500})
    assert status_of(sandbox) == 200
    assert ask(sandbox, "GET", "/frankfurter/v2/rates")[0] == 200


@pytest.mark.parametrize(
    ("kind", "outcome"), [("timeout", Silence), ("reset", Reset), ("truncated", Truncated), ("hold", Held)]
)
def test_faults_are_of_several_kinds(kind: str, outcome: type) -> None:
    sandbox = fresh_sandbox()
    admin(sandbox, "POST", "faults", {"kind": kind})
    assert isinstance(sandbox.handle(GET_RATE), outcome)
    admin(sandbox, "DELETE", "faults")
    assert status_of(sandbox) == 200


def test_broken_json_is_half_an_answer() -> None:
    sandbox = fresh_sandbox()
    whole = sandbox.handle(GET_RATE)
    admin(sandbox, "POST", "faults", {"kind": "broken_json"})
    half = sandbox.handle(GET_RATE)
    assert isinstance(whole, Response)
    assert isinstance(half, Response)
    assert whole.body.startswith(half.body)
    assert 0 < len(half.body) < len(whole.body)


def test_an_answer_is_held_until_it_is_released() -> None:
    sandbox = fresh_sandbox()
    admin(sandbox, "POST", "hold", {"provider": "frankfurter"})
    held = sandbox.handle(GET_RATE)
    assert isinstance(held, Held)
    assert sandbox.is_held(held.ticket)
    assert admin(sandbox, "GET", "state")[1]["held"] == 1
    assert admin(sandbox, "POST", "release", {"provider": "duffel"})[1] == {"released": 0}
    assert sandbox.is_held(held.ticket)
    assert admin(sandbox, "POST", "release", {"provider": "frankfurter"})[1] == {"released": 1}
    assert not sandbox.is_held(held.ticket)
    assert status_of(sandbox) == 200


def test_latency_is_told_to_the_door() -> None:
    sandbox = fresh_sandbox()
    admin(sandbox, "POST", "latency", {"provider": "frankfurter", "seconds": 2.5})
    delayed = sandbox.handle(GET_RATE)
    assert isinstance(delayed, Delayed)
    assert delayed.seconds == 2.5
    admin(sandbox, "POST", "latency", {"provider": "frankfurter", "seconds": 0})
    assert status_of(sandbox) == 200


def test_the_clock_can_be_put_and_goes_on() -> None:
    sandbox = fresh_sandbox()
    assert admin(sandbox, "POST", "clock", {"today": "2027-01-31"})[1]["now"] == "2027-01-31T12:00:00Z"
    assert admin(sandbox, "POST", "clock", {"advance": 86400})[1]["now"] == "2027-02-01T12:00:00Z"
    moved = admin(sandbox, "POST", "clock", {"now": "2027-03-01T08:00:00+01:00"})[1]
    assert moved["now"] == "2027-03-01T07:00:00Z"
    status, _ = ask(
        sandbox,
        "POST",
        "/duffel/air/offer_requests",
        offer_request(("BER", "LIS", "2027-02-01")),
        DUFFEL_HEADERS,
    )
    assert status == 422  # it has passed


def test_the_seed_can_be_changed_and_reset_brings_all_back() -> None:
    sandbox = fresh_sandbox()
    trip = ("BER", "LIS", "2027-05-04")
    before = search(sandbox, trip)
    admin(sandbox, "POST", "seed", {"seed": 99})
    assert search(sandbox, trip) != before
    admin(sandbox, "POST", "hold", {})
    held = sandbox.handle(GET_RATE)
    admin(sandbox, "POST", "clock", {"today": "2027-01-31"})
    state = admin(sandbox, "POST", "reset")[1]
    assert state == {
        "seed": 1,
        "now": "2026-11-22T12:00:00Z",
        "faults": [],
        "latency": {},
        "held": 0,
        "step": 0,
    }
    assert isinstance(held, Held)
    assert not sandbox.is_held(held.ticket)
    assert search(sandbox, trip) == before


def test_the_journal_has_every_call_and_no_key() -> None:
    sandbox = fresh_sandbox()
    search(sandbox, ("BER", "LIS", "2027-05-04"))
    ask(sandbox, "GET", "/open-meteo/v1/forecast", latitude="1", longitude="2", apikey="weather-secret")
    entries = admin(sandbox, "GET", "requests")[1]
    assert [(entry["provider"], entry["path"], entry["outcome"]) for entry in entries] == [
        ("duffel", "/air/offer_requests", "201"),
        ("open-meteo", "/v1/forecast", "200"),
    ]
    assert "BER" in entries[0]["body"]
    assert "duffel_test_x" not in str(entries)
    assert "weather-secret" not in str(entries)
    admin(sandbox, "DELETE", "requests")
    assert admin(sandbox, "GET", "requests")[1] == []


def test_sessions_do_not_meet() -> None:
    sandbox = fresh_sandbox()
    admin(sandbox, "POST", "faults", {"status": 500}, **{"x-sandbox-session": "one"})
    outcome = sandbox.handle(Request("GET", RATE, headers={"x-sandbox-session": "one"}))
    assert isinstance(outcome, Response)
    assert outcome.status == 500
    assert status_of(sandbox) == 200


def test_many_sessions_push_out_the_oldest_but_never_the_common_one() -> None:
    sandbox = fresh_sandbox()
    admin(sandbox, "POST", "seed", {"seed": 5})
    common = sandbox.world()
    for number in range(MAX_SESSIONS + 5):
        sandbox.world(f"session-{number}")
    assert sandbox.world() is common


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("faults", {"kind": "gremlin"}),
        ("faults", {"status": 99}),
        ("faults", {"colour": "red"}),
        ("seed", {}),
        ("seed", {"seed": "x"}),
        ("clock", {"today": "soon"}),
        ("clock", {"now": "2027-03-01T08:00:00"}),
        ("latency", {"provider": "duffel", "seconds": -1}),
        ("latency", {"provider": "nobody", "seconds": 1}),
        ("faults", b"{"),
    ],
)
def test_a_wrong_setting_is_refused_and_changes_nothing(name: str, body: Any) -> None:
    sandbox = fresh_sandbox()
    before = admin(sandbox, "GET", "state")
    assert admin(sandbox, "POST", name, body)[0] == 422
    assert admin(sandbox, "GET", "state") == before


def test_what_is_not_there_is_not_found() -> None:
    sandbox = fresh_sandbox()
    assert admin(sandbox, "POST", "nonsense")[0] == 404
    assert ask(sandbox, "GET", "/nobody/v1/latest")[0] == 404
    assert ask(sandbox, "GET", "/healthz") == (200, {"status": "ok"})
