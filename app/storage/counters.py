"""Counts of what the whole system did, kept in Redis since workers come and go."""

import msgspec

from app.streams.commands import Commands
from app.streams.keys import COUNTERS, PROVIDER_BREAKERS


class _Breaker(msgspec.Struct):
    """Of what workers keep of a provider's circuit breaker."""

    state: str


class Counters:
    def __init__(self, redis: Commands) -> None:
        self._redis = redis

    async def add(self, name: str, *labels: str) -> None:
        """Counts one of `name` with these label values; none of them contains a `|`."""
        await self._redis.hincrby(COUNTERS, "|".join((name, *labels)), 1)

    async def read(self) -> dict[tuple[str, ...], int]:
        found = await self._redis.hgetall(COUNTERS)
        return {tuple(name.decode().split("|")): int(count) for name, count in found.items()}

    async def breakers(self) -> dict[str, str]:
        """The state of each travel provider's circuit breaker that ever left `closed`, by provider."""
        found = await self._redis.hgetall(PROVIDER_BREAKERS)
        return {
            provider.decode(): msgspec.json.decode(stored, type=_Breaker).state
            for provider, stored in found.items()
        }
