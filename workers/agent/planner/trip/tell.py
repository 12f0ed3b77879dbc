"""What the user reads of a plan, part by part."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from app.contract.turn import Budget, Money, Plan, PlanLeg, Weather
from workers.agent.planner.context import Flow
from workers.agent.planner.speak.brief import brief, party
from workers.agent.planner.speak.voice import Voice
from workers.agent.planner.trip.money import limit
from workers.agent.planner.trip.plan import journeys, visits
from workers.agent.planner.trip.search import Found
from workers.agent.planner.trip.weather import Seen
from workers.agent.planner.weather import weather_line

_DAY = timedelta(1)


def understood(flow: Flow) -> None:
    """Said at once: what is going to be looked for, what to beware of, and what had to be assumed."""
    assumed, aside = flow.assumptions(), flow.warnings()
    listed = [flow.voice.phrases.assumed, *(f"- {line}" for line in assumed)] if assumed else []
    flow.say_lines(brief(flow.voice, flow.asked), *aside, *listed, "")


def flights(flow: Flow, plan: Plan, found: Found) -> None:
    voice, phrases = flow.voice, flow.voice.phrases
    template = phrases.cheapest_of if flow.asked.cheaper_than else phrases.best_of
    flow.say_lines(
        f"**{phrases.flights}**",
        *(f"- {_leg(flow, plan, index, leg)}" for index, leg in enumerate(journeys(plan))),
        voice.fill(template, offers=len(found.offers), departures=found.departure_days),
        "",
    )


def stays(flow: Flow, plan: Plan) -> None:
    voice, phrases = flow.voice, flow.voice.phrases
    if not plan.stays:
        return
    lines = [
        voice.fill(
            phrases.stay_line,
            name=stay.name,
            city=stay.city,
            nights=stay.nights,
            rooms=stay.rooms,
            price=stay.price,
        )
        for stay in plan.stays
    ]
    flow.say_lines(f"**{phrases.stays}**", *(f"- {line}" for line in lines), "")


def cost(flow: Flow, plan: Plan) -> None:
    voice, phrases, asked = flow.voice, flow.voice.phrases, flow.asked
    total = Money(plan.cost.total, plan.cost.currency)
    lines = [voice.fill(phrases.total_for, total=total, party=party(voice, asked.party))]
    if asked.budget is not None:
        lines += _left(voice, asked.budget, limit(asked.budget, asked.party) - total.amount)
    before = asked.cheaper_than
    if before is not None and before.currency == total.currency:
        saved = Money(before.amount - total.amount, total.currency)
        lines.append(voice.fill(phrases.saved, saved=saved))
    for rate in plan.cost.fx:
        lines.append(
            voice.fill(
                phrases.converted_at,
                rate=rate.rate,
                to=rate.to,
                currency=rate.from_,
                date=rate.date,
            )
        )
    flow.say_lines(f"**{phrases.cost}**", " ".join(lines))


def weather(flow: Flow, seen: Sequence[Seen]) -> None:
    voice, phrases = flow.voice, flow.voice.phrases
    for each in seen:
        if isinstance(each.weather, Weather):
            heading = voice.fill(phrases.weather, name=each.visit.place.name)
            flow.say_lines(f"**{heading}**", weather_line(voice, each.weather), "")


def days(flow: Flow, plan: Plan) -> None:
    voice, phrases = flow.voice, flow.voice.phrases
    legs = journeys(plan)
    lines: list[str] = []
    if legs[0].arrival_day_offset > 0:
        lines.append(voice.fill(phrases.on_the_way, date=_short(voice, plan.date_range[0])))
    for index, visit in enumerate(visits(flow.asked, legs)):
        name, arrival = visit.place.name, legs[index].arrives_local
        day = _short(voice, visit.first)
        arrives = voice.fill(phrases.arrive, date=day, name=name, time=voice.time(arrival))
        lines.append(arrives + _seen(plan, visit.first))
        lines += _between(voice, plan, name, visit.first + _DAY, visit.last - _DAY)
        if index + 1 < len(legs):
            leaves = legs[index + 1].departs_local
            day = _short(voice, visit.last)
            lines.append(
                voice.fill(phrases.leave, date=day, name=name, time=voice.time(leaves))
                + _seen(plan, visit.last)
            )
    flow.say_lines(f"**{phrases.days}**", *(f"- {line}" for line in lines), "")


def _between(voice: Voice, plan: Plan, name: str, first: date, last: date) -> list[str]:
    """Whole days at a place; those with nothing planned that follow each other are one line."""
    lines: list[str] = []
    idle = [day.date for day in plan.days if first <= day.date <= last and not day.activities]
    day = first
    while day <= last:
        until = day
        while day in idle and until + _DAY in idle:
            until += _DAY
        lines.append(
            voice.fill(voice.phrases.stay, dates=_span(voice, day, until), name=name) + _seen(plan, day)
        )
        day = until + _DAY
    return lines


def _seen(plan: Plan, on: date) -> str:
    planned = [activity for day in plan.days if day.date == on for activity in day.activities]
    return "".join(f"\n  - {activity.start} {activity.name}" for activity in planned)


def _short(voice: Voice, day: date) -> str:
    return voice.day(day, year=False)


def _span(voice: Voice, first: date, last: date) -> str:
    days = [_short(voice, first), _short(voice, last)]
    return days[0] if first == last else " – ".join(days)


def _leg(flow: Flow, plan: Plan, index: int, leg: PlanLeg) -> str:
    voice, phrases = flow.voice, flow.voice.phrases
    if index == 0:
        label = phrases.out
    elif index == len(flow.asked.stops):
        label = phrases.back
    else:
        label = voice.fill(phrases.onward, name=flow.asked.stops[index].place.name)
    arrives = voice.time(leg.arrives_local)
    if leg.arrival_day_offset:
        arrives += f" ({leg.arrival_day_offset:+d})"
    return voice.fill(
        phrases.leg,
        label=label,
        date=leg.departs_local_date,
        departs=voice.time(leg.departs_local),
        origin=leg.depart_iata,
        arrives=arrives,
        destination=leg.arrive_iata,
        duration=voice.duration(leg.duration_minutes),
        stops=voice.count("stops", leg.stops) if leg.stops else phrases.nonstop,
        carrier=leg.carrier,
        number=leg.flight_number,
    )


def _left(voice: Voice, budget: Budget, left: Decimal) -> list[str]:
    if left < 0:
        return []
    return [voice.fill(voice.phrases.left_of_budget, left=Money(left, budget.currency))]
