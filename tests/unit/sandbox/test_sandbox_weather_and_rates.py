"""The sandbox's Open-Meteo and Frankfurter: shapes, refusals and believable values."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import fmean
from typing import Any

import pytest

from tests.support.travel import NOW, TODAY, ask
from tools.sandbox import Sandbox
from tools.sandbox.climate import weather
from tools.sandbox.frankfurter import currencies, published_day

LISBON = {"latitude": "38.72", "longitude": "-9.14", "timezone": "auto"}
HIGH = {"daily": "temperature_2m_max"}


def forecast(**query: str) -> tuple[int, Any]:
    return ask(Sandbox(clock=lambda: NOW), "GET", "/open-meteo/v1/forecast", **query)


def archive(**query: str) -> tuple[int, Any]:
    return ask(Sandbox(clock=lambda: NOW), "GET", "/open-meteo-archive/v1/archive", **query)


def rates(path: str, **query: str) -> tuple[int, Any]:
    return ask(Sandbox(clock=lambda: NOW), "GET", f"/frankfurter{path}", **query)


def test_a_forecast_has_open_meteos_shape() -> None:
    status, body = forecast(**LISBON, daily="temperature_2m_max,weather_code", forecast_days="16")
    assert status == 200
    assert body["timezone"] == "Europe/Lisbon"
    assert body["utc_offset_seconds"] == 0
    assert body["daily_units"] == {
        "time": "iso8601",
        "temperature_2m_max": "°C",
        "weather_code": "wmo code",
    }
    assert body["daily"]["time"] == [(TODAY + timedelta(day)).isoformat() for day in range(16)]
    assert len(body["daily"]["weather_code"]) == 16


def test_days_can_be_named() -> None:
    _, body = forecast(**LISBON, **HIGH, start_date="2026-11-20", end_date="2026-12-07")
    assert (body["daily"]["time"][0], body["daily"]["time"][-1]) == ("2026-11-20", "2026-12-07")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({**HIGH, "longitude": "1"}, "Parameter 'latitude' is required"),
        ({**LISBON, **HIGH, "latitude": "91"}, "Latitude must be in range of -90 to 90°. Given: 91.0."),
        ({**LISBON, **HIGH, "latitude": "nan"}, "Latitude must be in range of -90 to 90°. Given: nan."),
        ({**LISBON, **HIGH, "latitude": "north"}, "Parameter 'latitude' must be a number"),
        ({**LISBON, **HIGH, "timezone": "Mars/Olympus"}, "Invalid timezone"),
        ({**LISBON, **HIGH, "timezone": "../../etc"}, "Invalid timezone"),
        ({"latitude": "1", "longitude": "1", **HIGH}, "Timezone is required"),
        (
            {**LISBON, **HIGH, "start_date": "2026-11-22", "end_date": "2026-12-08"},
            "Parameter 'end_date' is out of allowed range from 2026-08-22 to 2026-12-07",
        ),
        (
            {**LISBON, **HIGH, "start_date": "2026-11-23", "end_date": "2026-11-22"},
            "End-date must be larger or equals than start-date",
        ),
        (
            {**LISBON, **HIGH, "start_date": "today", "end_date": "2026-11-22"},
            "Invalid date format. Make sure to use 'YYYY-MM-DD'",
        ),
        (
            {**LISBON, **HIGH, "forecast_days": "17"},
            "Forecast days is invalid. Allowed range 0 to 16. Given 17.",
        ),
    ],
)
def test_a_wrong_parameter_is_refused_with_its_reason(query: dict[str, str], reason: str) -> None:
    assert forecast(**query) == (400, {"error": True, "reason": reason})


def test_an_unknown_variable_is_refused() -> None:
    status, body = forecast(**LISBON, daily="happiness")
    assert status == 400
    assert "happiness" in body["reason"]


def test_the_archive_reaches_from_1940_to_today_and_lags() -> None:
    _, body = archive(**LISBON, **HIGH, start_date="2026-11-18", end_date="2026-11-22")
    assert [value is None for value in body["daily"]["temperature_2m_max"]] == [
        False,
        False,
        False,
        True,
        True,
    ]
    status, body = archive(**LISBON, **HIGH, start_date="1939-12-31", end_date="1940-01-01")
    assert status == 400
    assert "out of allowed range from 1940-01-01 to 2026-11-22" in body["reason"]


def test_a_forecast_comes_true() -> None:
    _, expected = forecast(**LISBON, **HIGH, start_date="2026-11-25", end_date="2026-11-28")
    later = Sandbox(clock=lambda: NOW + timedelta(days=30))
    _, measured = ask(
        later,
        "GET",
        "/open-meteo/v1/archive",
        **LISBON,
        **HIGH,
        start_date="2026-11-25",
        end_date="2026-11-28",
    )
    assert measured["daily"] == expected["daily"]


@pytest.mark.parametrize(
    ("place", "month", "low", "high"),
    [
        ((38.7, -9.1), 7, 25, 32),
        ((38.7, -9.1), 1, 12, 18),
        ((64.1, -21.9), 1, -2, 6),
        ((64.1, -21.9), 7, 11, 17),
        ((25.2, 55.3), 7, 38, 44),
        ((-33.9, 151.2), 1, 24, 31),
        ((-33.9, 151.2), 7, 13, 20),
        ((1.35, 103.8), 1, 28, 33),
        ((-80.0, 0.0), 7, -60, -15),
    ],
)
def test_it_is_as_warm_as_it_should_be(
    place: tuple[float, float], month: int, low: float, high: float
) -> None:
    days = [date(2026, month, day) for day in range(1, 29)]
    assert low <= fmean(weather(1, *place, day).high for day in days) <= high
    assert all(weather(1, *place, day).high > weather(1, *place, day).low for day in days)


def test_it_rains_where_and_when_it_should() -> None:
    def total(place: tuple[float, float], month: int) -> float:
        return sum(
            weather(1, *place, date(year, month, day)).rain for year in (2024, 2025) for day in range(1, 29)
        )

    assert total((38.7, -9.1), 1) > 5 * total((38.7, -9.1), 7)
    assert total((19.1, 72.9), 7) > 50 * total((19.1, 72.9), 1) + 100
    assert total((25.2, 55.3), 7) < 20


def test_rates_have_frankfurters_shapes() -> None:
    status, one = rates("/v2/rate/EUR/USD")
    assert status == 200
    assert one == {"date": "2026-11-20", "base": "EUR", "quote": "USD", "rate": one["rate"]}
    assert 1.0 < one["rate"] < 1.4
    assert rates("/v2/rates", base="EUR", quotes="USD,VND")[1][0] == one
    status, latest = rates("/v1/latest", base="EUR", symbols="USD")
    assert (status, latest) == (
        200,
        {"amount": 1.0, "base": "EUR", "date": "2026-11-20", "rates": {"USD": one["rate"]}},
    )


def test_rates_agree_with_each_other() -> None:
    _, there = rates("/v2/rate/USD/JPY")
    _, back = rates("/v2/rate/JPY/USD")
    assert there["rate"] * back["rate"] == pytest.approx(1, rel=1e-3)
    assert rates("/v2/rate/CHF/CHF")[1]["rate"] == 1.0
    assert len(rates("/v2/rates", base="EUR")[1]) == len(currencies())


@pytest.mark.parametrize(
    ("path", "query", "status", "body"),
    [
        ("/v1/latest", {"base": "EUR", "symbols": "EUR"}, 422, {"message": "bad currency pair"}),
        ("/v1/latest", {"base": "XXX"}, 404, {"message": "not found"}),
        ("/v1/latest", {"base": "EUR", "symbols": "VND"}, 404, {"message": "not found"}),
        ("/v1/latest", {"amount": "nan"}, 422, {"message": "invalid amount"}),
        ("/v2/rate/EUR/XXX", {}, 404, {"status": 404, "message": "rate not found: EUR/XXX"}),
        ("/v2/rates", {"base": "XXX"}, 422, {"status": 422, "message": "invalid currency: XXX"}),
        ("/v2/nothing", {}, 404, {"status": 404, "message": "not found"}),
    ],
)
def test_a_wrong_currency_is_refused(
    path: str, query: dict[str, str], status: int, body: dict[str, Any]
) -> None:
    assert rates(path, **query) == (status, body)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-20T14:59:00+00:00", "2026-11-19"),
        ("2026-11-20T15:01:00+00:00", "2026-11-20"),
        ("2026-11-21T18:00:00+00:00", "2026-11-20"),
        ("2026-11-22T18:00:00+00:00", "2026-11-20"),
        ("2026-11-23T10:00:00+00:00", "2026-11-20"),
        ("2026-11-23T16:00:00+00:00", "2026-11-23"),
    ],
)
def test_rates_are_of_the_last_working_day(moment: str, day: str) -> None:
    assert published_day(datetime.fromisoformat(moment)).isoformat() == day


def test_rates_move_a_little_from_day_to_day() -> None:
    def rate(days: int) -> float:
        sandbox = Sandbox(clock=lambda: NOW + timedelta(days=days))
        return ask(sandbox, "GET", "/frankfurter/v2/rate/EUR/USD")[1]["rate"]

    values = [rate(days) for days in range(0, 300, 3)]
    assert len(set(values)) > 50
    assert max(values) / min(values) < 1.12
    assert all(abs(one / other - 1) < 0.03 for one, other in pairwise(values))
