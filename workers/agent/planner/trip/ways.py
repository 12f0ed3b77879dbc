"""Over land and water: between places that are near each other, and all the way where nobody wants to fly."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from app.contract.events import ErrorBody
from app.contract.turn import Money, PlanTransfer
from tools.places import Place
from tools.results import GroundOption, GroundTransportResult
from workers.agent.planner.context import Flow
from workers.agent.planner.outcomes import read_outcome
from workers.agent.planner.solve.model import HOME, Condition, Link, Taken
from workers.agent.planner.trip.journeys import place_key
from workers.agent.planner.trip.money import Rates
from workers.agent.planner.understand.model import Mode, Understanding
from workers.agent.planner.understand.places import distance_km

TRANSPORT = "transport"
CURRENCY = "EUR"
"""Of what the tool estimates."""
MOST_MINUTES = 360
"""What takes longer is flown, where there are flights."""
LONGEST = 840
"""From the morning to the late evening: who does not fly takes one such journey a day."""
_RAIL_KM = 450
"""In a straight line; farther, no train takes less than `MOST_MINUTES`."""
_THERE_AND_BACK = 240
"""On one day, each way."""
_MODES = ("train", "bus", "ferry")
AN_HOUR = 12
"""What an hour of one traveller's on the way is worth avoiding, in the currency of the estimates."""


async def find_ways(flow: Flow) -> dict[int, tuple[GroundOption, ...]]:
    """The ways of every hop that has one, by the number of the hop: 0 is the way from home to the first stop.

    Hops to weigh are among them. Where an estimate fails, one flies.
    """
    hops = [*hops_by_land(flow.asked), *hops_to_weigh(flow)]
    if not hops:
        return {}
    phrases = flow.voice.phrases
    names = " → ".join([hops[0][1].name, *(there.name for _, _, there in hops)])
    description = flow.voice.fill(phrases.task_descriptions[TRANSPORT], route=names)
    flow.script.task(TRANSPORT, phrases.tasks[TRANSPORT], description)
    keys = [f"way-{number}" for number, _, _ in hops]
    for key, (_, here, there) in zip(keys, hops, strict=True):
        flow.script.call(key, TRANSPORT, "ground_transport", _arguments(flow, here, there))
    ways: dict[int, tuple[GroundOption, ...]] = {}
    for (number, _, _), outcome in zip(hops, await flow.script.outcomes(keys), strict=True):
        read = read_outcome(outcome, GroundTransportResult)
        options = [] if isinstance(read, ErrorBody) else read.options
        fit = tuple(each for each in options if _fits(flow, number, each))
        if fit:
            ways[number] = fit
    flow.script.end(TRANSPORT, {"ways": {str(number): [way.mode for way in ways[number]] for number in ways}})
    return ways


def hops_by_land(asked: Understanding) -> Iterator[tuple[int, Place, Place]]:
    """Those that a way over land or water is looked for on: with flights, only those between two stops."""
    route = [stop.place for stop in asked.stops]
    assert asked.origin is not None
    assert asked.ends_at is not None
    ends = [] if asked.wishes.one_way else [asked.ends_at]
    for number, hop in enumerate(itertools.pairwise([asked.origin, *route, *ends])):
        between = 0 < number < len(route)
        if between or asked.wishes.no_flights or wished_on(asked, number):
            yield number, *hop


def hops_to_weigh(flow: Flow) -> Iterator[tuple[int, Place, Place]]:
    """From and to home, where nothing says that they have to be flown and a train may be as good."""
    asked, wishes = flow.asked, flow.asked.wishes
    before = flow.previous.plan if flow.previous else None
    by_air = wishes.by_air or wishes.one_way or wishes.cabin or wishes.max_stops is not None or wishes.hours
    as_before = before is not None and bool(before.legs) and asked.cheaper_than is None
    if by_air or as_before or wishes.no_flights or wishes.there_by or wishes.home_by or not asked.nights:
        return
    assert asked.origin is not None
    assert asked.ends_at is not None
    first, last = asked.stops[0].place, asked.stops[-1].place
    ends = [(0, asked.origin, first), (len(asked.stops), last, asked.ends_at)]
    if all(distance_km(here, there) <= _RAIL_KM for _, here, there in ends):
        yield from ends


