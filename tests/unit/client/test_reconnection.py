"""When the client comes back, and when it stays away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.client.reconnect import (
    LONGEST_PAUSE,
    RATE_LIMIT_PAUSE,
    STABLE_AFTER,
    Action,
    Next,
    Reconnection,
    close_meaning,
)
from app.contract.errors import CLOSE_CODES

fractions = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize("code", [1000, 4002, 4003, 4009])
def test_some_closes_are_final(code: int) -> None:
    assert Reconnection(lambda: 0.5).closed(code, 0).action is Action.STOP


@pytest.mark.parametrize("code", [None, 1001, 1006, 1009, 1011, 1012, 4008, 4011, 4012, 4029])
def test_from_all_others_it_comes_back(code: int | None) -> None:
    assert Reconnection(lambda: 0.5).closed(code, 0).action is Action.RECONNECT


@given(fractions, st.integers(1, 40))
def test_pauses_grow_to_a_limit_and_are_spread(fraction: float, attempts: int) -> None:
    reconnection = Reconnection(lambda: fraction)
    pauses = [reconnection.closed(None, 0).delay for _ in range(attempts)]
    assert pauses == sorted(pauses)
    assert all(0.1 <= pause <= LONGEST_PAUSE for pause in pauses)
    assert pauses[0] == pytest.approx(0.1 + 0.1 * fraction)


def test_a_connection_that_lasted_starts_the_pauses_anew() -> None:
    reconnection = Reconnection(lambda: 0.0)
    first, *_, last = [reconnection.closed(None, 0).delay for _ in range(6)]
    reconnection.established(100)
    assert reconnection.closed(1001, 100 + STABLE_AFTER).delay == first < last


def test_a_server_that_takes_connections_and_drops_them_is_not_hammered() -> None:
    reconnection = Reconnection(lambda: 0.0)
    pauses: list[float] = []
    for now in range(6):
        reconnection.established(now)
        pauses.append(reconnection.closed(4011, now + 0.1).delay)
    assert pauses == sorted(set(pauses))


@given(fractions, st.floats(0, 300))
def test_nobody_comes_before_the_time_that_a_draining_server_named(fraction: float, after: float) -> None:
    reconnection = Reconnection(lambda: fraction)
    reconnection.announced(after)
    assert after <= reconnection.closed(4012, 0).delay <= after * 1.5 + 0.1
    assert reconnection.closed(4012, 0).delay <= 0.2


@given(fractions)
def test_after_a_rate_limit_it_waits_as_long_as_the_server_said(fraction: float) -> None:
    reconnection = Reconnection(lambda: fraction)
    assert reconnection.closed(4029, 0).delay >= RATE_LIMIT_PAUSE
    reconnection.rate_limited(33)
    assert 33 <= reconnection.closed(4029, 0).delay <= 33 * 1.5


def test_a_token_is_renewed_once_for_each_time_it_was_good() -> None:
    reconnection = Reconnection(lambda: 0.0)
    assert reconnection.closed(4001, 0) == Next(Action.STOP)
    reconnection.established(1)
    assert reconnection.closed(4001, 2) == Next(Action.RENEW)
    assert reconnection.closed(4001, 3) == Next(Action.STOP)


def test_every_close_code_has_words() -> None:
    for each in CLOSE_CODES:
        assert close_meaning(each.code) == each.meaning
    assert close_meaning(None) == "The connection was lost."
    assert "4999" in close_meaning(4999)
