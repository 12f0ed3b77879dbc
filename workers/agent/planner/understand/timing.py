"""When and how long: what the dates and lengths of a message come to together."""

from calendar import isleap
from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct, structs

from workers.agent.planner.understand.dates import DAY, FRIDAY, Finding
from workers.agent.planner.understand.grammar import Grammar
from workers.agent.planner.understand.lengths import LengthFinding
from workers.agent.planner.understand.model import Length, Note, NoteCode, Question, Rejection, Value, When
from workers.agent.planner.understand.page import Page

ASSUMED_NIGHTS = 7
FAR_AHEAD = timedelta(330)
"""Airlines put seats on sale some eleven months ahead."""
_WEEK = timedelta(6)
_CUE_REACH = 24


class Timing(Struct, kw_only=True):
    """`when` and `length` are None where nothing was said of them."""

    when: When | None = None
    length: Length | None = None
    notes: list[Note] = []
    questions: list[Question] = []
    rejection: Rejection | None = None

    @property
    def nights(self) -> int:
        return self.length.nights if self.length else 0

    def note(self, code: NoteCode, **values: Value) -> None:
        self.notes.append(Note(code, values))


def read_timing(
    page: Page,
    grammar: Grammar,
    findings: Sequence[Finding],
    lengths: Sequence[LengthFinding],
    total: Length | None,
    today: date,
) -> Timing:
    """`total` is how long the whole trip is said to be; `lengths` may be nights of its parts."""
    timing = Timing(length=total)
    invalid = next((finding.invalid for finding in findings if finding.invalid), None)
    if invalid is not None:
        timing.questions.append(Question("dates", "date_invalid", {"written": invalid}))
        return timing
    if any(finding.unsure_order for finding in findings):
        timing.note("assumed_date_order")
    findings = _on_weekdays(page, grammar, findings, timing)
    chosen = _chosen(page, grammar, findings, timing)
    if chosen is None:
        return timing
    timing.when = chosen.when
    if chosen.until is not None and not (chosen.usual and timing.length):
        _between_days(timing, chosen)
    _begin_on_friday(timing, lengths)
    if timing.questions:
        return timing
    if timing.when is not None and timing.when.latest < today:
        timing.rejection = in_the_past(timing.when, timing.nights, today)
        return timing
    _fit(timing, chosen, today)
    return timing


def _on_weekdays(
    page: Page, grammar: Grammar, findings: Sequence[Finding], timing: Timing
) -> Sequence[Finding]:
    """ "From Friday to Sunday, in March" leaves the Fridays of March, and two nights."""
    days = [finding for finding in findings if finding.weekday is not None]
    weekend = next((each for each in findings if each.usual and each.until is not None), None)
    if weekend is not None and weekend.until is not None:
        back = [day for day in days if day.weekday is not None and _is_return(page, grammar, day)]
        if not back or timing.length is not None:
            return findings
        later = timedelta(((back[0].weekday or 0) - weekend.until.weekday()) % 7)
        return [structs.replace(weekend, until=weekend.until + later, usual=False)]
    window = next((each for each in findings if each.weekday is None and _is_window(each)), None)
    if not days or window is None or window.when is None or len(days) + 1 < len(findings):
        return findings
    leaving = [day for day in days if not _is_return(page, grammar, day)]
    if not leaving:
        return [window]
    first, last = leaving[0], next((day for day in days if day is not leaving[0]), None)
    until = first.until or (last.when.earliest if last and last.when else None)
    if until is not None and first.when is not None and timing.length is None:
        timing.length = Length((until - first.when.earliest).days % 7, "days")
    when = When(window.when.earliest, window.when.latest, first.weekday, window.when.back_by)
    return [structs.replace(window, when=when)]


def _is_window(finding: Finding) -> bool:
    return finding.when is not None and finding.day is None and finding.until is None


def _chosen(page: Page, grammar: Grammar, findings: Sequence[Finding], timing: Timing) -> Finding | None:
    """The finding that counts: a range that was said, or two days that make one, or the first of all."""
    for finding in findings:
        if finding.until is not None:
            return finding
    days = [finding for finding in findings if finding.day is not None]
    if len(days) > 1:
        first, last = days[0], days[1]
        if _is_return(page, grammar, first) and not _is_return(page, grammar, last):
            first, last = last, first
        begin, until = _as_range(first, last)
        return Finding(
            at=first.at,
            end=last.end,
            when=When(begin, begin),
            until=until,
            year_said=first.year_said or last.year_said,
        )
    if len(days) == 1 and timing.length is not None and _is_return(page, grammar, days[0]):
        back = days[0].day
        assert back is not None
        begin = back - timedelta(timing.length.nights)
        return Finding(at=days[0].at, end=days[0].end, when=When(begin, begin), until=back, year_said=True)
    if days:
        return days[0]
    # "The winter holidays, in February": the narrower counts.
    return min(findings, key=_room) if findings else None


def _room(finding: Finding) -> timedelta:
    return finding.when.latest - finding.when.earliest if finding.when else timedelta.max


