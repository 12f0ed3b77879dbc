"""Expected calls: checked over HTTP and in Python."""

from typing import Any

import pytest

from tests.support.travel import DUFFEL_HEADERS, NOW, ask, offer_request
from tools.sandbox import Controls, Sandbox


def called() -> Sandbox:
    """One call of Duffel, two of Frankfurter, of which one failed."""
    sandbox = Sandbox(clock=lambda: NOW)
    body = offer_request(("BER", "LIS", "2027-05-04"))
    ask(sandbox, "POST", "/duffel/air/offer_requests", body, DUFFEL_HEADERS)
    ask(sandbox, "GET", "/frankfurter/v2/rate/EUR/USD")
    ask(sandbox, "GET", "/frankfurter/v2/rate/EUR/XXX")
    return sandbox


@pytest.mark.parametrize(
    ("expected", "calls"),
    [
        ({}, 3),
        ({"provider": "frankfurter", "times": 2}, 2),
        ({"provider": "duffel", "method": "POST", "path": "/air/offer_requests"}, 1),
        ({"contains": "LIS", "times": 1}, 1),
        ({"provider": "open-meteo", "times": 0}, 0),
        ({"path": "/v2/", "at_least": 1, "at_most": 2}, 2),
    ],
)
def test_calls_that_were_made_are_verified(expected: dict[str, Any], calls: int) -> None:
    sandbox = called()
    status, verdict = ask(sandbox, "POST", "/__admin/verify", expected)
    assert (status, verdict["verified"], verdict["calls"]) == (200, True, calls)
    Controls(sandbox).verify(**expected)


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ({"provider": "open-meteo"}, "any call of open-meteo: expected 1 to any, made 0"),
        ({"provider": "duffel", "times": 2}, "expected exactly 2, made 1"),
        ({"method": "DELETE"}, "DELETE call of"),
        ({"at_most": 2}, "expected 1 to 2, made 3"),
        ({"contains": "MAD"}, r"Last calls: POST duffel /air/offer_requests \(201\)"),
    ],
)
def test_calls_that_were_not_made_are_told(expected: dict[str, Any], message: str) -> None:
    sandbox = called()
    assert ask(sandbox, "POST", "/__admin/verify", expected)[0] == 409
    with pytest.raises(AssertionError, match=message):
        Controls(sandbox).verify(**expected)


def test_a_wrong_expectation_is_refused() -> None:
    assert ask(called(), "POST", "/__admin/verify", {"colour": "red"})[0] == 422
    with pytest.raises(ValueError, match="nobody"):
        Controls(called()).verify("nobody")


def test_calls_are_listed_by_provider_and_path() -> None:
    controls = Controls(called())
    assert [one.outcome for one in controls.calls("frankfurter")] == ["200", "404"]
    assert len(controls.calls(path="/air/")) == 1
    assert len(controls.calls()) == 3


@pytest.mark.parametrize("name", ["apikey", "apiKey"])
def test_a_key_in_a_query_is_not_kept(name: str) -> None:
    sandbox = Sandbox(clock=lambda: NOW)
    ask(sandbox, "GET", "/open-meteo/v1/forecast", latitude="1", longitude="1", **{name: "hidden"})
    [call] = Controls(sandbox).calls()
    assert call.query == {"latitude": "1", "longitude": "1"}
