"""Candidates for a trip and what is demanded of it.

A trip is a number of journeys: from home to the first place, on to the next, and home again. A candidate is
one way to make all of them at one price for the whole party.
"""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

Constraint = Literal["budget", "price_before", "stops", "nights"]


class Journey(Struct, frozen=True):
    """Times are local to where the journey departs and arrives."""

    departs: datetime
    arrives: datetime
    minutes: int
    stops: int


class Candidate(Struct, frozen=True):
    id: str
    journeys: tuple[Journey, ...]
    price: Decimal

    @property
    def nights(self) -> tuple[int, ...]:
        """Nights at each place: from the local day of arrival to the local day of departure."""
        return tuple(
            (onward.departs.date() - inbound.arrives.date()).days
            for inbound, onward in zip(self.journeys, self.journeys[1:], strict=False)
        )


class Demand(Struct, frozen=True, kw_only=True):
    """What a choice has to keep; None asks for nothing.

    `nights` are those at each place between two journeys. `below` is a price that it must be under.
    `not_before` is when the first journey may depart. `cheapest` puts the price before comfort.
    """

    not_before: datetime
    nights: tuple[int | None, ...] = ()
    max_stops: int | None = None
    budget: Decimal | None = None
    below: Decimal | None = None
    cheapest: bool = False


class Relaxed(Struct, frozen=True):
    """The cheapest choice there is when one constraint is given up."""

    gives_up: Constraint
    choice: Candidate
