"""Days and windows of days out of words. Nothing that is no day of the calendar gets through."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from msgspec import Struct

from workers.agent.planner.understand.feasts import BRIDGES, feast, sets_out
from workers.agent.planner.understand.model import When
from workers.agent.planner.understand.words.base import Part, Season, Words

DAY = timedelta(days=1)
FRIDAY = 4
_YEARS = range(1900, 2200)
_SEASONS: dict[Season, tuple[int, int]] = {
    "spring": (3, 5),
    "summer": (6, 8),
    "autumn": (9, 11),
    "winter": (12, 2),
}


class Finding(Struct, frozen=True, kw_only=True):
    """What one expression says. `at` is where it stands.

    `day` is a single day; `when` a window; `until` the last day of a trip that begins on the first.
    `usual` says that `until` is no more than what such a time usually lasts: a length that is said counts.
    `weekday` is set where nothing but a day of the week was said, `season` where it was a season.
    `invalid` is what was written, where the calendar has no such day.
    """

    at: int
    end: int
    when: When | None = None
    until: date | None = None
    year_said: bool = False
    weekday: int | None = None
    season: bool = False
    unsure_order: bool = False
    usual: bool = False
    invalid: str | None = None

    @property
    def day(self) -> date | None:
        single = self.when is not None and self.when.earliest == self.when.latest and self.until is None
        return self.when.earliest if single and self.when is not None else None


class Calendar:
    """Reads the groups of a match against the day on which the request is made."""

    def __init__(self, words: Words, today: date) -> None:
        self._words = words
        self.today = today

    def month(self, found: str | None) -> int | None:
        if not found:
            return None
        if found.isdigit():
            return int(found)
        return self._words.months.get(found) or self._words.months.get(found.rstrip(".")) or _digits(found)

    def year(self, groups: dict[str, str | None], suffix: str = "") -> int | None:
        """The year that was written; two digits mean this century."""
        written = groups.get(f"y{suffix}")
        if written:
            return int(written) if len(written) == 4 else 2000 + int(written)
        return self.today.year + 1 if groups.get(f"next_year{suffix}") else None

    def number(self, found: str) -> int:
        return int(found) if found.isdigit() else self._words.numbers[found]

    def weekday(self, found: str) -> int:
        return self._words.weekdays.get(found, self._words.weekdays.get(found.rstrip("."), 0))

    def ordinal(self, found: str) -> int:
        return self._words.ordinals[found]

    def part(self, found: str) -> Part:
        return self._words.parts[found]

    def season(self, found: str, year: int | None) -> tuple[date, date]:
        first, last = _SEASONS[self._words.seasons[found]]
        for candidate in (year,) if year else range(self.today.year - 1, self.today.year + 3):
            end_year = candidate + (last < first)
            end = date(end_year, last, monthrange(end_year, last)[1])
            if year or end >= self.today:
                return date(candidate, first, 1), end
        raise AssertionError("three years hold every season")

    def bridge(self, found: str) -> timedelta | None:
        """How long the holiday is, where it is no more than a long weekend."""
        return BRIDGES.get(self._words.holidays[found])

    def holiday(self, found: str, year: int | None) -> tuple[date, date]:
        """The days on which people set out for it."""
        return self._coming(lambda of_year: sets_out(self._words.holidays[found], of_year), year)

    def feast(self, found: str, year: int | None) -> tuple[date, date]:
        """The holiday itself, from its first day to its last."""
        return self._coming(lambda of_year: feast(self._words.holidays[found], of_year), year)

    def _coming(self, days: Callable[[int], tuple[date, date]], year: int | None) -> tuple[date, date]:
        if year:
            return days(year)
        coming = days(self.today.year)
        return coming if coming[1] >= self.today else days(self.today.year + 1)

    def day(self, day: int, month: int, year: int | None, not_before: date | None = None) -> date | None:
        """That day; without a year the next one. None where the calendar has no such day."""
        first = not_before or self.today
        for candidate in (year,) if year else range(first.year, first.year + 9):
            found = _date(candidate, month, day)
            if found is not None and (year or found >= first):
                return found
        return None

    def month_window(self, month: int, year: int | None) -> tuple[date, date]:
        """The whole month; without a year the next one that is not over."""
        chosen = year or self.today.year + (month < self.today.month)
        return date(chosen, month, 1), date(chosen, month, monthrange(chosen, month)[1])

    def coming_weekday(self, weekday: int, after: date | None = None) -> date:
        """The first such day after `after`, by default today."""
        start = (after or self.today) + DAY
        return start + timedelta((weekday - start.weekday()) % 7)

    def coming_friday(self) -> date:
        return self.coming_weekday(FRIDAY)


def in_part(part: Part, month: tuple[date, date]) -> tuple[date, date]:
    """The first ten days, the ten after them, or the rest; or one of two halves."""
    first, last = month
    match part:
        case "first_half":
            return first, first.replace(day=15)
        case "second_half":
            return first.replace(day=16), last
        case "early":
            return first, first.replace(day=10)
        case "mid":
            return first.replace(day=11), first.replace(day=20)
        case "late":
            return first.replace(day=21), last


def nth_week(number: int, month: tuple[date, date]) -> tuple[date, date]:
    """The first week is the month's days 1 to 7, and so on; the last is its last seven days."""
    first, last = month
    if number < 0 or number > 4:
        return last - timedelta(6), last
    return first + timedelta(7 * (number - 1)), first + timedelta(7 * number - 1)


def nth_weekend(number: int, month: tuple[date, date]) -> date:
    """The Friday before the month's nth Saturday."""
    first, last = month
    if number < 0 or number > 4:
        saturday = last - timedelta((last.weekday() - 5) % 7)
    else:
        saturday = first + timedelta((5 - first.weekday()) % 7 + 7 * (number - 1))
    return saturday - DAY


def _date(year: int, month: int, day: int) -> date | None:
    """None also for years that nobody means, so that no sum of days leaves the calendar."""
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _digits(found: str) -> int | None:
    number = re.sub(r"\D", "", found)
    return int(number) if number else None
