"""The subscription connection on a real server: confirmation, order, who shares a channel."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from app.streams.client import make_client
from app.streams.subscriber import Subscriber
from tests.support.subscribing import Inbox, publish
from tests.support.valkey import ValkeyProcess


@pytest.fixture
async def subscriber(valkey_url: str) -> AsyncIterator[Subscriber]:
    subscriber = Subscriber(valkey_url)
    subscriber.start()
    yield subscriber
    await subscriber.close()


async def test_messages_of_a_channel_arrive_in_order_and_of_no_other(
    subscriber: Subscriber, redis: Redis
) -> None:
    inbox = Inbox()
    await subscriber.subscribe("a", inbox)
    await publish(redis, "b", "not for us")
    for n in range(100):
        await publish(redis, "a", f"{n}")
    assert [await inbox.next() for _ in range(100)] == [b"%d" % n for n in range(100)]


async def test_a_subscription_is_confirmed_before_it_returns(subscriber: Subscriber, redis: Redis) -> None:
    for n in range(50):
        inbox = Inbox()
        await subscriber.subscribe(f"c{n}", inbox)
        assert await redis.execute_command("SPUBLISH", f"c{n}", "x") == 1


async def test_a_channel_left_and_joined_at_once_is_confirmed_anew(
    subscriber: Subscriber, redis: Redis
) -> None:
    """The first reply must not be taken for the second: between the two the server sends nothing."""
    await subscriber.subscribe("a", Inbox())
    for _ in range(50):
        early, late = Inbox(), Inbox()
        joining = asyncio.ensure_future(subscriber.subscribe("b", early))
        await asyncio.sleep(0)
        subscriber.unsubscribe("b", early)
        await subscriber.subscribe("b", late)
        assert await redis.execute_command("SPUBLISH", "b", "x") == 1
        await late.next()
        subscriber.unsubscribe("b", late)
        joining.cancel()
        await asyncio.gather(joining, return_exceptions=True)


async def test_several_callbacks_share_a_channel_until_the_last_leaves(
    subscriber: Subscriber, redis: Redis
) -> None:
    first, second = Inbox(), Inbox()
    await asyncio.gather(subscriber.subscribe("a", first), subscriber.subscribe("a", second))
    await publish(redis, "a", "1")
    assert (await first.next(), await second.next()) == (b"1", b"1")
    subscriber.unsubscribe("a", first)
    await publish(redis, "a", "2")
    assert await second.next() == b"2"
    assert first.messages.empty()
    subscriber.unsubscribe("a", second)
    await subscriber.subscribe("b", Inbox())  # its confirmation comes after the channel was left
    assert await redis.execute_command("SPUBLISH", "a", "3") == 0


async def test_a_callback_that_fails_makes_nobody_else_deaf(
    subscriber: Subscriber, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = Inbox()

    def fails(payload: bytes) -> None:
        raise RuntimeError("a defect")

    await subscriber.subscribe("a", fails)
    await subscriber.subscribe("a", inbox)
    await publish(redis, "a", "1")
    assert await inbox.next() == b"1"
    assert "a defect" in caplog.text


async def test_a_cancelled_subscribe_leaves_nothing_behind(killable_valkey: ValkeyProcess) -> None:
    subscriber = Subscriber(killable_valkey.url)
    waiting = asyncio.ensure_future(subscriber.subscribe("a", Inbox()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    subscriber.start()
    await subscriber.subscribe("b", Inbox())
    redis = make_client(killable_valkey.url)
    assert await redis.execute_command("PUBSUB", "SHARDCHANNELS") == [b"b"]
    await redis.aclose()
    await subscriber.close()
