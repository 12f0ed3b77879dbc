"""Where nothing keeps all conditions: which of them are in the way, and the nearest that can be done."""

from collections.abc import Sequence

from msgspec import structs

from app.contract.events import ErrorBody
from app.contract.turn import Alternative, Money, TurnResult, Violation
from tools.results import FlightOffer
from workers.agent.planner.context import Flow
from workers.agent.planner.solve.model import Condition, Infeasible, Relaxed, Solution
from workers.agent.planner.solve.solve import solve
from workers.agent.planner.speak.brief import route, wish
from workers.agent.planner.trip.by_land import days_by_land, departures_for
from workers.agent.planner.trip.conditions import DURATION, is_day_trip
from workers.agent.planner.trip.journeys import Nights, best_days, tickets
from workers.agent.planner.trip.money import BUDGET, Rates, ceiling, find_rates
from workers.agent.planner.trip.outcome import begin_budget, finish_with_plan
from workers.agent.planner.trip.problem import Gathered, problem_of
from workers.agent.planner.trip.search import FLIGHTS, Found, ask, end_search, search
from workers.agent.planner.trip.stays import Beds, can_be_lodged, rooms
from workers.agent.planner.trip.variants import Variant, spread, variants, variants_around
from workers.agent.planner.understand.constraints import of_rooms
from workers.agent.planner.understand.model import Value
from workers.agent.planner.understand.recall import summarised
from workers.agent.planner.understand.timing import FAR_AHEAD

ALTERNATIVES = "alternatives"
_DAYS_AROUND = (3, 7)
_FEW_NIGHTS = 2
_MORE_SEARCHES = 3
_MORE_STAYS = 2
_MOST_STOPS = 2
_MORE_NIGHTS = (1, 3)
"""What is tried instead of a trip that ends on the day on which it begins."""
_BY_DAYS = ("dates", "length")
_CODES: dict[Condition, str] = {"nonstop": "nonstop_unavailable"}
_VIOLATIONS = {"price_before": "budget", "too_far": "dates"}


async def no_way_by_land(flow: Flow) -> None:
    """Say that there is no way over land or water that can be gone in a day, and what it costs to fly."""
    cheapest = await _cheapest_flight(flow)
    _say_and_finish(flow, [("transport", {"route": route(flow.asked)})], [cheapest] if cheapest else [])


async def _cheapest_flight(flow: Flow) -> Alternative | None:
    wishes = structs.replace(flow.asked.wishes, no_flights=False, modes=(), there_by=None, home_by=None)
    asked = structs.replace(flow.asked, wishes=wishes)
    flown, phrases = structs.replace(flow, asked=asked, ways={}), flow.voice.phrases
    description = flow.voice.fill(phrases.task_descriptions[FLIGHTS], route=route(asked))
    flow.script.task(FLIGHTS, phrases.tasks[FLIGHTS], description)
    found = await search(flow.script, asked, spread(variants(asked, {}), _MORE_SEARCHES), wishes.max_stops)
    into = asked.budget.currency if asked.budget else next(iter(found.currencies), "")
    rates = await _rates_of_all(flow, found.currencies, Rates(into), FLIGHTS)
    end_search(flow.script, found)
    on_sale = [ticket for ticket in tickets(flown, _unbroken(found), rates) if ticket.group == 1]
    if not on_sale or found.groups > 1:
        return None
    best = min(on_sale, key=lambda each: (each.price, each.id))
    most = ceiling(asked.budget, asked.party)
    return Alternative(
        depart=best.moves[0].departs.date(),
        return_=None if wishes.one_way else best.moves[-1].departs.date(),
        total=Money(best.price, into),
        relaxes=["no_flights", *(["budget"] if most is not None and best.price > most else [])],
    )


def _unbroken(found: Found) -> list[tuple[FlightOffer, frozenset[Condition]]]:
    return [(offer, frozenset()) for offer in found.offers.values()]


def is_too_far_ahead(flow: Flow) -> bool:
    """Whether no seats are sold yet for any of the days."""
    return flow.asked.when is not None and flow.asked.when.earliest - flow.today > FAR_AHEAD


