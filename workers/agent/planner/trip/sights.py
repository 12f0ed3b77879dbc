"""What to see and do: asked for once a place, and laid into the days by the solver."""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from statistics import median

from msgspec import Struct

from app.contract.events import ErrorBody
from app.contract.turn import Money, PlanActivity
from tools.results import Activity, ActivityResult
from workers.agent.planner.context import Flow
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.solve.model import Outing, Planned
from workers.agent.planner.solve.outings import PARTS, Part
from workers.agent.planner.trip.conditions import ACCESSIBLE
from workers.agent.planner.trip.journeys import Nights, place_key
from workers.agent.planner.trip.meals import ask_meals, find_meals
from workers.agent.planner.trip.money import Rates
from workers.agent.planner.understand.model import Pace

ACTIVITIES = "activities"
_OUTINGS_A_DAY: dict[Pace | None, int] = {"relaxed": 1, None: 2, "full": 3}
_MOST_DAYS = 60
_MINUTES = 120
_WORTH = 3
"""A sight is worth so many times what the usual one costs, the first of the provider's the most."""


_NAMED = {
    "museum": r"mus[eé]|galler|galer|pinakothek|kunsthal|louvre|uffizi|prado|美術館|博物館",
    "church": r"church|cathedral|basilica|dom\b|kirche|église|cathédrale|iglesia|catedral|duomo|教会|大聖堂",
    "hiking": r"hik|trail|wander|randonn|sender|ハイキング",
}
"""How the names of kinds of sights tell what they are."""


class Sights(Struct, frozen=True):
    """Activities by their ids, with the stop that they are at; and the searches that failed."""

    activities: dict[str, tuple[int, Activity]] = {}
    failures: tuple[ErrorBody, ...] = ()


async def find_sights(flow: Flow, wanted: Sequence[tuple[Nights, ...]]) -> Sights:
    """Things to do at each stop on any of these days."""
    _ask(flow, wanted)
    sights = await _found(flow)
    if sights.failures and not sights.activities:
        flow.script.end(ACTIVITIES, error=sights.failures[0])
    else:
        flow.script.end(ACTIVITIES, {"activities": len(sights.activities)})
    return sights


def _ask(flow: Flow, wanted: Sequence[tuple[Nights, ...]]) -> None:
    phrases = flow.voice.phrases
    places = ", ".join(stop.place.name for stop in flow.asked.stops)
    description = flow.voice.fill(phrases.task_descriptions[ACTIVITIES], route=places)
    flow.script.task(ACTIVITIES, phrases.tasks[ACTIVITIES], description)
    for stop in range(len(flow.asked.stops)):
        days = [each for combination in wanted for each in combination if each.stop == stop]
        first, last = min(each.check_in for each in days), max(each.check_out for each in days)
        flow.script.call(_key(stop), ACTIVITIES, "activity_search", _arguments(flow, stop, first, last))
    ask_meals(flow, wanted, ACTIVITIES)


async def _found(flow: Flow) -> Sights:
    stops = range(len(flow.asked.stops))
    activities: dict[str, tuple[int, Activity]] = {}
    failures: list[ErrorBody] = []
    for stop, outcome in zip(stops, await flow.script.outcomes(list(map(_key, stops))), strict=True):
        read = read_outcome(outcome, ActivityResult)
        if isinstance(read, ErrorBody):
            failures.append(read)
        else:
            activities |= {f"{stop} {each.activity_id}": (stop, each) for each in read.activities}
    meals, hungry = await find_meals(flow)
    return Sights(activities | meals, (*failures, *hungry))


def outings(flow: Flow, sights: Sights, rates: Rates) -> list[Outing]:
    """What costs something in a currency that has no rate is left out."""
    people = flow.asked.party.count - flow.asked.party.infants
    priced = {
        key: (stop, activity, price)
        for key, (stop, activity) in sights.activities.items()
        if not _is_avoided(activity, flow.asked.wishes.avoid)
        and (price := _price(activity, people, rates)) is not None
    }
    usual = median([float(price) for _, _, price in priced.values() if price] or [1.0])
    return [
        Outing(
            id=key,
            place=place_key(stop),
            minutes=_MINUTES,
            price=price,
            open_on=None if activity.open_on is None else frozenset(activity.open_on),
            parts=_parts(flow, activity),
            meal=activity.kind == "restaurant",
            burden=-_WORTH * usual / (1 + rank / 10) - float(price) * (activity.kind == "restaurant"),
            breaks=frozenset({ACCESSIBLE}) if activity.accessible is False else frozenset(),
        )
        for rank, (key, (stop, activity, price)) in enumerate(priced.items())
    ]


def _is_avoided(activity: Activity, avoid: Sequence[str]) -> bool:
    """By its name, which is all that is known of what it is."""
    return activity.kind == "sight" and any(
        re.search(_NAMED.get(each, re.escape(each)), activity.name, re.IGNORECASE) for each in avoid
    )


def outings_a_day(flow: Flow) -> int:
    """Sights; meals come on top."""
    return _OUTINGS_A_DAY[flow.asked.wishes.pace]


def _parts(flow: Flow, activity: Activity) -> tuple[Part, ...]:
    if activity.kind == "restaurant":
        return ("evening",)
    outdoors = flow.asked.wishes.pace == "full" and activity.setting == "outdoor"
    return ("morning", "afternoon", "evening") if outdoors else ("morning", "afternoon")


def plan_activities(flow: Flow, sights: Sights, chosen: Sequence[Planned], day: date) -> list[PlanActivity]:
    """What is planned for a day; the price is everybody's."""
    people = flow.asked.party.count - flow.asked.party.infants
    found: list[PlanActivity] = []
    for each in chosen:
        if each.on == day:
            activity = sights.activities[each.outing.id][1]
            begins: time = PARTS[each.part][0]
            price = activity.price
            found.append(
                PlanActivity(
                    name=activity.name,
                    start=f"{begins:%H:%M}",
                    price=None if price is None else Money(price.amount * people, price.currency),
                    accessible="unknown-flagged" if activity.accessible is None else activity.accessible,
                )
            )
    return found


def _price(activity: Activity, people: int, rates: Rates) -> Decimal | None:
    if activity.price is None or not activity.price.amount:
        return Decimal()
    return rates.convert(Money(activity.price.amount * people, activity.price.currency))


def _arguments(flow: Flow, stop: int, first: date, last: date) -> dict[str, object]:
    place = flow.asked.stops[stop].place
    return {
        "city": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "start": first.isoformat(),
        "end": min(last, first + timedelta(_MOST_DAYS - 1)).isoformat(),
    }


def _key(stop: int) -> str:
    return f"sights-{stop + 1}"
