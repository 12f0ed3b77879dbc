"""The rules by which a language's date expressions are read, each named in its `words`."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from workers.agent.planner.understand.dates import (
    DAY,
    FRIDAY,
    Calendar,
    in_part,
    nth_week,
    nth_weekend,
)
from workers.agent.planner.understand.model import When

Groups = dict[str, Any]


class Meaning(Struct, frozen=True, kw_only=True):
    """What an expression says, as in `Finding`."""

    when: When
    until: date | None = None
    weekday: int | None = None
    season: bool = False
    usual: bool = False


Rule = Callable[[Groups, Calendar], Meaning | None]
"""None says that the calendar has no such day."""

_SLACK_AROUND = timedelta(3)
_SLACK_AFTER = timedelta(13)


def _single(day: int, month: int | None, year: int | None, calendar: Calendar) -> Meaning | None:
    found = calendar.day(day, month, year) if month else None
    return _window(found, found) if found else None


def _window(first: date, last: date, back_by: date | None = None) -> Meaning:
    return Meaning(when=When(first, last, back_by=back_by))


def _day_number(found: str) -> int:
    return int(re.sub(r"\D", "", found))


def _day(groups: Groups, calendar: Calendar) -> Meaning | None:
    return _single(_day_number(groups["d"]), calendar.month(groups["m"]), calendar.year(groups), calendar)


def _ends(groups: Groups, calendar: Calendar) -> tuple[date, date] | None:
    """Both ends of a range; a month or year that is written once counts for both."""
    month, month2 = calendar.month(groups.get("m")), calendar.month(groups.get("m2"))
    first_month, last_month = month or month2, month2 or month
    if first_month is None or last_month is None:
        return None
    first_day, last_day = _day_number(groups["d"]), _day_number(groups["d2"])
    year, first_year = calendar.year(groups), calendar.year(groups, "2")
    if year is not None and first_year is None:
        first_year = year - (first_month > last_month)
    first = calendar.day(first_day, first_month, first_year)
    if first is None:
        return None
    last = calendar.day(last_day, last_month, year, not_before=first)
    if last is None or (last - first).days > 330:
        # "14 to 10 June": the same month of the same year, backwards
        last = calendar.day(last_day, last_month, first.year)
    return (first, last) if last else None


def _range(groups: Groups, calendar: Calendar) -> Meaning | None:
    ends = _ends(groups, calendar)
    return Meaning(when=When(ends[0], ends[0]), until=ends[1]) if ends else None


def _between(groups: Groups, calendar: Calendar) -> Meaning | None:
    ends = _ends(groups, calendar)
    if ends is None:
        return None
    return _window(ends[0], ends[1], back_by=ends[1])


def _months(groups: Groups, calendar: Calendar) -> Meaning | None:
    month, month2 = calendar.month(groups["m"]), calendar.month(groups["m2"])
    assert month is not None
    assert month2 is not None
    first, _ = calendar.month_window(month, calendar.year(groups))
    _, last = calendar.month_window(month2, first.year + (month2 < month))
    return _window(first, last, back_by=last)


def _month_of(groups: Groups, calendar: Calendar) -> tuple[date, date]:
    month = calendar.month(groups.get("m"))
    assert month is not None
    return calendar.month_window(month, calendar.year(groups))


def _coming(
    groups: Groups, calendar: Calendar, cut: Callable[[tuple[date, date]], tuple[date, date]]
) -> tuple[date, date]:
    """What `cut` leaves of the month: of the next one, where this year's is over and no year was said."""
    month = _month_of(groups, calendar)
    window = cut(month)
    if window[1] < calendar.today and calendar.year(groups) is None:
        window = cut(calendar.month_window(month[0].month, month[0].year + 1))
    return window


def _part(groups: Groups, calendar: Calendar) -> Meaning | None:
    part = calendar.part(groups["p"])
    return _window(*_coming(groups, calendar, lambda month: in_part(part, month)))


def _week_of(groups: Groups, calendar: Calendar) -> Meaning | None:
    number = calendar.ordinal(groups["o"])
    return _window(*_coming(groups, calendar, lambda month: nth_week(number, month)))


def _weekend_of(groups: Groups, calendar: Calendar) -> Meaning | None:
    number = calendar.ordinal(groups["o"])

    def cut(month: tuple[date, date]) -> tuple[date, date]:
        friday = nth_weekend(number, month)
        return friday, friday

    return _weekend(_coming(groups, calendar, cut)[0])


def _weekend(friday: date) -> Meaning:
    return Meaning(when=When(friday, friday), until=friday + 2 * DAY, usual=True)


def _weekend_on(groups: Groups, calendar: Calendar) -> Meaning | None:
    meaning = _day(groups, calendar)
    if meaning is None:
        return None
    day = meaning.when.earliest
    return _weekend(day - timedelta((day.weekday() - FRIDAY) % 7))


def _month(groups: Groups, calendar: Calendar) -> Meaning | None:
    first, last = _month_of(groups, calendar)
    return _window(first, last, back_by=last)


