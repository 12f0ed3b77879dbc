"""What every provider of hotel rooms is asked and answers, so that tools need not know which one it is."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from msgspec import Struct

from app.contract.turn import Money
from tools.providers.http import Report

ACCESSIBLE = "accessible"  # among amenities: facilities for disabled guests


class Occupancy(Struct, frozen=True):
    """Who sleeps in one room; `children` are ages in years."""

    adults: int
    children: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StaySearch:
    """`metres` around the point; one occupancy a room. `nationality` is of the guests (ISO 3166)."""

    latitude: float
    longitude: float
    metres: int
    check_in: date
    check_out: date
    occupancies: list[Occupancy]
    currency: str
    nationality: str


@dataclass(frozen=True, slots=True)
class RoomOffer:
    """Rooms for a whole party for all nights; `sleeps` is what the smallest of the rooms takes.

    `stars` and `review_score` (up to 10) are None where nobody gave any.
    """

    rate_id: str
    hotel_id: str
    hotel: str
    latitude: float
    longitude: float
    stars: float | None
    review_score: float | None
    room: str
    board: str
    sleeps: int
    amenities: frozenset[str]
    refundable: bool
    total: Money


class StayProvider(Protocol):
    async def offers(self, search: StaySearch, report: Report) -> list[RoomOffer]:
        """Rooms that are free for the whole stay, in the provider's order; none is an empty list.

        Raises `VALIDATION_ERROR` for what the provider cannot search for, `EXTERNAL_API_ERROR` or `TOOL_TIMEOUT`.
        """
        ...
