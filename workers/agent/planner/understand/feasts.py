"""Holidays and other days that people travel for: when they are, and when one sets out for them."""

from datetime import date, timedelta

from workers.agent.planner.understand.words.base import Holiday

BRIDGES: dict[Holiday, timedelta] = {
    "may_day": timedelta(3),
    "all_saints": timedelta(3),
    "december_bridge": timedelta(3),
    "ascension_bridge": timedelta(3),
    "memorial_day": timedelta(3),
    "labor_day": timedelta(3),
}
"""Long weekends, and how long they are."""

_SETTING_OUT: dict[Holiday, tuple[int, int]] = {
    "easter": (-4, -2),
    "whitsun": (-3, -2),
    "ascension": (-1, 0),
    "thanksgiving": (-1, -3),
    "christmas": (-4, -2),
    "new_year": (-4, -1),
    "golden_week": (-1, -4),
    "obon": (-3, -3),
    "may_day": (-1, -1),
    "all_saints": (-2, -2),
    "december_bridge": (-1, -3),
    "cherry_blossom": (-2, -3),
    "oktoberfest": (-1, -2),
    "carnival": (0, -1),
    "ascension_bridge": (0, 0),
    "corpus_christi": (-1, 0),
    "silver_week": (-1, -3),
    "memorial_day": (-3, -3),
    "labor_day": (-3, -3),
    "valentine": (-2, 0),
    "boxing_day": (0, 0),
    "halloween": (-3, 0),
}
"""Days from the first day of the feast to the first on which one sets out, and from its last to the last."""

_FIXED: dict[Holiday, tuple[int, int, int, int]] = {
    "christmas": (12, 24, 12, 26),
    "golden_week": (4, 29, 5, 5),
    "obon": (8, 13, 8, 16),
    "may_day": (5, 1, 5, 1),
    "all_saints": (11, 1, 11, 1),
    "december_bridge": (12, 6, 12, 8),
    "cherry_blossom": (3, 25, 4, 5),
    "valentine": (2, 14, 2, 14),
    "boxing_day": (12, 26, 12, 26),
    "halloween": (10, 31, 10, 31),
    "silver_week": (9, 19, 9, 23),
}
"""Month and day of the first day and of the last. The cherries are those of Honshu in an average year."""

_AFTER_EASTER: dict[Holiday, tuple[int, int]] = {
    "easter": (0, 1),
    "ascension": (39, 39),
    "whitsun": (49, 50),
    "carnival": (-52, -47),
    "ascension_bridge": (39, 39),
    "corpus_christi": (60, 60),
}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the computus of Gauss in its proven (1886) form."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    moon_correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_correction + 15) % 30
    leap_years, year_rest = divmod(of_century, 4)
    to_sunday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    exception = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * exception + 114, 31)
    return date(year, month, day + 1)


def feast(kind: Holiday, year: int) -> tuple[date, date]:
    """The holiday itself; that of the turn of the year is of the year that ends."""
    if kind in _AFTER_EASTER:
        first, last = _AFTER_EASTER[kind]
        return easter(year) + timedelta(first), easter(year) + timedelta(last)
    match kind:
        case "new_year":
            return date(year, 12, 31), date(year + 1, 1, 1)
        case "thanksgiving":
            november = date(year, 11, 1)
            thursday = november + timedelta((3 - november.weekday()) % 7 + 21)
            return thursday, thursday + timedelta(3)
        case "oktoberfest":  # from the Saturday after 15 September to the first Sunday of October
            october = date(year, 10, 1)
            sunday = october + timedelta((6 - october.weekday()) % 7)
            return sunday - timedelta(15), sunday
        case "memorial_day":  # the last Monday of May
            monday = date(year, 5, 31) - timedelta(date(year, 5, 31).weekday())
            return monday, monday
        case "labor_day":  # the first Monday of September
            monday = date(year, 9, 1) + timedelta(-date(year, 9, 1).weekday() % 7)
            return monday, monday
        case _:
            month, day, last_month, last_day = _FIXED[kind]
            return date(year, month, day), date(year, last_month, last_day)


def sets_out(kind: Holiday, year: int) -> tuple[date, date]:
    """The days on which people set out for it."""
    first, last = feast(kind, year)
    after_first, after_last = _SETTING_OUT[kind]
    return first + timedelta(after_first), last + timedelta(after_last)
