"""Reading the event log after a cursor: pages, retention and epochs."""

import asyncio

import pytest
from redis.asyncio import Redis

from app.contract.codec import encode
from app.contract.events import decode_event
from app.settings import Retention
from app.streams.frame import MAX_EVENT_BYTES
from app.streams.keys import StreamKeys
from app.streams.log import PAGE_BYTES, RedisEventLog
from tests.support.streams import STREAM, event

KEYS = StreamKeys(STREAM)


@pytest.fixture
def log(redis: Redis) -> RedisEventLog:
    return RedisEventLog(redis, Retention())


async def test_pages_are_bounded_in_number_and_bytes(log: RedisEventLog) -> None:
    for n in range(10):
        await log.append(STREAM, event(f"e{n}", "x" * (PAGE_BYTES // 4)))
    sizes: list[int] = []
    after = 0
    while page := (await log.read(STREAM, after)).frames:
        assert [seq for seq, _ in page] == list(range(after + 1, after + 1 + len(page)))
        after = page[-1][0]
        sizes.append(len(page))
    assert after == 10
    assert sizes == [4, 4, 2]
    assert len((await log.read(STREAM, 0, limit=3)).frames) == 3


async def test_a_slice_reaches_beyond_its_first_entry_however_large(log: RedisEventLog) -> None:
    room = MAX_EVENT_BYTES - len(encode(event("e0", "")))
    for n in range(3):
        await log.append(STREAM, event(f"e{n}", "x" * room))
    assert [seq for seq, _ in (await log.slice(STREAM, 1)).entries] == [1, 2]


async def test_a_stream_that_nobody_has_used_can_be_resumed_from_0(log: RedisEventLog) -> None:
    fresh = await log.read(STREAM, 0)
    assert (fresh.seq, fresh.recovered, fresh.frames) == (0, True, [])
    appended = await log.append(STREAM, event("e1"))
    assert appended.epoch == fresh.epoch
    page = await log.read(STREAM, 0, epoch=fresh.epoch)
    assert page.recovered
    assert len(page.frames) == 1


@pytest.mark.parametrize(
    ("after", "epoch", "recovered", "count"),
    [
        (0, None, True, 3),
        (2, "current", True, 1),
        (3, "current", True, 0),
        (4, "current", False, 0),
        (2**70, None, False, 0),
        (2, "another", False, 0),
        (3, "another", False, 0),
    ],
)
async def test_a_cursor_is_resumed_only_where_nothing_is_missing(
    log: RedisEventLog, after: int, epoch: str | None, recovered: bool, count: int
) -> None:
    for n in range(3):
        current = (await log.append(STREAM, event(f"e{n}"))).epoch
    page = await log.read(STREAM, after, epoch=current if epoch == "current" else epoch)
    assert (page.recovered, len(page.frames), page.seq, page.epoch) == (recovered, count, 3, current)


async def test_trimmed_history_is_not_recovered(redis: Redis) -> None:
    log = RedisEventLog(redis, Retention(events=100))
    for n in range(400):
        await log.append(STREAM, event(f"e{n}"))
    kept = await redis.xlen(KEYS.log)
    assert 100 <= kept < 300
    assert not (await log.read(STREAM, 0)).recovered
    assert not (await log.read(STREAM, 400 - kept - 1)).recovered
    page = await log.read(STREAM, 400 - kept)
    assert page.recovered
    assert page.frames[0][0] == 400 - kept + 1


async def test_an_expired_log_keeps_its_count(log: RedisEventLog, redis: Redis) -> None:
    epoch = (await log.append(STREAM, event("e1"))).epoch
    assert 0 < await redis.pttl(KEYS.log) <= Retention().seconds * 1000
    await redis.delete(KEYS.log)
    assert not (await log.read(STREAM, 0, epoch=epoch)).recovered
    assert (await log.read(STREAM, 1, epoch=epoch)).recovered
    appended = await log.append(STREAM, event("e2"))
    assert (appended.seq, appended.epoch) == (2, epoch)


async def test_a_count_that_is_lost_begins_a_new_epoch_without_the_old_log(
    log: RedisEventLog, redis: Redis
) -> None:
    before = await log.append(STREAM, event("e1"))
    await log.append(STREAM, event("e2"))
    await redis.delete(KEYS.meta)
    after = await log.append(STREAM, event("e3"))
    assert after.epoch != before.epoch
    assert after.seq == 1
    assert [decode_event(frame).id for _, frame in (await log.read(STREAM, 0)).frames] == ["e3"]
    assert not (await log.read(STREAM, 1, epoch=before.epoch)).recovered


async def test_an_epoch_is_retired_once(log: RedisEventLog) -> None:
    first = (await log.append(STREAM, event("e1"))).epoch
    await asyncio.gather(*[log.rotate_epoch(STREAM, first) for _ in range(3)])
    second = await log.append(STREAM, event("e2"))
    assert second.epoch != first
    assert second.seq == 2
    await log.rotate_epoch(STREAM, first)
    assert (await log.read(STREAM, 0)).epoch == second.epoch
    await log.rotate_epoch("session:nobody", first)


async def test_positions_are_those_of_the_newest_events(log: RedisEventLog) -> None:
    for n in range(3):
        await log.append(STREAM, event(f"e{n}"))
    known, fresh = await log.position([STREAM, "session:new"])
    [(seq, frame)] = known.entries
    assert (known.top, seq, decode_event(frame).id) == (3, 3, "e2")
    assert (fresh.top, fresh.entries) == (0, [])
    assert (await log.read("session:new", 0)).epoch == fresh.epoch