def _around(groups: Groups, calendar: Calendar) -> Meaning | None:
    meaning = _day(groups, calendar)
    if meaning is None:
        return None
    day = meaning.when.earliest
    return _window(day - _SLACK_AROUND, day + _SLACK_AROUND)


def _after(groups: Groups, calendar: Calendar) -> Meaning | None:
    meaning = _day(groups, calendar)
    if meaning is None:
        return None
    day = meaning.when.earliest + DAY
    return _window(day, day + _SLACK_AFTER)


def _relative(days: int, slack: int) -> Rule:
    def rule(groups: Groups, calendar: Calendar) -> Meaning | None:
        number = calendar.number(groups["n"] or groups.get("n2") or "")
        first = calendar.today + timedelta(number * days)
        return _window(first, first + timedelta(slack))

    return rule


def _from_today(days: int) -> Rule:
    def rule(groups: Groups, calendar: Calendar) -> Meaning | None:
        day = calendar.today + timedelta(days)
        return _window(day, day)

    return rule


def _this_weekend(groups: Groups, calendar: Calendar) -> Meaning | None:
    return _weekend(calendar.coming_friday())


def _next_weekend(groups: Groups, calendar: Calendar) -> Meaning | None:
    """The weekend of next week: not the one that this week still ends in."""
    monday = calendar.coming_weekday(0)
    return _weekend(monday + FRIDAY * DAY)


def _next_week(groups: Groups, calendar: Calendar) -> Meaning | None:
    monday = calendar.coming_weekday(0)
    return _window(monday, monday + 6 * DAY)


def _next_month(groups: Groups, calendar: Calendar) -> Meaning | None:
    today = calendar.today
    first, last = calendar.month_window(today.month % 12 + 1, today.year + today.month // 12)
    return _window(first, last, back_by=last)


def _weekday(groups: Groups, calendar: Calendar) -> Meaning | None:
    weekday = calendar.weekday(groups["w"])
    day = calendar.coming_weekday(weekday)
    return Meaning(when=When(day, day), weekday=weekday)


def _weekdays(groups: Groups, calendar: Calendar) -> Meaning | None:
    first = calendar.coming_weekday(calendar.weekday(groups["w"]))
    last = calendar.coming_weekday(calendar.weekday(groups["w2"]), after=first)
    return Meaning(when=When(first, first), until=last, weekday=first.weekday())


def _holiday(groups: Groups, calendar: Calendar) -> Meaning | None:
    first, last = calendar.holiday(groups["h"], calendar.year(groups))
    lasts = calendar.bridge(groups["h"])
    if lasts:
        return Meaning(when=When(first, first), until=first + lasts, usual=True)
    return _window(first, last)


def _week_before(groups: Groups, calendar: Calendar) -> Meaning | None:
    first, _ = calendar.feast(groups["h"], calendar.year(groups))
    monday = first - timedelta(first.weekday() + 7)
    return _window(monday, monday + 6 * DAY)


def _week_after(groups: Groups, calendar: Calendar) -> Meaning | None:
    _, last = calendar.feast(groups["h"], calendar.year(groups))
    monday = calendar.coming_weekday(0, after=last - DAY)
    return _window(monday, monday + 6 * DAY)


def _weekend_before(groups: Groups, calendar: Calendar) -> Meaning | None:
    first, _ = calendar.feast(groups["h"], calendar.year(groups))
    sunday = first - timedelta(first.weekday() + 1)
    return _weekend(sunday - 2 * DAY)


def _weekend_after(groups: Groups, calendar: Calendar) -> Meaning | None:
    _, last = calendar.feast(groups["h"], calendar.year(groups))
    return _weekend(calendar.coming_weekday(FRIDAY, after=last))


def _between_holidays(groups: Groups, calendar: Calendar) -> Meaning | None:
    _, first = calendar.feast(groups["h"], calendar.year(groups))
    _, last = calendar.feast(groups["h2"], first.year)
    return _window(first, last, back_by=last)


def _season(groups: Groups, calendar: Calendar) -> Meaning | None:
    first, last = calendar.season(groups["s"], calendar.year(groups))
    return Meaning(when=When(first, last, back_by=last), season=True)


RULES: dict[str, Rule] = {
    "between": _between,
    "months": _months,
    "range": _range,
    "part": _part,
    "week_of": _week_of,
    "weekend_of": _weekend_of,
    "weekend_on": _weekend_on,
    "around": _around,
    "after": _after,
    "day": _day,
    "in_days": _relative(1, 0),
    "in_weeks": _relative(7, 6),
    "in_months": _relative(30, 13),
    "tomorrow": _from_today(1),
    "after_tomorrow": _from_today(2),
    "today": _from_today(0),
    "yesterday": _from_today(-1),
    "this_weekend": _this_weekend,
    "next_weekend": _next_weekend,
    "next_week": _next_week,
    "next_month": _next_month,
    "weekday": _weekday,
    "weekdays": _weekdays,
    "month": _month,
    "holiday": _holiday,
    "week_before": _week_before,
    "week_after": _week_after,
    "weekend_before": _weekend_before,
    "weekend_after": _weekend_after,
    "between_holidays": _between_holidays,
    "season": _season,
}
