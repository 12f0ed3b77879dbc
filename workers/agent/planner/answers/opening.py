"""Whether a sight is open, as far as the activity search knows it."""

from datetime import date, timedelta

from app.contract.events import ErrorBody
from app.contract.turn import Response, TurnResult
from tools.places import Place
from tools.results import Activity, ActivityResult
from workers.agent.planner.context import Flow
from workers.agent.planner.failure import say_failure
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.understand.landmarks import likeness

ACTIVITIES = "activities"
_WEEK = timedelta(6)


async def answer_opening(flow: Flow) -> None:
    """Of the sight whose name was said, at the place that was named or at those of the trip before."""
    script, voice, phrases = flow.script, flow.voice, flow.voice.phrases
    places = [stop.place for stop in flow.asked.stops]
    if not places:
        _finish(flow, phrases.topics["opening"])
        return
    names = ", ".join(place.name for place in places)
    description = voice.fill(phrases.task_descriptions[ACTIVITIES], route=names)
    script.task(ACTIVITIES, phrases.tasks[ACTIVITIES], description)
    script.status(phrases.statuses["opening"])
    keys = [f"sights-{number}" for number in range(1, len(places) + 1)]
    for key, place in zip(keys, places, strict=True):
        script.call(key, ACTIVITIES, "activity_search", _arguments(flow, place))
    found: list[tuple[Place, Activity]] = []
    for place, outcome in zip(places, await script.outcomes(keys), strict=True):
        read = read_outcome(outcome, ActivityResult)
        if isinstance(read, ErrorBody):
            say_failure(flow, ACTIVITIES, "opening", read)
            return
        found += [(place, activity) for activity in read.activities]
    script.end(ACTIVITIES, {"activities": len(found)})
    _finish(flow, _text(flow, names, found))


def _arguments(flow: Flow, place: Place) -> dict[str, object]:
    """A whole week: what is closed on all days that are searched for is not found."""
    first = _first_day(flow)
    return {
        "city": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "start": first.isoformat(),
        "end": (first + _WEEK).isoformat(),
    }


def _first_day(flow: Flow) -> date:
    return max(flow.today, flow.asked.when.earliest) if flow.asked.when else flow.today


def _text(flow: Flow, names: str, found: list[tuple[Place, Activity]]) -> str:
    voice, phrases = flow.voice, flow.voice.phrases
    said = frozenset(flow.asked.named)
    place, sight = max(
        found, key=lambda each: likeness(each[1].name, each[0].name, said), default=(None, None)
    )
    if place is None or sight is None or not likeness(sight.name, place.name, said):
        return voice.fill(phrases.opening["not_found"], names=names)
    named = f"**{sight.name}**, {place.name}"
    if sight.open_on is None:
        return voice.fill(phrases.opening["unknown"], name=named)
    hours = voice.fill(phrases.opening["hours"], hours=sight.opening_hours or "?")
    return f"{_days(flow, named, sight.open_on)} {hours}"


def _days(flow: Flow, named: str, open_on: list[date]) -> str:
    voice, opening, when = flow.voice, flow.voice.phrases.opening, flow.asked.when
    first = _first_day(flow)
    if when is not None and when.earliest == when.latest:
        return voice.fill(opening["open" if first in open_on else "closed"], name=named, date=first)
    week = [first + timedelta(offset) for offset in range(_WEEK.days + 1)]
    closed = [voice.day(day, year=False) for day in week if day not in open_on]
    if not closed:
        return voice.fill(opening["daily"], name=named)
    return voice.fill(
        opening["closed_days"], name=named, days=voice.joined(closed), first=first, last=week[-1]
    )


def _finish(flow: Flow, text: str) -> None:
    flow.say_lines(text)
    flow.script.finish(TurnResult(outcome="answer", explanation=text, response=Response(text=text)))
