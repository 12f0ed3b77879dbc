"""By train instead of by air, where nobody said how to go and the train does better from door to door."""

from decimal import Decimal
from typing import NamedTuple

from msgspec import structs

from app.contract.turn import Money
from workers.agent.planner.context import Flow
from workers.agent.planner.solve.model import Infeasible, Solution
from workers.agent.planner.solve.solve import best_trip
from workers.agent.planner.trip.by_land import days_by_land, departures_by_land
from workers.agent.planner.trip.journeys import Nights
from workers.agent.planner.trip.money import Rates
from workers.agent.planner.trip.problem import Gathered, problem_of
from workers.agent.planner.trip.ways import AN_HOUR, CURRENCY, hops_to_weigh
from workers.agent.planner.understand.model import Note

_TO_FLY = 180
"""Minutes to the airport, in it, and from the other one, on each journey by air."""
_TO_RIDE = 40
"""Likewise to and from stations, on each journey by train."""


class Instead(NamedTuple):
    """The trip by train, with all that tells it."""

    flow: Flow
    gathered: Gathered
    solved: Solution


def with_rails(flow: Flow) -> Flow:
    """The ways that were found, those that are only to be weighed set apart from those that are taken."""
    weighed = {number for number, *_ in hops_to_weigh(flow)}
    everywhere = all(number in flow.ways for number in range(len(flow.asked.stops) + 1))
    return structs.replace(
        flow,
        ways={number: ways for number, ways in flow.ways.items() if number not in weighed},
        rails=flow.ways if weighed and everywhere else {},
    )


def days_of_rail(flow: Flow, flown: list[tuple[Nights, ...]]) -> list[tuple[Nights, ...]]:
    """The nights at every stop by train: on the days of the best flights, else on those that were asked for."""
    if not flow.rails:
        return []
    asked = [stop.nights or 0 for stop in flow.asked.stops]
    fit = [days for days in flown if [(each.check_out - each.check_in).days for each in days] == asked]
    if fit:
        return fit
    return days_by_land(flow, departures_by_land(flow)[:1])


def rail_instead(
    flow: Flow, gathered: Gathered, flown: Solution | None, days: list[tuple[Nights, ...]]
) -> Instead | None:
    """The trip by train, where there is one and it is better than the one by air."""
    if not flow.rails or not days:
        return None
    by_rail = structs.replace(flow, ways=flow.rails, rails={})
    found = structs.replace(gathered.found, offers={}, groups=1)
    on_rails = structs.replace(
        gathered, found=found, tickets=(), departures=tuple(sorted({each[0].check_in for each in days}))
    )
    solved = best_trip(problem_of(by_rail, on_rails))
    if solved is None or isinstance(solved, Infeasible):
        return None
    if flown is None:
        return Instead(_noted(by_rail, Note("rail_alone")), on_rails, solved)
    air, rail = _minutes_flown(flow, gathered, flown), _minutes_ridden(solved)
    prices = (
        _weight(flow, gathered.rates, flown.price, air),
        _weight(flow, gathered.rates, solved.price, rail),
    )
    if prices[1] >= prices[0]:
        return None
    into, hops = gathered.rates.into, len(solved.links)
    values = {
        "rail": flow.voice.duration(rail // hops),
        "air": flow.voice.duration(air // hops),
        "total": Money(solved.price, into),
        "flown": Money(flown.price, into),
    }
    return Instead(_noted(by_rail, Note("rail_better", {**values})), on_rails, solved)


def _noted(flow: Flow, note: Note) -> Flow:
    flow.say_lines(flow.voice.note(note), "")
    return structs.replace(flow, asked=structs.replace(flow.asked, notes=(*flow.asked.notes, note)))


def _minutes_flown(flow: Flow, gathered: Gathered, flown: Solution) -> int:
    """From door to door, all journeys together; those over land between stops are in both and left out."""
    offer = gathered.offers[flown.tickets[0].id]
    between = sum(taken.link.minutes + _TO_RIDE for taken in flown.links)
    return sum(part.duration_minutes + _TO_FLY for part in offer.slices) + between


def _minutes_ridden(solved: Solution) -> int:
    return sum(taken.link.minutes + _TO_RIDE for taken in solved.links)


def _weight(flow: Flow, rates: Rates, price: Decimal, minutes: int) -> Decimal:
    """The price with what the time on the way is worth to everybody; the price alone where that is what counts."""
    if flow.asked.cheaper_than is not None:
        return price
    hours = Decimal(AN_HOUR * max(1, flow.asked.party.count) * minutes) / 60
    return price + (rates.convert(Money(hours, CURRENCY)) or 0)
