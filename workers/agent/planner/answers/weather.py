"""What weather to expect at a place."""

from datetime import date, timedelta

from app.contract.events import ErrorBody
from app.contract.turn import Response, TurnResult, Weather
from tools.places import Place
from tools.results import WeatherResult
from workers.agent.planner.answers.ask import clarify
from workers.agent.planner.context import Flow
from workers.agent.planner.failure import say_failure
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.weather import WEATHER, weather_arguments, weather_line

_DEFAULT_DAYS = timedelta(6)
_MOST_DAYS = timedelta(60)


async def answer_weather(flow: Flow) -> None:
    script, voice, phrases = flow.script, flow.voice, flow.voice.phrases
    if flow.asked.questions:
        clarify(flow)
        return
    place = flow.asked.stops[0].place
    first, last = _period(flow)
    description = voice.fill(phrases.task_descriptions[WEATHER], route=place.name)
    script.task(WEATHER, phrases.tasks[WEATHER], description)
    script.status(phrases.statuses[WEATHER])
    script.call(WEATHER, WEATHER, "weather_forecast", weather_arguments(place, first, last))
    [outcome] = await script.outcomes([WEATHER])
    read = read_outcome(outcome, WeatherResult)
    if isinstance(read, ErrorBody) or not any(day.tmax_c is not None for day in read.days):
        error = read if isinstance(read, ErrorBody) else _nothing_known()
        say_failure(flow, WEATHER, "weather", error)
        return
    script.end(WEATHER, read.summary())
    weather = Weather(
        source=read.source,
        period=(read.start, read.end),
        years_averaged=read.years_averaged,
        days=read.days,
    )
    text = _text(flow, place, weather)
    flow.say_lines(text)
    script.finish(
        TurnResult(outcome="answer", weather=weather, explanation=text, response=Response(text=text))
    )


def _period(flow: Flow) -> tuple[date, date]:
    """The days that were asked about; the coming week where none were."""
    when = flow.asked.when
    if when is None:
        return flow.today, flow.today + _DEFAULT_DAYS
    last = max(when.latest, when.earliest + timedelta(flow.asked.nights))
    return when.earliest, min(last, when.earliest + _MOST_DAYS)


def _text(flow: Flow, place: Place, weather: Weather) -> str:
    voice = flow.voice
    heading = voice.fill(voice.phrases.weather, name=place.name)
    span = voice.fill(voice.phrases.from_to, depart=weather.period[0], back=weather.period[1])
    return f"**{heading}**, {span}\n{weather_line(voice, weather)}"


def _nothing_known() -> ErrorBody:
    return ErrorBody(
        code="EXTERNAL_API_ERROR", message="There is no weather for these days.", retryable=False
    )
