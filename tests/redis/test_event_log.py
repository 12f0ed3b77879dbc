"""Appending to the event log on a real server: order, idempotency, fencing, atomicity."""

import asyncio
import re

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.contract.events import decode_event
from app.domain.ports import CLOSED, Fence, Last, Write
from app.settings import Retention
from app.streams.client import make_client
from app.streams.frame import MAX_EVENT_BYTES
from app.streams.key_table import TABLE
from app.streams.keys import StreamKeys
from app.streams.log import RedisEventLog
from tests.support.streams import STREAM, Process, event

KEYS = StreamKeys(STREAM)


@pytest.fixture
def log(redis: Redis) -> RedisEventLog:
    return RedisEventLog(redis, Retention())


async def test_concurrent_appends_count_without_gap(log: RedisEventLog, valkey_url: str) -> None:
    other_client = make_client(valkey_url)
    other = RedisEventLog(other_client, Retention())
    results = await asyncio.gather(
        *[(log if n % 2 else other).append(STREAM, event(f"e{n}")) for n in range(200)]
    )
    assert sorted(result.seq for result in results) == list(range(1, 201))
    assert len({result.epoch for result in results}) == 1
    page = await log.read(STREAM, 0)
    assert [seq for seq, _ in page.frames] == list(range(1, 201))
    by_seq = {result.seq: f"e{n}" for n, result in enumerate(results)}
    assert {seq: decode_event(frame).id for seq, frame in page.frames} == by_seq
    await other_client.aclose()


async def test_a_stored_frame_is_the_event_with_its_place(log: RedisEventLog) -> None:
    sent = event("e1", 'quotes " and braces } and ünïcode')
    await log.append(STREAM, sent)
    [(_, frame)] = (await log.read(STREAM, 0)).frames
    read = decode_event(frame)
    assert (read.stream, read.seq) == (STREAM, 1)
    assert frame.startswith(encode(sent)[:-1])


async def test_the_same_event_is_stored_once(log: RedisEventLog) -> None:
    first = await log.append(STREAM, event("e1"))
    again = await asyncio.gather(*[log.append(STREAM, event("e1", "other words")) for _ in range(5)])
    assert first.status == "appended"
    assert {(result.status, result.seq) for result in again} == {("duplicate", 1)}
    assert (await log.append(STREAM, event("e2"))).seq == 2
    assert len((await log.read(STREAM, 0)).frames) == 2


async def test_streams_count_by_themselves(log: RedisEventLog) -> None:
    await log.append(STREAM, event("e1"))
    assert (await log.append("session:b", event("e1"))).status == "appended"
    assert (await log.append("session:b", event("e2"))).seq == 2


async def test_a_superseded_attempt_is_refused(log: RedisEventLog) -> None:
    assert (await log.append(STREAM, event("e1"), fence=Fence("turn", 1))).status == "appended"
    assert (await log.append(STREAM, event("e2"), fence=Fence("turn", 2))).status == "appended"
    late = await log.append(STREAM, event("e3"), fence=Fence("turn", 1))
    assert (late.status, late.seq) == ("fenced", 0)
    assert (await log.append(STREAM, event("e4"), fence=Fence("turn", 2))).seq == 3
    assert (await log.append(STREAM, event("e5"), fence=Fence("another", 1))).status == "appended"
    assert (await log.append(STREAM, event("e1"), fence=Fence("turn", 1))).status == "duplicate"


async def test_nothing_is_written_after_an_append_that_closes(log: RedisEventLog, redis: Redis) -> None:
    end = Fence("turn", 3, closes=True)
    assert (await log.append(STREAM, event("end"), fence=end)).status == "appended"
    assert (await log.append(STREAM, event("late"), fence=Fence("turn", 3))).status == "fenced"
    assert (await log.append(STREAM, event("later"), fence=Fence("turn", CLOSED - 1))).status == "fenced"
    assert (await log.append(STREAM, event("end"), fence=end)).status == "duplicate"
    assert await redis.get(KEYS.fence("turn")) == str(CLOSED).encode()


async def test_a_refused_event_does_none_of_its_writes(log: RedisEventLog, redis: Redis) -> None:
    write = Write("RPUSH", "{session:a}:messages", ("x",))
    await log.append(STREAM, event("e1"), fence=Fence("turn", 2), writes=[write])
    await log.append(STREAM, event("e1"), fence=Fence("turn", 2), writes=[write])
    await log.append(STREAM, event("e2"), fence=Fence("turn", 1), writes=[write])
    assert await redis.llen("{session:a}:messages") == 1


async def test_an_append_may_rest_on_how_a_list_ends(log: RedisEventLog, redis: Redis) -> None:
    turns = "{session:a}:turns"
    await redis.rpush(turns, "t1", "t2")
    write = Write("RPUSH", turns, ("t3",))
    for item in (None, "t1", "t3"):
        appended = await log.append(STREAM, event("e1"), last=Last(turns, item), writes=[write])
        assert (appended.status, appended.seq) == ("moved", 0)
    assert sorted(await redis.keys("*")) == [turns.encode()]
    assert (await log.append(STREAM, event("e1"), last=Last(turns, "t2"), writes=[write])).seq == 1
    assert (
        await log.append(STREAM, event("e1"), last=Last(turns, "t2"), writes=[write])
    ).status == "duplicate"
    assert await redis.lrange(turns, 0, -1) == [b"t1", b"t2", b"t3"]
    nothing = Last("{session:a}:nothing", None)
    assert (await log.append(STREAM, event("e2"), last=nothing)).seq == 2


