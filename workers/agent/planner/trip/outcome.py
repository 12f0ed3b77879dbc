"""The end of a turn that has a plan: what is said of it, its tasks, its result."""

from collections.abc import Sequence

from msgspec import structs

from app.contract.turn import Diff, Money, Plan, RequestSummary, TurnResult
from workers.agent.planner.context import Flow
from workers.agent.planner.solve.model import Solution
from workers.agent.planner.speak.brief import hours_wished, wish
from workers.agent.planner.trip import tell
from workers.agent.planner.trip.changes import changed_fields
from workers.agent.planner.trip.money import BUDGET, limit
from workers.agent.planner.trip.plan import build_plan, visits
from workers.agent.planner.trip.problem import Gathered
from workers.agent.planner.trip.stays import can_be_lodged
from workers.agent.planner.trip.weather import Visit, joined, see
from workers.agent.planner.understand.constraints import of_rooms
from workers.agent.planner.understand.model import Note
from workers.agent.planner.understand.recall import summarised

ITINERARY = "itinerary"


async def finish_with_plan(flow: Flow, gathered: Gathered, solved: Solution) -> None:
    """Say the plan part by part and end the turn with it."""
    script, voice, found = flow.script, flow.voice, gathered.found
    plan = build_plan(flow, gathered, solved)
    there = visits(flow, solved)
    begin_budget(flow)
    script.end(BUDGET, {"total": plan.cost.total, "currency": plan.cost.currency})
    tell.flights(flow, plan, found)
    tell.stays(flow, plan)
    warnings = _warnings(flow, gathered, plan)
    tell.cost(flow, plan)
    flow.say_lines(*(voice.note(note) for note in warnings), "")
    seen = await see(flow, there)
    weather = joined(seen)
    if weather is None:
        warnings = (*warnings, Note("weather_failed"))
        flow.say_lines(voice.note(warnings[-1]), "")
    tell.weather(flow, seen)
    script.task(ITINERARY, voice.phrases.tasks[ITINERARY], voice.phrases.task_descriptions[ITINERARY])
    tell.days(flow, plan, there)
    script.end(ITINERARY, _chosen(plan))
    request = requested(flow, plan, there)
    changed = changed_fields(flow.previous, request, plan)
    if changed:
        fields = voice.joined([voice.phrases.fields[field] for field in changed])
        flow.say_lines(voice.fill(voice.phrases.changed, fields=fields))
    flow.say_lines(voice.phrases.closing)
    script.finish(
        TurnResult(
            outcome="plan",
            request=request,
            plan=plan,
            options=list(flow.options) or None,
            assumptions=flow.assumptions(),
            warnings=flow.warnings(*warnings),
            weather=weather,
            diff=Diff(changed=changed) if changed is not None else None,
        )
    )


def requested(flow: Flow, plan: Plan, there: Sequence[Visit]) -> RequestSummary:
    """The request with the days and nights that the plan gives it."""
    summary = summarised(flow.asked)
    destinations = [
        structs.replace(ref, nights=(visit.last - visit.first).days)
        for ref, visit in zip(summary.destinations, there, strict=True)
    ]
    return structs.replace(
        summary,
        destinations=destinations,
        depart=plan.outbound.departs_local_date if plan.outbound else plan.date_range[0],
        return_=None if flow.asked.wishes.one_way else plan.date_range[1],
    )


def _chosen(plan: Plan) -> dict[str, object]:
    """What the plan takes of what was found."""
    return {
        "days": len(plan.days),
        "nights": plan.nights,
        "flights": list(dict.fromkeys(leg.source_offer_id for leg in plan.legs or ())),
        "stays": [stay.name for stay in plan.stays or ()],
        "activities": sum(len(day.activities) for day in plan.days),
    }


def begin_budget(flow: Flow) -> None:
    """Adding up begins when everything is there that costs something."""
    phrases = flow.voice.phrases
    flow.script.task(BUDGET, phrases.tasks[BUDGET], phrases.task_descriptions[BUDGET])


def _warnings(flow: Flow, gathered: Gathered, plan: Plan) -> tuple[Note, ...]:
    asked, found = flow.asked, gathered.found
    groups = found.groups
    notes = [Note("party_split", {"bookings": groups})] if plan.legs and groups > 1 else []
    failures = len(found.failures)
    if failures:
        notes.append(Note("searches_failed", {"searches": failures}))
    budget = asked.budget
    if budget is not None and not budget.hard:
        over = plan.cost.total - limit(budget, asked.party)
        if over > 0:
            notes.append(Note("budget_soft_over", {"over": Money(over, plan.cost.currency)}))
    asked_nights = asked.length.nights if asked.length else 0
    if not asked.wishes.one_way and plan.nights != asked_nights:
        notes.append(Note("nights_differ", {"nights": plan.nights}))
    rooms = [] if plan.stays or not can_be_lodged(flow) else sorted(of_rooms(asked.wishes))
    hours = [] if plan.legs else hours_wished(flow.voice, asked)
    unchecked = [*asked.wishes.unchecked, *(wish(flow.voice, asked, name) for name in rooms), *hours]
    if unchecked:
        notes.append(Note("wish_unchecked", {"wishes": ", ".join(unchecked)}))
    if gathered.sights.failures:
        notes.append(Note("sights_failed"))
    notes += [Note("ways_estimated")] if plan.transfers else []
    return (*notes, *_of_daily_life(flow, gathered, plan))


def _of_daily_life(flow: Flow, gathered: Gathered, plan: Plan) -> list[Note]:
    """What of food, rooms and ways for everybody is not known or not in the cost."""
    wishes, sights = flow.asked.wishes, gathered.sights.activities
    tables = {stop for stop, each in sights.values() if each.kind == "restaurant"}
    hungry = [stop.place.name for number, stop in enumerate(flow.asked.stops) if number not in tables]
    notes = [Note("accessible_unknown")] if wishes.accessible else []
    if wishes.eats and plan.stays and hungry and not gathered.sights.failures:
        notes.append(Note("meals_missing", {"places": ", ".join(hungry)}))
    if wishes.eats and tables:
        notes.append(Note("meals_unpriced"))
    if plan.stays or flow.asked.nights == 0:
        return [*notes, Note("food_missing")]
    flights_alone = all(item.kind == "flight" for item in plan.cost.items)
    return [*notes, Note("stays_missing" if flights_alone else "stays_missing_by_land")]
