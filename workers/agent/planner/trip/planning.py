"""A trip from the request to the plan, as far as the calls that have ended allow."""

from collections.abc import Sequence
from functools import partial

from msgspec import structs

from app.contract.events import ErrorBody
from tools.results import FlightOffer
from workers.agent.planner.context import Flow
from workers.agent.planner.failure import say_failure
from workers.agent.planner.solve.solve import best_trip
from workers.agent.planner.speak.brief import route
from workers.agent.planner.trip import tell
from workers.agent.planner.trip.by_land import can_be_gone, days_by_land, departures_by_land, departures_for
from workers.agent.planner.trip.infeasible import is_too_far_ahead, no_plan, no_way_by_land, not_on_sale
from workers.agent.planner.trip.journeys import Nights, best_days, flown, moves, stopovers
from workers.agent.planner.trip.money import EXCHANGE, Rates, find_rates, other_currencies
from workers.agent.planner.trip.outcome import finish_with_plan
from workers.agent.planner.trip.problem import Gathered, as_tickets, exact_nights, problem_of
from workers.agent.planner.trip.rails import days_of_rail, rail_instead, with_rails
from workers.agent.planner.trip.search import FLIGHTS, Found, end_search, search
from workers.agent.planner.trip.sights import ACTIVITIES, find_sights
from workers.agent.planner.trip.stays import can_be_lodged, find_stays
from workers.agent.planner.trip.variants import variants
from workers.agent.planner.trip.ways import CURRENCY, find_ways, hops_by_land, wished_on
from workers.agent.planner.trip.weather import ask_early
from workers.agent.planner.trip.where_to import DESTINATIONS, with_place_chosen

MOST_DAYS_COMPARED = 3
"""Ways to lay the trip on the calendar for which rooms are looked for."""
_MOST_STOPS = 2


NOTHING_TO_COMPARE = ErrorBody(
    code="EXTERNAL_API_ERROR", message="No flights were found to any place that was compared.", retryable=True
)


async def plan_trip(flow: Flow) -> None:
    """Write the script of a request without open questions."""
    flow = await with_place_chosen(flow)
    if not flow.asked.stops:
        say_failure(flow, DESTINATIONS, "flights", NOTHING_TO_COMPARE)
        return
    tell.understood(flow)
    if flow.asked.wishes.no_flights:
        await _plan_by_land(flow)
        return
    flow.script.status(flow.voice.phrases.statuses[FLIGHTS])
    flow = with_rails(structs.replace(flow, ways=await find_ways(flow)))
    if any(
        wished_on(flow.asked, number) and number not in flow.ways for number, *_ in hops_by_land(flow.asked)
    ):
        await no_way_by_land(flow)
        return
    flights = flow.script.beside(FLIGHTS, partial(_find_flights, flow))
    ask_early(flow)
    found = await flights.result()
    if found.all_failed and is_too_far_ahead(flow):
        not_on_sale(flow)
        return
    if found.all_failed and not flow.rails:
        say_failure(flow, FLIGHTS, "flights", found.failures[0])
        return
    rates = await _rates(flow, found)
    if isinstance(rates, ErrorBody):
        say_failure(flow, EXCHANGE, "rate", rates)
        return
    on_sale = as_tickets(flow, found, rates)
    gathered = Gathered(found, rates, on_sale, departures=departures_for(flow, on_sale))
    days = best_days(flow, on_sale, MOST_DAYS_COMPARED, groups=found.groups)
    by_rail = days_of_rail(flow, days)
    compared = [*days, *(each for each in by_rail if each not in days)]
    if compared and can_be_lodged(flow):
        gathered = await _with_stays(flow, gathered, compared)
    solved = best_trip(problem_of(flow, gathered)) if on_sale else None
    instead = rail_instead(flow, gathered, solved, by_rail)
    if instead is not None:
        await finish_with_plan(*instead)
    elif solved is None:
        await no_plan(flow, gathered)
    else:
        await finish_with_plan(flow, gathered, solved)


