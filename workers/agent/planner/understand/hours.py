"""At what hours one wants to leave, to be there, to set out for home and to be home."""

import re
from collections.abc import Iterator
from datetime import time

from msgspec import Struct

from workers.agent.planner.understand.grammar import Grammar
from workers.agent.planner.understand.page import Page, Span
from workers.agent.planner.understand.words.hours import EVENING_FROM, HOURS, NOON, WORK_ENDS

_BEFORE, _AFTER = 32, 20
"""Characters before and behind a time that may say what it is the time of."""
_CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:\D{0,2}?(?P<minute>\d{2}))?")
_IN_THE_AFTERNOON = re.compile(r"pm|p\.m|tarde|noche|午後|夜")
_HALF = "半"


class _Bound(Struct, frozen=True):
    start: int
    end: int
    side: str
    """`after` or `before`."""

    at: str


def find_hours(page: Page, grammar: Grammar) -> tuple[str, ...]:
    """Codes such as `arrive_before:12:00`; the times are taken off the page.

    `leave` and `arrive` are of the journey there, `return` (to set out) and `home` (to be there) of the last.
    """
    found: dict[str, str] = {}
    arrives_at: int | None = None
    for bound in sorted(_bounds(page, grammar), key=lambda bound: bound.start):
        what = _what(page, grammar, bound, arrived=arrives_at is not None)
        arrives_at = bound.start if what == "arrive" else arrives_at
        name, latest = f"{what}_{bound.side}", bound.side == "before"
        known = found.get(name, bound.at)
        found[name] = min(known, bound.at) if latest else max(known, bound.at)
    return tuple(f"{name}:{at}" for name, at in found.items())


def _bounds(page: Page, grammar: Grammar) -> Iterator[_Bound]:
    words = HOURS[grammar.words.language]
    rules = (
        ("after", words.after_work, WORK_ENDS),
        ("after", words.after, None),
        ("before", words.before, None),
        ("after", words.evening, EVENING_FROM),
        ("before", words.morning, NOON),
    )
    for side, pattern, usual in rules:
        whole = grammar.whole(pattern.replace("{t}", f"(?P<t>{words.clock})"))
        for match in list(whole.finditer(page.lower)):
            groups = match.groupdict()
            at = _time_of(groups["t"]) if groups.get("t") else usual
            if at is not None:
                cut = next((name for name in ("cut", "cut2") if groups.get(name)), 0)
                page.remove(Span(*match.span(cut)))
                yield _Bound(match.start(), match.end(), side, at)


def _what(page: Page, grammar: Grammar, bound: _Bound, *, arrived: bool) -> str:
    """What the time is the time of: the last word before it that says so, else the first one behind it."""
    words = HOURS[grammar.words.language]
    cues = {"arrive": words.arriving, "return": words.returning, "leave": words.leaving}
    said = page.lower[max(0, bound.start - _BEFORE) : bound.end]
    before = re.split(r"[.;!?\n,、。]", said)[-1]
    behind = re.split(r"[.;!?\n,、。]", page.lower[bound.end : bound.end + _AFTER])[0]
    # "Friday evening, back Sunday" says of the Sunday that one comes back.
    behind = grammar.whole(rf"(?:{words.returning})(?: (?:on|am|le|el))? ?{{w}}").sub("", behind)
    what = (
        _nearest(grammar, cues, before, last=True) or _nearest(grammar, cues, behind, last=False) or "leave"
    )
    if what == "return" and bound.side == "before":
        return "home"
    return "return" if what == "leave" and arrived else what


def _nearest(grammar: Grammar, cues: dict[str, str], text: str, *, last: bool) -> str | None:
    places = {
        name: [found.start() for found in grammar.whole(pattern).finditer(text)]
        for name, pattern in cues.items()
    }
    said = {name: (max(at) if last else min(at)) for name, at in places.items() if at}
    if not said:
        return None
    return max(said, key=lambda name: said[name]) if last else min(said, key=lambda name: said[name])


def _time_of(written: str) -> str | None:
    """`HH:MM`; None where the clock has no such time. Words without a number are noon."""
    found = _CLOCK.search(written)
    if found is None:
        return NOON
    hour, minute = int(found["hour"]), int(found["minute"] or (30 if _HALF in written else 0))
    hour += 12 * (hour < 12 and _IN_THE_AFTERNOON.search(written) is not None)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def bounds_of(codes: tuple[str, ...]) -> Iterator[tuple[str, str, time]]:
    """Each code as what it is of, its side and its time."""
    for code in codes:
        name, _, at = code.partition(":")
        what, _, side = name.partition("_")
        yield what, side, time.fromisoformat(at)
