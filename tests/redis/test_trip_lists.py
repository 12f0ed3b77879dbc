"""A user's trips in pages: each once, in order, whatever comes and goes between two pages."""

import json
from collections.abc import AsyncIterator
from itertools import chain

import pytest
from redis.asyncio import Redis

from app.contract import trip as t
from app.services.trip_lists import LOOKED_THROUGH
from app.streams.keys import TripKeys, UserKeys
from app.wiring import Services, services
from tests.support.api import api_settings

LISTED = UserKeys("alice").trips


@pytest.fixture
async def at(valkey_url: str) -> AsyncIterator[Services]:
    async with services(api_settings(valkey_url)) as running:
        yield running


async def make(redis: Redis, numbers: range, *, at: float | None = None) -> None:
    """Trips as the list reads them; those of one `at` came at the same time."""
    async with redis.pipeline(transaction=False) as pipe:
        for number in numbers:
            keys = TripKeys.of(f"t{number:04}")
            name = json.dumps(f"Trip {number}")
            pipe.hset(keys.record, "version", 1)
            pipe.hset(keys.roles, "alice", "owner")
            pipe.hset(keys.values, mapping={"name": name, "start_date": "null", "end_date": "null"})
            pipe.zadd(LISTED, {f"t{number:04}": number if at is None else at})
        await pipe.execute()


def ids(page: t.TripList) -> list[int]:
    return [int(trip.id[1:]) for trip in page.trips]


async def all_pages(at: Services, limit: int, search: str = "") -> list[list[int]]:
    pages = [await at.trip_lists.page("alice", search, None, limit)]
    while pages[-1].after is not None:
        assert len(pages) < 100, "the pages do not come to an end"
        pages.append(await at.trip_lists.page("alice", search, pages[-1].after, limit))
    return [ids(page) for page in pages]


async def test_every_trip_is_on_one_page(at: Services, redis: Redis) -> None:
    await make(redis, range(1200))
    pages = await all_pages(at, 200)
    assert [len(page) for page in pages] == [200] * 6
    assert [*chain(*pages)] == list(range(1199, -1, -1))


@pytest.mark.parametrize("limit", [1, 3, 10, 11])
async def test_trips_that_came_at_the_same_time_are_on_one_page_each(
    at: Services, redis: Redis, limit: int
) -> None:
    await make(redis, range(5))
    await make(redis, range(5, 15), at=2.5)
    assert [*chain(*await all_pages(at, limit))] == [4, 3, *range(14, 4, -1), 2, 1, 0]


async def test_pages_do_not_shift_as_trips_come_and_go(at: Services, redis: Redis) -> None:
    await make(redis, range(10))
    first = await at.trip_lists.page("alice", limit=4)
    await make(redis, range(10, 12))
    await redis.zrem(LISTED, "t0009", "t0006")  # the page's first, and the one that it ended with
    second = await at.trip_lists.page("alice", after=first.after, limit=4)
    assert (ids(first), ids(second)) == ([9, 8, 7, 6], [5, 4, 3, 2])


async def test_a_trip_that_may_not_be_opened_is_passed_over(at: Services, redis: Redis) -> None:
    await make(redis, range(6))
    await redis.hdel(TripKeys.of("t0004").roles, "alice")
    await redis.delete(TripKeys.of("t0003").values)
    assert await all_pages(at, 2) == [[5, 2], [1, 0]]


async def test_a_search_looks_through_so_many_a_page_and_says_that_there_are_more(
    at: Services, redis: Redis
) -> None:
    await make(redis, range(LOOKED_THROUGH + 50))
    page = await at.trip_lists.page("alice", "trip 12", limit=50)
    assert ids(page) == [*range(129, 119, -1)]
    assert page.after is not None
    rest = await at.trip_lists.page("alice", "trip 12", page.after)
    assert (ids(rest), rest.after) == ([12], None)
    found = await all_pages(at, 4, "TRIP 10")
    assert [*chain(*found)] == [*range(1049, 999, -1), *range(109, 99, -1), 10]
    assert all(len(page) <= 4 for page in found)
