# pyright: reportUnknownMemberType=false
# icalendar takes values of any type, and its signatures leave that open.
"""A trip as iCalendar (RFC 5545): what has a date is an event, what has none is a to-do.

Times are those of the place, without a zone, as the trip has them. Escaping and folding are the library's.
"""

from datetime import date, datetime, time, timedelta
from typing import TypeVar

from icalendar import Calendar, Event, Todo, vText

from app.contract import trip as t

PRODUCT = "-//TripSage//Trips//EN"
_CONTROL = dict.fromkeys(range(32), " ") | {9: "\t", 10: "\n", 0x7F: " "}
_DAY = timedelta(days=1)

DayT = TypeVar("DayT", date, datetime)


def calendar_of(trip_id: str, trip: t.Trip, version: int, written_at: datetime) -> bytes:
    """The calendar of one version. The ids of its entries stay, so importing it again changes them in place."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("X-WR-CALNAME", _text(trip.name))
    entries = _Entries(calendar, trip_id, version, written_at)
    if trip.start_date is not None:
        entries.days("trip", trip.name, trip.start_date, trip.end_date or trip.start_date, trip.notes)
    for stop in trip.stops or ():
        first = stop.arrive or stop.leave
        if first is not None:
            entries.days(f"stops-{stop.id}", stop.name, first, stop.leave or first)
    dates = {day.id: day.date for day in trip.days}
    told = {"", *(stop.name for stop in trip.stops or ())}
    for day in trip.days:
        if day.date is not None and (day.notes or day.title not in told):  # a stop says where one is
            entries.days(f"days-{day.id}", day.title or day.date.isoformat(), day.date, day.date, day.notes)
    for activity in trip.activities:
        entries.activity(activity, dates.get(activity.day or ""))
    return calendar.to_ical()


class _Entries:
    def __init__(self, calendar: Calendar, trip_id: str, version: int, written_at: datetime) -> None:
        self._calendar = calendar
        self._trip_id = trip_id
        self._version = version
        self._written_at = written_at

    def days(self, name: str, summary: str, first: date, last: date, notes: str = "") -> None:
        """An event of whole days, both included."""
        event = Event()
        event.add("DTSTART", first)
        event.add("DTEND", _after(max(first, last)))
        event.add("TRANSP", "TRANSPARENT")  # being away does not make one busy all day
        self._add(event, name, summary, notes)

    def activity(self, activity: t.Activity, day: date | None) -> None:
        entry: Event | Todo = Event() if day is not None else Todo()
        if day is not None and activity.starts is not None:
            begins = datetime.combine(day, _local(activity.starts))
            entry.add("DTSTART", begins)
            if activity.ends is not None:
                ends = datetime.combine(day, _local(activity.ends))
                entry.add("DTEND", ends if ends >= begins else _after(ends))
        elif day is not None:
            entry.add("DTSTART", day)
            entry.add("DTEND", _after(day))
        if activity.place:
            entry.add("LOCATION", _text(activity.place))
        self._add(entry, f"activities-{activity.id}", activity.name, activity.notes)

    def _add(self, entry: Event | Todo, name: str, summary: str, notes: str) -> None:
        entry.add("UID", f"{self._trip_id}.{name}@tripsage")
        entry.add("DTSTAMP", self._written_at)
        entry.add("SEQUENCE", self._version)
        entry.add("SUMMARY", _text(summary))
        if notes:
            entry.add("DESCRIPTION", _text(notes))
        self._calendar.add_component(entry)


def _after(day: DayT) -> DayT:
    """The day after, but for the last that there is."""
    return min(day, type(day).max - _DAY) + _DAY


def _local(at: time) -> time:
    """Without fractions, which iCalendar has no place for, and without an offset."""
    return at.replace(microsecond=0, tzinfo=None)


def _text(text: str) -> vText:
    """Without the control characters that RFC 5545 does not allow in a text; lines end in one way.

    As the library's own type: it does not escape strings in properties that it does not know.
    """
    return vText(text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL))
