"""The trips that a user may open, as a list on Redis that is read from any place in it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

import msgspec
from redis.asyncio import Redis

from app.contract import trip as t
from app.domain.roles import permissions_of
from app.storage.pages import Place, places_after
from app.streams.commands import Commands
from app.streams.keys import TripKeys, UserKeys


class TripLists:
    """Methods raise what the event log raises when the server is away; each may be repeated."""

    def __init__(self, client: Redis) -> None:
        self._redis = cast(Commands, client)

    async def after(
        self, user_id: str, place: Place | None, count: int
    ) -> list[tuple[Place, t.TripSummary | None]]:
        """The next `count` trips of the list, those that came last first; fewer at its end.

        None for one that is listed and that the user may not open: it was never made, or the access is just
        being taken away.
        """
        places = await places_after(self._redis, UserKeys(user_id).trips, place, count)
        if not places:
            return []
        async with self._redis.pipeline(transaction=False) as pipe:
            for _, trip_id in places:
                keys = TripKeys.of(trip_id)
                pipe.hmget(keys.record, ["version"])
                pipe.hmget(keys.values, ["name", "start_date", "end_date"])
                pipe.hmget(keys.roles, [user_id])  # last, so that nobody is shown what came after their time
            replies = await pipe.execute()
        found = zip(places, replies[::3], replies[1::3], replies[2::3], strict=True)
        return [(each, _summary(each.id, version, role, shown)) for each, (version,), shown, (role,) in found]


def _summary(trip_id: str, version: bytes, role: bytes | None, shown: Sequence[Any]) -> t.TripSummary | None:
    name, start, end = shown
    if role is None or name is None:
        return None
    return t.TripSummary(
        id=trip_id,
        name=msgspec.json.decode(name, type=str),
        start_date=msgspec.json.decode(start, type=date | None),
        end_date=msgspec.json.decode(end, type=date | None),
        version=int(version),
        permissions=permissions_of(cast(Any, role.decode())),
        owner=role == b"owner",
    )
