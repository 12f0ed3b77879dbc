"""Open-Meteo: `/v1/forecast` and `/v1/archive`, daily variables."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .climate import DayWeather, climate_at, weather
from .geography import airports
from .wire import Request, Response, json_response

ARCHIVE_BEGINS = date(1940, 1, 1)
FORECAST_DAYS = 16
PAST_DAYS = 92
ARCHIVE_DELAY = 2  # days that the archive lags behind; they are null
_UNITS = {
    "temperature_2m_max": "°C",
    "temperature_2m_min": "°C",
    "temperature_2m_mean": "°C",
    "precipitation_sum": "mm",
    "rain_sum": "mm",
    "precipitation_probability_max": "%",
    "weather_code": "wmo code",
}
_ELSEWHERE = frozenset({"precipitation_probability_max"})  # variables that the archive has not


class Refused(Exception):
    """The request is answered 400 with this reason."""


class Period(NamedTuple):
    start: date
    end: date

    def days(self) -> list[date]:
        return [self.start + timedelta(days) for days in range((self.end - self.start).days + 1)]


class OpenMeteo:
    def __init__(self, seed: int) -> None:
        self._seed = seed

    def handle(self, request: Request, now: datetime) -> Response:
        """Paths are as on the API's two hosts; both are known here, as one prefix may serve both."""
        path = request.path.rstrip("/")
        if path not in ("/v1/forecast", "/v1/archive"):
            return json_response(404, {"error": True, "reason": "Not Found"})
        if request.method != "GET":
            return json_response(405, {"error": True, "reason": "Method Not Allowed"})
        try:
            return json_response(200, self._answer(request.query, path == "/v1/archive", now))
        except Refused as refused:
            return json_response(400, {"error": True, "reason": str(refused)})

    def _answer(self, query: Mapping[str, str], is_archive: bool, now: datetime) -> dict[str, Any]:
        latitude = _number(query, "latitude", 90)
        longitude = _number(query, "longitude", 180)
        variables = _variables(query.get("daily"), is_archive)
        zone_name, zone = _zone(query.get("timezone"), bool(variables), latitude, longitude)
        local_now = now.astimezone(zone)
        period = _archive_period(query, local_now.date()) if is_archive else _period(query, local_now.date())
        offset = local_now.utcoffset() or timedelta(0)
        answer: dict[str, Any] = {
            "latitude": round(latitude * 4) / 4,
            "longitude": round(longitude * 4) / 4,
            "generationtime_ms": 0.12,
            "utc_offset_seconds": int(offset.total_seconds()),
            "timezone": zone_name,
            "timezone_abbreviation": _abbreviation(offset),
            "elevation": round(climate_at(round(latitude, 1), round(longitude, 1)).elevation),
        }
        if variables:
            known_until = local_now.date() - timedelta(ARCHIVE_DELAY) if is_archive else date.max
            answer["daily_units"] = {"time": "iso8601", **{name: _UNITS[name] for name in variables}}
            answer["daily"] = self._daily(latitude, longitude, period, variables, known_until)
        return answer

    def _daily(
        self,
        latitude: float,
        longitude: float,
        period: Period,
        variables: Sequence[str],
        known_until: date,
    ) -> dict[str, list[Any]]:
        days = period.days()
        columns: dict[str, list[Any]] = {"time": [day.isoformat() for day in days]}
        found = [
            weather(self._seed, latitude, longitude, day) if day <= known_until else None for day in days
        ]
        for name in variables:
            columns[name] = [None if one is None else _value(name, one) for one in found]
        return columns


def _value(name: str, day: DayWeather) -> float | int:
    match name:
        case "temperature_2m_max":
            return day.high
        case "temperature_2m_min":
            return day.low
        case "temperature_2m_mean":
            return round((day.high + day.low) / 2, 1)
        case "weather_code":
            return day.code
        case "precipitation_probability_max":
            return 80 if day.rain else 15
        case _:
            return day.rain


def _number(query: Mapping[str, str], name: str, limit: int) -> float:
    text = query.get(name)
    if not text:
        raise Refused(f"Parameter '{name}' is required")
    try:
        value = float(text)
    except ValueError:
        raise Refused(f"Parameter '{name}' must be a number") from None
    if not -limit <= value <= limit:
        raise Refused(f"{name.capitalize()} must be in range of -{limit} to {limit}°. Given: {value}.")
    return value


def _variables(text: str | None, is_archive: bool) -> list[str]:
    names = [name for name in (text or "").split(",") if name]
    for name in names:
        if name not in _UNITS or (is_archive and name in _ELSEWHERE):
            raise Refused(
                "Data corrupted at path ''. "
                f"Cannot initialize VariableDaily from invalid String value {name[:60]}."
            )
    return names


def _zone(text: str | None, is_daily: bool, latitude: float, longitude: float) -> tuple[str, ZoneInfo]:
    if text == "auto":
        text = _nearest_zone(latitude, longitude)
    if text is None:
        if is_daily:
            raise Refused("Timezone is required")
        text = "GMT"
    try:
        return text, ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # unknown, a path, a folder
        raise Refused("Invalid timezone") from None


@lru_cache(maxsize=1000)
def _nearest_zone(latitude: float, longitude: float) -> str:
    def apart(airport: Any) -> float:
        east = (airport.longitude - longitude + 540) % 360 - 180
        return (airport.latitude - latitude) ** 2 + east * east

    return min(airports().values(), key=apart).time_zone


def _period(query: Mapping[str, str], today: date) -> Period:
    if "start_date" in query or "end_date" in query:
        first, last = today - timedelta(PAST_DAYS), today + timedelta(FORECAST_DAYS - 1)
        return _between(query, first, last)
    days = _count(query, "forecast_days", 7, FORECAST_DAYS)
    past = _count(query, "past_days", 0, PAST_DAYS)
    return Period(today - timedelta(past), today + timedelta(max(days, 1) - 1))


def _archive_period(query: Mapping[str, str], today: date) -> Period:
    return _between(query, ARCHIVE_BEGINS, today)


def _between(query: Mapping[str, str], first: date, last: date) -> Period:
    start = _date(query, "start_date", first, last)
    end = _date(query, "end_date", first, last)
    if end < start:
        raise Refused("End-date must be larger or equals than start-date")
    return Period(start, end)


def _date(query: Mapping[str, str], name: str, first: date, last: date) -> date:
    text = query.get(name)
    if not text:
        raise Refused(f"Parameter '{name}' is required")
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise Refused("Invalid date format. Make sure to use 'YYYY-MM-DD'")
    if not first <= day <= last:
        raise Refused(f"Parameter '{name}' is out of allowed range from {first} to {last}")
    return day


def _count(query: Mapping[str, str], name: str, default: int, limit: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or int(text[:9]) > limit:
        title = name.replace("_", " ").capitalize()
        raise Refused(f"{title} is invalid. Allowed range 0 to {limit}. Given {text[:20]}.")
    return int(text)


def _abbreviation(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    if minutes == 0:
        return "GMT"
    hours, rest = divmod(abs(minutes), 60)
    return f"GMT{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "")
