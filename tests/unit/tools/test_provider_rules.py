"""Laws of what holds calls back: the circuit breaker and the token bucket."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.providers.allowance import Allowance, emptied, reserve
from tools.providers.breaker import (
    CLOSED,
    FAILURES,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    TRIAL,
    TRIAL_LOOK,
    Breaker,
    admit,
    failed,
    succeeded,
)

RULES = {"admit": admit, "failed": failed, "succeeded": succeeded}
STEPS = st.lists(st.tuples(st.sampled_from(sorted(RULES)), st.floats(0, 100)), max_size=60)


def opened(now: float = 0.0) -> Breaker:
    breaker = CLOSED
    for _ in range(FAILURES):
        breaker, _ = failed(breaker, now)
    return breaker


@given(STEPS)
def test_nobody_is_ever_left_alone_for_longer_than_the_longest_pause(steps: list[tuple[str, float]]) -> None:
    breaker, now = CLOSED, 0.0
    for name, passed in steps:
        now += passed
        breaker, seconds = RULES[name](breaker, now)
        assert 0 <= seconds <= LONGEST_PAUSE
        assert breaker.until <= now + LONGEST_PAUSE
    assert admit(breaker, now + LONGEST_PAUSE)[1] == 0


@given(STEPS, st.floats(0, 1000))
def test_one_success_forgets_everything(steps: list[tuple[str, float]], now: float) -> None:
    breaker = CLOSED
    for name, passed in steps:
        now += passed
        breaker, _ = RULES[name](breaker, now)
    assert succeeded(breaker, now) == (CLOSED, 0.0)


@given(STEPS)
def test_it_opens_only_after_that_many_failures_in_a_row(steps: list[tuple[str, float]]) -> None:
    breaker, now, in_a_row = CLOSED, 0.0, 0
    for name, passed in steps:
        now += passed
        breaker, _ = RULES[name](breaker, now)
        in_a_row = 0 if name == "succeeded" else in_a_row + (name == "failed")
        assert (breaker.state == "closed") == (in_a_row < FAILURES)


def test_after_its_pause_one_attempt_at_a_time_is_the_trial() -> None:
    breaker = opened()
    assert admit(breaker, FIRST_PAUSE - 1)[1] == 1
    trying, wait = admit(breaker, FIRST_PAUSE)
    assert (trying.state, wait) == ("half_open", 0)
    assert admit(trying, FIRST_PAUSE + 1) == (trying, TRIAL_LOOK)


def test_a_trial_that_is_lost_makes_way_for_another() -> None:
    trying, _ = admit(opened(), FIRST_PAUSE)
    assert admit(trying, FIRST_PAUSE + TRIAL)[1] == 0


def test_every_failed_trial_doubles_the_pause_up_to_the_longest() -> None:
    breaker, now, pauses = opened(), 0.0, list[float]()
    for _ in range(6):
        now = breaker.until
        breaker, _ = failed(admit(breaker, now)[0], now)
        pauses.append(breaker.until - now)
    assert pauses == [30, 60, 120, 240, 240, 240]


def test_late_failures_do_not_prolong_a_pause() -> None:
    assert failed(opened(), 5.0) == (opened(), FIRST_PAUSE - 5)


@given(
    st.builds(Allowance, st.floats(1, 6000), st.integers(1, 50)),
    st.lists(st.floats(0, 20), min_size=1, max_size=80),
)
def test_no_stretch_of_time_sees_more_calls_than_allowed(allowance: Allowance, gaps: list[float]) -> None:
    full_at, now, calls = 0.0, 1e6, list[float]()
    for gap in gaps:
        now += gap
        full_at, wait = reserve(full_at, now, allowance, patience=1e9)
        calls.append(now + wait)
    assert all(one <= other + 1e-6 for one, other in pairwise(calls))
    for first, later in zip(calls, calls[allowance.burst :], strict=False):
        assert later - first >= allowance.interval * 0.999 - 1e-6


@pytest.mark.parametrize("patience", [0.0, 2.0])
def test_a_place_beyond_the_patience_is_not_taken(patience: float) -> None:
    allowance = Allowance(per_minute=10, burst=1)
    full_at, wait = reserve(0.0, 100.0, allowance, patience)
    assert wait == 0
    assert reserve(full_at, 100.0, allowance, patience) == (full_at, 6.0)
    assert reserve(full_at, 106.0, allowance, patience)[1] == 0


@given(st.floats(1, 6000), st.integers(1, 50), st.floats(0, 3600), st.floats(0, 1000))
def test_an_emptied_bucket_has_one_call_when_the_provider_says_so_and_then_one_at_a_time(
    per_minute: float, burst: int, seconds: float, full_in: float
) -> None:
    allowance, now = Allowance(per_minute, burst), 1e6
    full_at = emptied(now + full_in, now, allowance, seconds)
    full_at, first = reserve(full_at, now, allowance, patience=1e9)
    _, second = reserve(full_at, now, allowance, patience=1e9)
    assert first >= seconds - 1e-6
    assert second - first == pytest.approx(allowance.interval, abs=1e-6)
    if full_in <= seconds:
        assert first == pytest.approx(seconds, abs=1e-6)
