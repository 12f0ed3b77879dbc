"""Scenarios: what they say, how their steps follow each other, and that a wrong one changes nothing."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.travel import NOW, ask
from tools.sandbox import Controls, Sandbox, ScenarioError
from tools.sandbox.scenario import Course, Step, parse
from tools.sandbox.wire import Delayed, Request, Response, Silence

RATE = "/frankfurter/v2/rate/EUR/USD"
SLOW_DOWN_BACK = """
seed: 7
today: 2027-03-01
limits:
  open-meteo: {requests: 1}
steps:
  - latency: {frankfurter: 4}
  - after_calls: 2
    provider: frankfurter
    faults:
      - {provider: frankfurter, status: 503}
  - after_seconds: 30
"""


def make() -> tuple[Sandbox, Controls]:
    sandbox = Sandbox(clock=lambda: NOW)
    return sandbox, Controls(sandbox)


def call(sandbox: Sandbox, session: str = "") -> Any:
    """The seconds of a slow answer, the status of another one."""
    outcome = sandbox.handle(Request("GET", RATE, headers={"x-sandbox-session": session}))
    assert isinstance(outcome, Response | Delayed)
    return outcome.seconds if isinstance(outcome, Delayed) else outcome.status


def test_a_supplier_is_slow_then_down_then_back() -> None:
    sandbox, controls = make()
    controls.play(SLOW_DOWN_BACK)
    assert [call(sandbox) for _ in range(4)] == [4.0, 4.0, 503, 503]
    controls.advance(29.9)
    assert call(sandbox) == 503
    controls.advance(0.1)
    assert call(sandbox) == 200


def test_what_holds_all_the_time_outlives_the_steps() -> None:
    sandbox, controls = make()
    controls.play(SLOW_DOWN_BACK)
    assert controls.world.seed == 7
    assert controls.now == datetime(2027, 3, 1, 12, tzinfo=UTC)
    weather = {"latitude": "1", "longitude": "1"}
    asked = [ask(sandbox, "GET", "/open-meteo/v1/forecast", **weather)[0] for _ in range(2)]
    assert asked == [200, 429]


def test_calls_of_another_provider_do_not_count() -> None:
    sandbox, controls = make()
    controls.play(SLOW_DOWN_BACK)
    for _ in range(5):
        ask(sandbox, "GET", "/open-meteo/v1/forecast", latitude="1", longitude="1")
    assert call(sandbox) == 4.0


def test_reset_begins_the_scenario_again() -> None:
    sandbox, controls = make()
    controls.play(SLOW_DOWN_BACK)
    first = [call(sandbox) for _ in range(3)]
    ask(sandbox, "POST", "/__admin/reset")
    assert [call(sandbox) for _ in range(3)] == first
    assert controls.world.step == 2


def test_a_scenario_is_played_over_http_and_only_in_its_session() -> None:
    sandbox, _ = make()
    answer = ask(sandbox, "POST", "/__admin/scenario", SLOW_DOWN_BACK.encode(), {"x-sandbox-session": "a"})
    assert (answer[0], answer[1]["seed"]) == (200, 7)
    assert call(sandbox, "a") == 4.0
    assert call(sandbox, "b") == 200


def test_the_sandbox_plays_a_scenario_in_every_session_also_in_those_to_come() -> None:
    sandbox, _ = make()
    assert call(sandbox, "early") == 200
    sandbox.play(parse(SLOW_DOWN_BACK))
    assert call(sandbox, "early") == call(sandbox, "late") == 4.0


def test_faults_of_a_step_that_ended_unused_are_known() -> None:
    sandbox, controls = make()
    controls.play("steps: [{faults: [{provider: duffel}]}, {after_calls: 1}]")
    call(sandbox)
    call(sandbox)
    assert [rule.provider for rule in controls.unused_faults()] == ["duffel"]


def test_removing_the_faults_ends_those_of_the_step_too() -> None:
    sandbox, controls = make()
    controls.play("steps: [{faults: [{provider: frankfurter, kind: timeout}]}]")
    assert isinstance(sandbox.handle(Request("GET", RATE)), Silence)
    ask(sandbox, "DELETE", "/__admin/faults")
    assert call(sandbox) == 200


def test_a_leap_of_the_clock_passes_several_steps() -> None:
    course = Course([Step(after_seconds=10), Step(after_seconds=10), Step(after_seconds=10)], NOW)
    assert course.follow(NOW.replace(second=25))
    assert course.position == 2
    assert course.follow(NOW.replace(second=30))
    assert course.position == 3


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_steps_by_calls_begin_after_exactly_so_many(counts: list[int]) -> None:
    course = Course([Step(after_calls=count) for count in counts], NOW)
    for position, count in enumerate(counts):
        for _ in range(count):
            assert not course.follow(NOW)
            assert course.position == position
            course.count("duffel")
        assert course.follow(NOW)


def test_nothing_at_all_is_a_calm_scenario_and_json_is_yaml() -> None:
    assert parse("").steps == ()
    assert parse(json.dumps({"today": "2027-03-01"})).today == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("seed: [", "line 1"),
        ("colour: red", "colour"),
        ("- 1", "object"),
        ("faults: [{kind: gremlin}]", r"\$\.faults\[0\]\.kind"),
        ("latency: {nobody: 1}", "nobody"),
        ("latency: {duffel: {seconds: 2, p95: 1}}", "p95"),
        ("limits: {duffel: {requests: -1}}", r"\$\.limits"),
        ("steps: [{}, {}]", "every step but the first"),
        ("steps: [{after_calls: 1, after_seconds: 1}]", "not both"),
        ("now: 2027-03-01T08:00:00", "timezone"),
        ("!!python/object/apply:os.getcwd []", "constructor"),
        ("today: 2027-02-30", "day is out of range"),
        ("seed: " + "9" * 5000, "integer"),
        ("[" * 5000, "recursion"),
        ("faults: &a [*a]", "faults"),
        (b"\xff\xfe\xff", "."),
    ],
)
def test_a_wrong_scenario_is_one_line_and_changes_nothing(text: str | bytes, where: str) -> None:
    with pytest.raises(ScenarioError, match=where) as caught:
        parse(text)
    assert "\n" not in str(caught.value)
    sandbox, controls = make()
    controls.play(SLOW_DOWN_BACK)
    body = text if isinstance(text, bytes) else text.encode()
    assert ask(sandbox, "POST", "/__admin/scenario", body)[0] == 422
    assert call(sandbox) == 4.0
