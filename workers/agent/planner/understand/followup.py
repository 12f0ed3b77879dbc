"""A message that changes the plan before it, or answers what was asked there."""

from datetime import date, timedelta

from msgspec import structs

from app.contract.turn import Money, TurnResult
from workers.agent.planner.understand.budget import settle_budget
from workers.agent.planner.understand.constraints import merged
from workers.agent.planner.understand.followup_places import adds_a_place, with_choice, with_places
from workers.agent.planner.understand.model import (
    Kept,
    Length,
    Note,
    Rejection,
    Stop,
    Understanding,
    When,
    Wishes,
)
from workers.agent.planner.understand.party import ASSUMED_CHILD_AGE, NOBODY
from workers.agent.planner.understand.reader import (
    ABOUT_SOMETHING,
    Reading,
    asked_for,
    party_notes,
    topic_of,
)
from workers.agent.planner.understand.recall import recalled
from workers.agent.planner.understand.timing import in_the_past, moved_by, read_timing

_SLACK = timedelta(3)
"""How far a cheaper trip may move, either way: something has to give."""


def follow_up(reading: Reading, previous: TurnResult | None, today: date) -> Understanding | None:
    """The request before with what this message changes; None where it is a request of its own."""
    before = recalled(previous)
    if previous is None or before is None or not _continues(reading):
        return None
    asked = structs.replace(before, language=reading.grammar.words.language, notes=tuple(reading.notes))
    changed, reading = with_choice(asked, reading, previous)
    changed, reading = with_places(changed, reading)
    changed = _with_people_and_money(changed, reading)
    changed = _with_wishes(changed, reading, previous)
    changed = _with_promises(changed, reading, previous)
    changed = _with_timing(changed, reading, previous, today)
    changed = _cheaper(changed, reading, previous, today)
    if changed == asked and not _says_anything(reading):
        return None
    return structs.replace(changed, continues=True, notes=(*changed.notes, Note("kept_before")))


def with_origin_before(asked: Understanding, previous: TurnResult | None) -> Understanding:
    """A new request that does not say where it begins begins where the one before did; that is said."""
    before = recalled(previous)
    open_origin = any(question.field == "origin" for question in asked.questions)
    if asked.origin is not None or before is None or before.origin is None or open_origin:
        return asked
    note = Note("assumed_origin", {"place": before.origin})
    return structs.replace(asked, origin=before.origin, notes=(*asked.notes, note))


def _continues(reading: Reading) -> bool:
    """A place to go to with a time or a place to start from is a request of its own.

    So is one that says from where, when and for how long, even if its place to go to is not known.
    """
    asks = reading.grammar.words.asks
    if asked_for(reading) in ("weather", "exchange") or reading.says(asks.beyond):
        return False
    if topic_of(reading) in ABOUT_SOMETHING or reading.open_place is not None:
        return False
    if reading.says(asks.change) or reading.says(asks.cheaper) or _says_a_change(reading):
        return True
    target = any(mention.role != "origin" for mention in reading.mentions) or bool(reading.regions)
    origin = any(mention.role == "origin" for mention in reading.mentions)
    timed = bool(reading.dates) + bool(reading.lengths)
    return not (target and (timed or origin)) and not (origin and timed == 2)


def _says_anything(reading: Reading) -> bool:
    """Whether it speaks of a trip, if only of what is so already."""
    return bool(
        reading.dates
        or reading.lengths
        or reading.mentions
        or reading.budget
        or reading.party.said
        or reading.wishes not in (Wishes(), Wishes(by_air=True))
    )


def _says_a_change(reading: Reading) -> bool:
    """Whether it speaks of a plan that there is already."""
    changes = reading.grammar.words.changes
    spoken = (changes.better_stay, changes.other_stay, changes.keep_flights, changes.keep_stays)
    return adds_a_place(reading) or any(reading.says(pattern) for pattern in spoken)


def _with_people_and_money(asked: Understanding, reading: Reading) -> Understanding:
    notes = [*asked.notes]
    if reading.joining != NOBODY:
        if reading.joining.ages_assumed:
            notes += [Note("assumed_child_ages", {"age": ASSUMED_CHILD_AGE})]
        asked = structs.replace(asked, party=reading.joining.added_to(asked.party))
    elif reading.party.said:
        notes += party_notes(reading.party)
        asked = structs.replace(asked, party=reading.party.travellers)
    if reading.budget is not None:
        budget = settle_budget(reading.budget, asked.origin, asked.party, notes)
        asked = structs.replace(asked, budget=budget)
    return structs.replace(asked, notes=tuple(notes))


def _with_wishes(asked: Understanding, reading: Reading, previous: TurnResult) -> Understanding:
    wishes = reading.wishes
    if previous.plan is not None and previous.plan.legs:
        wishes = structs.replace(
            wishes, by_air=False
        )  # who speaks of the flights that there are wants no others
    return structs.replace(asked, wishes=merged(asked.wishes, wishes))


