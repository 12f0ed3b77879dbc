"""The weather tool: which source it takes, and what it makes of it."""

from datetime import date, timedelta
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contract.errors import ErrorCode, TripSageError
from tests.support.travel import TODAY, Bench, ask
from tools.results import WeatherResult
from tools.weather_forecast import ARCHIVE_DELAY, YEARS_AVERAGED, past_starts, source_for

LISBON = {"latitude": 38.72, "longitude": -9.14}


def period(first: int, last: int) -> dict[str, Any]:
    """From so many days after today to so many."""
    return {
        **LISBON,
        "start": (TODAY + timedelta(first)).isoformat(),
        "end": (TODAY + timedelta(last)).isoformat(),
    }


@pytest.mark.parametrize(
    ("first", "last", "source", "endpoint"),
    [
        (0, 15, "forecast", "open-meteo/v1/forecast"),
        (15, 15, "forecast", "open-meteo/v1/forecast"),
        (-2, 3, "forecast", "open-meteo/v1/forecast"),
        (15, 16, "climatology", "open-meteo-archive/v1/archive"),
        (100, 106, "climatology", "open-meteo-archive/v1/archive"),
        (-30, -20, "archive", "open-meteo-archive/v1/archive"),
        (-4, -1, "archive", "open-meteo/v1/forecast"),
    ],
)
async def test_the_source_follows_from_the_days(first: int, last: int, source: str, endpoint: str) -> None:
    bench = Bench()
    result: WeatherResult = await bench.call("weather_forecast", period(first, last))
    assert result.source == source
    assert bench.endpoint == f"GET http://127.0.0.1:8001/{endpoint}"
    assert [day.date for day in result.days] == [
        TODAY + timedelta(offset) for offset in range(first, last + 1)
    ]
    assert all(
        day.tmax_c is not None and day.tmin_c is not None and day.tmax_c > day.tmin_c for day in result.days
    )
    assert result.summary()["source"] == source


async def test_climatology_is_the_mean_of_past_years_and_says_how_many() -> None:
    bench = Bench()
    result: WeatherResult = await bench.call("weather_forecast", period(150, 152))
    assert result.years_averaged == YEARS_AVERAGED
    highs: list[float] = []
    for start in past_starts(result.start, result.end, TODAY):
        _, answer = ask(
            bench.sandbox,
            "GET",
            "/open-meteo-archive/v1/archive",
            latitude="38.72",
            longitude="-9.14",
            daily="temperature_2m_max",
            timezone="auto",
            start_date=start.isoformat(),
            end_date=start.isoformat(),
        )
        highs += answer["daily"]["temperature_2m_max"]
    assert result.days[0].tmax_c == pytest.approx(fmean(highs), abs=0.06)
    fractions = [fraction for fraction, _ in bench.reports]
    assert fractions == sorted(fractions)
    assert bench.messages[-1] == "5 of 5 past years read"


@given(start=st.dates(TODAY + timedelta(1), TODAY + timedelta(3000)), length=st.integers(0, 91))
def test_averaged_years_are_over_and_distinct(start: date, length: int) -> None:
    end = start + timedelta(length)
    starts = past_starts(start, end, TODAY)
    assert len(starts) == len(set(starts)) == YEARS_AVERAGED
    for past in starts:
        assert past + timedelta(length) <= TODAY - ARCHIVE_DELAY
        assert (past.month, past.day) in {(start.month, start.day), (2, 28)}


def test_a_leap_day_has_past_years_too() -> None:
    assert past_starts(date(2028, 2, 29), date(2028, 2, 29), TODAY)[0] == date(2026, 2, 28)


def test_a_period_that_ends_today_is_a_forecast() -> None:
    assert source_for(TODAY - timedelta(3), TODAY, TODAY) == "forecast"
    assert source_for(TODAY - timedelta(3), TODAY - timedelta(1), TODAY) == "archive"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"end": "2026-11-21"}, "end"),
        ({"end": "2027-11-22"}, "end"),
        ({"start": "1939-12-30", "end": "1939-12-31"}, "start"),
        ({"start": "2099-01-01", "end": "2099-01-02"}, "end"),
        ({"latitude": 91}, "latitude"),
        ({"longitude": -181}, "longitude"),
    ],
)
async def test_what_has_no_weather_is_refused_by_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(TripSageError) as refused:
        await Bench().call("weather_forecast", {**period(0, 3), **change})
    assert refused.value.code is ErrorCode.VALIDATION_ERROR
    assert refused.value.details["field"] == field


async def test_a_year_that_fails_fails_the_average() -> None:
    bench = Bench()
    bench.fault(provider="open-meteo", status=400, body='{"error":true,"reason":"No"}', after=2)
    with pytest.raises(TripSageError) as failed:
        await bench.call("weather_forecast", period(150, 152))
    assert failed.value.code is ErrorCode.EXTERNAL_API_ERROR
    assert failed.value.details == {"provider": "Open-Meteo archive", "status": 400, "reason": "No"}


async def test_columns_of_different_lengths_are_a_surprise() -> None:
    bench = Bench()
    daily = '{"time":["2026-11-22"],"temperature_2m_max":[],"temperature_2m_min":[1],"precipitation_sum":[0]}'
    bench.fault(provider="open-meteo", status=200, body=f'{{"daily":{daily}}}')
    with pytest.raises(TripSageError, match="different lengths"):
        await bench.call("weather_forecast", period(0, 0))


async def test_a_key_in_the_address_stays_out_of_errors() -> None:
    bench = Bench(environ={"TRIPSAGE_OPEN_METEO_KEY": "weather-secret"})
    bench.fault(provider="open-meteo", status=400, body='{"error":true,"reason":"bad key weather-secret"}')
    with pytest.raises(TripSageError) as failed:
        await bench.call("weather_forecast", period(0, 0))
    assert "weather-secret" not in str(failed.value.details) + failed.value.message + str(bench.endpoint)


async def test_a_broken_connection_is_tried_again() -> None:
    bench = Bench()
    bench.fault(provider="open-meteo", kind="reset", times=1)
    assert (await bench.call("weather_forecast", period(0, 0))).days
    assert any("broke the connection off; trying again" in message for message in bench.messages)