def wished_on(asked: Understanding, number: int) -> Mode | None:
    """How the way there, or the one home, is wanted to be made where the other of them is flown."""
    wishes = asked.wishes
    return wishes.there_by if number == 0 else wishes.home_by if number == len(asked.stops) else None


def links(
    flow: Flow, rates: Rates, departures: Sequence[date] = (), moved: Sequence[date] = ()
) -> list[Link]:
    """Every way as a link; the first one is taken on one of `departures` or, breaking "dates", of `moved`.

    Where nothing is flown, the others follow it by the nights that were asked for.
    """
    found: list[Link] = []
    for number, way in ((number, way) for number, options in flow.ways.items() for way in options):
        price = rates.convert(way.price)
        if price is None:
            continue
        people = max(1, flow.asked.party.count)
        burden = rates.convert(Money(Decimal(AN_HOUR * people * way.minutes) / 60, CURRENCY))
        days: list[tuple[str, frozenset[date] | None, frozenset[Condition]]] = [("", None, frozenset())]
        if number == 0 or set(flow.ways) == set(range(len(flow.asked.stops) + 1)):
            later = timedelta(sum(stop.nights or 0 for stop in flow.asked.stops[:number]))
            days = [("", frozenset(day + later for day in departures), frozenset())]
            days += (
                [("-moved", frozenset(day + later for day in moved), frozenset({"dates"}))] if moved else []
            )
        found += [
            Link(
                id=f"way-{number}-{way.mode}{suffix}",
                origin=_key(flow, number - 1),
                destination=_key(flow, number),
                minutes=way.minutes,
                price=price,
                days=on,
                burden=float(burden or 0),
                breaks=breaks,
            )
            for suffix, on, breaks in days
        ]
    return found


def plan_transfer(flow: Flow, taken: Taken) -> PlanTransfer:
    _, hop, mode, *_ = taken.link.id.split("-")
    number = int(hop)
    way = next(option for option in flow.ways[number] if option.mode == mode)
    return PlanTransfer(
        city=hop_name(flow.asked, number),
        mode=way.mode,
        minutes=way.minutes,
        distance_km=way.distance_km,
        price=way.price,
    )


def hop_name(asked: Understanding, number: int) -> str:
    """`From->To`."""
    assert asked.origin is not None
    ends_at = asked.home or asked.origin
    names = [asked.origin.name, *(stop.place.name for stop in asked.stops), ends_at.name]
    return f"{names[number]}->{names[number + 1]}"


def _key(flow: Flow, stop: int) -> str:
    return place_key(stop) if 0 <= stop < len(flow.asked.stops) else HOME


def _fits(flow: Flow, number: int, option: GroundOption) -> bool:
    asked, wishes = flow.asked, flow.asked.wishes
    if mode := wished_on(asked, number):
        return option.mode == mode and option.minutes <= LONGEST
    if not wishes.no_flights:
        ends = number in (0, len(asked.stops))
        if wishes.between_by and not ends:
            return option.mode == wishes.between_by and option.minutes <= LONGEST
        return option.mode in (("train",) if ends else _MODES) and option.minutes <= MOST_MINUTES
    day_trip = asked.length is not None and asked.length.nights == 0
    if option.mode == "car" and wishes.no_driving:
        return False
    wanted = wishes.modes or _MODES
    return option.mode in wanted and option.minutes <= (_THERE_AND_BACK if day_trip else LONGEST)


def _arguments(flow: Flow, here: Place, there: Place) -> dict[str, object]:
    return {"from": _point(here), "to": _point(there), "travellers": max(1, flow.asked.party.count)}


def _point(place: Place) -> dict[str, object]:
    return {
        "name": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "country": place.country,
    }
