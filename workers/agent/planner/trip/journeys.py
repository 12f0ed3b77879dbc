"""Offers as tickets of the problem, and the nights that they leave at each place."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from tools.results import FlightOffer, FlightSlice
from workers.agent.planner.solve.model import HOME, Condition, Move, Ticket
from workers.agent.planner.trip.money import Rates
from workers.agent.planner.understand.model import Understanding

NONSTOP = "nonstop"
"""The limit on stops, whatever it is."""
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


def tickets(asked: Understanding, offers: Offers, rates: Rates) -> list[Ticket]:
    """Each offer at its price in the currency that counts; offers whose currency has no rate are left out.

    `offers` come with the conditions that they break by the days that they are for.
    """
    all_offers = list(offers)
    fastest = _fastest([offer for offer, _ in all_offers])
    found: list[Ticket] = []
    for offer, breaks in all_offers:
        price = rates.convert(offer.total)
        if price is None:
            continue
        if asked.wishes.max_stops is not None and any(
            part.stops > asked.wishes.max_stops for part in offer.slices
        ):
            breaks |= {NONSTOP}
        found.append(
            Ticket(
                id=offer.offer_id,
                moves=tuple(_move(asked, index, part) for index, part in enumerate(offer.slices)),
                price=price,
                group=offer.group,
                burden=float(price) * _burden(offer, fastest),
                breaks=breaks,
            )
        )
    return found


def stopovers(ticket: Ticket) -> tuple[Nights, ...]:
    """Where one is between two moves, and from when to when."""
    return tuple(
        Nights(index, move.arrives.date(), onward.departs.date())
        for index, (move, onward) in enumerate(zip(ticket.moves, ticket.moves[1:], strict=False))
    )


def best_days(found: Sequence[Ticket], most: int, *, groups: int = 1) -> list[tuple[Nights, ...]]:
    """The days on which the flights are best, the best first; only those with a night at every stop."""
    least = defaultdict[tuple[Nights, ...], dict[int, float]](dict)
    for ticket in found:
        days = stopovers(ticket)
        if days and all(each.check_in < each.check_out for each in days):
            weight = float(ticket.price) + ticket.burden
            least[days][ticket.group] = min(least[days].get(ticket.group, weight), weight)
    whole = {days: sum(weights.values()) for days, weights in least.items() if len(weights) == groups}
    return sorted(whole, key=lambda days: (whole[days], days))[:most]


def _move(asked: Understanding, index: int, part: FlightSlice) -> Move:
    last = len(asked.stops)
    return Move(
        HOME if index == 0 else place_key(index - 1),
        HOME if index == last else place_key(index),
        part.segments[0].departs_local,
        part.segments[-1].arrives_local,
    )


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
