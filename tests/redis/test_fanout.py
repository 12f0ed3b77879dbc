"""Live fan-out on a real server: replay and live in one unbroken order."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from app.contract.events import ChatTypingStart, decode_event
from app.settings import Retention
from app.streams.frame import Frame
from app.streams.keys import StreamKeys
from tests.support.streams import NOON, STREAM, Process, RecordingSink, append_unpublished, event


@pytest.fixture
async def process(valkey_url: str) -> AsyncIterator[Process]:
    process = Process.begin(valkey_url)
    yield process
    await process.close()


async def test_live_events_reach_every_subscriber_as_they_are_stored(process: Process) -> None:
    sinks = [await process.join() for _ in range(3)]
    await process.append("e1", "e2", "e3")
    stored = (await process.log.read(STREAM, 0)).frames
    for sink in sinks:
        await sink.until_seq(3)
        assert [(frame.seq, frame.json) for frame in sink.frames] == stored
    assert sinks[0].frames[0] is sinks[1].frames[0]  # so what is made of it is made once


async def test_two_processes_see_one_order(process: Process, valkey_url: str) -> None:
    other = Process.begin(valkey_url)
    here, there = await process.join(), await other.join()
    await asyncio.gather(*[(process if n % 2 else other).append(f"e{n}") for n in range(50)])
    await here.until_seq(50)
    await there.until_seq(50)
    assert here.ids == there.ids
    assert here.seqs == list(range(1, 51))
    await other.close()


async def test_the_cursor_is_known_before_anything_is_delivered(process: Process) -> None:
    await process.append("e1", "e2")
    sink = RecordingSink()
    subscription = await process.fanout.subscribe(STREAM, sink, after=0)
    await process.append("e3")
    epoch = (await process.log.read(STREAM, 0)).epoch
    cursor = subscription.cursor
    assert (cursor.stream, cursor.epoch, cursor.seq, cursor.recovered) == (STREAM, epoch, 2, True)
    assert not sink.frames
    await subscription.start()
    await sink.until_seq(3)
    assert sink.seqs == [1, 2, 3]


async def test_what_happens_between_cursor_and_start_is_not_missed(process: Process) -> None:
    await process.append("e1")
    sink = RecordingSink()
    subscription = await process.fanout.subscribe(STREAM, sink)
    assert subscription.cursor.seq == 1
    await process.append("e2", "e3")
    await subscription.start()
    await process.append("e4")
    await sink.until_seq(4)
    assert sink.seqs == [2, 3, 4]


async def test_a_resumed_subscriber_gets_the_rest_twice_over(process: Process) -> None:
    epoch = (await process.log.append(STREAM, event("e1"))).epoch
    await process.append("e2", "e3", "e4")
    seen: list[int] = []
    for stop in (2, 4):
        sink = RecordingSink()
        subscription = await process.fanout.subscribe(STREAM, sink, after=len(seen), epoch=epoch)
        assert subscription.cursor.recovered
        await subscription.start()
        await sink.until_seq(stop)
        subscription.close()
        seen += sink.seqs[: stop - len(seen)]
    last = await process.join(after=4, epoch=epoch)
    await process.append("e5")
    await last.until_seq(5)
    assert seen + last.seqs == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("after", "epoch"), [(9, None), (1, "another"), (3, "another")])
async def test_a_cursor_that_cannot_be_resumed_is_live_from_the_top(
    process: Process, after: int, epoch: str | None
) -> None:
    await process.append("e1", "e2", "e3")
    sink = RecordingSink()
    subscription = await process.fanout.subscribe(STREAM, sink, after=after, epoch=epoch)
    assert (subscription.cursor.recovered, subscription.cursor.seq) == (False, 3)
    await subscription.start()
    await process.append("e4")
    await sink.until_seq(4)
    assert sink.seqs == [4]


async def test_trimmed_history_is_not_recovered(valkey_url: str) -> None:
    process = Process.begin(valkey_url, retention=Retention(events=100))
    await process.append(*[f"e{n}" for n in range(400)])
    subscription = await process.fanout.subscribe(STREAM, RecordingSink(), after=5)
    assert (subscription.cursor.recovered, subscription.cursor.seq) == (False, 400)
    await process.close()


async def test_history_that_is_trimmed_before_the_replay_begins_loses_the_place(process: Process) -> None:
    await process.append(*[f"e{n}" for n in range(10)])
    sink = RecordingSink()
    subscription = await process.fanout.subscribe(STREAM, sink, after=1)
    assert subscription.cursor.recovered
    await process.client.xtrim(StreamKeys(STREAM).log, maxlen=3, approximate=False)
    await subscription.start()
    assert sink.lost_streams == [STREAM]
    assert not sink.frames


async def test_an_expired_log_is_no_loss_to_who_has_seen_it_all(process: Process) -> None:
    epoch = (await process.log.append(STREAM, event("e1"))).epoch
    await process.client.delete(StreamKeys(STREAM).log)
    sink = await process.join(after=1, epoch=epoch)
    await process.append("e2")
    await sink.until_seq(2)
    assert sink.seqs == [2]


async def test_a_lost_copy_is_filled_in_by_the_next_one(process: Process, redis: Redis) -> None:
    sink = await process.join()
    await process.append("e1")
    await append_unpublished(redis, "e2")
    await append_unpublished(redis, "e3")
    await process.append("e4")
    await sink.until_seq(4)
    assert sink.ids == ["e1", "e2", "e3", "e4"]


async def test_a_repeated_copy_is_dropped(process: Process, redis: Redis) -> None:
    sink = await process.join()
    epoch = (await process.log.append(STREAM, event("e1"))).epoch
    await sink.until_seq(1)
    payload = b"1 %b %b" % (epoch.encode(), sink.frames[0].json)
    await redis.execute_command("SPUBLISH", StreamKeys(STREAM).live, payload)
    await process.append("e2")
    await sink.until_seq(2)
    assert sink.seqs == [1, 2]


@pytest.mark.parametrize("garbage", [b"", b"x", b"x y z", b"99 another {}", b"99", b"-5 e {}"])
async def test_a_message_that_is_no_event_does_no_harm(
    process: Process, redis: Redis, garbage: bytes
) -> None:
    sink = await process.join()
    await process.append("e1")
    await redis.execute_command("SPUBLISH", StreamKeys(STREAM).live, garbage)
    await process.append("e2")
    await sink.until_seq(2)
    assert sink.ids == ["e1", "e2"]
    assert not sink.lost_streams


async def test_passing_events_reach_who_is_live_and_are_not_kept(process: Process) -> None:
    sink = await process.join()
    typing = ChatTypingStart(id="t1", timestamp=NOON, session_id="a", user_id="u")
    await process.log.publish(STREAM, typing, origin="connection")
    await process.append("e1")
    await sink.until_seq(1)
    passing, durable = sink.frames
    assert (passing.seq, passing.origin, decode_event(passing.json)) == (0, "connection", typing)
    assert (durable.seq, durable.origin) == (1, None)
    assert len((await process.log.read(STREAM, 0)).frames) == 1


async def test_subscribers_come_and_go_while_events_flow(process: Process) -> None:
    stop = asyncio.Event()

    async def append_for_ever() -> None:
        n = 0
        while not stop.is_set():
            await process.append(f"e{n}")
            n += 1

    async def visit(number: int) -> None:
        for _ in range(10):
            sink = RecordingSink()
            after = None if number % 2 else 0
            subscription = await process.fanout.subscribe(STREAM, sink, after=after)
            await subscription.start()
            first = 1 if after == 0 else subscription.cursor.seq + 1
            await sink.until_seq(max(first, subscription.cursor.seq) + 5)
            subscription.close()
            assert sink.seqs == list(range(first, first + len(sink.seqs)))

    appending = asyncio.create_task(append_for_ever())
    await asyncio.gather(*[visit(number) for number in range(10)])
    stop.set()
    await appending
    assert process.fanout.streams == 0


async def test_a_stream_without_subscribers_is_left(process: Process) -> None:
    subscriptions = [await process.fanout.subscribe(STREAM, RecordingSink()) for _ in range(2)]
    for subscription in subscriptions:
        await subscription.start()
        subscription.close()
        subscription.close()
    await process.subscriber.subscribe("probe", lambda _: None)  # confirmed after the stream was left
    channels = await process.client.execute_command("PUBSUB", "SHARDCHANNELS")
    assert channels == [b"probe"]
    sink = await process.join()
    await process.append("e1")
    await sink.until_seq(1)


async def test_thousands_of_events_wait_for_a_slow_sink(process: Process) -> None:
    class SlowSink(RecordingSink):
        """Takes a page at a time, and remembers the most that it ever had to hold."""

        held = most = 0

        def deliver(self, frame: Frame) -> None:
            super().deliver(frame)
            self.held += len(frame.json)
            self.most = max(self.most, self.held)

        async def ready(self) -> None:
            await super().ready()
            await asyncio.sleep(0)
            self.held = 0

    total = 3_000  # more than twice what may be held
    for start in range(0, total, 200):
        await asyncio.gather(*[process.append(f"e{n}") for n in range(start, start + 200)])
    sink = SlowSink()
    subscription = await process.fanout.subscribe(STREAM, sink, after=0)
    assert subscription.cursor.recovered
    replay = asyncio.create_task(subscription.start())
    await process.append("late")
    await replay
    await sink.until_seq(total + 1)
    assert sink.seqs == list(range(1, total + 2))
    assert sink.pages > total // 256
    assert sink.most < 256 * 1024
