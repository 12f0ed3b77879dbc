"""When an offer has to be paid: at once, or after the seats were held for a while."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from .duffel_parts import moment
from .itineraries import Journey

_DAYS_BEFORE_DEPARTURE = 7  # at least, for seats to be held


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


def terms_of(trip: Sequence[Journey], searched_on: date) -> Terms:
    """Network carriers hold seats while there is time, those of an alliance their price too; others never do."""
    carrier, departs = trip[0].owner, trip[0].flights[0].departs
    if carrier.kind != "full" or (departs.date() - searched_on).days < _DAYS_BEFORE_DEPARTURE:
        return PAID_AT_ONCE
    return _WITH_PRICE if carrier.alliance else _SEATS_ONLY


def _until(start: datetime, after: timedelta | None) -> str | None:
    """To the second, as Duffel writes deadlines."""
    return None if after is None else moment(start + after)[:-8] + "Z"