def _with_promises(asked: Understanding, reading: Reading, previous: TurnResult) -> Understanding:
    """What of the plan before must stay, and what has to be better than there."""
    if previous.plan is None:
        return asked
    changes = reading.grammar.words.changes
    kept: dict[Kept, str] = {"flights": changes.keep_flights, "stays": changes.keep_stays}
    keep = frozenset(name for name, pattern in kept.items() if reading.says(pattern))
    if "flights" in keep and previous.request is not None and previous.request.depart is not None:
        day = previous.request.depart
        asked = structs.replace(asked, when=When(day, day))
    return structs.replace(
        asked,
        keep=keep,
        better_stay=reading.says(changes.better_stay),
        other_stay=reading.says(changes.other_stay),
        wishes=_without_sights(asked.wishes, reading, previous),
    )


def _without_sights(wishes: Wishes, reading: Reading, previous: TurnResult) -> Wishes:
    """With those sights of the plan before left out that the message does not want to see."""
    if previous.plan is None or not reading.says(reading.grammar.words.changes.drop_place):
        return wishes
    said = reading.page.lower
    cities = {day.city for day in previous.plan.days}
    names = {activity.name for day in previous.plan.days for activity in day.activities}
    gone = [name for name in sorted(names) if _short_name(name, cities) in said]
    return structs.replace(wishes, avoid=tuple(dict.fromkeys((*wishes.avoid, *gone))))


def _short_name(name: str, cities: set[str]) -> str:
    """Without the town that it begins with."""
    city = next((city for city in cities if name.startswith(f"{city} ")), "")
    return name.removeprefix(city).strip().lower()


def _with_timing(asked: Understanding, reading: Reading, previous: TurnResult, today: date) -> Understanding:
    departed = _departed(previous)
    days = _days_moved(reading)
    if days is not None:
        return _moved(asked, reading, days, departed)
    if reading.lengths:
        asked = structs.replace(asked, length=reading.lengths[0].length, stops=_open(asked.stops))
    if not reading.dates:
        return asked
    alone = all(found.weekday is not None and found.until is None for found in reading.dates)
    weekday = reading.dates[0].weekday if alone else None
    if weekday is not None and departed is not None:
        near = departed + timedelta((weekday - departed.weekday() + 3) % 7 - 3)
        return structs.replace(asked, when=When(near, near))
    timing = read_timing(reading.page, reading.grammar, reading.dates, reading.lengths, asked.length, today)
    return structs.replace(
        asked,
        when=moved_by(timing.when, reading.slack, today) or asked.when,
        length=timing.length or asked.length,
        notes=(*asked.notes, *timing.notes),
        questions=(*asked.questions, *timing.questions),
        rejection=timing.rejection,
    )


def _departed(previous: TurnResult) -> date | None:
    """The day on which the plan before begins; None where there was none."""
    return previous.request.depart if previous.plan and previous.request else None


def _days_moved(reading: Reading) -> int | None:
    """By how many days the message wants something longer, shorter, later or earlier."""
    asks = reading.grammar.words.asks
    strict = (asks.longer, asks.shorter, asks.later, asks.earlier)
    if not reading.lengths:
        return 1 if any(reading.says(pattern) for pattern in strict) and not reading.dates else None
    relative = any(reading.says(pattern) for pattern in (*strict, asks.more, asks.less))
    if relative or reading.lengths[0].more:
        length = reading.lengths[0].length
        return length.nights + (length.counted == "days")
    return None


def _moved(asked: Understanding, reading: Reading, days: int, departed: date | None) -> Understanding:
    asks = reading.grammar.words.asks
    later, earlier = reading.says(asks.later), reading.says(asks.earlier)
    less = reading.says(asks.shorter) or reading.says(asks.less)
    if (later or earlier) and not reading.says(asks.return_cue):
        first = departed or (asked.when.earliest if asked.when else None)
        if first is None:
            return asked
        begin = first + timedelta(days if later else -days)
        return structs.replace(asked, when=When(begin, begin))
    change = -days if less or earlier else days
    nights = max(1, asked.nights + change)
    when = When(departed, departed) if departed else asked.when
    stops = _open(asked.stops)
    if change > 0 and asked.stops and all(stop.nights for stop in asked.stops):
        *others, last = asked.stops
        stops = (*others, Stop(last.place, (last.nights or 0) + change))
    counted = asked.length.counted if asked.length else "nights"
    return structs.replace(asked, length=Length(nights, counted), when=when, stops=stops)


def _open(stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
    return tuple(Stop(stop.place) for stop in stops)


def _cheaper(asked: Understanding, reading: Reading, previous: TurnResult, today: date) -> Understanding:
    when = asked.when
    if when is not None and when.latest < today and asked.rejection is None:
        past: Rejection = in_the_past(when, asked.nights, today)
        return structs.replace(asked, rejection=past)
    if previous.plan is None or not reading.says(reading.grammar.words.asks.cheaper):
        return asked
    cost = previous.plan.cost
    asked = structs.replace(asked, cheaper_than=Money(cost.total, cost.currency))
    if when is None or when.weekday is not None:
        return asked
    around = When(
        max(when.earliest - _SLACK, today + timedelta(1)),
        when.latest + _SLACK,
        back_by=when.back_by + _SLACK if when.back_by else None,
    )
    return structs.replace(asked, when=around, notes=(*asked.notes, Note("days_around")))