def not_on_sale(flow: Flow) -> None:
    """Say from when on the seats are sold."""
    assert flow.asked.when is not None
    first = flow.asked.when.earliest
    _say_and_finish(flow, [("too_far", {"first": first, "since": first - FAR_AHEAD})], [])


async def no_plan(flow: Flow, gathered: Gathered) -> None:
    """Look a little further for what could be done instead, and end the turn with it."""
    phrases = flow.voice.phrases
    flow.script.task(ALTERNATIVES, phrases.tasks[ALTERNATIVES], phrases.task_descriptions[ALTERNATIVES])
    flow.script.status(phrases.statuses["more_flights"])
    wider = await _gathered_further(flow, gathered)
    if of_rooms(flow.asked.wishes) and can_be_lodged(flow) and not gathered.beds.failures:
        days = _days_of(flow, gathered)
        eased = await rooms(flow, days, wider.rates.into, ALTERNATIVES, eased=True) if days else Beds()
        wider = structs.replace(wider, beds=wider.beds.joined(eased), eased=True)
    solved = solve(problem_of(flow, wider))
    if isinstance(solved, Solution):
        flow.script.end(ALTERNATIVES, {"alternatives": 1})
        await finish_with_plan(flow, wider, solved)
        return
    reasons = _reasons(flow, wider, solved)
    ways = [way for way in solved.relaxed if "price_before" not in way.gives_up]
    flow.script.end(ALTERNATIVES, {"alternatives": len(ways)})
    begin_budget(flow)
    flow.script.end(BUDGET, {"within": False})
    _say_and_finish(flow, reasons, [_alternative(way, wider.rates.into) for way in ways])


async def _gathered_further(flow: Flow, gathered: Gathered) -> Gathered:
    """A few more searches side by side, each with one condition eased; and rooms for the best of their days."""
    asked, stops = flow.asked, flow.asked.wishes.max_stops
    if asked.wishes.no_flights:
        return gathered
    ways: dict[Condition, tuple[list[Variant], int | None]] = {
        "dates": (
            [each for days in _DAYS_AROUND for each in variants_around(asked, flow.ways, flow.today, days)],
            stops,
        )
    }
    if stops is not None:
        ways["nonstop"] = (spread(variants(asked, flow.ways), _MORE_SEARCHES), _MOST_STOPS)
    if asked.nights > _FEW_NIGHTS and len(asked.stops) == 1:
        ways["length"] = (spread(variants(asked, flow.ways, extra_nights=-1), _MORE_SEARCHES), stops)
    if is_day_trip(asked):
        for more in _MORE_NIGHTS:
            ways[f"nights {more}"] = (variants(asked, flow.ways, extra_nights=more)[:1], stops)
    for planned, max_stops in ways.values():
        ask(flow.script, asked, planned, max_stops, ALTERNATIVES)
    further: list[tuple[FlightOffer, frozenset[Condition]]] = []
    currencies = list(gathered.found.currencies)
    for condition, (planned, max_stops) in ways.items():
        more = await search(flow.script, asked, planned, max_stops, ALTERNATIVES)
        breaks = frozenset({condition}) if condition in _BY_DAYS else frozenset[Condition]()
        further += [(offer, breaks) for offer in more.offers.values()]
        currencies += more.currencies
    rates = await _rates_of_all(flow, [*currencies, *gathered.rates.rates], gathered.rates, ALTERNATIVES)
    on_sale = tickets(flow, further, rates)
    moved = tuple(day for day in departures_for(flow, on_sale) if day not in gathered.departures)
    wider = structs.replace(gathered, rates=rates, further=tuple(further), moved=moved)
    days = best_days(flow, on_sale, _MORE_STAYS, groups=gathered.found.groups)
    if not days or not can_be_lodged(flow) or gathered.beds.failures:
        return wider
    return structs.replace(
        wider, beds=gathered.beds.joined(await rooms(flow, days, rates.into, ALTERNATIVES))
    )


