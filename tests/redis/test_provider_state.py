"""What workers share about travel providers, over a real server."""

import asyncio
from typing import cast

from redis.asyncio import Redis

from app.storage.counters import Counters
from app.streams.client import make_client
from app.streams.commands import Commands
from app.streams.keys import PROVIDER_BREAKERS, kept_answer
from tests.support.valkey import ValkeyProcess
from tools.providers.allowance import Allowance
from tools.providers.breaker import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, admit, failed, succeeded
from workers.provider_state import RedisProviderState


def worker(redis: Redis) -> RedisProviderState:
    commands = cast(Commands, redis)
    return RedisProviderState(commands, Counters(commands))


async def test_failures_that_different_workers_see_open_one_breaker(redis: Redis) -> None:
    workers = [worker(redis) for _ in range(FAILURES)]
    await asyncio.gather(*(one.decide("Duffel", failed) for one in workers))
    pause = await worker(redis).decide("Duffel", admit)
    assert 0 < pause <= FIRST_PAUSE
    assert await worker(redis).decide("Frankfurter", admit) == 0
    counters = Counters(cast(Commands, redis))
    assert await counters.breakers() == {"Duffel": "open"}
    assert (await counters.read())["provider_breaker_changes", "Duffel", "open"] == 1


async def test_of_many_workers_one_makes_the_trial(redis: Redis) -> None:
    await redis.hset(PROVIDER_BREAKERS, "Duffel", '{"state":"open","failures":5,"openings":1,"until":1}')
    waits = await asyncio.gather(*(worker(redis).decide("Duffel", admit) for _ in range(8)))
    assert sum(wait == 0 for wait in waits) == 1
    await worker(redis).decide("Duffel", succeeded)
    assert await Counters(cast(Commands, redis)).breakers() == {"Duffel": "closed"}


async def test_a_breaker_that_cannot_be_read_counts_as_closed(redis: Redis) -> None:
    await redis.hset(PROVIDER_BREAKERS, "Duffel", "?")
    assert await worker(redis).decide("Duffel", admit) == 0
    await worker(redis).decide("Duffel", failed)
    assert await Counters(cast(Commands, redis)).breakers() == {"Duffel": "closed"}


async def test_all_workers_take_from_one_bucket(redis: Redis) -> None:
    allowance = Allowance(per_minute=6, burst=3)
    waits = [await worker(redis).reserve("Duffel", allowance, patience=15) for _ in range(5)]
    assert waits[:3] == [0, 0, 0]
    assert 0 < waits[3] <= 10 < waits[4] <= 20
    assert waits[4] > 15  # so that its place was not taken
    again = await worker(redis).reserve("Duffel", allowance, patience=15)
    assert again <= waits[4]
    assert await worker(redis).reserve("LiteAPI", allowance, patience=15) == 0


async def test_what_a_provider_says_to_one_worker_holds_for_all(redis: Redis) -> None:
    allowance = Allowance(per_minute=60, burst=6)
    await worker(redis).empty("Duffel", allowance, 40)
    assert 39 < await worker(redis).reserve("Duffel", allowance, patience=0) <= 40
    assert 39 < await worker(redis).reserve("Duffel", allowance, patience=60) <= 40
    assert 40 < await worker(redis).reserve("Duffel", allowance, patience=60) <= 41
    assert await worker(redis).reserve("LiteAPI", allowance, patience=0) == 0
    await worker(redis).empty("Duffel", allowance, 1)
    assert await worker(redis).reserve("Duffel", allowance, patience=60) > 39


async def test_what_one_worker_keeps_another_recalls_while_it_is_fresh(redis: Redis) -> None:
    await worker(redis).keep("abc", b"body", 3600)
    assert await worker(redis).recall("abc") == b"body"
    assert 3590 < await redis.ttl(kept_answer("abc")) <= 3600


async def test_without_redis_a_worker_goes_by_what_it_sees(killable_valkey: ValkeyProcess) -> None:
    client = make_client(killable_valkey.url)
    alone = worker(client)
    killable_valkey.kill()
    for _ in range(FAILURES):
        await alone.decide("Duffel", failed)
    assert 0 < await alone.decide("Duffel", admit) <= LONGEST_PAUSE
    slow = Allowance(per_minute=1, burst=1)
    assert await alone.reserve("Duffel", slow, 0) == 0
    assert await alone.reserve("Duffel", slow, 0) > 0
    await alone.empty("LiteAPI", slow, 30)
    assert await alone.reserve("LiteAPI", slow, 0) > 29
    await alone.keep("abc", b"body", 60)
    await alone.count("Duffel", "failed")
    assert await alone.recall("abc") is None
    await client.aclose()
