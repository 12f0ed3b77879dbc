"""Limits on one user over all gateways, counted in Redis."""

from app.contract.errors import ErrorCode, TripSageError
from app.domain.ports import Clock
from app.streams.commands import Commands
from app.streams.keys import UserKeys

CONNECTION_LEASE = 60.0
"""Seconds after which a connection whose gateway says nothing more no longer counts."""


class MessageLimit:
    """At most `per_minute` messages a user in any minute of the clock, wherever they are sent."""

    def __init__(self, redis: Commands, per_minute: int, clock: Clock) -> None:
        self._redis = redis
        self._per_minute = per_minute
        self._clock = clock

    async def count(self, user_id: str) -> None:
        """Counts one message; raises `TripSageError` (`RATE_LIMITED`) for one too many."""
        now = self._clock().timestamp()
        minute, passed = divmod(now, 60)
        key = UserKeys(user_id).messages_in(int(minute))
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, 120)
            count, _ = await pipe.execute()
        if count > self._per_minute:
            raise TripSageError(
                ErrorCode.RATE_LIMITED,
                f"More than {self._per_minute} messages in a minute; wait before sending more.",
                retry_after=round(60 - passed, 1),
            )


class ConnectionLimit:
    """At most `per_user` connections at once, over all gateways.

    A connection counts while its gateway renews it; those of a gateway that died stop counting after
    `CONNECTION_LEASE` seconds.
    """

    def __init__(self, redis: Commands, per_user: int, clock: Clock) -> None:
        self._redis = redis
        self._per_user = per_user
        self._clock = clock

    async def enter(self, user_id: str, connection_id: str) -> bool:
        """Counts the connection; false when the user has as many as allowed."""
        now = self._clock().timestamp()
        key = UserKeys(user_id).connections
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.zremrangebyscore(key, "-inf", now)
            pipe.zadd(key, {connection_id: now + CONNECTION_LEASE})
            pipe.zcard(key)
            pipe.expire(key, int(CONNECTION_LEASE) * 2)
            _, _, count, _ = await pipe.execute()
        if count <= self._per_user:
            return True
        await self.leave(user_id, connection_id)
        return False

    async def renew(self, connections: dict[str, list[str]]) -> None:
        """Renews the connections of every user named."""
        until = self._clock().timestamp() + CONNECTION_LEASE
        async with self._redis.pipeline(transaction=False) as pipe:
            for user_id, connection_ids in connections.items():
                key = UserKeys(user_id).connections
                pipe.zadd(key, dict.fromkeys(connection_ids, until))
                pipe.expire(key, int(CONNECTION_LEASE) * 2)
            await pipe.execute()

    async def leave(self, user_id: str, connection_id: str) -> None:
        await self._redis.zrem(UserKeys(user_id).connections, connection_id)