def _as_range(first: Finding, last: Finding) -> tuple[date, date]:
    """Both days; a year that is said with one of them counts for the other as well, and a day of the week is
    that next to the other day.
    """
    begin, until = first.day, last.day
    assert begin is not None
    assert until is not None
    if last.weekday is not None:
        return begin, begin + DAY + timedelta((last.weekday - begin.weekday() - 1) % 7)
    if first.weekday is not None:
        return until - DAY - timedelta((until.weekday() - first.weekday - 1) % 7), until
    if last.year_said and not first.year_said:
        begin = _later(begin, until.year - begin.year)
        begin = begin if begin <= until else _backwards(begin, until, -1)
    elif not last.year_said:
        until = _later(until, begin.year - until.year)
        until = until if begin <= until else _backwards(until, begin, 1)
    return begin, until


def _backwards(day: date, other: date, years: int) -> date:
    """The day a year away, over the turn of the year; where that is too far, the user's mistake stands."""
    moved = _later(day, years)
    return moved if abs((moved - other).days) <= FAR_AHEAD.days else day


def _is_return(page: Page, grammar: Grammar, finding: Finding) -> bool:
    before = page.lower[max(0, finding.at - _CUE_REACH) : finding.at]
    lead = r"(?: (?:on|by|at|the|am|bis|le|el))*"
    return grammar.before(f"(?:{grammar.words.asks.return_cue}){lead}").search(before) is not None


def _between_days(timing: Timing, chosen: Finding) -> None:
    """From one day to another: the trip itself, or the room for a shorter one."""
    assert chosen.when is not None
    assert chosen.until is not None
    first, last = chosen.when.earliest, chosen.until
    nights = (last - first).days
    said = timing.length
    if nights < 0:
        timing.questions.append(Question("dates", "return_before_departure", {"depart": first, "back": last}))
    elif said is not None and said.nights < nights - 1:
        timing.when = When(first, last - timedelta(said.nights), back_by=last)
        timing.note("length_over_dates", nights=said.nights, depart=first, back=last)
    else:
        if said is not None and abs(said.nights - nights) > 1:
            timing.note("dates_over_length", depart=first, back=last)
        timing.length = Length(nights, "days")


def _begin_on_friday(timing: Timing, lengths: Sequence[LengthFinding]) -> None:
    when = timing.when
    if when is None or when.earliest == when.latest:
        return
    if when.weekday is None and any(length.weekend for length in lengths):
        timing.when = When(when.earliest, when.latest, weekday=FRIDAY, back_by=when.back_by)


def _fit(timing: Timing, chosen: Finding, today: date) -> None:
    """Leave only days that are still to come and on which a trip of that length can begin."""
    when = timing.when
    assert when is not None
    if timing.length is None and when.latest - when.earliest == _WEEK and when.back_by is None:
        timing.length = Length(_WEEK.days, "days")
        when = When(when.earliest, when.earliest)
    nights = timing.nights
    fitting = _still_to_come(when, today)
    if not fitting.departures(nights) and not chosen.year_said:
        fitting = _years_on(when, 1)
    if not fitting.departures(nights):
        timing.questions.append(
            Question(
                "dates",
                "length_does_not_fit",
                {"nights": nights, "first": when.earliest, "last": when.back_by or when.latest},
            )
        )
        return
    timing.when = fitting
    if fitting.earliest - today > FAR_AHEAD:
        timing.note("far_ahead")


def _still_to_come(when: When, today: date) -> When:
    """A window begins tomorrow at the soonest; a single day may be today."""
    soonest = today if when.earliest == when.latest else today + DAY
    return When(max(when.earliest, soonest), when.latest, weekday=when.weekday, back_by=when.back_by)


def _years_on(when: When, years: int) -> When:
    back_by = _later(when.back_by, years) if when.back_by else None
    return When(
        _later(when.earliest, years), _later(when.latest, years), weekday=when.weekday, back_by=back_by
    )


def moved_by(when: When | None, slack: int, today: date) -> When | None:
    """The day, and those so many before and after it; days that are over left out."""
    if when is None or not slack or when.earliest != when.latest:
        return when
    room = timedelta(slack)
    return When(max(when.earliest - room, min(when.earliest, today + DAY)), when.latest + room)


def _later(day: date, years: int) -> date:
    """The same day so many years on; 29 February is the 28th where there is none."""
    leap_day = (day.month, day.day) == (2, 29) and not isleap(day.year + years)
    return day.replace(year=day.year + years, day=28 if leap_day else day.day)


def in_the_past(when: When, nights: int, today: date) -> Rejection:
    """The refusal of days that are over, with the same days a year or two on."""
    latest = when.latest + timedelta(nights)
    years = [years for years in (1, 2) if _later(when.earliest, years) > today]
    if not years:
        ahead = today.year - when.earliest.year
        years = [ahead if _later(when.earliest, ahead) > today else ahead + 1]
    begins = [_later(when.earliest, each) for each in years]
    return Rejection(
        "date_in_past", when.earliest, latest, tuple((begin, begin + timedelta(nights)) for begin in begins)
    )
