"""What a message asks, seen with the turn before it, and with what is missing assumed or asked for."""

from datetime import date, timedelta

from msgspec import structs

from app.contract.turn import TurnResult
from workers.agent.planner.understand.complete import complete
from workers.agent.planner.understand.followup import follow_up, with_origin_before
from workers.agent.planner.understand.landmarks import landmark
from workers.agent.planner.understand.model import Question, Stop, Understanding, When
from workers.agent.planner.understand.reader import Reading, read, understand
from workers.agent.planner.understand.recall import language_of, recalled


def understood(content: str, today: date, previous: TurnResult | None) -> Understanding:
    reading = read(content, today, language_of(previous))
    changed = follow_up(reading, previous, today)
    if changed is not None:
        return complete(changed)
    asked = understand(reading, today)
    match asked.asked:
        case "trip":
            return complete(with_origin_before(asked, previous))
        case "weather":
            return _weather(asked, previous)
        case "opening":
            return _opening(asked, reading, previous)
        case _:
            return asked


def _weather(asked: Understanding, previous: TurnResult | None) -> Understanding:
    """Of the place that is named, or of the trip before; only a place is needed."""
    questions = tuple(question for question in asked.questions if question.field in ("destination", "dates"))
    before = recalled(previous)
    if not asked.stops and not questions and before is not None and before.stops:
        length = asked.length if asked.when else before.length
        return structs.replace(
            asked, stops=before.stops, when=asked.when or _days_of(previous), length=length
        )
    if not asked.stops and not questions:
        questions = (Question("destination", "weather_place_missing"),)
    return structs.replace(asked, questions=questions)


def _opening(asked: Understanding, reading: Reading, previous: TurnResult | None) -> Understanding:
    """Of a sight at the place that is named, at its own, or at those of the trip before and on its days."""
    known, before = landmark(reading.page.text), recalled(previous)
    named = tuple(Stop(mention.place) for mention in reading.mentions)
    stops = named or ((Stop(known[0]),) if known else ())
    if before is not None and all(stop.place in [each.place for each in before.stops] for stop in stops):
        weekday = next((found.weekday for found in reading.dates if found.weekday is not None), None)
        stops, asked = (
            stops or before.stops,
            structs.replace(asked, when=_on(weekday, previous) or asked.when),
        )
    return structs.replace(asked, stops=stops, named=(*asked.named, *(known[1] if known else ())))


def _on(weekday: int | None, previous: TurnResult | None) -> When | None:
    """The first such day of the plan before; the day on which it begins where none is named."""
    when = _days_of(previous)
    if when is None or weekday is None:
        return when
    day = when.earliest + timedelta((weekday - when.earliest.weekday()) % 7)
    return When(day, day)


def _days_of(previous: TurnResult | None) -> When | None:
    """The day on which the plan before departs."""
    request = previous.request if previous else None
    return When(request.depart, request.depart) if request and request.depart else None
