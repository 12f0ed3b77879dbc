"""A trip as a calendar file: what is in it, that ids stay, and that no text becomes anything but text."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from app.contract import trip as t
from app.domain.trip_calendar import calendar_of

AT = datetime(2026, 11, 22, 9, 30, 5, tzinfo=UTC)
DAY = date(2027, 5, 3)
TRIP = t.Trip(
    name="Spring; in Lisbon, 2027",
    start_date=DAY,
    end_date=DAY + timedelta(4),
    notes="First line\nsecond line",
    stops=[
        t.Stop(id="lis", name="Lisbon", arrive=DAY, leave=DAY + timedelta(3)),
        t.Stop(id="who-knows", name="Somewhere"),
    ],
    days=[t.Day(id="d1", date=DAY, title="Alfama"), t.Day(id="d2", date=DAY + timedelta(1), title="Lisbon")],
    activities=[
        t.Activity(id="castle", name="Castle", day="d1", starts=time(9, 5), ends=time(11), place="São Jorge"),
        t.Activity(id="fado", name="Fado", day="d1", starts=time(22), ends=time(1)),
        t.Activity(id="walk", name="A walk", day="d2"),
        t.Activity(id="shop", name="Buy tiles"),
    ],
)


def entries(trip: t.Trip = TRIP, version: int = 7) -> dict[str, Any]:
    calendar = Calendar.from_ical(calendar_of("t1", trip, version, AT))
    found = {str(entry["UID"]): entry for entry in calendar.subcomponents}
    assert len(found) == len(calendar.subcomponents)
    return found


def span(entry: Any) -> tuple[Any, Any]:
    return entry["DTSTART"].dt, entry["DTEND"].dt if "DTEND" in entry else None


def test_what_has_a_date_is_an_event_and_what_has_none_is_a_to_do() -> None:
    found = entries()
    assert set(found) == {
        "t1.trip@tripsage",
        "t1.stops-lis@tripsage",
        "t1.days-d1@tripsage",
        "t1.activities-castle@tripsage",
        "t1.activities-fado@tripsage",
        "t1.activities-walk@tripsage",
        "t1.activities-shop@tripsage",
    }
    assert span(found["t1.trip@tripsage"]) == (DAY, DAY + timedelta(5)), "the last day is in it"
    assert span(found["t1.stops-lis@tripsage"]) == (DAY, DAY + timedelta(4))
    castle = found["t1.activities-castle@tripsage"]
    assert span(castle) == (datetime(2027, 5, 3, 9, 5), datetime(2027, 5, 3, 11)), "local, without a zone"
    assert str(castle["LOCATION"]) == "São Jorge"
    assert span(found["t1.activities-fado@tripsage"])[1] == datetime(2027, 5, 4, 1), "past midnight"
    assert span(found["t1.activities-walk@tripsage"]) == (DAY + timedelta(1), DAY + timedelta(2))
    assert found["t1.activities-shop@tripsage"].name == "VTODO"
    assert str(found["t1.trip@tripsage"]["SUMMARY"]) == "Spring; in Lisbon, 2027"
    assert str(found["t1.trip@tripsage"]["DESCRIPTION"]) == "First line\nsecond line"


def test_the_same_version_is_the_same_file_and_a_later_one_has_the_same_ids() -> None:
    assert calendar_of("t1", TRIP, 7, AT) == calendar_of("t1", TRIP, 7, AT)
    assert set(entries(version=7)) == set(entries(version=8))
    for entry in entries().values():
        assert (entry["DTSTAMP"].dt, entry["SEQUENCE"]) == (AT, 7)


def test_the_last_day_that_there_is_can_be_shown() -> None:
    last = t.Day(id="d1", date=date.max, title="The end")
    fado = t.Activity(id="fado", name="Fado", day="d1", starts=time(22), ends=time(1))
    trip = t.Trip(name="Far", start_date=date.max, end_date=date.max, days=[last], activities=[fado])
    assert len(entries(trip)) == 3


def test_lines_are_no_longer_than_the_standard_allows() -> None:
    trip = t.Trip(name="ü" * 200, start_date=DAY, notes="日本" * 500)
    for line in calendar_of("t1", trip, 1, AT).split(b"\r\n"):
        assert len(line) <= 75


ATTACK = "x\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nATTENDEE:mailto:a@b\n\rX:\x00\x85\u2028ORGANIZER:y"
TEXTS = st.text(min_size=1, max_size=60) | st.sampled_from((ATTACK, "a:b;c,d\\n", '"', "\\", " ", "\u2028"))
PLAIN = {"BEGIN", "PRODID", "VERSION", "X-WR-CALNAME", "UID", "DTSTAMP", "SEQUENCE", "SUMMARY"}
PLAIN |= {"DESCRIPTION", "DTSTART", "DTEND", "TRANSP", "LOCATION", "END"}


@given(TEXTS, TEXTS, TEXTS)
def test_no_text_becomes_a_property_or_an_entry(name: str, notes: str, place: str) -> None:
    trip = t.Trip(
        name=name,
        start_date=DAY,
        notes=notes,
        stops=[t.Stop(id="s", name=place, arrive=DAY)],
        days=[t.Day(id="d", date=DAY, title=place, notes=notes)],
        activities=[t.Activity(id="a", name=name, day="d", place=place, notes=notes)],
    )
    text = calendar_of("t1", trip, 1, AT)
    unfolded = text.replace(b"\r\n ", b"").removesuffix(b"\r\n")
    lines = unfolded.split(b"\r\n")
    assert {line.decode().partition(":")[0].partition(";")[0] for line in lines} <= PLAIN
    assert sum(line.startswith(b"BEGIN:") for line in lines) == 5
    assert not {byte for line in lines for byte in line if byte < 32} - {9}
    assert len(entries(trip)) == 4
