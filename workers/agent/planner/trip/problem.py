"""What was gathered, put to the solver: tickets, rooms and sights in one currency, and what must hold."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from tools.results import FlightOffer
from workers.agent.planner.context import Flow
from workers.agent.planner.solve.model import Condition, Demand, Problem, Stop, Ticket
from workers.agent.planner.trip.conditions import in_force, is_day_trip
from workers.agent.planner.trip.journeys import NONSTOP, place_key, tickets
from workers.agent.planner.trip.money import Rates, ceiling
from workers.agent.planner.trip.search import Found, offer_key
from workers.agent.planner.trip.sights import Sights, outings, outings_a_day
from workers.agent.planner.trip.stays import Beds, can_be_lodged, lodgings
from workers.agent.planner.trip.ways import links
from workers.agent.planner.understand.constraints import of_rooms
from workers.agent.planner.understand.model import Understanding

TIME_TO_THE_AIRPORT = timedelta(hours=3)


class Gathered(Struct, frozen=True):
    """What the tools returned, and what it is as `tickets` of the problem.

    `further` are offers that break conditions by the days that they are for.
    """

    found: Found
    rates: Rates
    tickets: tuple[Ticket, ...] = ()
    """Of what was found for the days that were asked for."""

    beds: Beds = Beds()
    sights: Sights = Sights()
    further: tuple[tuple[FlightOffer, frozenset[Condition]], ...] = ()
    departures: tuple[date, ...] = ()
    moved: tuple[date, ...] = ()
    """Days to begin on by land: those that were asked for, and others near them."""

    eased: bool = False
    """Whether rooms that are not as wished are among them."""

    @property
    def offers(self) -> dict[str, FlightOffer]:
        return {**{offer_key(offer): offer for offer, _ in self.further}, **self.found.offers}


def as_tickets(flow: Flow, found: Found, rates: Rates) -> tuple[Ticket, ...]:
    return tuple(tickets(flow, _unbroken(found), rates))


def problem_of(flow: Flow, gathered: Gathered) -> Problem:
    known = gathered.found.offers
    further = [(offer, breaks) for offer, breaks in gathered.further if offer_key(offer) not in known]
    every_offer = [*_unbroken(gathered.found), *further]
    rooms = lodgings(flow, gathered.beds, gathered.rates)
    everywhere = len({room.place for room in rooms}) == len(flow.asked.stops)
    # What was wished of a room is in its search: none found is no reason to do without one.
    wished = bool(of_rooms(flow.asked.wishes)) and can_be_lodged(flow) and not gathered.beds.failures
    lodged = everywhere or (wished and not gathered.eased)
    demand = _demand(flow, gathered, lodged=lodged)
    return Problem(
        demand=structs.replace(
            demand,
            conditions=demand.conditions
            | {name for _, breaks in further for name in breaks}
            | ({"dates"} if gathered.moved else set[str]()),
        ),
        tickets=tuple(tickets(flow, every_offer, gathered.rates)) if further else gathered.tickets,
        links=tuple(links(flow, gathered.rates, gathered.departures, gathered.moved)),
        lodgings=tuple(rooms) if lodged else (),
        outings=tuple(outings(flow, gathered.sights, gathered.rates)),
    )


def _unbroken(found: Found) -> list[tuple[FlightOffer, frozenset[Condition]]]:
    return [(offer, frozenset()) for offer in found.offers.values()]


def exact_nights(flow: Flow) -> int | None:
    """The nights at the one place that it goes to, where nights were asked for and not days."""
    asked = flow.asked
    counted = asked.length is not None and asked.length.counted == "nights"
    if is_day_trip(asked):
        return 0
    return asked.nights if counted and len(asked.stops) == 1 and not asked.wishes.one_way else None


def _demand(flow: Flow, gathered: Gathered, *, lodged: bool) -> Demand:
    """Rooms have nights of their own; without any, what is reached over land is as long as was asked for."""
    asked, rates = flow.asked, gathered.rates
    nights = exact_nights(flow)
    return Demand(
        stops=tuple(
            Stop(
                place_key(index),
                stop.nights if is_mixed(asked) or (index in flow.ways and not lodged) else nights,
            )
            for index, stop in enumerate(asked.stops)
        ),
        not_before=_not_before(flow),
        one_way=asked.wishes.one_way,
        lodged=lodged,
        groups=gathered.found.groups,
        budget=ceiling(asked.budget, asked.party),
        below=rates.convert(asked.cheaper_than) if asked.cheaper_than else None,
        conditions=in_force(flow) | ({NONSTOP} if asked.wishes.max_stops is not None else set[str]()),
        outings_a_day=outings_a_day(flow),
        cheapest=asked.cheaper_than is not None,
    )


def is_mixed(asked: Understanding) -> bool:
    """Whether one flies one of the ways between home and the trip, and goes the other over land or water."""
    return not asked.wishes.no_flights and bool(asked.wishes.there_by or asked.wishes.home_by)


def _not_before(flow: Flow) -> datetime:
    """Local to the origin: the start of the day, or what can still be reached when it has begun."""
    assert flow.asked.origin is not None
    now = flow.accepted_at.astimezone(ZoneInfo(flow.asked.origin.time_zone)).replace(tzinfo=None)
    start = datetime.combine(flow.today, time())
    return max(start, now + TIME_TO_THE_AIRPORT) if now.date() == flow.today else start
