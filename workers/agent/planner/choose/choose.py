"""The best candidate that keeps what is demanded, and what stands in the way when there is none."""

import itertools
from collections.abc import Iterator, Sequence

from msgspec import structs

from workers.agent.planner.choose.model import Candidate, Constraint, Demand, Relaxed

_A_STOP = 0.06
_AN_HOUR = 0.025
"""What a stop, and an hour more than the fastest journey of its kind, weigh as a share of the price."""


def choose(candidates: Sequence[Candidate], demand: Demand) -> Candidate | None:
    """The best that keeps the demand, the same whatever the order they come in; None if none does."""
    keeping = [candidate for candidate in candidates if not any(broken(candidate, demand))]
    if not keeping:
        return None
    fastest = [min(legs) for legs in zip(*(_minutes(each) for each in keeping), strict=True)]

    def rank(candidate: Candidate) -> tuple[float, float, str]:
        price = float(candidate.price)
        weight = price if demand.cheapest else price * (1 + _burden(candidate, fastest))
        return weight, price, candidate.id

    return min(keeping, key=rank)


def broken(candidate: Candidate, demand: Demand) -> Iterator[Constraint | str]:
    """The constraints that the candidate does not keep; `possible` is the one that cannot be given up."""
    if not _possible(candidate, demand):
        yield "possible"
    if demand.budget is not None and candidate.price > demand.budget:
        yield "budget"
    if demand.below is not None and candidate.price >= demand.below:
        yield "price_before"
    if demand.max_stops is not None and any(leg.stops > demand.max_stops for leg in candidate.journeys):
        yield "stops"
    if any(asked not in (None, had) for asked, had in zip(demand.nights, candidate.nights, strict=False)):
        yield "nights"


def relaxations(candidates: Sequence[Candidate], demand: Demand) -> list[Relaxed]:
    """What can be had when one constraint goes, for each that is in the way by itself."""
    eased: dict[Constraint, Demand] = {
        "budget": structs.replace(demand, budget=None),
        "price_before": structs.replace(demand, below=None),
        "stops": structs.replace(demand, max_stops=None),
        "nights": structs.replace(demand, nights=()),
    }
    found: list[Relaxed] = []
    for constraint, other in eased.items():
        choice = choose(candidates, structs.replace(other, cheapest=True)) if other != demand else None
        found += [Relaxed(constraint, choice)] if choice is not None else []
    return found


def _possible(candidate: Candidate, demand: Demand) -> bool:
    """Nothing departs too soon, or from a place before it is reached."""
    legs = candidate.journeys
    in_order = all(leg.arrives < onward.departs for leg, onward in itertools.pairwise(legs))
    return bool(legs) and in_order and legs[0].departs >= demand.not_before


def _minutes(candidate: Candidate) -> tuple[int, ...]:
    return tuple(leg.minutes for leg in candidate.journeys)


def _burden(candidate: Candidate, fastest: list[int]) -> float:
    return sum(
        _A_STOP * leg.stops + _AN_HOUR * (leg.minutes - least) / 60
        for leg, least in zip(candidate.journeys, fastest, strict=True)
    )
