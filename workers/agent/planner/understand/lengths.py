"""How long: days, nights, weeks and weekends."""

import re
from collections.abc import Sequence

from msgspec import Struct

from workers.agent.planner.understand.grammar import Grammar
from workers.agent.planner.understand.model import Length
from workers.agent.planner.understand.page import Page, Span

_MORE, _EACH = "_more", "_each"
_DAYS_A_MONTH = 30
_MAX_NIGHTS = 330  # no fare is on sale for longer
_BESIDE = 4
"""Characters between a place and its length: " in "."""
_NEXT = r"[,;.)/&+\n]|(?:and|then|und|dann|et|puis|y|luego)\b"
"""What stands between the places of a list."""
_ON = r"(?:from|in|on|ab|von|im|am|depuis|de|en|le|desde|el)\b"
"""What a request goes on with after such a list."""


class LengthFinding(Struct, frozen=True, kw_only=True):
    """`weekend`: it begins on a Friday. `more`: so much more than before, as in "two more nights".

    `up_to` is the longer end of what was said, where it was a span. `each`: at every place. `parts` are nights
    one place after the other, "4+3+5 nights"; `length` is their sum.
    """

    at: int
    end: int
    length: Length
    weekend: bool = False
    more: bool = False
    up_to: int | None = None
    each: bool = False
    parts: tuple[int, ...] = ()


def find_lengths(page: Page, grammar: Grammar) -> list[LengthFinding]:
    """Every length that is said, in the order of the text; they are taken off the page."""
    findings: list[LengthFinding] = []
    for name, pattern in grammar.lengths:
        findings += page.take(pattern, lambda found, name=name: _read(name, found, grammar))
    return sorted(findings, key=lambda finding: finding.at)


def find_bare_nights(
    page: Page, grammar: Grammar, places: Sequence[Span], lengths: Sequence[LengthFinding]
) -> list[LengthFinding]:
    """ "Rome 3 nights, Florence 2, Venice 2": numbers that stand beside places as a length stands beside one.

    `places` are where places are named. The numbers are taken off the page.
    """
    number = grammar.whole("{n}").pattern
    behind = re.compile(rf"[\s:(]{{0,2}}{number}(?=\)?\s*(?:{_NEXT}|{_ON}|$))")
    ahead = re.compile(rf"(?:{_NEXT})\s*{number}\s+(?:(?:in|en|à|a)\s+)?$")
    findings: list[LengthFinding] = []
    for place in places:
        if any(0 <= length.at - place.end <= _BESIDE for length in lengths):
            found = [behind.match(page.lower, other.end) for other in places]
        elif any(0 <= place.start - length.end <= _BESIDE for length in lengths):
            found = [ahead.search(page.lower, 0, other.start) for other in places]
        else:
            continue
        findings = [_bare(page, one, grammar) for one in found if one is not None]
        break
    return findings


def _bare(page: Page, found: re.Match[str], grammar: Grammar) -> LengthFinding:
    span = Span(*found.span("n"))
    page.remove(span)
    return LengthFinding(at=span.start, end=span.end, length=Length(_number(found["n"], grammar), "nights"))


def _read(name: str, found: re.Match[str], grammar: Grammar) -> LengthFinding | None:
    groups = found.groupdict()
    each, more = name.endswith(_EACH), name.endswith(_MORE)
    parts = tuple(map(int, re.findall(r"\d+", groups.get("list") or "")))
    number = sum(parts) or _number(groups.get("n") or (groups.get("n2") if each else None), grammar)
    up_to = _number(groups.get("n2"), grammar) if groups.get("n2") and not each else None
    length = _length(name.removesuffix(_MORE).removesuffix(_EACH), number)
    away = int(groups.get("nights_first") or 0)
    if 0 < away < length.nights:  # "5泊7日": the other nights are spent on the way
        length = Length(away, "nights")
    if not 0 <= length.nights <= _MAX_NIGHTS or (up_to is not None and up_to <= number):
        return None
    return LengthFinding(
        at=found.start(),
        end=found.end(),
        length=length,
        weekend="weekend" in name,
        more=more,
        up_to=up_to,
        each=each,
        parts=parts,
    )


def _number(written: str | None, grammar: Grammar) -> int:
    if written is None:
        return 1
    return int(written) if written.isdigit() else grammar.words.numbers[written]


def _length(name: str, number: int) -> Length:
    match name:
        case "nights" | "nights_span" | "nights_list":
            return Length(number, "nights")
        case "weeks" | "week":
            return Length(7 * number, "nights")
        case "fortnight":
            return Length(14, "nights")
        case "month_long":
            return Length(_DAYS_A_MONTH * number, "nights")
        case "day_trip":
            return Length(0, "days")
        case "weekend":
            return Length(2, "nights")
        case "long_weekend":
            return Length(3, "nights")
        case "days" | "days_span" | "days_nights":
            return Length(number - 1, "days")
        case _:
            raise KeyError(name)
