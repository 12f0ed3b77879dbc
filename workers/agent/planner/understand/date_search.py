"""Every date expression of a message: those in words by the language's rules, and those in digits."""

import re

from msgspec import structs

from workers.agent.planner.understand.date_rules import RULES, Groups
from workers.agent.planner.understand.dates import Calendar, Finding
from workers.agent.planner.understand.grammar import Grammar
from workers.agent.planner.understand.page import Page

_ISO = re.compile(r"(?<![\d-])(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?![\d-])")
_NUMERIC = re.compile(
    r"(?<![\d.,/])(?!24/7)(?P<a>\d{1,2})(?P<mark>[./])(?P<b>\d{1,2})(?:(?:(?P=mark))(?P<y>\d{4}|\d{2})?)?(?![\d/%])"
)
_DOTTED_RANGE = re.compile(
    r"(?<![\d.])(?P<d>\d{1,2})\.?\s?(?:-|–|—|bis)\s?(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y>\d{4}|\d{2})?(?!\d)"
)
_DAY_FIRST = re.compile(r"(?<![\d/])(?:1[3-9]|2\d|3[01])/(?:0?[1-9]|1[0-2])(?!\d)")
_ONLY_ALONE = ("in_days", "in_weeks", "in_months")


def find_dates(page: Page, grammar: Grammar, calendar: Calendar) -> list[Finding]:
    """Every date expression of the page in the order of the text; they are taken off the page."""
    findings = [*page.take(_ISO, lambda found: _read(found, found.groupdict(), "day", calendar))]
    findings += page.take(_DOTTED_RANGE, lambda found: _read(found, found.groupdict(), "range", calendar))
    # "12/05-16/05": where one of them can only begin with the day, all of them do.
    day_first = grammar.words.shapes.day_first or _DAY_FIRST.search(page.lower) is not None
    for name, pattern in grammar.dates:
        if name in _ONLY_ALONE and findings:
            continue  # "Rome and Venice in 9 days in May" says how long, not when
        findings += page.take(
            pattern, lambda found, name=name: _read(found, found.groupdict(), name, calendar)
        )
    findings += page.take(_NUMERIC, lambda found: _numeric(found, calendar, day_first=day_first))
    return sorted(findings, key=lambda finding: finding.at)


def _read(found: re.Match[str], groups: Groups, rule: str, calendar: Calendar) -> Finding:
    meaning = RULES[rule](groups, calendar)
    if meaning is None:
        return Finding(at=found.start(), end=found.end(), invalid=found.group().strip())
    return Finding(
        at=found.start(),
        end=found.end(),
        when=meaning.when,
        until=meaning.until,
        weekday=meaning.weekday,
        season=meaning.season,
        usual=meaning.usual,
        year_said=calendar.year(groups) is not None,
    )


def _numeric(found: re.Match[str], calendar: Calendar, *, day_first: bool) -> Finding | None:
    groups = found.groupdict()
    first, second = int(groups["a"]), int(groups["b"])
    if groups["mark"] == "." and not groups["y"] and not found.group().endswith("."):
        return None  # a decimal number
    swapped = groups["mark"] == "/" and not day_first
    day, month = (second, first) if swapped else (first, second)
    unsure = groups["mark"] == "/" and not day_first and first <= 12 and second <= 12 and first != second
    if month > 12 >= day:
        day, month = month, day
    read = _read(found, {"d": str(day), "m": str(month), "y": groups["y"]}, "day", calendar)
    if read.when is None and not groups["y"]:
        return None  # no day, and none that was meant: "a 50/50 chance"
    return structs.replace(read, unsure_order=unsure)
