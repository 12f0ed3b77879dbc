"""The plan as a result carries it: what was chosen, traced to the offer or rate it comes from."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.contract.turn import CostItem, Plan, PlanCost, PlanDay, PlanLeg, PlanTransfer
from tools.results import FlightOffer, FlightSlice
from workers.agent.planner.context import Flow
from workers.agent.planner.solve.model import Solution
from workers.agent.planner.trip.conditions import one_of_each
from workers.agent.planner.trip.journeys import place_key
from workers.agent.planner.trip.problem import Gathered
from workers.agent.planner.trip.sights import plan_activities
from workers.agent.planner.trip.stays import plan_stays
from workers.agent.planner.trip.ways import plan_transfer
from workers.agent.planner.trip.weather import Visit

_MAX_LABEL = 120


def build_plan(flow: Flow, gathered: Gathered, solved: Solution) -> Plan:
    asked, rates = flow.asked, gathered.rates
    offers = [gathered.offers[ticket.id] for ticket in solved.tickets]
    legs = [_leg(offer, part) for offer in offers for part in offer.slices]
    legs.sort(key=lambda leg: leg.departs_local)
    first = one_of_each(legs)
    flies_out, flies_home = 0 not in flow.ways, len(asked.stops) not in flow.ways
    start, end = first_and_last(flow, solved)
    stays = plan_stays(flow, gathered.beds, solved.lodgings)
    transfers = [plan_transfer(flow, taken) for taken in solved.links]
    items = _items(flow, gathered, solved, offers)
    there = visits(flow, solved)
    days = _days(flow, there, start, end)
    for day in days:
        day.activities = plan_activities(flow, gathered.sights, solved.outings, day.date)
    return Plan(
        nights=sum((visit.last - visit.first).days for visit in there),
        date_range=(start, end),
        days=days,
        legs=legs,
        outbound=first[0] if first and flies_out else None,
        inbound=first[-1] if first and flies_home and not asked.wishes.one_way else None,
        stays=stays or None,
        transfers=transfers or None,
        cost=PlanCost(
            total=solved.price,
            currency=rates.into,
            items=items,
            fx=[
                rates.rates[currency]
                for currency in sorted(_currencies(flow, gathered, solved))
                if currency in rates.rates
            ],
        ),
    )


def journeys(plan: Plan) -> list[PlanLeg]:
    """The legs, each once: what a part of a large party flies is flown by all."""
    return one_of_each(plan.legs)


def first_and_last(flow: Flow, solved: Solution) -> tuple[date, date]:
    """The days of setting out and of coming home, or of arriving where it goes one way."""
    moves = solved.tickets[0].moves if solved.tickets else ()
    days = [taken.on for taken in solved.links]
    if moves:
        # Flying east over the date line one arrives, by the clocks, before one has left.
        days += [min(moves[0].departs.date(), moves[0].arrives.date())]
        days += [moves[-1].arrives.date() if flow.asked.wishes.one_way else moves[-1].departs.date()]
    return min(days), max(days)


def _items(flow: Flow, gathered: Gathered, solved: Solution, offers: Sequence[FlightOffer]) -> list[CostItem]:
    labelled = [
        ("flight", _label(offer), ticket.price) for offer, ticket in zip(offers, solved.tickets, strict=True)
    ]
    labelled += [
        ("stay", gathered.beds.stays[lodging.id][1].name, lodging.price) for lodging in solved.lodgings
    ]
    labelled += [
        ("transfer", way_label(plan_transfer(flow, taken)), taken.link.price)
        for taken in solved.links
        if taken.link.price
    ]
    labelled += [
        ("activity", gathered.sights.activities[each.outing.id][1].name, each.outing.price)
        for each in solved.outings
        if each.outing.price
    ]
    into = gathered.rates.into
    return [
        CostItem(kind=kind, label=label[:_MAX_LABEL], amount=amount, currency=into)
        for kind, label, amount in labelled
    ]


def way_label(transfer: PlanTransfer) -> str:
    """Of its item of the cost."""
    return f"{transfer.city.replace('->', ' – ')}, {transfer.mode}"[:_MAX_LABEL]


def _currencies(flow: Flow, gathered: Gathered, solved: Solution) -> set[str]:
    paid = [gathered.offers[ticket.id].total for ticket in solved.tickets]
    paid += [gathered.beds.stays[lodging.id][1].total for lodging in solved.lodgings]
    paid += [transfer.price for taken in solved.links if (transfer := plan_transfer(flow, taken)).price]
    sights = (gathered.sights.activities[each.outing.id][1] for each in solved.outings)
    paid += [sight.price for sight in sights if sight.price is not None and sight.price.amount]
    return {money.currency for money in paid}


def visits(flow: Flow, solved: Solution) -> list[Visit]:
    """Each place with the days on which one is there."""
    arrived: dict[str, date] = {}
    left: dict[str, date] = {}
    for move in (move for ticket in solved.tickets[:1] for move in ticket.moves):
        arrived[move.destination] = move.arrives.date()
        left[move.origin] = move.departs.date()
    for taken in solved.links:
        arrived[taken.link.destination] = left[taken.link.origin] = taken.on
    keys = [place_key(number) for number in range(len(flow.asked.stops))]
    return [
        Visit(stop.place, arrived[key], left.get(key, arrived[key]))
        for key, stop in zip(keys, flow.asked.stops, strict=True)
    ]


def _leg(offer: FlightOffer, part: FlightSlice) -> PlanLeg:
    """One journey. Its price is the offer's, which is for all of its journeys together."""
    first, last = part.segments[0], part.segments[-1]
    departs, arrives = first.departs_local, last.arrives_local
    return PlanLeg(
        source_offer_id=offer.offer_id,
        carrier=first.carrier_name or first.carrier,
        flight_number=first.flight_number,
        depart_iata=first.depart_iata,
        arrive_iata=last.arrive_iata,
        departs_local=departs,
        arrives_local=arrives,
        departs_local_date=departs.date(),
        arrives_local_date=arrives.date(),
        duration_minutes=part.duration_minutes,
        arrival_day_offset=(arrives.date() - departs.date()).days,
        stops=part.stops,
        passengers=offer.passengers,
        price=offer.total,
    )


def _days(flow: Flow, there: Sequence[Visit], start: date, end: date) -> list[PlanDay]:
    """Every day with the place that it ends in; before the first arrival one is on the way from home."""
    assert flow.asked.origin is not None
    days: list[PlanDay] = []
    for offset in range((end - start).days + 1):
        day = start + timedelta(offset)
        reached = [visit.place.name for visit in there if visit.first <= day]
        days.append(PlanDay(date=day, city=reached[-1] if reached else flow.asked.origin.name))
    return days


def _label(offer: FlightOffer) -> str:
    """The way in airports; where it goes on by land or water, there is a comma."""
    ends = [(part.segments[0].depart_iata, part.segments[-1].arrive_iata) for part in offer.slices]
    text = ends[0][0]
    for number, (here, there) in enumerate(ends):
        text += f", {here} – {there}" if number and here != ends[number - 1][1] else f" – {there}"
    return f"{text}, {offer.carrier_name or offer.carrier}"
