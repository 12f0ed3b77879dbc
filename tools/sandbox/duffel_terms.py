"""When an offer has to be paid: at once, or after the seats were held for a while."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from .itineraries import Journey

_TOO_LATE_TO_HOLD = timedelta(days=7)  # before departure


class Terms(NamedTuple):
    """How long after the search the seats are held, and their price with them; None: not at all."""

    held: timedelta | None = None
    guaranteed: timedelta | None = None

    def requirements(self, searched_at: datetime) -> dict[str, Any]:
        """As an offer's `payment_requirements` say it."""
        return {
            "requires_instant_payment": self.held is None,
            "price_guarantee_expires_at": _until(searched_at, self.guaranteed),
            "payment_required_by": _until(searched_at, self.held),
        }


PAID_AT_ONCE = Terms()
TEST_ROUTE = Terms(timedelta(days=2), timedelta(days=2))
_WITH_PRICE = Terms(timedelta(days=3), timedelta(days=1))
_SEATS_ONLY = Terms(timedelta(days=3))


def terms_of(trip: Sequence[Journey], searched_at: datetime) -> Terms:
    """Network carriers hold seats while there is time, those of an alliance their price too; others never do."""
    carrier, first = trip[0].owner, trip[0].flights[0]
    if carrier.kind != "full" or first.departs_utc < searched_at + _TOO_LATE_TO_HOLD:
        return PAID_AT_ONCE
    return _WITH_PRICE if carrier.alliance else _SEATS_ONLY


def _until(start: datetime, after: timedelta | None) -> str | None:
    """To the second, as Duffel writes deadlines."""
    return None if after is None else (start + after).strftime("%Y-%m-%dT%H:%M:%SZ")