async def test_every_kind_of_write_is_made_with_the_append(
    log: RedisEventLog, redis: Redis, valkey_url: str
) -> None:
    process = Process.begin(valkey_url)
    await redis.set("{session:a}:gone", "x")
    await redis.rpush("{session:a}:turns", "t1", "t2")
    writes = [
        Write("RPUSH", "{session:a}:messages", frame=True),
        Write("SET", "{session:a}:turn:t1:result", (b"\x00binary",)),
        Write("HSET", "{session:a}:turn:t1:outcomes", ("flights", b"[]", "empty", b"")),
        Write("LREM", "{session:a}:turns", (1, "t1")),
        Write("PEXPIRE", "{session:a}:turns", (60_000,)),
        Write("DEL", "{session:a}:gone"),
        Write("SPUBLISH", KEYS.control, (b"stop",)),
    ]
    told: asyncio.Queue[bytes] = asyncio.Queue()
    await process.subscriber.subscribe(KEYS.control, told.put_nowait)
    await log.append(STREAM, event("e1"), writes=writes)
    [(_, frame)] = (await log.read(STREAM, 0)).frames
    assert await redis.lrange("{session:a}:messages", 0, -1) == [frame]
    assert await redis.get("{session:a}:turn:t1:result") == b"\x00binary"
    assert await redis.hgetall("{session:a}:turn:t1:outcomes") == {b"flights": b"[]", b"empty": b""}
    assert await redis.lrange("{session:a}:turns", 0, -1) == [b"t2"]
    assert 0 < await redis.pttl("{session:a}:turns") <= 60_000
    assert not await redis.exists("{session:a}:gone")
    assert await told.get() == b"stop"
    await process.close()


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(Write("RPUSH", "{session:a}:text", ("x",)), id="key of another type"),
        pytest.param(Write("FLUSHALL", "{session:a}:text"), id="command that is not allowed"),  # pyright: ignore[reportArgumentType]  # it is the point
    ],
)
async def test_an_append_whose_writes_cannot_be_made_leaves_no_trace(
    log: RedisEventLog, redis: Redis, bad: Write
) -> None:
    await redis.set("{session:a}:text", "x")
    good = Write("SET", "{session:a}:good", ("x",))
    with pytest.raises(ResponseError):
        await log.append(STREAM, event("e1"), fence=Fence("turn", 1), writes=[good, bad])
    assert await redis.keys("*") == [b"{session:a}:text"]


async def test_a_write_outside_the_stream_is_refused(log: RedisEventLog, redis: Redis) -> None:
    with pytest.raises(ValueError, match="not a key of"):
        await log.append(STREAM, event("e1"), writes=[Write("DEL", "{session:ab}:messages")])
    with pytest.raises(ValueError, match="not a key of"):
        await log.append(STREAM, event("e1"), last=Last("{session:ab}:turns", None))
    assert await redis.keys("*") == []


@pytest.mark.parametrize("token", [-1, CLOSED])
async def test_a_fencing_token_out_of_range_is_refused(log: RedisEventLog, token: int) -> None:
    with pytest.raises(ValueError, match="fencing token"):
        await log.append(STREAM, event("e1"), fence=Fence("turn", token))


async def test_an_event_that_has_its_place_already_is_refused(log: RedisEventLog) -> None:
    placed = event("e1")
    placed.seq = 7
    with pytest.raises(ValueError, match="from the log"):
        await log.append(STREAM, placed)


async def test_a_large_event_is_refused_and_the_largest_is_kept_whole(log: RedisEventLog) -> None:
    room = MAX_EVENT_BYTES - len(encode(event("e1", "")))
    with pytest.raises(TripSageError) as refused:
        await log.append(STREAM, event("e1", "x" * (room + 1)))
    assert refused.value.code == ErrorCode.PAYLOAD_TOO_LARGE
    with pytest.raises(TripSageError):
        await log.publish(STREAM, event("e1", "x" * (room + 1)))
    assert (await log.append(STREAM, event("e1", "x" * room))).seq == 1
    [(_, frame)] = (await log.read(STREAM, 0)).frames
    assert decode_event(frame).id == "e1"


async def test_scripts_are_loaded_again_when_the_server_forgot_them(log: RedisEventLog, redis: Redis) -> None:
    await log.append(STREAM, event("e1"))
    await redis.script_flush()
    assert (await log.append(STREAM, event("e2"))).seq == 2
    await redis.script_flush()
    assert len((await log.read(STREAM, 0)).frames) == 2
    await redis.script_flush()
    assert [slice_.top for slice_ in await log.position([STREAM])] == [2]


async def test_every_key_is_in_the_table_and_lives_as_it_says(log: RedisEventLog, redis: Redis) -> None:
    await log.append(STREAM, event("e1"), fence=Fence("t1.flights", 1))
    rows = {row.pattern: row for row in TABLE}
    seen: set[str] = set()
    for name in await redis.keys("*"):
        [pattern] = [pattern for pattern in rows if _matches(pattern, name.decode())]
        seen.add(pattern)
        row, left = rows[pattern], await redis.pttl(name)
        assert (await redis.type(name)).decode() == row.kind
        assert (left == -1) == (row.lifetime == "kept")
        assert row.lifetime != "memory" or left > 23.9 * 3600 * 1000
    assert seen == {"*:log", "*:meta", "*:event:ID", "*:fence:SCOPE"}


def _matches(pattern: str, name: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", re.escape("{session:a}"))
    return re.fullmatch(re.sub(r"ID|SCOPE", "[A-Za-z0-9_.-]+", expression), name) is not None
