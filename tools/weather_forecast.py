"""Daily weather of a place for a period: forecast, what was measured, or what is usual."""

import asyncio
from datetime import date, timedelta
from statistics import fmean
from typing import Annotated, Literal

from msgspec import Meta

from app.contract.turn import WeatherDay
from tools.providers.open_meteo import ARCHIVE_BEGINS, FORECAST_DAYS
from tools.results import WeatherResult
from tools.tool import ToolContext, invalid, tool

MAX_DAYS = 92
YEARS_AVERAGED = 5
MAX_YEARS_AHEAD = 10
ARCHIVE_DELAY = timedelta(days=6)  # newer days are not in the archive yet; the forecast API still has them


@tool(timeout=30)
async def weather_forecast(
    context: ToolContext,
    latitude: Annotated[float, Meta(ge=-90, le=90)],
    longitude: Annotated[float, Meta(ge=-180, le=180)],
    start: date,
    end: date,
) -> WeatherResult:
    """Daily highs and lows (°C) and precipitation (mm) at a place from start to end, both included.

    A forecast for days within 16 days of today, what was measured for the past, and beyond the forecast
    the average of the same days in past years (climatology); `source` says which.
    """
    _check(start, end, context.today)
    source = source_for(start, end, context.today)
    await context.progress(0.1, "Asking for the weather")
    if source == "climatology":
        days, years = await _climatology(context, latitude, longitude, start, end)
        return WeatherResult(source=source, start=start, end=end, years_averaged=years, days=days)
    weather = context.providers.open_meteo
    is_archived = end <= context.today - ARCHIVE_DELAY
    ask = weather.archive if is_archived else weather.forecast
    days = await ask(latitude, longitude, start, end, context)
    return WeatherResult(source=source, start=start, end=end, years_averaged=None, days=days)


def source_for(start: date, end: date, today: date) -> Literal["forecast", "archive", "climatology"]:
    """A period that reaches beyond the forecast is climatology as a whole, so that its days compare."""
    if end < today:
        return "archive"
    if end < today + timedelta(days=FORECAST_DAYS):
        return "forecast"
    return "climatology"


def _check(start: date, end: date, today: date) -> None:
    if end < start:
        raise invalid("end", "The end is before the start.")
    if (end - start).days >= MAX_DAYS:
        raise invalid("end", f"The period is longer than {MAX_DAYS} days.")
    if start < ARCHIVE_BEGINS:
        raise invalid("start", f"There is no weather before {ARCHIVE_BEGINS}.")
    if end.year > today.year + MAX_YEARS_AHEAD:
        raise invalid("end", f"The period is more than {MAX_YEARS_AHEAD} years ahead.")


async def _climatology(
    context: ToolContext, latitude: float, longitude: float, start: date, end: date
) -> tuple[list[WeatherDay], int]:
    """Averages of the same days in the last years that are over, and how many years those are."""
    starts = past_starts(start, end, context.today)
    length = end - start
    done = 0

    async def one_year(past: date) -> list[WeatherDay]:
        nonlocal done
        days = await context.providers.open_meteo.archive(latitude, longitude, past, past + length, context)
        done += 1
        await context.progress(0.1 + 0.8 * done / len(starts), f"{done} of {len(starts)} past years read")
        return days

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one_year(past)) for past in starts]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    years = [task.result() for task in tasks]
    days = [
        _average(start + timedelta(days=offset), [year[offset] for year in years if offset < len(year)])
        for offset in range(length.days + 1)
    ]
    return days, len(years)


def past_starts(start: date, end: date, today: date) -> list[date]:
    """The period's first day in each of the past years that are averaged, the latest first."""
    length = end - start
    year = min(start.year, today.year)
    starts: list[date] = []
    while len(starts) < YEARS_AVERAGED:
        past = _in_year(start, year)
        if past + length <= today - ARCHIVE_DELAY:
            starts.append(past)
        year -= 1
    return starts


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)  # 29 February


def _average(day: date, same_days: list[WeatherDay]) -> WeatherDay:
    return WeatherDay(
        date=day,
        tmax_c=_mean([other.tmax_c for other in same_days]),
        tmin_c=_mean([other.tmin_c for other in same_days]),
        precipitation_mm=_mean([other.precipitation_mm for other in same_days]),
    )


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(fmean(known), 1) + 0.0 if known else None  # adding zero turns -0.0 into 0.0
