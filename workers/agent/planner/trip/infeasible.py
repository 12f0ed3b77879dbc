"""Where nothing keeps all conditions: which of them are in the way, and the nearest that can be done."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct, structs

from app.contract.events import ErrorBody
from app.contract.turn import Alternative, Money, TurnResult, Violation
from workers.agent.planner.choose.choose import choose, relaxations
from workers.agent.planner.choose.model import Candidate, Constraint, Demand
from workers.agent.planner.context import Flow
from workers.agent.planner.speak.brief import route
from workers.agent.planner.trip.money import BUDGET, Rates, find_rates
from workers.agent.planner.trip.search import FLIGHTS, Found, ask, candidates, search
from workers.agent.planner.trip.variants import spread, variants, variants_around
from workers.agent.planner.understand.model import Value
from workers.agent.planner.understand.recall import summarised

_DAYS_AROUND = (3, 7)
_FEW_NIGHTS = 2
_MORE_SEARCHES = 3
_MOST_STOPS = 2
_MOST_ALTERNATIVES = 4
_NAMES: dict[Constraint, str] = {"stops": "nonstop"}
_CODES: dict[str, str] = {"stops": "nonstop_unavailable", "price_before": "budget"}


class _Way(Struct, frozen=True):
    """Something that can be done, and what of the request it gives up."""

    gives_up: tuple[str, ...]
    choice: Candidate


def no_plan_without_flights(flow: Flow) -> None:
    """Say that there is nothing but flights to plan with; nothing is searched."""
    _say_and_finish(flow, [("transport", {})], [])


def no_plan(flow: Flow, found: Found, rates: Rates, demand: Demand) -> None:
    """Look a little further for what could be done instead, and end the turn with it. Raises `Waiting`."""
    flow.script.status(flow.voice.phrases.statuses["more_flights"])
    further = _search_further(flow, demand)
    rates = _rates_of_all(flow, found, further, rates)
    own = candidates(found.offers.values(), rates)
    eased = relaxations(own, demand)
    ways = [
        _Way((_NAMES.get(each.gives_up, each.gives_up),), each.choice)
        for each in eased
        if each.gives_up != "price_before"  # what costs as much as before is no alternative to it
    ]
    for gives_up, (more, relaxed) in further.items():
        choice = choose(candidates(more.offers.values(), rates), relaxed)
        ways += [_Way((gives_up,), choice)] if choice is not None else []
    if not ways and demand.below is None:
        ways = _over_budget(further, rates)
    reasons = _reasons(flow, own, [each.gives_up for each in eased], demand, rates)
    flow.script.end(FLIGHTS, {"flights": len(found.offers), "searches": found.searches})
    flow.script.end(BUDGET, {"within": False})
    _say_and_finish(flow, reasons, [_alternative(way, rates.into) for way in _best_of_each(ways)])


def _search_further(flow: Flow, demand: Demand) -> dict[str, tuple[Found, Demand]]:
    """A few more searches side by side, each with one condition eased and all others kept."""
    asked, stops = flow.asked, flow.asked.wishes.max_stops
    eased = structs.replace(demand, cheapest=True)
    around = [variant for days in _DAYS_AROUND for variant in variants_around(asked, flow.today, days)]
    ways = {"dates": (around, stops, eased)}
    if stops is not None:
        same = spread(variants(asked), _MORE_SEARCHES)
        ways["nonstop"] = (same, _MOST_STOPS, structs.replace(eased, max_stops=None))
    if asked.nights > _FEW_NIGHTS and len(asked.stops) == 1:
        shorter = spread(variants(asked, extra_nights=-1), _MORE_SEARCHES)
        ways["length"] = (shorter, stops, structs.replace(eased, nights=()))
    for planned, max_stops, _ in ways.values():
        ask(flow.script, asked, planned, max_stops)
    return {
        gives_up: (search(flow.script, asked, planned, max_stops), relaxed)
        for gives_up, (planned, max_stops, relaxed) in ways.items()
    }


def _rates_of_all(flow: Flow, found: Found, further: dict[str, tuple[Found, Demand]], rates: Rates) -> Rates:
    """With the currencies that only the further searches brought; those without a rate are left out."""
    new = [currency for more, _ in further.values() for currency in more.currencies]
    into = rates.into or next(iter(new), "")
    wider = find_rates(flow.script, [*found.currencies, *new], into)
    return rates if isinstance(wider, ErrorBody) else wider


def _over_budget(further: dict[str, tuple[Found, Demand]], rates: Rates) -> list[_Way]:
    """Where one condition is not enough: what can be had when the budget goes as well."""
    ways: list[_Way] = []
    for gives_up, (more, relaxed) in further.items():
        eased = structs.replace(relaxed, budget=None)
        choice = choose(candidates(more.offers.values(), rates), eased) if eased != relaxed else None
        ways += [_Way((gives_up, "budget"), choice)] if choice is not None else []
    return ways


def _reasons(
    flow: Flow, own: Sequence[Candidate], eased: Sequence[Constraint], demand: Demand, rates: Rates
) -> list[tuple[str, dict[str, Value]]]:
    """The conditions that are in the way, each by itself; or what holds when it takes several."""
    asked = flow.asked
    if not own:
        few = asked.wishes.max_stops is not None
        return [("nonstop_unavailable", {}) if few else ("no_flights", {"route": route(asked)})]
    cheapest = min(candidate.price for candidate in own)
    total = Money(cheapest, rates.into)
    values: dict[str, dict[str, Value]] = {
        "budget": {"total": total, "limit": Money(demand.budget or cheapest, rates.into)},
        "price_before": {"total": total, "before": Money(demand.below or cheapest, rates.into)},
    }
    return [(constraint, values.get(constraint, {})) for constraint in eased] or [("together", {})]


def _best_of_each(ways: Sequence[_Way]) -> list[_Way]:
    """The cheapest way for each condition that may give, the cheapest first."""
    best: dict[tuple[str, ...], _Way] = {}
    for way in sorted(ways, key=lambda way: (way.choice.price, way.choice.id)):
        best.setdefault(way.gives_up, way)
    return list(best.values())[:_MOST_ALTERNATIVES]


def _alternative(way: _Way, currency: str) -> Alternative:
    journeys = way.choice.journeys
    days: list[date] = [journey.departs.date() for journey in journeys]
    return Alternative(
        depart=days[0],
        return_=days[-1] if len(days) > 1 else None,
        total=Money(way.choice.price, currency),
        relaxes=list(way.gives_up),
    )


def _say_and_finish(
    flow: Flow, reasons: Sequence[tuple[str, dict[str, Value]]], alternatives: list[Alternative]
) -> None:
    voice, phrases = flow.voice, flow.voice.phrases
    violations = [
        Violation(code=_CODES.get(code, code), detail=voice.fill(phrases.violations[code], **values))
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
        relaxes=voice.joined([phrases.relaxes[name] for name in alternative.relaxes]),
    )
