"""What workers know of the travel providers together, in Redis and by its clock.

While Redis is away each worker goes by what it sees itself: calls are still bounded, and none fails for it.
"""

import logging
from pathlib import Path
from typing import cast

import msgspec

from app.storage.counters import Counters
from app.streams.client import AWAY
from app.streams.commands import Commands
from app.streams.keys import PROVIDER_BREAKERS, kept_answer, provider_allowance
from tools.providers.allowance import Allowance
from tools.providers.breaker import CLOSED, Breaker, Rule
from tools.providers.state import LocalState

logger = logging.getLogger("tripsage.providers")

TRIES = 10  # at a change that others make at the same time
_HERE = Path(__file__).parent


class RedisProviderState:
    """The `ProviderState` of a fleet."""

    def __init__(self, redis: Commands, counters: Counters) -> None:
        self._redis = redis
        self._counters = counters
        self._alone = LocalState()
        self._reserve = redis.register_script((_HERE / "provider_reserve.lua").read_text())
        self._empty = redis.register_script((_HERE / "provider_empty.lua").read_text())
        self._change = redis.register_script((_HERE / "provider_breaker.lua").read_text())

    async def reserve(self, provider: str, allowance: Allowance, patience: float) -> float:
        arguments = (allowance.interval, allowance.burst, patience)
        try:
            return float(await self._reserve([provider_allowance(provider)], arguments))
        except AWAY as error:
            _say(error)
            return await self._alone.reserve(provider, allowance, patience)

    async def empty(self, provider: str, allowance: Allowance, seconds: float) -> None:
        arguments = (allowance.interval, allowance.burst, seconds)
        try:
            await self._empty([provider_allowance(provider)], arguments)
        except AWAY as error:
            _say(error)
            await self._alone.empty(provider, allowance, seconds)

    async def decide(self, provider: str, rule: Rule) -> float:
        try:
            return await self._decide(provider, rule)
        except AWAY as error:
            _say(error)
            return await self._alone.decide(provider, rule)

    async def recall(self, key: str) -> bytes | None:
        try:
            return await self._redis.get(kept_answer(key))
        except AWAY as error:
            _say(error)
            return None

    async def keep(self, key: str, body: bytes, seconds: int) -> None:
        try:
            await self._redis.set(kept_answer(key), body, ex=seconds)
        except AWAY as error:
            _say(error)

    async def count(self, provider: str, outcome: str) -> None:
        try:
            await self._counters.add("provider_calls", provider, outcome)
        except AWAY as error:
            _say(error)

    async def _decide(self, provider: str, rule: Rule) -> float:
        """Reads, applies the rule and writes if nobody wrote in between; otherwise once more."""
        was, now = await self._read(provider)
        for _ in range(TRIES):
            before = _breaker(was)
            after, seconds = rule(before, now)
            if after == before:
                return seconds
            reply = await self._change([PROVIDER_BREAKERS], [provider, was, msgspec.json.encode(after)])
            is_written, was, now = _reply(reply)
            if is_written:
                await self._announce(provider, before, after)
                return seconds
        logger.warning("the breaker of %s changes too fast to be changed", provider)
        return 0.0

    async def _read(self, provider: str) -> tuple[bytes, float]:
        _, was, now = _reply(await self._change([PROVIDER_BREAKERS], [provider, b"", b""]))
        return was, now

    async def _announce(self, provider: str, before: Breaker, after: Breaker) -> None:
        if before.state != after.state:
            logger.warning("the breaker of %s is %s (it was %s)", provider, after.state, before.state)
            await self._counters.add("provider_breaker_changes", provider, after.state)


def _reply(reply: object) -> tuple[bool, bytes, float]:
    is_written, found, now = cast(tuple[int, bytes, bytes], reply)
    return bool(is_written), found, float(now)


def _breaker(stored: bytes) -> Breaker:
    """What another version wrote and this one cannot read counts as nothing."""
    if not stored:
        return CLOSED
    try:
        return msgspec.json.decode(stored, type=Breaker)
    except msgspec.DecodeError:
        return CLOSED


def _say(error: Exception) -> None:
    logger.debug("Redis is away; this worker goes by what it sees itself: %s", error)
