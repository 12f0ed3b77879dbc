"""Laws of a plan's journeys, days, places, stays and sights."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import airportsdata

from app.contract.turn import PlaceRef, Plan, PlanLeg, RequestSummary
from tests.support.plan_evidence import results
from tools.places import find_places
from tools.results import Activity, FlightOffer, FlightSlice, GroundTransportResult, Stay
from workers.agent.model import Call, CallOutcome


def check_legs(plan: Plan, offers: Mapping[str, FlightOffer], today: date) -> None:
    if not plan.legs:
        assert plan.transfers, "nobody gets anywhere"
        assert plan.outbound is plan.inbound is None
        return
    flights = journeys(plan)
    by_land = {transfer.city for transfer in plan.transfers or ()}
    assert plan.outbound == flights[0] or (plan.outbound is None and by_land)
    assert plan.inbound in (None, flights[-1])
    assert plan.outbound or plan.inbound or len(by_land) > 1
    for booked in {leg.source_offer_id for leg in plan.legs}:
        offer = offers[booked]
        legs = [leg for leg in plan.legs if leg.source_offer_id == booked]
        assert len(legs) % len(offer.slices) == 0, "a journey of an offer is left out"
        own = sorted({(leg.departs_local, leg.flight_number) for leg in legs})
        assert own == [(leg.departs_local, leg.flight_number) for leg in flights], "the party is torn apart"
        for leg in legs:
            part = next(each for each in offer.slices if each.segments[0].departs_local == leg.departs_local)
            _check_leg(leg, part, offer, today)
    for before, after in itertools.pairwise(flights):
        assert before.arrives_local < after.departs_local, "leaves a place before it is reached"


def _check_leg(leg: PlanLeg, part: FlightSlice, offer: FlightOffer, today: date) -> None:
    first, last = part.segments[0], part.segments[-1]
    assert leg.price == offer.total
    assert leg.flight_number == first.flight_number
    assert (leg.depart_iata, leg.arrive_iata) == (first.depart_iata, last.arrive_iata)
    assert (leg.departs_local, leg.arrives_local) == (first.departs_local, last.arrives_local)
    assert leg.departs_local_date == leg.departs_local.date()
    assert leg.arrives_local_date == leg.arrives_local.date()
    assert leg.arrival_day_offset == (leg.arrives_local_date - leg.departs_local_date).days
    assert leg.stops == len(part.segments) - 1
    assert leg.duration_minutes == part.duration_minutes
    assert leg.passengers == offer.passengers
    assert _utc(leg.departs_local, leg.depart_iata) < _utc(leg.arrives_local, leg.arrive_iata)
    assert leg.departs_local_date >= today


def journeys(plan: Plan) -> list[PlanLeg]:
    """Each once, however many bookings it takes to seat everybody."""
    first: dict[tuple[datetime, str], PlanLeg] = {}
    for leg in plan.legs:
        first.setdefault((leg.departs_local, leg.flight_number), leg)
    return list(first.values())


def check_days(plan: Plan, request: RequestSummary) -> None:
    start, end = plan.date_range
    assert [day.date for day in plan.days] == [
        start + timedelta(offset) for offset in range((end - start).days + 1)
    ], "days leave one out or repeat one"
    assert request.depart is not None
    if plan.outbound is not None:
        assert request.depart == plan.outbound.departs_local_date
        assert start == min(request.depart, plan.outbound.arrives_local_date)
    else:
        assert (start, end) == (request.depart, request.return_ or end)
    stays = [place.nights for place in request.destinations]
    assert plan.nights == sum(night or 0 for night in stays)
    if plan.inbound is not None:
        assert end == request.return_ == plan.inbound.departs_local_date
    assert (request.return_ is None) == ("one_way" in request.constraints)
    if plan.transfers:
        assert plan.stays is None or stays == [stay.nights for stay in plan.stays]
        return
    there = [
        (onward.departs_local_date - inbound.arrives_local_date).days
        for inbound, onward in itertools.pairwise(journeys(plan))
    ]
    assert stays == (there if plan.inbound else [*there, 0]), (
        "a night is given to a place that nobody sleeps in"
    )


def check_places(plan: Plan, request: RequestSummary) -> None:
    """Every leg flies between the places that were asked for, and every day is at one of them."""
    assert request.origin is not None
    stops = [request.origin, *request.destinations]
    ends = [one.removeprefix("return_to:") for one in request.constraints if one.startswith("return_to:")]
    code, _, name = ends[0].partition(" ") if ends else ("", "", "")
    home = PlaceRef(name=name, iata=code) if ends else request.origin
    route = stops if "one_way" in request.constraints else [*stops, home]
    assert len({(place.name, place.iata) for place in stops}) == len(stops), "a place is visited twice"
    modes = {transfer.mode for transfer in plan.transfers or ()}
    assert not (plan.legs and "car" in modes), "flown and self-driven"
    by_land = [transfer.city for transfer in plan.transfers or ()]
    hops = list(itertools.pairwise(route))
    flown = [(here, there) for here, there in hops if f"{here.name}->{there.name}" not in by_land]
    assert len(flown) + len(by_land) == len(hops), "every hop is made once"
    for leg, (here, there) in zip(journeys(plan), flown, strict=True):
        assert leg.depart_iata in _airports(here.iata)
        assert leg.arrive_iata in _airports(there.iata)
    assert {day.city for day in plan.days} <= {place.name for place in stops}
    if by_land:
        return
    reached = {
        place.name: leg.arrives_local_date for place, leg in zip(stops[1:], journeys(plan), strict=False)
    }
    for day in plan.days:
        assert day.city == request.origin.name or day.date >= reached[day.city]


def check_stays(plan: Plan, request: RequestSummary, found: Mapping[str, Stay]) -> None:
    """The first begins on the day of arrival, the last ends on that of departure, and none is left out."""
    if plan.stays is None:
        return
    assert request.travellers is not None
    arrives = plan.outbound.arrives_local_date if plan.outbound else plan.date_range[0]
    leaves = plan.inbound.departs_local_date if plan.inbound else plan.date_range[1]
    assert plan.stays[0].check_in == arrives
    assert plan.stays[-1].check_out == leaves
    assert [stay.city for stay in plan.stays] == [place.name for place in request.destinations]
    assert [stay.nights for stay in plan.stays] == [place.nights for place in request.destinations]
    for stay in plan.stays:
        source = found[stay.source_rate_id]
        assert (stay.check_in, stay.check_out) == (source.check_in, source.check_out)
        assert (stay.name, stay.price, stay.rooms) == (source.name, source.total, source.rooms)
        assert stay.nights == (stay.check_out - stay.check_in).days > 0
        assert stay.capacity_total == stay.sleeps * stay.rooms
        assert stay.capacity_total >= request.travellers.count - request.travellers.infants


def check_transfers(plan: Plan, calls: Sequence[Call], outcomes: Mapping[str, CallOutcome]) -> None:
    """Each is an option that the tool named for these two places."""
    found = {
        (f"{result.origin}->{result.destination}", option.mode, option.minutes, option.price)
        for result in results(calls, outcomes, "ground_transport", GroundTransportResult)
        for option in result.options
    }
    for transfer in plan.transfers or ():
        assert (transfer.city, transfer.mode, transfer.minutes, transfer.price) in found


def check_activities(plan: Plan, request: RequestSummary, found: Mapping[tuple[str, str], Activity]) -> None:
    """Each exists in the city of its day, is open, happens once, and is not before arrival or after departure."""
    legs = journeys(plan)
    seen: list[tuple[str, str]] = []
    cities = [request.origin, *request.destinations]
    for day in plan.days:
        here = {place.name for place in cities if place is not None}
        for activity in day.activities:
            (city, source) = next(
                (city, found[city, activity.name]) for city in here if (city, activity.name) in found
            )
            seen.append((city, activity.name))
            assert source.open_on is None or day.date in source.open_on
            assert activity.start is not None
            begins = datetime.combine(day.date, datetime.strptime(activity.start, "%H:%M").time())
            for leg in legs:
                if leg.arrives_local_date == day.date and leg is not plan.inbound:
                    assert begins > leg.arrives_local or any(
                        other.departs_local_date == day.date for other in legs
                    )
                if leg.departs_local_date == day.date and leg is plan.inbound:
                    assert begins < leg.departs_local
    assert len(set(seen)) == len(seen)


def _airports(code: str | None) -> tuple[str, ...]:
    """The code itself and, where it is a city's, its airports."""
    assert code is not None
    return (code, *(airport for place in find_places(code) for airport in place.airports))


def _utc(local: datetime, airport: str) -> float:
    return local.replace(tzinfo=ZoneInfo(_table()[airport]["tz"])).timestamp()


@cache
def _table() -> dict[str, airportsdata.Airport]:
    return airportsdata.load("IATA")
