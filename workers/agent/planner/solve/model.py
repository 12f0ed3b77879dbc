"""A trip as a problem: candidates, and what is demanded of the choice among them.

A trip is a path through places and days. Tickets bring the party from `HOME` to a place on a day, from place
to place, and home again; links do the same without a timetable, within a day; lodgings bring it through the
nights at one place. Places are keys, prices are numbers in one currency, times are local to where they happen.

`breaks` of a candidate names the conditions that choosing it would break ("nonstop", "dates", "pets" …).
What a condition means is known to whoever wrote the candidates; here it is a name that is in force or not.
`burden` is what a candidate is worth avoiding besides its price, in the same unit; below 0 it is worth having.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

HOME = "home"

Condition = str
"""A name in `breaks`, or one of those that the solver itself knows: "budget", "price_before", "nights"."""


class Move(Struct, frozen=True):
    """One scheduled way from a place to another."""

    origin: str
    destination: str
    departs: datetime
    arrives: datetime


class Ticket(Struct, frozen=True, kw_only=True):
    """Moves that are sold together, for the whole party or for one group of it (1, 2 … `Demand.groups`).

    The tickets of all groups make the same moves at the same times.
    """

    id: str
    moves: tuple[Move, ...]
    price: Decimal
    group: int = 1
    burden: float = 0.0
    breaks: frozenset[Condition] = frozenset()


class Link(Struct, frozen=True, kw_only=True):
    """A way between two places that goes often enough to be taken on any of `days` (None: on any day)."""

    id: str
    origin: str
    destination: str
    minutes: int
    price: Decimal
    days: frozenset[date] | None = None
    burden: float = 0.0
    breaks: frozenset[Condition] = frozenset()


class Lodging(Struct, frozen=True, kw_only=True):
    """Beds for the whole party from `check_in` to `check_out`."""

    id: str
    place: str
    check_in: date
    check_out: date
    price: Decimal
    burden: float = 0.0
    breaks: frozenset[Condition] = frozenset()


class Outing(Struct, frozen=True, kw_only=True):
    """Something to do at a place, at most once, on one of `open_on` (None: any day) and in one of `parts`."""

    id: str
    place: str
    minutes: int
    price: Decimal = Decimal()
    open_on: frozenset[date] | None = None
    parts: tuple[Literal["morning", "afternoon", "evening"], ...] = ("morning", "afternoon")
    meal: bool = False
    """Meals do not count among the outings of a day."""

    burden: float = 0.0
    breaks: frozenset[Condition] = frozenset()


class Stop(Struct, frozen=True):
    """A place to spend nights at: so many, or one at least."""

    place: str
    nights: int | None = None


class Demand(Struct, frozen=True, kw_only=True):
    """What must hold.

    `stops` are visited in this order unless `any_order`; `choose` takes that many of them. Every other place is
    passed through on a day only. `nights` are those of all stops together. `conditions` are in force;
    so are `budget` (at most) and `below` (less than, the condition "price_before") where they are given.
    `outings_a_day` bounds how full a day may get. `cheapest` leaves burdens aside, but for equal prices.
    """

    stops: tuple[Stop, ...]
    not_before: datetime
    one_way: bool = False
    any_order: bool = False
    choose: int | None = None
    nights: int | None = None
    groups: int = 1
    lodged: bool = True
    """Whether nights need a lodging; without, they need none (nobody sells one, or nobody wants one)."""
    budget: Decimal | None = None
    below: Decimal | None = None
    conditions: frozenset[Condition] = frozenset()
    outings_a_day: int = 0
    cheapest: bool = False


class Problem(Struct, frozen=True, kw_only=True):
    demand: Demand
    tickets: tuple[Ticket, ...] = ()
    links: tuple[Link, ...] = ()
    lodgings: tuple[Lodging, ...] = ()
    outings: tuple[Outing, ...] = ()


class Taken(Struct, frozen=True):
    """A link on its day."""

    link: Link
    on: date


class Planned(Struct, frozen=True):
    """An outing on its day, in its part of the day."""

    outing: Outing
    on: date
    part: Literal["morning", "afternoon", "evening"]


class Solution(Struct, frozen=True, kw_only=True):
    """The trip in the order of its days; `price` is everything together."""

    tickets: tuple[Ticket, ...]
    links: tuple[Taken, ...]
    lodgings: tuple[Lodging, ...]
    outings: tuple[Planned, ...]
    price: Decimal


class Relaxed(Struct, frozen=True):
    """What can be had, the cheapest, when these conditions go and all others stay."""

    gives_up: tuple[Condition, ...]
    solution: Solution


class Infeasible(Struct, frozen=True):
    """No choice keeps everything: `core` is a smallest set of conditions that cannot hold together.

    An empty core says that there is no trip at all among the candidates, whatever gives way. `relaxed` are the
    ways out, each giving up as little as can be, the cheapest first.
    """

    core: tuple[Condition, ...]
    relaxed: tuple[Relaxed, ...]
