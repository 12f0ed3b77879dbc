"""How long airlines take to answer a search, and how long Duffel waits for them (`supplier_timeout`).

Whoever is later is not among the offers. That a search which no airline answers ends with 504 was seen in Duffel's
test mode; how long it takes was not, and here it is the time that was asked for.
"""

from collections.abc import Iterable

from .conditions import Latency
from .itineraries import Journey

DEFAULT = 20_000  # ms
SHORTEST, LONGEST = 2_000, 60_000
"""What is asked for beyond these is ignored."""
SLOWEST = 9_500  # ms; nobody takes longer
_USUAL = Latency(seconds=0.9, p95=3.0)

Trip = tuple[Journey, ...]


def patience(asked: str | None) -> int:
    """Milliseconds."""
    if asked is None or not asked.isascii() or not asked.isdigit():
        return DEFAULT
    wanted = int(asked[:9])
    return wanted if SHORTEST <= wanted <= LONGEST else DEFAULT


def in_time(trips: Iterable[Trip], seed: int, request_id: str, milliseconds: int) -> list[Trip]:
    """Of the airlines that answer this search within so long."""
    if milliseconds >= SLOWEST:
        return list(trips)
    return [trip for trip in trips if _takes(seed, request_id, trip[0].owner.iata) <= milliseconds]


def _takes(seed: int, request_id: str, carrier: str) -> float:
    number = int.from_bytes(f"{request_id}{carrier}".encode(), "big")
    return min(1000 * _USUAL.of_call(seed, "airlines", number), SLOWEST)
