"""What weather a place has on a day: its climate by season, and a little chance that is the same every time.

The climate is what known places nearby have (`data/climate.tsv`), and far from all of them what their
latitude gives. A day's weather is a function of seed, place and date: a forecast comes true in the archive.
"""

import math
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from .draws import Draws

_TABLE = Path(__file__).parent / "data" / "climate.tsv"
_NEAR_KM = 350.0  # how far a known place's climate reaches
_WARMEST_DAY = 200  # of the year, in the north; the sea makes summer late
_GRID = 4  # places a quarter of a degree apart have the same weather


class DayWeather(NamedTuple):
    """Degrees Celsius and mm."""

    high: float
    low: float
    rain: float

    @property
    def code(self) -> int:
        """The WMO code that stands for it."""
        if self.rain < 0.2:
            return 1
        if self.rain < 1.5:
            return 3 if self.high > 1 else 71
        if self.high <= 1:
            return 73
        return 61 if self.rain < 8 else 63


class Climate(NamedTuple):
    """January's and July's mean daily high and low (°C) and sum of rain (mm); `elevation` in metres."""

    elevation: float
    january_high: float
    january_low: float
    july_high: float
    july_low: float
    january_rain: float
    july_rain: float


class _Known(NamedTuple):
    latitude: float
    longitude: float
    climate: Climate


def weather(seed: int, latitude: float, longitude: float, day: date) -> DayWeather:
    climate = climate_at(round(latitude, 1), round(longitude, 1))
    cell = (round(latitude * _GRID), round(longitude * _GRID))
    summer = (1 + math.cos(2 * math.pi * (day.timetuple().tm_yday - _WARMEST_DAY) / 365.25)) / 2
    month_rain = climate.january_rain + (climate.july_rain - climate.january_rain) * summer
    draws = Draws(seed, "weather", *cell, day.isoformat())
    wet_chance = min(0.75, 0.05 + month_rain / 260)
    is_wet = draws.fraction() < wet_chance
    rain = month_rain / (30 * wet_chance) * -math.log(1 - draws.fraction()) if is_wet else 0.0
    spell = _spell(seed, cell, day)
    swing = 2.0 + abs(latitude) * 0.05  # weather varies more away from the equator
    high = climate.january_high + (climate.july_high - climate.january_high) * summer
    low = climate.january_low + (climate.july_low - climate.january_low) * summer
    high += swing * spell + draws.between(-1.2, 1.2) - (1.5 if is_wet else 0.0)
    low += 0.7 * swing * spell + draws.between(-1.0, 1.0) + (0.5 if is_wet else 0.0)
    # Adding zero turns -0.0 into 0.0.
    return DayWeather(round(max(high, low + 1.0), 1) + 0.0, round(low, 1) + 0.0, round(rain, 1))


@lru_cache(maxsize=10_000)
def climate_at(latitude: float, longitude: float) -> Climate:
    """Known climates weighted by nearness, upon what the latitude alone would give."""
    background = _by_latitude(latitude)
    total = 0.05
    sums = [0.05 * value for value in background]
    for known in _known():
        weight = math.exp(-((_km(latitude, longitude, known) / _NEAR_KM) ** 2))
        if weight > 1e-4:
            total += weight
            sums = [one + weight * value for one, value in zip(sums, known.climate, strict=True)]
    return Climate(*(value / total for value in sums))


def _spell(seed: int, cell: tuple[int, int], day: date) -> float:
    """Warm and cold spells: -1 to 1, changing over some days."""
    position = day.toordinal() / 5
    start = math.floor(position)
    before, after = (Draws(seed, "spell", *cell, knot).between(-1, 1) for knot in (start, start + 1))
    share = position - start
    return before + (after - before) * share * share * (3 - 2 * share)


def _by_latitude(latitude: float) -> Climate:
    north = latitude >= 0
    mean = 27.0 - 0.0068 * latitude * latitude
    swing = 0.17 * abs(latitude)
    winter, summer = mean - swing, mean + swing
    january, july = (winter, summer) if north else (summer, winter)
    return Climate(100, january + 4, january - 4, july + 5, july - 4, 60, 60)


def _km(latitude: float, longitude: float, known: _Known) -> float:
    east = (longitude - known.longitude + 540) % 360 - 180
    return 111.2 * math.hypot(
        latitude - known.latitude, east * math.cos(math.radians((latitude + known.latitude) / 2))
    )


@lru_cache(maxsize=1)
def _known() -> tuple[_Known, ...]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t")[1:] for line in lines if not line.startswith("#"))
    return tuple(
        _Known(float(latitude), float(longitude), Climate(*map(float, rest)))
        for latitude, longitude, *rest in rows
    )