async def _plan_by_land(flow: Flow) -> None:
    """The same without a ticket: rooms and sights for some days to set out on, and the ways between."""
    flow.script.status(flow.voice.phrases.statuses["transport"])
    ask_early(flow)
    flow = structs.replace(flow, ways=await find_ways(flow))
    if not can_be_gone(flow):
        await no_way_by_land(flow)
        return
    found = Found({}, 0, ())
    rates = await _rates(flow, found)
    if isinstance(rates, ErrorBody):
        say_failure(flow, EXCHANGE, "rate", rates)
        return
    departures = departures_by_land(flow)
    gathered = Gathered(found, rates, departures=departures)
    if can_be_lodged(flow):
        gathered = await _with_stays(flow, gathered, days_by_land(flow, departures))
    solved = best_trip(problem_of(flow, gathered))
    if solved is None:
        await no_plan(flow, gathered)
    else:
        await finish_with_plan(flow, gathered, solved)


async def _find_flights(flow: Flow) -> Found:
    """Offers for the days that were asked for; with more stops where few are not on offer at all."""
    script, asked, phrases = flow.script, flow.asked, flow.voice.phrases
    script.task(
        FLIGHTS,
        phrases.tasks[FLIGHTS],
        flow.voice.fill(phrases.task_descriptions[FLIGHTS], route=route(asked)),
    )
    planned = variants(asked, flow.ways)
    found = await search(script, asked, planned, asked.wishes.max_stops)
    if not found.offers and not found.failures and asked.wishes.max_stops is None:
        found = found.joined(await search(script, asked, planned[:1], _MOST_STOPS))
    found = await _overnight(flow, found)
    end_search(script, found)
    return found


async def _rates(flow: Flow, found: Found) -> Rates | ErrorBody:
    """What counts is the budget's currency, else that of the plan before, else the offers' own."""
    asked, phrases = flow.asked, flow.voice.phrases
    before = asked.cheaper_than
    own = found.currencies[0] if found.currencies else CURRENCY if flow.ways or flow.rails else ""
    into = asked.budget.currency if asked.budget else before.currency if before else own
    currencies = [
        *found.currencies,
        *([before.currency] if before else []),
        *([CURRENCY] if flow.ways or flow.rails else []),
    ]
    others = other_currencies(currencies, into)
    if not others:
        return Rates(into)
    description = flow.voice.fill(phrases.task_descriptions[EXCHANGE], currency=", ".join(others), into=into)
    flow.script.task(EXCHANGE, phrases.tasks[EXCHANGE], description)
    flow.script.status(phrases.statuses["rate"])
    rates = await find_rates(flow.script, currencies, into, EXCHANGE)
    if isinstance(rates, Rates):
        flow.script.end(EXCHANGE, {"rates": len(rates.rates), "into": into})
    return rates


async def _with_stays(flow: Flow, gathered: Gathered, days: Sequence[tuple[Nights, ...]]) -> Gathered:
    """With rooms and sights for these days, looked for side by side."""
    sights = flow.script.beside(ACTIVITIES, partial(find_sights, flow, days))
    beds = await find_stays(flow, days, gathered.rates.into)
    return structs.replace(gathered, beds=beds, sights=await sights.result())


async def _overnight(flow: Flow, found: Found) -> Found:
    """With offers of a later return, where flying out overnight takes a night from the first place."""
    of_stops = _nights_of_stops(flow)
    wanted = exact_nights(flow) or of_stops
    if wanted is None:
        return found
    hops = flown(flow)
    nights = {_nights_there(flow, hops, offer) for offer in found.offers.values()} - {0}
    if not nights or wanted in nights:
        return found
    lost = wanted - max(nights)
    if not 0 < lost <= 2:
        return found
    later = variants(flow.asked, flow.ways, extra_nights=lost)
    more = found.joined(await search(flow.script, flow.asked, later, flow.asked.wishes.max_stops))
    whole = {key: offer for key, offer in more.offers.items() if _nights_there(flow, hops, offer) == wanted}
    return structs.replace(more, offers=whole) if of_stops and whole else more


def _nights_there(flow: Flow, hops: Sequence[tuple[str, str]], offer: FlightOffer) -> int:
    days = stopovers(flow, moves(hops, offer))
    return (days[-1].check_out - days[0].check_in).days if days else 0


def _nights_of_stops(flow: Flow) -> int | None:
    """The nights of all places together, where they were asked for as nights."""
    asked = flow.asked
    counted = asked.length is not None and asked.length.counted == "nights"
    return asked.nights if counted and len(asked.stops) > 1 and not asked.wishes.one_way else None
