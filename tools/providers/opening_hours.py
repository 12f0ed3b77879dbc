"""Which days something is open, of OpenStreetMap's `opening_hours`: the plain forms, and nothing is guessed."""

import re

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
EVERY_DAY = frozenset(range(7))
_MAX = 300  # characters; longer ones are seasonal tables that are not understood anyway
_HOLIDAYS = ("PH", "SH")  # public and school holidays, which nothing here knows the dates of
_DAY = "|".join(DAYS)
_PART = rf"(?:(?:{_DAY})(?:-(?:{_DAY}))?|{'|'.join(_HOLIDAYS)})"
_TIMES = r"\d{1,2}:\d\d-\d{1,2}:\d\d"
_RULE = re.compile(
    rf"(?:(?P<days>{_PART}(?:,{_PART})*) )?"
    rf"(?P<times>off|closed|24/7|{_TIMES}(?:,{_TIMES})*)"
)


def open_weekdays(text: str) -> frozenset[int] | None:
    """Weekdays (Monday is 0) with an opening, or None for what is not understood: seasons, words.

    What is said of holidays is left out: then a weekly closing day is known all the same.
    """
    if len(text) > _MAX:
        return None
    found: frozenset[int] = frozenset()
    for part in text.split(";"):
        rule = _RULE.fullmatch(" ".join(part.split()).replace(", ", ","))
        if rule is None:
            return None
        days = _days(rule["days"]) if rule["days"] else EVERY_DAY
        found = found - days if rule["times"] in ("off", "closed") else found | days
    return found


def _days(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.split(","):
        if part in _HOLIDAYS:
            continue
        first, _, last = part.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)
