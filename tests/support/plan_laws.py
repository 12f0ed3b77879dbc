"""What holds of the built-in planner's results: the laws of every plan, and promises of its own."""

import itertools
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import airportsdata
import msgspec
from babel.numbers import get_currency_precision

from app.contract.turn import Budget, Plan, RequestSummary, Travellers, TurnResult, Weather
from tools.places import find_places
from tools.results import (
    AccommodationResult,
    Activity,
    ActivityResult,
    CurrencyResult,
    FlightOffer,
    FlightSearchResult,
    GroundTransportResult,
    Stay,
    WeatherResult,
)
from workers.agent.laws import broken_laws
from workers.agent.model import Call, CallOutcome


def check_laws(
    result: TurnResult,
    calls: list[Call],
    outcomes: Mapping[str, CallOutcome],
    today: date,
    previous: TurnResult | None = None,
) -> None:
    """Raises `AssertionError` for the first law that the result breaks. `outcomes` are those of `calls`."""
    assert not broken_laws(result, calls, outcomes, today, previous)
    _check_outcome(result, calls)
    if result.plan is not None:
        assert result.request is not None
        offers = _offers(calls, outcomes)
        _check_legs(result.plan, offers, today)
        _check_days(result.plan, result.request)
        _check_places(result.plan, result.request)
        stays = _found_stays(calls, outcomes)
        _check_transfers(result.plan, calls, outcomes)
        _check_stays(result.plan, result.request, stays)
        _check_activities(result.plan, result.request, _found_sights(calls, outcomes))
        _check_cost(result.plan, offers, stays, _found_sights(calls, outcomes), _rates(calls, outcomes))
        _check_wishes(result.plan, result.request)
    if result.weather is not None:
        _check_weather(result.weather, calls, outcomes)


def _check_outcome(result: TurnResult, calls: list[Call]) -> None:
    """What each outcome carries, and nothing of another."""
    assert (result.plan is not None) == (result.outcome == "plan")
    assert bool(result.clarifications) == (result.outcome == "clarify")
    assert bool(result.violations) == (result.outcome == "infeasible")
    match result.outcome:
        case "clarify":
            assert not calls, "asks back after searching"
        case "reject":
            assert not calls, "searches for what it rejects"
            assert result.error is not None
            assert result.alternatives
        case "infeasible":
            assert result.explanation
            assert result.request is not None
            for alternative in result.alternatives or []:
                assert alternative.relaxes
        case "answer":
            assert result.explanation
        case "plan":
            assert result.error is None


def _check_legs(plan: Plan, offers: Mapping[str, FlightOffer], today: date) -> None:
    if not plan.legs:
        assert plan.transfers, "nobody gets anywhere"
        assert plan.outbound is plan.inbound is None
        return
    assert plan.outbound == plan.legs[0]
    assert plan.inbound in (None, plan.legs[-1])
    assert len({leg.source_offer_id for leg in plan.legs}) == 1, "this planner books one offer"
    offer = offers[plan.legs[0].source_offer_id]
    assert len(offer.slices) == len(plan.legs)
    for leg, part in zip(plan.legs, offer.slices, strict=True):
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
    for before, after in zip(plan.legs, plan.legs[1:], strict=False):
        assert before.arrives_local < after.departs_local, "leaves a place before it is reached"


def _check_days(plan: Plan, request: RequestSummary) -> None:
    start, end = plan.date_range
    assert [day.date for day in plan.days] == [
        start + timedelta(offset) for offset in range((end - start).days + 1)
    ], "days leave one out or repeat one"
    assert request.depart is not None
    if plan.legs:
        assert request.depart == plan.legs[0].departs_local_date
        assert start == min(request.depart, plan.legs[0].arrives_local_date)
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
        for inbound, onward in zip(plan.legs, plan.legs[1:], strict=False)
    ]
    assert stays == (there if plan.inbound else [*there, 0]), (
        "a night is given to a place that nobody sleeps in"
    )


