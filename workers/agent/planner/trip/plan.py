"""The plan as a result carries it: what was chosen, traced to the offer it comes from."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.contract.turn import CostItem, Plan, PlanCost, PlanDay, PlanLeg
from tools.results import FlightOffer, FlightSlice
from workers.agent.planner.choose.model import Candidate
from workers.agent.planner.trip.money import Rates
from workers.agent.planner.trip.weather import Visit
from workers.agent.planner.understand.model import Understanding

_MAX_LABEL = 120


def build_plan(asked: Understanding, offer: FlightOffer, chosen: Candidate, rates: Rates) -> Plan:
    legs = [_leg(offer, part) for part in offer.slices]
    one_way = asked.wishes.one_way
    # Flying east over the date line one arrives, by the clocks, before one has left.
    start = min(legs[0].departs_local_date, legs[0].arrives_local_date)
    end = legs[-1].arrives_local_date if one_way else legs[-1].departs_local_date
    used = rates.rates.get(offer.total.currency)
    return Plan(
        nights=sum(chosen.nights),
        date_range=(start, end),
        days=_days(asked, legs, start, end),
        legs=legs,
        outbound=legs[0],
        inbound=None if one_way else legs[-1],
        cost=PlanCost(
            total=chosen.price,
            currency=rates.into,
            items=[CostItem(kind="flight", label=_label(offer), amount=chosen.price, currency=rates.into)],
            fx=[used] if used else [],
        ),
    )


def visits(asked: Understanding, legs: Sequence[PlanLeg]) -> list[Visit]:
    """Each place with the days on which one is there."""
    found: list[Visit] = []
    for index, stop in enumerate(asked.stops):
        arrives = legs[index].arrives_local_date
        onward = legs[index + 1].departs_local_date if index + 1 < len(legs) else arrives
        found.append(Visit(stop.place, arrives, onward))
    return found


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


def _days(asked: Understanding, legs: Sequence[PlanLeg], start: date, end: date) -> list[PlanDay]:
    """Every day with the place that it ends in; before the first arrival one is on the way from home."""
    assert asked.origin is not None
    there = visits(asked, legs)
    days: list[PlanDay] = []
    for offset in range((end - start).days + 1):
        day = start + timedelta(offset)
        reached = [visit.place.name for visit in there if visit.first <= day]
        days.append(PlanDay(date=day, city=reached[-1] if reached else asked.origin.name))
    return days


def _label(offer: FlightOffer) -> str:
    places = [offer.slices[0].segments[0].depart_iata]
    places += [part.segments[-1].arrive_iata for part in offer.slices]
    return f"{' – '.join(places)}, {offer.carrier_name or offer.carrier}"[:_MAX_LABEL]
