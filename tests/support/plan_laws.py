"""What holds of the built-in planner's results: the laws of every plan, and promises of its own."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec
from babel.numbers import get_currency_precision

from app.contract.turn import Budget, Plan, RequestSummary, Travellers, TurnResult, Weather
from tests.support.journey_laws import (
    check_activities,
    check_days,
    check_legs,
    check_places,
    check_stays,
    check_transfers,
    journeys,
)
from tests.support.plan_evidence import offers_of, rates_of, results, sights_of, stays_of
from tools.results import Activity, CurrencyResult, FlightOffer, Stay, WeatherResult
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
        offers = offers_of(calls, outcomes)
        check_legs(result.plan, offers, today)
        check_days(result.plan, result.request)
        check_places(result.plan, result.request)
        stays = stays_of(calls, outcomes)
        check_transfers(result.plan, calls, outcomes)
        check_stays(result.plan, result.request, stays)
        check_activities(result.plan, result.request, sights_of(calls, outcomes))
        _check_cost(result.plan, offers, stays, sights_of(calls, outcomes), rates_of(calls, outcomes))
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
    flown = len(journeys(plan))
    booked = Counter(leg.source_offer_id for leg in plan.legs)
    prices = [("flight", offers[one].total) for one, legs in booked.items() for _ in range(legs // flown)]
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
    first = [leg for leg in plan.legs if leg.departs_local == plan.legs[0].departs_local]
    people = [passenger.get("age", "adult") for leg in first for passenger in leg.passengers]
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
        for result in results(calls, outcomes, "weather_forecast", WeatherResult)
        for day in result.days
    }
    assert weather.days
    for day in weather.days:
        assert (weather.source, msgspec.json.encode(day)) in known, "weather that no tool returned"
        assert weather.period[0] <= day.date <= weather.period[1]


def _limit(budget: Budget, travellers: Travellers) -> Decimal:
    return budget.amount * travellers.count if budget.scope == "per_person" else budget.amount
