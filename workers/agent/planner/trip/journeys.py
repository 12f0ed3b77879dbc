"""Offers as tickets of the problem, and the nights that they leave at each place."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tools.results import FlightOffer
from workers.agent.planner.context import Flow
from workers.agent.planner.solve.model import HOME, Condition, Move, Ticket
from workers.agent.planner.trip.conditions import (
    AS_BEFORE,
    DURATION,
    HOURS,
    KEPT_FLIGHTS,
    is_day_trip,
    keeps_hours,
    was_flown,
)
from workers.agent.planner.trip.money import Rates
from workers.agent.planner.trip.search import offer_key

NONSTOP = "nonstop"
"""The limit on stops, whatever it is."""
_LEAST_TIME_THERE = timedelta(hours=3)
_A_STOP = 0.06
_AN_HOUR = 0.025
"""What a stop, and an hour more than the fastest journey of its kind, weigh as a share of the price."""

Offers = Iterable[tuple[FlightOffer, frozenset[Condition]]]


class Nights(NamedTuple):
    """From the day of arrival at a stop to the day of departure."""

    stop: int
    check_in: date
    check_out: date


def place_key(stop: int) -> str:
    """A stop of the route by number; the same town twice is two places to be at."""
    return f"stop{stop}"


def stop_number(key: str) -> int:
    """The inverse."""
    return int(key.removeprefix("stop"))


def tickets(flow: Flow, offers: Offers, rates: Rates) -> list[Ticket]:
    """Each offer at its price in the currency that counts; offers whose currency has no rate are left out.

    `offers` come with the conditions that they break by the days that they are for.
    """
    all_offers = list(offers)
    most_stops, hops, day_trip = flow.asked.wishes.max_stops, flown(flow), is_day_trip(flow.asked)
    fastest = _fastest([offer for offer, _ in all_offers])
    found: list[Ticket] = []
    for offer, breaks in all_offers:
        price = rates.convert(offer.total)
        if price is None:
            continue
        if most_stops is not None and any(part.stops > most_stops for part in offer.slices):
            breaks |= {NONSTOP}
        if day_trip:
            if _time_there(offer) < _LEAST_TIME_THERE:
                continue
            breaks |= {DURATION} if not _in_a_day(offer) else set[str]()
        breaks |= {HOURS} if not keeps_hours(flow, offer) else set[str]()
        same = was_flown(flow, offer)
        breaks |= {KEPT_FLIGHTS} if not same else set[str]()
        as_before = AS_BEFORE if same and flow.asked.cheaper_than is None else 0.0
        found.append(
            Ticket(
                id=offer_key(offer),
                moves=moves(hops, offer),
                price=price,
                group=offer.group,
                burden=float(price) * (_burden(offer, fastest) - as_before),
                breaks=breaks,
            )
        )
    return found


def flown(flow: Flow) -> list[tuple[str, str]]:
    """The hops that are flights, from place to place."""
    stops = [place_key(number) for number in range(len(flow.asked.stops))]
    route = [HOME, *stops] if flow.asked.wishes.one_way else [HOME, *stops, HOME]
    return [hop for number, hop in enumerate(itertools.pairwise(route)) if number not in flow.ways]


def moves(hops: Sequence[tuple[str, str]], offer: FlightOffer) -> tuple[Move, ...]:
    """An offer for these hops, in local times."""
    return tuple(
        Move(*hop, part.segments[0].departs_local, part.segments[-1].arrives_local)
        for hop, part in zip(hops, offer.slices, strict=True)
    )


def stopovers(flow: Flow, journey: Sequence[Move]) -> tuple[Nights, ...]:
    """Where one is before, between and after flights, and from when to when.

    Nights that no two flights bound are as asked for.
    """
    first, last = journey[0], journey[-1]
    found: list[Nights] = []
    if first.origin != HOME:
        found += _backwards(flow, stop_number(first.origin), first.departs.date())
    for move, onward in itertools.pairwise(journey):
        reached, left = stop_number(move.destination), stop_number(onward.origin)
        found += _onwards(flow, range(reached, left), move.arrives.date())
        day = found[-1].check_out if reached < left else move.arrives.date()
        found.append(Nights(left, day, onward.departs.date()))
    if last.destination != HOME and not flow.asked.wishes.one_way:
        rest = range(stop_number(last.destination), len(flow.asked.stops))
        found += _onwards(flow, rest, last.arrives.date())
    return tuple(found)


def _onwards(flow: Flow, stops: Iterable[int], day: date) -> list[Nights]:
    """The nights at stops one after the other, from that day on."""
    found: list[Nights] = []
    for number in stops:
        leaves = day + timedelta(flow.asked.stops[number].nights or 1)
        found.append(Nights(number, day, leaves))
        day = leaves
    return found


def _backwards(flow: Flow, last: int, leaves: date) -> list[Nights]:
    """The nights at the stops up to that one, which is left on that day."""
    nights = sum(stop.nights or 1 for stop in flow.asked.stops[: last + 1])
    return _onwards(flow, range(last + 1), leaves - timedelta(nights))


def best_days(flow: Flow, found: Sequence[Ticket], most: int, *, groups: int = 1) -> list[tuple[Nights, ...]]:
    """The days on which the flights are best, the best first; only those with a night at every stop."""
    least = defaultdict[tuple[Nights, ...], dict[int, float]](dict)
    at_the_hours = [ticket for ticket in found if HOURS not in ticket.breaks]
    for ticket in at_the_hours or found:
        days = stopovers(flow, ticket.moves)
        if days and all(each.check_in < each.check_out for each in days):
            weight = float(ticket.price) + ticket.burden
            least[days][ticket.group] = min(least[days].get(ticket.group, weight), weight)
    whole = {days: sum(weights.values()) for days, weights in least.items() if len(weights) == groups}
    return sorted(whole, key=lambda days: (whole[days], days))[:most]


def _in_a_day(offer: FlightOffer) -> bool:
    first, last = offer.slices[0].segments[0], offer.slices[-1].segments[-1]
    return first.departs_local.date() == last.arrives_local.date()


def _time_there(offer: FlightOffer) -> timedelta:
    """Between the first two journeys."""
    ends = zip(offer.slices, offer.slices[1:], strict=False)
    there = [onward.segments[0].departs_local - part.segments[-1].arrives_local for part, onward in ends]
    return min(there, default=_LEAST_TIME_THERE)


def _fastest(offers: Sequence[FlightOffer]) -> list[int]:
    return [
        min(part.duration_minutes for part in parts)
        for parts in zip(*(offer.slices for offer in offers), strict=True)
    ]


def _burden(offer: FlightOffer, fastest: list[int]) -> float:
    return sum(
        _A_STOP * part.stops + _AN_HOUR * (part.duration_minutes - least) / 60
        for part, least in zip(offer.slices, fastest, strict=True)
    )
