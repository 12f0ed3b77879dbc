"""A user's trips, a page at a time, and what is looked for among them."""

from app.contract import trip as t
from app.storage.pages import as_text, from_text
from app.storage.trip_lists import TripLists

LOOKED_THROUGH = 1_000
"""Trips that one page looks through, at most."""
STEP = 200
"""Trips that are read at once while something is looked for."""


class TripListing:
    def __init__(self, lists: TripLists) -> None:
        self._lists = lists

    async def page(
        self, user_id: str, search: str = "", after: str | None = None, limit: int = 50
    ) -> t.TripList:
        """The user's trips whose name has `search` in it, from where the page before ended.

        Raises `VALIDATION_ERROR` for an `after` that no page has answered.
        """
        wanted, place = search.casefold(), from_text(after)
        found: list[t.TripSummary] = []
        looked = 0
        while True:
            # One more than there is room for: so it is known whether there is more.
            asked = STEP if wanted else limit - len(found) + 1
            step = await self._lists.after(user_id, place, asked)
            for each, trip in step:
                if len(found) == limit or looked == LOOKED_THROUGH:
                    return t.TripList(trips=found, after=as_text(place))
                place, looked = each, looked + 1
                if trip is not None and wanted in trip.name.casefold():
                    found.append(trip)
            if len(step) < asked:
                return t.TripList(trips=found, after=None)
