"""Laws of time and place: legs that can be flown, and no night or day left out."""

import itertools
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import airportsdata

from app.contract.turn import Plan, PlanLeg, PlanStay, RequestSummary
from tools.results import FlightOffer, FlightSlice
from workers.agent.laws.evidence import Evidence


def broken_legs(plan: Plan, evidence: Evidence, today: date) -> Iterator[str]:
    if plan.outbound is not None and plan.outbound not in plan.legs:
        yield "outbound is not one of the legs"
    if plan.inbound is not None and plan.inbound not in plan.legs:
        yield "inbound is not one of the legs"
    for leg in plan.legs:
        if not evidence.had_leg(leg) and not _is_offered(leg, evidence.offers.get(leg.source_offer_id)):
            yield f"leg {leg.flight_number} is not as an offer of a flight_search has it"
        yield from _broken_times(leg, today)
    for before, after in itertools.pairwise(plan.legs):
        if before.arrives_local >= after.departs_local and before.arrive_iata == after.depart_iata:
            yield f"leg {after.flight_number} leaves {after.depart_iata} before it is reached"


def _is_offered(leg: PlanLeg, offer: FlightOffer | None) -> bool:
    if offer is None or leg.price != offer.total or leg.passengers != offer.passengers:
        return False
    return any(_is_slice(leg, each) for each in offer.slices)


def _is_slice(leg: PlanLeg, part: FlightSlice) -> bool:
    first, last = part.segments[0], part.segments[-1]
    return (
        leg.flight_number,
        leg.depart_iata,
        leg.arrive_iata,
        leg.departs_local,
        leg.arrives_local,
        leg.stops,
        leg.duration_minutes,
    ) == (
        first.flight_number,
        first.depart_iata,
        last.arrive_iata,
        first.departs_local,
        last.arrives_local,
        part.stops,
        part.duration_minutes,
    )


def _broken_times(leg: PlanLeg, today: date) -> Iterator[str]:
    dates = (leg.departs_local.date(), leg.arrives_local.date())
    if (leg.departs_local_date, leg.arrives_local_date) != dates:
        yield f"leg {leg.flight_number} names dates that are not those of its times"
    if leg.arrival_day_offset != (dates[1] - dates[0]).days:
        yield f"leg {leg.flight_number} has a wrong arrival_day_offset"
    if leg.departs_local_date < today:
        yield f"leg {leg.flight_number} departs in the past"
    airports = _airports()
    if leg.depart_iata not in airports or leg.arrive_iata not in airports:
        yield f"leg {leg.flight_number} flies from or to an airport that does not exist"
    elif _utc(leg.departs_local, leg.depart_iata) >= _utc(leg.arrives_local, leg.arrive_iata):
        yield f"leg {leg.flight_number} arrives before it departs"


def broken_days(plan: Plan) -> Iterator[str]:
    start, end = plan.date_range
    dates = [day.date for day in plan.days]
    if len(dates) != (end - start).days + 1 or dates != [
        start + timedelta(offset) for offset in range(len(dates))
    ]:
        yield "days leave one of date_range out or repeat one"
    flown = [leg for leg in (plan.inbound, *plan.legs[-1:]) if leg is not None]
    if plan.inbound is not None and flown and end < plan.inbound.departs_local_date:
        yield "date_range ends before the journey home"


def broken_stays(plan: Plan, request: RequestSummary | None, evidence: Evidence) -> Iterator[str]:
    stays = plan.stays or []
    flown_to = plan.legs and plan.legs[0] != plan.inbound
    if stays and flown_to and stays[0].check_in != plan.legs[0].arrives_local_date:
        yield "the first stay does not begin on the local date of arrival"
    if stays and plan.inbound is not None and stays[-1].check_out != plan.inbound.departs_local_date:
        yield "the last stay does not end on the local date of departure"
    overnight = {(leg.departs_local_date, leg.arrives_local_date) for leg in plan.legs}
    for before, after in itertools.pairwise(stays):
        nights = (before.check_out, after.check_in)
        if nights[0] != nights[1] and nights not in overnight:
            yield f"a night between {before.city} and {after.city} is left out or counted twice"
    for stay in stays:
        yield from _broken_stay(stay, request, evidence)


def _broken_stay(stay: PlanStay, request: RequestSummary | None, evidence: Evidence) -> Iterator[str]:
    if stay.nights != (stay.check_out - stay.check_in).days or stay.nights < 1:
        yield f"the stay in {stay.city} has a wrong number of nights"
    if not evidence.had_stay(stay) and not _is_found(stay, evidence):
        yield f"the stay {stay.name} is not as an accommodation_search has it"
    if request is not None and request.travellers is not None:
        heads = request.travellers.count - request.travellers.infants
        if stay.capacity_total < heads:
            yield f"the stay {stay.name} has too few beds"


def _is_found(stay: PlanStay, evidence: Evidence) -> bool:
    source = evidence.stays.get(stay.source_rate_id)
    return source is not None and (
        stay.name,
        stay.check_in,
        stay.check_out,
        stay.rooms,
        stay.sleeps,
        stay.capacity_total,
        stay.price,
    ) == (
        source.name,
        source.check_in,
        source.check_out,
        source.rooms,
        source.sleeps,
        source.capacity_total,
        source.total,
    )


def broken_activities(plan: Plan, evidence: Evidence) -> Iterator[str]:
    for day in plan.days:
        for activity in day.activities:
            if evidence.had_activity(activity.name):
                continue
            found = evidence.activities.get(activity.name, ())
            if not found:
                yield f"the activity {activity.name} was found by no activity_search"
            elif not any(one.open_on is None or day.date in one.open_on for one in found):
                yield f"the activity {activity.name} is closed on {day.date}"


def _utc(local: datetime, airport: str) -> float:
    return local.replace(tzinfo=ZoneInfo(_airports()[airport]["tz"])).timestamp()


@cache
def _airports() -> dict[str, airportsdata.Airport]:
    return airportsdata.load("IATA")
