"""The subscription connection when the server goes, stops to answer or comes back."""

import asyncio

import pytest
import uvloop
from redis.asyncio import Redis
from redis.exceptions import ConnectionError

from app.streams.client import make_client
from app.streams.subscriber import Subscriber, Timing
from tests.support.proxy import Proxy
from tests.support.subscribing import QUICK, Inbox, publish, reconnected
from tests.support.valkey import ValkeyProcess


async def test_a_restarted_server_finds_all_subscriptions_again(killable_valkey: ValkeyProcess) -> None:
    await restart_and_listen(killable_valkey)


def test_the_same_on_uvloop(killable_valkey: ValkeyProcess) -> None:
    uvloop.run(restart_and_listen(killable_valkey))


async def restart_and_listen(server: ValkeyProcess) -> None:
    subscriber = Subscriber(server.url, timing=QUICK)
    lost, stands = asyncio.Event(), reconnected(subscriber)
    subscriber.on_disconnect(lost.set)
    subscriber.start()
    inboxes = [Inbox() for _ in range(20)]
    await asyncio.gather(*[subscriber.subscribe(f"c{n}", inbox) for n, inbox in enumerate(inboxes)])
    await stands.wait()
    assert subscriber.healthy
    stands.clear()
    server.kill()
    await lost.wait()
    assert not subscriber.healthy
    late = asyncio.ensure_future(subscriber.subscribe("late", late_inbox := Inbox()))
    server.start()
    await stands.wait()
    await late
    redis = make_client(server.url)
    for n in range(20):
        await publish(redis, f"c{n}", f"{n}")
    await publish(redis, "late", "late")
    assert [await inbox.next() for inbox in inboxes] == [b"%d" % n for n in range(20)]
    assert await late_inbox.next() == b"late"
    await redis.aclose()
    await subscriber.close()


async def test_a_server_that_stops_to_answer_is_left(valkey_url: str, redis: Redis) -> None:
    async with Proxy(valkey_url) as proxy:
        subscriber = Subscriber(proxy.url, timing=QUICK)
        stands, lost = reconnected(subscriber), asyncio.Event()
        subscriber.on_disconnect(lost.set)
        subscriber.start()
        inbox = Inbox()
        await subscriber.subscribe("a", inbox)
        await stands.wait()
        stands.clear()
        proxy.freeze()
        await lost.wait()
        assert not subscriber.healthy
        proxy.thaw_new_connections()
        await stands.wait()
        await publish(redis, "a", "1")
        assert await inbox.next() == b"1"
        await subscriber.close()


async def test_a_silent_server_that_answers_is_kept(valkey_url: str, redis: Redis) -> None:
    async with Proxy(valkey_url) as proxy:
        subscriber = Subscriber(proxy.url, timing=Timing(probe_after=0.01, probe_timeout=2))
        subscriber.start()
        inbox = Inbox()
        await subscriber.subscribe("a", inbox)
        before = await pings(redis)
        while await pings(redis) < before + 2:  # a second one: the time for the answer to the first is over
            pass
        await publish(redis, "a", "1")
        assert await inbox.next() == b"1"
        assert proxy.connections == 1
        await subscriber.close()


async def pings(redis: Redis) -> int:
    return int((await redis.info("commandstats")).get("cmdstat_ping", {}).get("calls", 0))


async def test_reconnect_makes_a_new_connection(valkey_url: str) -> None:
    async with Proxy(valkey_url) as proxy:
        subscriber = Subscriber(proxy.url, timing=QUICK)
        subscriber.start()
        await subscriber.subscribe("a", Inbox())  # else it stands before the proxy has taken it
        stands = reconnected(subscriber)
        subscriber.reconnect()
        await stands.wait()
        assert proxy.connections == 2
        await subscriber.close()


async def test_close_leaves_no_task_and_refuses_who_waits(killable_valkey: ValkeyProcess) -> None:
    before = asyncio.all_tasks()
    subscriber = Subscriber(killable_valkey.url, timing=QUICK)
    subscriber.start()
    await subscriber.subscribe("a", Inbox())
    killable_valkey.kill()
    waiting = asyncio.ensure_future(subscriber.subscribe("b", Inbox()))
    await asyncio.sleep(0)
    await subscriber.close()
    with pytest.raises(ConnectionError):
        await waiting
    with pytest.raises(ConnectionError):
        await subscriber.subscribe("c", Inbox())
    assert asyncio.all_tasks() == before
