"""The trips that a user may open, as a list on Redis that is read from any place in it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, cast

import msgspec
from redis.asyncio import Redis

from app.contract import trip as t
from app.domain.roles import permissions_of
from app.streams.commands import Commands
from app.streams.keys import TripKeys, UserKeys


class Place(NamedTuple):
    """Where a trip stands in its user's list: it keeps its place as long as it is in there.

    `since` is when it came to the user, in seconds since the Unix epoch.
    """

    since: float
    trip_id: str


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
        places = await self._places(user_id, place, count)
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
        return [
            (each, _summary(each.trip_id, version, role, shown)) for each, (version,), shown, (role,) in found
        ]

    async def _places(self, user_id: str, place: Place | None, count: int) -> list[Place]:
        """Some trips may have come at the very same time; then the ids say which stands first."""
        listed, highest = UserKeys(user_id).trips, "+inf" if place is None else place.since
        found: list[Place] = []
        passed = 0
        while len(found) < count:
            step = await self._redis.zrevrangebyscore(
                listed, highest, "-inf", passed, count + 1, withscores=True
            )
            places = [Place(score, member.decode()) for member, score in step]
            found += [each for each in places if place is None or each < place]
            if len(step) <= count:
                break
            passed += len(step)
        return found[:count]


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
