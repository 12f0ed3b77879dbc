"""Answers to requests about trips, for their repeats; kept in the step that does what was asked, where it can."""

from datetime import timedelta
from typing import cast

from redis.asyncio import Redis

from app.streams.commands import Commands
from app.streams.keys import TripKeys

ANSWER_LIFE = timedelta(days=1)

Kept = tuple[str, bytes]
"""The fingerprint of what was asked for, and the answer."""


class TripAnswers:
    """Methods raise what the event log raises when the server is away; each may be repeated."""

    def __init__(self, client: Redis) -> None:
        self._redis = cast(Commands, client)

    async def get(self, trip_id: str, user_id: str, name: str) -> Kept | None:
        found = await self._redis.get(TripKeys.of(trip_id).answer(user_id, name))
        return None if found is None else unpacked(found)

    async def keep(self, trip_id: str, user_id: str, name: str, kept: Kept) -> Kept | None:
        """For a request that changes nothing. Answers with what is kept already, which stays, or None."""
        key = TripKeys.of(trip_id).answer(user_id, name)
        seconds = int(ANSWER_LIFE.total_seconds())
        standing = await self._redis.execute_command("SET", key, packed(*kept), "EX", seconds, "NX", "GET")
        return None if standing is None else unpacked(standing)


def packed(fingerprint: str, answer: bytes) -> bytes:
    return b"%b %b" % (fingerprint.encode(), answer)


def unpacked(stored: bytes) -> Kept:
    fingerprint, _, answer = stored.partition(b" ")
    return fingerprint.decode(), answer
