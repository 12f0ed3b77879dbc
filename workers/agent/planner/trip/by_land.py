"""Trips without a flight: the days that they may be laid on, and the places that are reached by then."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from workers.agent.planner.context import Flow
from workers.agent.planner.solve.model import Ticket
from workers.agent.planner.trip.journeys import Nights, stopovers
from workers.agent.planner.trip.variants import spread
from workers.agent.planner.trip.ways import hops_by_land

MOST_DEPARTURES = 3


def departures_by_land(flow: Flow) -> tuple[date, ...]:
    """Some days to set out on, spread evenly over those that are possible."""
    asked = flow.asked
    assert asked.when is not None
    days = asked.when.departures(asked.nights) or [asked.when.earliest]
    return tuple(spread(days, MOST_DEPARTURES))


def departures_for(flow: Flow, found: Sequence[Ticket]) -> tuple[date, ...]:
    """The days to set out on by land, so that these flights onwards or home are reached; none where one flies out."""
    if 0 not in flow.ways:
        return ()
    return tuple(sorted({days[0].check_in for ticket in found if (days := stopovers(flow, ticket.moves))}))


def days_by_land(flow: Flow, departures: Iterable[date]) -> list[tuple[Nights, ...]]:
    """The nights at every stop, for a trip that begins on each of these days."""
    found: list[tuple[Nights, ...]] = []
    for day in departures:
        nights: list[Nights] = []
        for number, stop in enumerate(flow.asked.stops):
            leaves = day + timedelta(stop.nights or 0)
            nights.append(Nights(number, day, leaves))
            day = leaves
        found.append(tuple(nights))
    return found


def can_be_gone(flow: Flow) -> bool:
    """Whether every hop has a way."""
    return all(number in flow.ways for number, _, _ in hops_by_land(flow.asked))
