"""What the user reads of a plan, part by part."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from app.contract.turn import Budget, Money, Plan, PlanActivity, PlanLeg, Weather
from workers.agent.planner.context import Flow
from workers.agent.planner.speak.brief import brief, party
from workers.agent.planner.speak.voice import Voice
from workers.agent.planner.trip.journeys import flown, stop_number
from workers.agent.planner.trip.money import limit
from workers.agent.planner.trip.plan import journeys, way_label
from workers.agent.planner.trip.search import Found
from workers.agent.planner.trip.ways import hop_name
from workers.agent.planner.trip.weather import Seen, Visit
from workers.agent.planner.weather import weather_line

_DAY = timedelta(1)


def understood(flow: Flow) -> None:
    """Said at once: what is going to be looked for, what to beware of, and what had to be assumed."""
    assumed, aside = flow.assumptions(), flow.warnings()
    listed = [flow.voice.phrases.assumed, *(f"- {line}" for line in assumed)] if assumed else []
    flow.say_lines(brief(flow.voice, flow.asked), *aside, *listed, "")


def flights(flow: Flow, plan: Plan, found: Found) -> None:
    voice, phrases = flow.voice, flow.voice.phrases
    if not plan.legs:
        lines = [_way(flow, plan, number) for number in sorted(flow.ways)]
        flow.say_lines(f"**{phrases.journey}**", *(f"- {line[:1].upper()}{line[1:]}" for line in lines), "")
        return
    template = phrases.cheapest_of if flow.asked.cheaper_than else phrases.best_of
    there, home = ([_way(flow, plan, at)] if at in flow.ways else [] for at in (0, len(flow.asked.stops)))
    legs = [_leg(flow, plan, index, leg) for index, leg in enumerate(journeys(plan))]
    flow.say_lines(
        f"**{phrases.journey if there or home else phrases.flights}**",
        *(f"- {line[:1].upper()}{line[1:]}" for line in (*there, *legs, *home)),
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


def days(flow: Flow, plan: Plan, there: Sequence[Visit]) -> None:
    voice, phrases = flow.voice, flow.voice.phrases
    legs = journeys(plan)
    by_air = {leg.arrives_local_date: leg.arrives_local for leg in legs}
    leaves = {leg.departs_local_date: leg.departs_local for leg in legs}
    lines: list[str] = []
    if plan.outbound is not None and plan.outbound.arrival_day_offset > 0:
        lines.append(voice.fill(phrases.on_the_way, date=_short(voice, plan.date_range[0])))
    for number, visit in enumerate(there):
        name, day = visit.place.name, _short(voice, visit.first)
        if number in flow.ways:
            arrives = voice.fill(phrases.stay, dates=day, name=_way(flow, plan, number))
        else:
            arrives = voice.fill(phrases.arrive, date=day, name=name, time=voice.time(by_air[visit.first]))
        moved = by_air.get(visit.first) if number and number not in flow.ways else None
        lines.append(arrives + _seen(flow, plan, visit.first, since=moved))
        lines += _between(flow, plan, name, visit.first + _DAY, visit.last - _DAY)
        flies_on = number + 1 not in flow.ways and visit.last in leaves
        goes_home = number + 1 == len(there) and number + 1 in flow.ways
        if goes_home:
            way = _way(flow, plan, number + 1)
            lines.append(voice.fill(phrases.stay, dates=_short(voice, visit.last), name=way))
        if flies_on and (plan.inbound is not None or number + 1 < len(there)):
            left = voice.time(leaves[visit.last])
            line = voice.fill(phrases.leave, date=_short(voice, visit.last), name=name, time=left)
            stays_on = number + 1 < len(there) and there[number + 1].first == visit.last
            lines.append(line + _seen(flow, plan, visit.last, until=leaves[visit.last] if stays_on else None))
    flow.say_lines(f"**{phrases.days}**", *(f"- {line}" for line in lines), "")


def _way(flow: Flow, plan: Plan, number: int) -> str:
    """How one makes a hop that is not flown."""
    voice, name = flow.voice, hop_name(flow.asked, number)
    way = next(transfer for transfer in plan.transfers or () if transfer.city == name)
    assert way.price is not None
    cost = plan.cost
    paid = [item.amount for item in cost.items if (item.kind, item.label) == ("transfer", way_label(way))]
    origin, destination = name.split("->")
    return voice.fill(
        voice.phrases.transfer,
        mode=voice.phrases.modes[way.mode],
        origin=origin,
        destination=destination,
        duration=voice.duration(way.minutes),
        price=Money(paid[0], cost.currency) if paid else way.price,
    )


def _between(flow: Flow, plan: Plan, name: str, first: date, last: date) -> list[str]:
    """Whole days at a place; those with nothing planned that follow each other are one line."""
    voice = flow.voice
    lines: list[str] = []
    idle = [day.date for day in plan.days if first <= day.date <= last and not day.activities]
    day = first
    while day <= last:
        until = day
        while day in idle and until + _DAY in idle:
            until += _DAY
        lines.append(
            voice.fill(voice.phrases.stay, dates=_span(voice, day, until), name=name) + _seen(flow, plan, day)
        )
        day = until + _DAY
    return lines


def _seen(
    flow: Flow, plan: Plan, on: date, *, since: datetime | None = None, until: datetime | None = None
) -> str:
    """What is seen that day; where one goes on to another place, only what is seen there before or after it."""
    planned = [activity for day in plan.days if day.date == on for activity in day.activities]
    if since is not None:
        planned = [activity for activity in planned if (activity.start or "") >= f"{since:%H:%M}"]
    if until is not None:
        planned = [activity for activity in planned if (activity.start or "") < f"{until:%H:%M}"]
    return "".join(f"\n  - {activity.start} {activity.name}{_access(flow, activity)}" for activity in planned)


def _access(flow: Flow, activity: PlanActivity) -> str:
    unknown = flow.asked.wishes.accessible and activity.accessible == "unknown-flagged"
    return f" ({flow.voice.phrases.access_unknown})" if unknown else ""


def _short(voice: Voice, day: date) -> str:
    return voice.day(day, year=False)


def _span(voice: Voice, first: date, last: date) -> str:
    days = [_short(voice, first), _short(voice, last)]
    return days[0] if first == last else " – ".join(days)


def _leg(flow: Flow, plan: Plan, index: int, leg: PlanLeg) -> str:
    voice, phrases = flow.voice, flow.voice.phrases
    if leg is plan.outbound:
        label = phrases.out
    elif plan.inbound is not None and leg is plan.inbound:
        label = phrases.back
    else:
        place = flow.asked.stops[stop_number(flown(flow)[index][1])].place
        label = voice.fill(phrases.onward, name=place.name)
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
