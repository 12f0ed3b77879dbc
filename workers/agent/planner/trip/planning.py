"""A trip from the request to the plan, as far as the calls that have ended allow."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import structs

from app.contract.events import ErrorBody
from workers.agent.planner.choose.choose import choose
from workers.agent.planner.choose.model import Candidate, Demand
from workers.agent.planner.context import Flow
from workers.agent.planner.failure import say_failure
from workers.agent.planner.speak.brief import route
from workers.agent.planner.trip import tell
from workers.agent.planner.trip.infeasible import no_plan, no_plan_without_flights
from workers.agent.planner.trip.money import BUDGET, Rates, ceiling, find_rates
from workers.agent.planner.trip.outcome import finish_with_plan
from workers.agent.planner.trip.search import FLIGHTS, Found, candidates, search
from workers.agent.planner.trip.variants import variants
from workers.agent.planner.trip.weather import ask_early

TIME_TO_THE_AIRPORT = timedelta(hours=3)
_MOST_STOPS = 2


def plan_trip(flow: Flow) -> None:
    """Write the script of a request without open questions. Raises `Waiting` where it needs a result."""
    script, voice = flow.script, flow.voice
    tell.understood(flow)
    if flow.asked.wishes.no_flights:
        no_plan_without_flights(flow)
        return
    script.task(FLIGHTS, voice.phrases.tasks[FLIGHTS], _described(flow))
    script.status(voice.phrases.statuses[FLIGHTS])
    ask_early(flow)
    found = _search(flow)
    if found.all_failed:
        say_failure(flow, FLIGHTS, "flights", found.failures[0])
        return
    rates = _rates(flow, found)
    if isinstance(rates, ErrorBody):
        say_failure(flow, BUDGET, "rate", rates)
        return
    demand = _demand(flow, rates)
    chosen = choose(candidates(found.offers.values(), rates), demand)
    if chosen is None:
        found = found.joined(_overnight(flow, found, rates, demand))
        chosen = choose(candidates(found.offers.values(), rates), demand)
    if chosen is None:
        no_plan(flow, found, rates, demand)
        return
    finish_with_plan(flow, found, rates, chosen)


def _described(flow: Flow) -> str:
    return flow.voice.fill(flow.voice.phrases.task_descriptions[FLIGHTS], route=route(flow.asked))


def _search(flow: Flow) -> Found:
    """Offers for the days that were asked for; with more stops where few are not on offer at all."""
    asked = flow.asked
    planned = variants(asked)
    found = search(flow.script, asked, planned, asked.wishes.max_stops)
    if not found.offers and not found.failures and asked.wishes.max_stops is None:
        found = found.joined(search(flow.script, asked, planned[:1], _MOST_STOPS))
    return found


def _rates(flow: Flow, found: Found) -> Rates | ErrorBody:
    """What counts is the budget's currency, else that of the plan before, else the offers' own."""
    asked, phrases = flow.asked, flow.voice.phrases
    before = asked.cheaper_than
    own = found.currencies[0] if found.currencies else ""
    into = asked.budget.currency if asked.budget else before.currency if before else own
    flow.script.task(BUDGET, phrases.tasks["budget"], phrases.task_descriptions["budget"])
    currencies = [*found.currencies, before.currency] if before else found.currencies
    if any(currency != into for currency in currencies):
        flow.script.status(phrases.statuses["rate"])
    return find_rates(flow.script, currencies, into)


def _demand(flow: Flow, rates: Rates) -> Demand:
    asked = flow.asked
    in_nights = asked.length is not None and asked.length.counted == "nights" and len(asked.stops) == 1
    return Demand(
        not_before=_not_before(flow),
        nights=(asked.nights,) if in_nights and not asked.wishes.one_way else (),
        max_stops=asked.wishes.max_stops,
        budget=ceiling(asked.budget, asked.party),
        below=rates.convert(asked.cheaper_than) if asked.cheaper_than else None,
        cheapest=asked.cheaper_than is not None,
    )


def _not_before(flow: Flow) -> datetime:
    """Local to the origin: the start of the day, or what can still be reached when it has begun."""
    assert flow.asked.origin is not None
    now = flow.accepted_at.astimezone(ZoneInfo(flow.asked.origin.time_zone)).replace(tzinfo=None)
    start = datetime.combine(flow.today, time())
    return max(start, now + TIME_TO_THE_AIRPORT) if now.date() == flow.today else start


def _overnight(flow: Flow, found: Found, rates: Rates, demand: Demand) -> Found:
    """Offers with a later return, where flying out overnight takes a night from the place."""
    asked_nights = next((nights for nights in demand.nights if nights is not None), None)
    nearest: Candidate | None = choose(
        candidates(found.offers.values(), rates), structs.replace(demand, nights=())
    )
    lost = asked_nights - nearest.nights[0] if asked_nights is not None and nearest else 0
    if not 0 < lost <= 2:
        return Found({}, 0, ())
    later = variants(flow.asked, extra_nights=lost)
    return search(flow.script, flow.asked, later, flow.asked.wishes.max_stops)
