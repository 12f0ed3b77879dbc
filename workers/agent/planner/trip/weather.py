"""The weather at the places of a trip on its days."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from msgspec import Struct

from app.contract.events import ErrorBody
from app.contract.turn import Weather
from tools.places import Place
from tools.results import WeatherResult
from workers.agent.planner.context import Flow
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.weather import WEATHER, weather_arguments

FORECAST_DAYS = 16
"""Today and so many days after it have a forecast, less one; later days have their usual weather."""
_MOST_EARLY_DAYS = 45
_MOST_DAYS = 60


class Visit(Struct, frozen=True):
    """A place, from the day of arrival to the day of departure."""

    place: Place
    first: date
    last: date


class Seen(Struct, frozen=True):
    visit: Visit
    weather: Weather | ErrorBody


def ask_early(flow: Flow) -> None:
    """Ask beside the flight search where the answer will hold for whichever day is chosen."""
    visit = _whole_window(flow)
    if visit is not None:
        flow.script.beside(WEATHER, partial(_look_up, flow, [visit]))


async def see(flow: Flow, visits: Sequence[Visit]) -> list[Seen]:
    """The weather of each visit."""
    early = _whole_window(flow)
    asked_for = [early] if early and len(visits) == 1 else list(visits)
    looking_up = flow.script.beside(WEATHER, partial(_look_up, flow, asked_for))
    flow.script.status(flow.voice.phrases.statuses["weather"])
    return [
        Seen(visit, read if isinstance(read, ErrorBody) else _on_days(read, visit))
        for visit, read in zip(visits, await looking_up.result(), strict=True)
    ]


def joined(seen: Sequence[Seen]) -> Weather | None:
    """One account of the whole trip; None where nothing is known or the sources differ."""
    known = [each.weather for each in seen if isinstance(each.weather, Weather)]
    if not known or len({(weather.source, weather.years_averaged) for weather in known}) > 1:
        return known[0] if known else None
    days = {day.date: day for weather in known for day in weather.days}
    return Weather(
        source=known[0].source,
        period=(known[0].period[0], known[-1].period[1]),
        years_averaged=known[0].years_averaged,
        days=[days[day] for day in sorted(days)],
    )


def _whole_window(flow: Flow) -> Visit | None:
    """All days that the trip may take, if they are few and of one kind: forecast or usual weather."""
    asked = flow.asked
    when = asked.when
    if when is None or len(asked.stops) != 1:
        return None
    days = when.departures(asked.nights) or [when.earliest]
    first, last = days[0], days[-1] + timedelta(max(asked.nights, 1) + 2)
    horizon = flow.today + timedelta(FORECAST_DAYS)
    if (last - first).days > _MOST_EARLY_DAYS or (first < horizon <= last and len(days) > 1):
        return None
    return Visit(asked.stops[0].place, first, last)


async def _look_up(flow: Flow, visits: Sequence[Visit]) -> list[WeatherResult | ErrorBody]:
    """The work of the weather's specialist."""
    for index, visit in enumerate(visits):
        _ask(flow, index, visit)
    outcomes = await flow.script.outcomes([_key(index) for index in range(len(visits))])
    read = [read_outcome(outcome, WeatherResult) for outcome in outcomes]
    _end(flow, read)
    return read


def _ask(flow: Flow, index: int, visit: Visit) -> None:
    phrases = flow.voice.phrases
    description = flow.voice.fill(
        phrases.task_descriptions["weather"], route=", ".join(stop.place.name for stop in flow.asked.stops)
    )
    flow.script.task(WEATHER, phrases.tasks["weather"], description)
    last = min(visit.last, visit.first + timedelta(_MOST_DAYS))
    flow.script.call(
        _key(index), WEATHER, "weather_forecast", weather_arguments(visit.place, visit.first, last)
    )


def _key(index: int) -> str:
    return f"weather-{index + 1}"


def _on_days(result: WeatherResult, visit: Visit) -> Weather | ErrorBody:
    days = [day for day in result.days if visit.first <= day.date <= visit.last]
    if not any(day.tmax_c is not None for day in days):
        return ErrorBody(code="EXTERNAL_API_ERROR", message="There is no weather for these days.")
    return Weather(
        source=result.source,
        period=(visit.first, visit.last),
        years_averaged=result.years_averaged,
        days=days,
    )


def _end(flow: Flow, read: Sequence[WeatherResult | ErrorBody]) -> None:
    failed = next((each for each in read if isinstance(each, ErrorBody)), None)
    if failed is not None:
        flow.script.end(WEATHER, error=failed)
        return
    days = [day for each in read if isinstance(each, WeatherResult) for day in each.days]
    highs = [day.tmax_c for day in days if day.tmax_c is not None]
    known = {"highest_c": max(highs), "lowest_high_c": min(highs)} if highs else {}
    flow.script.end(WEATHER, {"days": len(days), **known})