def _days_of(flow: Flow, gathered: Gathered) -> list[tuple[Nights, ...]]:
    """The days for which rooms were looked for."""
    if flow.asked.wishes.no_flights:
        return days_by_land(flow, gathered.departures)
    return best_days(flow, gathered.tickets, _MORE_STAYS, groups=gathered.found.groups)


async def _rates_of_all(flow: Flow, currencies: list[str], rates: Rates, task: str) -> Rates:
    """With the currencies that only the further searches brought; those without a rate are left out."""
    into = rates.into or next(iter(currencies), "")
    wider = await find_rates(flow.script, currencies, into, task)
    return rates if isinstance(wider, ErrorBody) else wider


def _reasons(flow: Flow, gathered: Gathered, solved: Infeasible) -> list[tuple[str, dict[str, Value]]]:
    """The conditions that are in the way, those by which days were chosen left aside."""
    asked, into = flow.asked, gathered.rates.into
    if not gathered.found.offers and gathered.further and is_day_trip(asked):
        return [(DURATION, {})]
    if not gathered.found.offers and not asked.wishes.no_flights:
        few = asked.wishes.max_stops is not None
        return [("nonstop_unavailable", {}) if few else ("no_flights", {"route": route(asked)})]
    without = {way.gives_up: way.solution.price for way in solved.relaxed}
    reasons: list[tuple[str, dict[str, Value]]] = []
    phrases_of_rooms = flow.voice.phrases.wishes
    for condition in solved.core:
        if condition in _BY_DAYS or (condition == "nights" and is_day_trip(asked)):
            continue
        values: dict[str, Value] = {}
        if condition in ("budget", "price_before"):
            total = without.get((condition,))
            if total is None:
                continue
            limits = {"budget": ceiling(asked.budget, asked.party), "price_before": None}
            if asked.cheaper_than is not None:
                limits["price_before"] = gathered.rates.convert(asked.cheaper_than)
            limit_name = "limit" if condition == "budget" else "before"
            values = {"total": Money(total, into), limit_name: Money(limits[condition] or total, into)}
        elif condition in phrases_of_rooms:
            values = {"wish": wish(flow.voice, asked, condition)}
        reasons.append((_CODES.get(condition, condition), values))
    if is_day_trip(asked) and not reasons:
        return [(DURATION, {})]
    return reasons or [("together", {})]


def _alternative(way: Relaxed, currency: str) -> Alternative:
    moves = way.solution.tickets[0].moves if way.solution.tickets else ()
    days = sorted([move.departs.date() for move in moves] + [taken.on for taken in way.solution.links])
    return Alternative(
        depart=days[0],
        return_=days[-1] if len(days) > 1 else None,
        total=Money(way.solution.price, currency),
        relaxes=list(way.gives_up),
    )


def _say_and_finish(
    flow: Flow, reasons: Sequence[tuple[str, dict[str, Value]]], alternatives: list[Alternative]
) -> None:
    voice, phrases = flow.voice, flow.voice.phrases
    violations = [
        Violation(
            code=_VIOLATIONS.get(code, code),
            detail=voice.fill(phrases.violations["stay" if code in phrases.wishes else code], **values),
        )
        for code, values in reasons
    ]
    explanation = " ".join([phrases.cannot, *(violation.detail for violation in violations)])
    lines = [explanation]
    if alternatives:
        lines += ["", phrases.instead, *(f"- {_line(flow, each)}" for each in alternatives)]
    flow.say_lines(*lines)
    flow.script.finish(
        TurnResult(
            outcome="infeasible",
            request=summarised(flow.asked),
            violations=violations,
            alternatives=alternatives,
            assumptions=flow.assumptions(),
            warnings=flow.warnings(),
            explanation=explanation,
        )
    )


def _line(flow: Flow, alternative: Alternative) -> str:
    voice, phrases = flow.voice, flow.voice.phrases
    assert alternative.depart is not None
    assert alternative.total is not None
    return voice.fill(
        phrases.alternative,
        depart=alternative.depart,
        back=alternative.return_ or alternative.depart,
        total=alternative.total,
        relaxes=voice.joined(
            [phrases.relaxes.get(name) or wish(voice, flow.asked, name) for name in alternative.relaxes]
        ),
    )