def _check_places(plan: Plan, request: RequestSummary) -> None:
    """Every leg flies between the places that were asked for, and every day is at one of them."""
    assert request.origin is not None
    stops = [request.origin, *request.destinations]
    route = stops if "one_way" in request.constraints else [*stops, request.origin]
    assert len({(place.name, place.iata) for place in stops}) == len(stops), "a place is visited twice"
    modes = {transfer.mode for transfer in plan.transfers or ()}
    assert not (plan.legs and "car" in modes), "flown and self-driven"
    by_land = [transfer.city for transfer in plan.transfers or ()]
    hops = list(itertools.pairwise(route))
    flown = [(here, there) for here, there in hops if f"{here.name}->{there.name}" not in by_land]
    assert len(flown) + len(by_land) == len(hops), "every hop is made once"
    for leg, (here, there) in zip(plan.legs, flown, strict=True):
        assert leg.depart_iata in _airports(here.iata)
        assert leg.arrive_iata in _airports(there.iata)
    assert {day.city for day in plan.days} <= {place.name for place in stops}
    if by_land:
        return
    reached = {place.name: leg.arrives_local_date for place, leg in zip(stops[1:], plan.legs, strict=False)}
    for day in plan.days:
        assert day.city == request.origin.name or day.date >= reached[day.city]


def _check_stays(plan: Plan, request: RequestSummary, found: Mapping[str, Stay]) -> None:
    """The first begins on the day of arrival, the last ends on that of departure, and none is left out."""
    if plan.stays is None:
        return
    assert request.travellers is not None
    arrives = plan.legs[0].arrives_local_date if plan.legs else plan.date_range[0]
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


def _check_transfers(plan: Plan, calls: list[Call], outcomes: Mapping[str, CallOutcome]) -> None:
    """Each is an option that the tool named for these two places."""
    found = {
        (f"{result.origin}->{result.destination}", option.mode, option.minutes, option.price)
        for call in calls
        if call.tool == "ground_transport" and outcomes[call.key].status == "complete"
        for result in [msgspec.json.decode(outcomes[call.key].result, type=GroundTransportResult)]
        for option in result.options
    }
    for transfer in plan.transfers or ():
        assert (transfer.city, transfer.mode, transfer.minutes, transfer.price) in found


def _check_activities(plan: Plan, request: RequestSummary, found: Mapping[tuple[str, str], Activity]) -> None:
    """Each exists in the city of its day, is open, happens once, and is not before arrival or after departure."""
    legs = [leg for leg in plan.legs if leg.source_offer_id == plan.legs[0].source_offer_id]
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


def _check_cost(
    plan: Plan,
    offers: Mapping[str, FlightOffer],
    stays: Mapping[str, Stay],
    sights: Mapping[tuple[str, str], Activity],
    rates: Mapping[tuple[str, str], CurrencyResult],
) -> None:
    """One currency, a sum, and every item the price of something that a tool returned."""
    cost = plan.cost
    assert {item.currency for item in cost.items} == {cost.currency}
    assert sum(item.amount for item in cost.items) == cost.total
    prices = [("flight", offers[offer_id].total) for offer_id in {leg.source_offer_id for leg in plan.legs}]
    prices += [("stay", stays[stay.source_rate_id].total) for stay in plan.stays or ()]
    prices += [("transfer", transfer.price) for transfer in plan.transfers or () if transfer.price]
    prices += [
        ("activity", activity.price)
        for day in plan.days
        for activity in day.activities
        if activity.price is not None and activity.price.amount
    ]
    known = {(rate.from_, rate.to): rate for rate in cost.fx}
    for rate in cost.fx:
        source = rates[rate.from_, rate.to]
        assert (rate.rate, rate.date) == (source.rate, source.date)
    unit = Decimal(1).scaleb(-get_currency_precision(cost.currency))
    left = [(item.kind, item.amount) for item in cost.items]
    for kind, price in prices:
        factor = Decimal(1)
        if price.currency != cost.currency:
            factor = known[price.currency, cost.currency].rate
        item = next(
            each for each in left if each[0] == kind and abs(price.amount * factor - each[1]) <= unit / 2
        )
        left.remove(item)
    assert not left, "a cost of nothing that is in the plan"


