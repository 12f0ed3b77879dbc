"""Where nothing keeps all conditions: which of them are in the way, and the nearest that can be done."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct, structs

from app.contract.turn import Alternative, Money, TurnResult, Violation
from workers.agent.planner.choose.choose import choose, relaxations
from workers.agent.planner.choose.model import Candidate, Constraint, Demand
from workers.agent.planner.context import Turn
from workers.agent.planner.speak.brief import route
from workers.agent.planner.trip.money import BUDGET, Rates
from workers.agent.planner.trip.search import FLIGHTS, Found, ask, candidates, search
from workers.agent.planner.trip.variants import spread, variants, variants_around
from workers.agent.planner.understand.model import Value
from workers.agent.planner.understand.recall import summarised

_DAYS_AROUND = 3
_MOST_STOPS = 2
_MOST_MORE_SEARCHES = 3
_MOST_ALTERNATIVES = 4
_NAMES: dict[Constraint, str] = {"stops": "nonstop"}
_CODES: dict[str, str] = {"stops": "nonstop_unavailable", "price_before": "budget"}


class _Way(Struct, frozen=True):
    """Something that can be done, and what of the request it gives up."""

    gives_up: str
    choice: Candidate


def no_plan_without_flights(turn: Turn) -> None:
    """Say that there is nothing but flights to plan with; nothing is searched."""
    _say_and_finish(turn, [("transport", {})], [])


def no_plan(turn: Turn, found: Found, rates: Rates, demand: Demand) -> None:
    """Look a little further for what could be done instead, and end the turn with it. Raises `Waiting`."""
    turn.script.status(turn.voice.phrases.statuses["more_flights"])
    further = _search_further(turn, demand)
    own = candidates(found.offers.values(), rates)
    eased = relaxations(own, demand)
    ways = [
        _Way(_NAMES.get(each.gives_up, each.gives_up), each.choice)
        for each in eased
        if each.gives_up != "price_before"  # what costs as much as before is no alternative to it
    ]
    for gives_up, (more, relaxed) in further.items():
        choice = choose(candidates(more.offers.values(), rates), relaxed)
        ways += [_Way(gives_up, choice)] if choice is not None else []
    reasons = _reasons(turn, own, [each.gives_up for each in eased], demand, rates)
    turn.script.end(FLIGHTS, {"flights": len(found.offers), "searches": found.searches})
    turn.script.end(BUDGET, {"within": False})
    _say_and_finish(turn, reasons, [_alternative(way, rates.into) for way in _best_of_each(ways)])


def _search_further(turn: Turn, demand: Demand) -> dict[str, tuple[Found, Demand]]:
    """A few more searches, each with one condition eased and all others kept."""
    asked, script = turn.asked, turn.script
    eased = structs.replace(demand, cheapest=True)
    around = variants_around(asked, turn.today, _DAYS_AROUND)
    same = spread(variants(asked), _MOST_MORE_SEARCHES) if asked.wishes.max_stops is not None else []
    ask(script, asked, around, asked.wishes.max_stops)
    ask(script, asked, same, _MOST_STOPS)
    return {
        "dates": (search(script, asked, around, asked.wishes.max_stops), eased),
        "nonstop": (search(script, asked, same, _MOST_STOPS), structs.replace(eased, max_stops=None)),
    }


def _reasons(
    turn: Turn, own: Sequence[Candidate], eased: Sequence[Constraint], demand: Demand, rates: Rates
) -> list[tuple[str, dict[str, Value]]]:
    """The conditions that are in the way, each by itself; or what holds when it takes several."""
    asked = turn.asked
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
    best: dict[str, _Way] = {}
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
        relaxes=[way.gives_up],
    )


def _say_and_finish(
    turn: Turn, reasons: Sequence[tuple[str, dict[str, Value]]], alternatives: list[Alternative]
) -> None:
    voice, phrases = turn.voice, turn.voice.phrases
    violations = [
        Violation(code=_CODES.get(code, code), detail=voice.fill(phrases.violations[code], **values))
        for code, values in reasons
    ]
    explanation = " ".join([phrases.cannot, *(violation.detail for violation in violations)])
    lines = [explanation]
    if alternatives:
        lines += ["", phrases.instead, *(f"- {_line(turn, each)}" for each in alternatives)]
    turn.say_lines(*lines)
    turn.script.finish(
        TurnResult(
            outcome="infeasible",
            request=summarised(turn.asked),
            violations=violations,
            alternatives=alternatives,
            assumptions=turn.assumptions(),
            warnings=turn.warnings(),
            explanation=explanation,
        )
    )


def _line(turn: Turn, alternative: Alternative) -> str:
    voice, phrases = turn.voice, turn.voice.phrases
    assert alternative.depart is not None
    assert alternative.total is not None
    return voice.fill(
        phrases.alternative,
        depart=alternative.depart,
        back=alternative.return_ or alternative.depart,
        total=alternative.total,
        relaxes=voice.joined([phrases.relaxes[name] for name in alternative.relaxes]),
    )
