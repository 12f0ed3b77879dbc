"""Weather as it is asked for and told, on a trip or by itself."""

from collections.abc import Sequence
from datetime import date

from app.contract.turn import Weather, WeatherDay
from tools.places import Place
from workers.agent.planner.speak.voice import Voice

WEATHER = "weather"


def weather_arguments(place: Place, first: date, last: date) -> dict[str, object]:
    """Of `weather_forecast`."""
    return {
        "latitude": place.latitude,
        "longitude": place.longitude,
        "start": first.isoformat(),
        "end": last.isoformat(),
    }


def weather_line(voice: Voice, weather: Weather) -> str:
    phrases = voice.phrases
    coolest, warmest, coldest, wet = extremes(weather.days)
    low, high = round(coolest), round(warmest)
    rain = "" if wet is None else voice.fill(phrases.rain, millimetres=round(wet))
    template = {
        "forecast": phrases.forecast,
        "climatology": phrases.climate,
        "archive": phrases.measured,
    }[weather.source]
    return voice.fill(
        template,
        highs=voice.number(high) if low == high else f"{voice.number(low)} – {voice.number(high)}",
        low=round(coolest if coldest is None else coldest),
        years=weather.years_averaged or 0,
        rain=rain,
    )


def extremes(days: Sequence[WeatherDay]) -> tuple[float, float, float | None, float | None]:
    """Lowest and highest of the highs, lowest low, and precipitation in all; None where unknown."""
    highs = [day.tmax_c for day in days if day.tmax_c is not None]
    lows = [day.tmin_c for day in days if day.tmin_c is not None]
    wet = [day.precipitation_mm for day in days if day.precipitation_mm is not None]
    return min(highs), max(highs), min(lows) if lows else None, sum(wet) if wet else None
