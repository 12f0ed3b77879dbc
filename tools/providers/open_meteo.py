"""Open-Meteo: daily weather of days to come (forecast) and days gone by (archive). Metric units."""

from datetime import date

import msgspec
from msgspec import Struct

from app.contract.turn import WeatherDay
from tools.providers.http import HttpClient, Report
from tools.providers.outcome import Answer

DAILY = "temperature_2m_max,temperature_2m_min,precipitation_sum"
FORECAST_DAYS = 16  # today and the 15 days after it
FORECAST_FRESH = 3600  # s; the weather models run every one to six hours
ARCHIVE_FRESH = 7 * 24 * 3600  # s; what was measured stays, but for late corrections
ARCHIVE_BEGINS = date(1940, 1, 1)


class _Daily(Struct):
    time: list[date]
    temperature_2m_max: list[float | None]
    temperature_2m_min: list[float | None]
    precipitation_sum: list[float | None]


class _Weather(Struct):
    daily: _Daily


class _Refusal(Struct):
    reason: str


class OpenMeteo:
    def __init__(self, forecast: HttpClient, archive: HttpClient, key: str | None) -> None:
        self._forecast = forecast
        self._archive = archive
        self._key = key

    async def forecast(
        self, latitude: float, longitude: float, start: date, end: date, report: Report
    ) -> list[WeatherDay]:
        """Raises `EXTERNAL_API_ERROR` or `TOOL_TIMEOUT`."""
        return await self._daily(self._forecast, "/v1/forecast", latitude, longitude, start, end, report)

    async def archive(
        self, latitude: float, longitude: float, start: date, end: date, report: Report
    ) -> list[WeatherDay]:
        """The newest days may have no values yet. Raises `EXTERNAL_API_ERROR` or `TOOL_TIMEOUT`."""
        return await self._daily(self._archive, "/v1/archive", latitude, longitude, start, end, report)

    async def _daily(
        self,
        http: HttpClient,
        path: str,
        latitude: float,
        longitude: float,
        start: date,
        end: date,
        report: Report,
    ) -> list[WeatherDay]:
        parameters: dict[str, str | float] = {
            "latitude": round(latitude, 4),
            "longitude": round(longitude, 4),
            "daily": DAILY,
            "timezone": "auto",
            "start_date": start.isoformat(),
            "end_date": end.isoformat(),
        }
        if self._key:
            parameters["apikey"] = self._key
        answer = await http.read(path, parameters, report)
        if answer.status >= 400:
            raise http.refused(answer, _reason(answer))
        daily = http.parse(answer, _Weather).daily
        days = len(daily.time)
        columns = (daily.temperature_2m_max, daily.temperature_2m_min, daily.precipitation_sum)
        if any(len(column) != days for column in columns):
            raise http.error("Open-Meteo answered with columns of different lengths.", answer)
        is_settled = http is self._archive and not any(None in column for column in columns)
        await http.keep(answer, ARCHIVE_FRESH if is_settled else FORECAST_FRESH)
        return [
            WeatherDay(date=day, tmax_c=high, tmin_c=low, precipitation_mm=rain)
            for day, high, low, rain in zip(daily.time, *columns, strict=True)
        ]


def _reason(answer: Answer) -> str:
    try:
        return msgspec.json.decode(answer.body, type=_Refusal).reason
    except (msgspec.DecodeError, UnicodeDecodeError):
        return answer.body[:1000].decode(errors="replace")
