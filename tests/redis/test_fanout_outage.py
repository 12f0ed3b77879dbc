"""Live fan-out while the server dies, comes back, comes back without its data, or only seems to be there."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from app.streams.keys import StreamKeys
from tests.support.proxy import Proxy
from tests.support.streams import STREAM, Process, RecordingSink, append_unpublished, event
from tests.support.valkey import ValkeyProcess


@pytest.fixture
async def proxy(valkey_url: str) -> AsyncIterator[Proxy]:
    async with Proxy(valkey_url) as proxy:
        yield proxy


async def test_what_was_appended_while_the_subscription_was_down_is_filled_in(
    valkey_url: str, proxy: Proxy
) -> None:
    process = Process.begin(valkey_url, feed_url=proxy.url)
    sink, idle = await process.join(), RecordingSink()
    await (await process.fanout.subscribe("session:idle", idle)).start()
    await process.append("e1")
    await sink.until_seq(1)
    proxy.refuse()
    await process.append("e2", "e3", "e4")
    assert sink.seqs == [1]
    proxy.accept()
    await sink.until_seq(4)
    assert sink.ids == ["e1", "e2", "e3", "e4"]
    assert not sink.lost_streams
    assert not idle.lost_streams
    await process.close()


async def test_a_subscription_that_went_silent_is_noticed_and_filled_in(
    valkey_url: str, proxy: Proxy
) -> None:
    process = Process.begin(valkey_url, feed_url=proxy.url)
    sink = await process.join()
    proxy.freeze()
    await process.append("e1", "e2")
    proxy.thaw_new_connections()
    await sink.until_seq(2)
    assert sink.seqs == [1, 2]
    await process.close()


async def test_a_subscription_that_answers_and_brings_nothing_is_noticed(
    valkey_url: str, redis: Redis
) -> None:
    process = Process.begin(valkey_url, check_every=0.05)
    sink = await process.join()
    stands = process.stands()
    await append_unpublished(redis, "e1")
    await sink.until_seq(1)
    await stands.wait()
    await process.append("e2")
    await sink.until_seq(2)
    assert sink.ids == ["e1", "e2"]
    await process.close()


async def test_a_killed_server_that_comes_back_costs_no_event(killable_valkey: ValkeyProcess) -> None:
    process = Process.begin(killable_valkey.url)
    sink = await process.join()
    acknowledged: list[str] = []
    stop = asyncio.Event()

    async def append_for_ever() -> None:
        number = 0
        while not stop.is_set():
            await process.append(f"e{number}")
            acknowledged.append(f"e{number}")
            number += 1

    appending = asyncio.create_task(append_for_ever())
    for _ in range(2):
        reached = len(sink.frames) + 20
        await sink.until(lambda sink, reached=reached: len(sink.frames) >= reached)
        killable_valkey.kill()
        killable_valkey.start()
    await sink.until_seq(len(acknowledged) + 20)
    stop.set()
    await appending
    await sink.until_seq(len(acknowledged))
    assert sink.ids == acknowledged
    assert sink.seqs == list(range(1, len(acknowledged) + 1))
    assert not sink.lost_streams
    late = await process.join(after=0)
    assert late.ids == acknowledged
    await process.close()


async def test_a_replay_goes_on_where_a_killed_server_left_it(killable_valkey: ValkeyProcess) -> None:
    class StoppingSink(RecordingSink):
        async def ready(self) -> None:
            await super().ready()
            if self.pages == 2:
                killable_valkey.kill()
                killable_valkey.start()

    process = Process.begin(killable_valkey.url)
    for start in range(0, 600, 200):
        await asyncio.gather(*[process.append(f"e{n}") for n in range(start, start + 200)])
    sink = StoppingSink()
    await (await process.fanout.subscribe(STREAM, sink, after=0)).start()
    assert sink.seqs == list(range(1, 601))
    await process.close()


async def test_a_subscriber_that_comes_while_the_server_is_away_waits(killable_valkey: ValkeyProcess) -> None:
    process = Process.begin(killable_valkey.url)
    epoch = (await process.log.append(STREAM, event("e1"))).epoch
    known = await process.join()
    killable_valkey.kill()
    resumed, fresh = RecordingSink(), RecordingSink()
    waiting = [
        asyncio.ensure_future(process.fanout.subscribe(STREAM, resumed, after=0, epoch=epoch)),
        asyncio.ensure_future(process.fanout.subscribe("session:b", fresh)),
    ]
    await asyncio.sleep(0)
    killable_valkey.start()
    for subscription in await asyncio.gather(*waiting):
        await subscription.start()
    await process.append("e2")
    await process.log.append("session:b", event("b1"))
    await resumed.until_seq(2)
    await known.until_seq(2)
    await fresh.until_seq(1)
    assert (resumed.seqs, known.seqs, fresh.seqs) == ([1, 2], [2], [1])
    await process.close()


async def test_a_server_that_lost_everything_ends_subscriptions_and_their_epoch(
    killable_valkey: ValkeyProcess,
) -> None:
    process = Process.begin(killable_valkey.url)
    before = await process.log.append(STREAM, event("e1"))
    sink = await process.join(after=0)
    killable_valkey.kill()
    killable_valkey.lose_data()
    killable_valkey.start()
    await sink.until(lambda sink: bool(sink.lost_streams))
    again = RecordingSink()
    subscription = await process.fanout.subscribe(STREAM, again, after=1, epoch=before.epoch)
    assert (subscription.cursor.recovered, subscription.cursor.seq) == (False, 0)
    assert subscription.cursor.epoch != before.epoch
    await subscription.start()
    await process.append("e1")
    await again.until_seq(1)
    assert sink.lost_streams == [STREAM]
    assert sink.seqs == [1]
    await process.close()


@pytest.mark.parametrize("appended_since", [0, 1, 2, 3])
async def test_a_server_that_lost_its_newest_events_ends_subscriptions_and_their_epoch(
    killable_valkey: ValkeyProcess, appended_since: int
) -> None:
    """Also where it has counted again to where it was before anybody could look."""
    async with Proxy(killable_valkey.url) as proxy:
        process = Process.begin(killable_valkey.url, feed_url=proxy.url)
        await process.append("e1", "e2")
        kept = killable_valkey.keep_data()
        await process.append("e3", "e4")
        sink = await process.join(after=0)
        epoch = (await process.log.read(STREAM, 0)).epoch
        proxy.refuse()
        killable_valkey.kill()
        killable_valkey.restore_data(kept)
        killable_valkey.start()
        await process.append(*[f"other{n}" for n in range(appended_since)])
        proxy.accept()
        await sink.until(lambda sink: bool(sink.lost_streams))
        assert sink.ids == ["e1", "e2", "e3", "e4"]
        subscription = await process.fanout.subscribe(STREAM, RecordingSink(), after=4, epoch=epoch)
        assert not subscription.cursor.recovered
        assert (subscription.cursor.seq, subscription.cursor.epoch != epoch) == (2 + appended_since, True)
        await process.close()


async def test_an_epoch_retired_elsewhere_ends_subscriptions_with_the_next_event(valkey_url: str) -> None:
    process = Process.begin(valkey_url)
    epoch = (await process.log.append(STREAM, event("e1"))).epoch
    sink = await process.join(after=0)
    await process.log.rotate_epoch(STREAM, epoch)
    await process.append("e2")
    await sink.until(lambda sink: bool(sink.lost_streams))
    assert sink.seqs == [1]
    fresh = await process.join()
    await process.append("e3")
    await fresh.until_seq(3)
    await process.close()


async def test_an_unreadable_log_ends_subscriptions_instead_of_going_silent(
    valkey_url: str, redis: Redis
) -> None:
    process = Process.begin(valkey_url)
    sink = await process.join()
    await process.append("e1")
    await sink.until_seq(1)
    await redis.delete(StreamKeys(STREAM).log)
    await redis.set(StreamKeys(STREAM).log, "no stream")
    await redis.execute_command("SPUBLISH", StreamKeys(STREAM).live, "9 another {}")
    await sink.until(lambda sink: bool(sink.lost_streams))
    assert process.fanout.streams == 0
    await process.close()


async def test_closing_leaves_no_task_and_no_channel(valkey_url: str, redis: Redis) -> None:
    before = asyncio.all_tasks()
    process = Process.begin(valkey_url)
    await process.join()
    await process.append("e1")
    await process.close()
    assert asyncio.all_tasks() == before
    assert process.fanout.streams == 0