def _check_wishes(plan: Plan, request: RequestSummary) -> None:
    assert request.travellers is not None
    if request.budget is not None and request.budget.hard:
        assert plan.cost.currency == request.budget.currency
        assert plan.cost.total <= _limit(request.budget, request.travellers)
    if "nonstop" in request.constraints:
        assert all(leg.stops == 0 for leg in plan.legs)
    nights = next((one for one in request.constraints if one.startswith("nights:")), None)
    if nights is not None and len(request.destinations) == 1 and plan.inbound is not None:
        assert plan.nights == int(nights.removeprefix("nights:"))
    _check_rooms(plan, request)
    window = next((one for one in request.constraints if one.startswith("depart_between:")), None)
    if window is not None:
        first, last = window.removeprefix("depart_between:").split("..")
        assert request.depart is not None
        assert date.fromisoformat(first) <= request.depart <= date.fromisoformat(last)
    assert not ("no_flights" in request.constraints and plan.legs)
    if not plan.legs:
        return
    people = [passenger.get("age", "adult") for passenger in plan.legs[0].passengers]
    assert people.count("adult") == request.travellers.adults
    assert len(people) == request.travellers.count


def _check_rooms(plan: Plan, request: RequestSummary) -> None:
    wanted = {one.removeprefix("amenity:") for one in request.constraints if one.startswith("amenity:")}
    rooms = next((one for one in request.constraints if one.startswith("rooms:")), None)
    for stay in plan.stays or ():
        assert wanted <= set(stay.amenities)
        if rooms is not None and request.travellers is not None:
            assert stay.rooms == min(int(rooms.removeprefix("rooms:")), request.travellers.adults)


def _check_weather(weather: Weather, calls: list[Call], outcomes: Mapping[str, CallOutcome]) -> None:
    known = {
        (result.source, msgspec.json.encode(day))
        for call in calls
        if call.tool == "weather_forecast" and outcomes[call.key].status == "complete"
        for result in [msgspec.json.decode(outcomes[call.key].result, type=WeatherResult)]
        for day in result.days
    }
    assert weather.days
    for day in weather.days:
        assert (weather.source, msgspec.json.encode(day)) in known, "weather that no tool returned"
        assert weather.period[0] <= day.date <= weather.period[1]


def _offers(calls: list[Call], outcomes: Mapping[str, CallOutcome]) -> dict[str, FlightOffer]:
    return {
        offer.offer_id: offer
        for call in calls
        if call.tool == "flight_search" and outcomes[call.key].status == "complete"
        for offer in msgspec.json.decode(outcomes[call.key].result, type=FlightSearchResult).offers
    }


def _found_stays(calls: list[Call], outcomes: Mapping[str, CallOutcome]) -> dict[str, Stay]:
    return {
        stay.rate_id: stay
        for call in calls
        if call.tool == "accommodation_search" and outcomes[call.key].status == "complete"
        for stay in msgspec.json.decode(outcomes[call.key].result, type=AccommodationResult).stays
    }


def _found_sights(calls: list[Call], outcomes: Mapping[str, CallOutcome]) -> dict[tuple[str, str], Activity]:
    return {
        (result.city, activity.name): activity
        for call in calls
        if call.tool == "activity_search" and outcomes[call.key].status == "complete"
        for result in [msgspec.json.decode(outcomes[call.key].result, type=ActivityResult)]
        for activity in result.activities
    }


def _rates(calls: list[Call], outcomes: Mapping[str, CallOutcome]) -> dict[tuple[str, str], CurrencyResult]:
    results = [
        msgspec.json.decode(outcomes[call.key].result, type=CurrencyResult)
        for call in calls
        if call.tool == "currency_convert" and outcomes[call.key].status == "complete"
    ]
    return {(result.from_currency, result.to_currency): result for result in results}


def _limit(budget: Budget, travellers: Travellers) -> Decimal:
    return budget.amount * travellers.count if budget.scope == "per_person" else budget.amount


def _airports(code: str | None) -> tuple[str, ...]:
    """The code itself and, where it is a city's, its airports."""
    assert code is not None
    return (code, *(airport for place in find_places(code) for airport in place.airports))


def _utc(local: datetime, airport: str) -> float:
    return local.replace(tzinfo=ZoneInfo(_table()[airport]["tz"])).timestamp()


@cache
def _table() -> dict[str, airportsdata.Airport]:
    return airportsdata.load("IATA")
