"""A message that changes the plan before it, or answers what was asked there."""

from dataclasses import replace
from datetime import date, timedelta

from msgspec import structs

from app.contract.turn import Clarification, Money, TurnResult
from tools.places import Place
from workers.agent.planner.understand.model import Length, Note, Rejection, Stop, Understanding, When
from workers.agent.planner.understand.places import Mention
from workers.agent.planner.understand.reader import Reading, asked_for, party_notes, settle_budget
from workers.agent.planner.understand.recall import place_of, recalled
from workers.agent.planner.understand.route import read_route
from workers.agent.planner.understand.timing import in_the_past, read_timing

_SLACK = timedelta(3)
"""How far a cheaper trip may move, either way: something has to give."""


def follow_up(reading: Reading, previous: TurnResult | None, today: date) -> Understanding | None:
    """The request before with what this message changes; None where it is a request of its own."""
    before = recalled(previous)
    if previous is None or before is None or not _continues(reading):
        return None
    asked = structs.replace(before, language=reading.grammar.words.language, notes=tuple(reading.notes))
    changed, reading = _with_choice(asked, reading, previous)
    changed = _with_places(changed, reading)
    changed = _with_people_and_money(changed, reading)
    changed = _with_wishes(changed, reading)
    changed = _with_timing(changed, reading, previous, today)
    changed = _cheaper(changed, reading, previous, today)
    if changed == asked:
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
    if reading.says(asks.change) or reading.says(asks.cheaper):
        return True
    target = any(mention.role != "origin" for mention in reading.mentions) or bool(reading.regions)
    origin = any(mention.role == "origin" for mention in reading.mentions)
    timed = bool(reading.dates) + bool(reading.lengths)
    return not (target and (timed or origin)) and not (origin and timed == 2)


def _with_choice(
    asked: Understanding, reading: Reading, previous: TurnResult
) -> tuple[Understanding, Reading]:
    """The candidate that the message chooses; what chose it is not read again as a place to go to."""
    for question in previous.clarifications or []:
        chosen = _chosen(question, reading)
        if chosen is None:
            continue
        reading = replace(reading, mentions=[], regions=[])
        if question.field == "origin":
            asked = structs.replace(asked, origin=chosen)
        else:
            asked = structs.replace(asked, stops=(*asked.stops, Stop(chosen)))
    return asked, reading


def _chosen(question: Clarification, reading: Reading) -> Place | None:
    candidates = [place for ref in question.candidates if (place := place_of(ref)) is not None]
    named = {mention.place[:5] for mention in reading.mentions}
    countries = {region.code for region in reading.regions}
    asks = reading.grammar.words.asks
    fitting = [
        place
        for place in candidates
        if (place.country, place.iata) in {(name[1], name[4]) for name in named}
        or place.country in countries
        or (place.admin1 and place.admin1.lower() in reading.page.lower)
    ]
    if len(fitting) == 1:
        return fitting[0]
    for position, pattern in enumerate((asks.first_choice, asks.second_choice)):
        if position < len(candidates) and reading.page.says(reading.grammar.alone(pattern)):
            return candidates[position]
    return None


def _with_places(asked: Understanding, reading: Reading) -> Understanding:
    mentions = reading.mentions
    if asked.origin is None and asked.stops and all(mention.role is None for mention in mentions):
        mentions = [structs.replace(mention, role="origin") for mention in mentions]
    route = read_route(mentions, reading.regions, ())
    stops = _swapped(asked.stops, mentions) or tuple(route.stops) or asked.stops
    return structs.replace(
        asked,
        origin=route.origin or asked.origin,
        stops=stops,
        notes=(*asked.notes, *route.notes),
        questions=(*asked.questions, *route.questions),
    )


def _swapped(stops: tuple[Stop, ...], mentions: list[Mention]) -> tuple[Stop, ...] | None:
    """One stop in the place of another ("Venice instead of Florence"), with the same nights."""
    targets = [mention.place for mention in mentions if mention.role != "origin"]
    kept = {(stop.place.iata, stop.place.country) for stop in stops}
    out = [place for place in targets if (place.iata, place.country) in kept]
    into = [place for place in targets if (place.iata, place.country) not in kept]
    if len(out) != 1 or len(into) != 1:
        return None
    gone = (out[0].iata, out[0].country)
    return tuple(
        Stop(into[0], stop.nights) if (stop.place.iata, stop.place.country) == gone else stop
        for stop in stops
    )


def _with_people_and_money(asked: Understanding, reading: Reading) -> Understanding:
    notes = [*asked.notes]
    if reading.party.said:
        notes += party_notes(reading.party)
        asked = structs.replace(asked, party=reading.party.travellers)
    if reading.budget is not None:
        budget = settle_budget(reading.budget, asked.origin, asked.party, notes)
        asked = structs.replace(asked, budget=budget)
    return structs.replace(asked, notes=tuple(notes))


def _with_wishes(asked: Understanding, reading: Reading) -> Understanding:
    old, new = asked.wishes, reading.wishes
    wishes = structs.replace(
        old,
        max_stops=old.max_stops if new.max_stops is None else new.max_stops,
        cabin=new.cabin or old.cabin,
        no_flights=new.no_flights or old.no_flights,
        one_way=new.one_way or old.one_way,
        unchecked=tuple(dict.fromkeys((*old.unchecked, *new.unchecked))),
    )
    return structs.replace(asked, wishes=wishes)


def _with_timing(asked: Understanding, reading: Reading, previous: TurnResult, today: date) -> Understanding:
    departed = previous.plan.legs[0].departs_local_date if previous.plan else None
    days = _days_moved(reading)
    if days is not None:
        return _moved(asked, reading, days, departed)
    if reading.lengths:
        asked = structs.replace(asked, length=reading.lengths[0].length, stops=_open(asked.stops))
    if not reading.dates:
        return asked
    weekday = next((found.weekday for found in reading.dates if found.weekday is not None), None)
    if weekday is not None and departed is not None:
        near = departed + timedelta((weekday - departed.weekday() + 3) % 7 - 3)
        return structs.replace(asked, when=When(near, near))
    timing = read_timing(reading.page, reading.grammar, reading.dates, reading.lengths, asked.length, today)
    return structs.replace(
        asked,
        when=timing.when or asked.when,
        length=timing.length or asked.length,
        notes=(*asked.notes, *timing.notes),
        questions=(*asked.questions, *timing.questions),
        rejection=timing.rejection,
    )


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
