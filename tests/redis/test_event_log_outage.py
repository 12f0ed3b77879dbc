"""Appends while the server goes away and comes back."""

import asyncio

import pytest
from redis.exceptions import ConnectionError, RedisError

from app.settings import Retention
from app.streams.client import make_client
from app.streams.log import RedisEventLog
from tests.support.proxy import Proxy
from tests.support.streams import event
from tests.support.valkey import ValkeyProcess

STREAM = "session:a"


async def test_an_append_whose_reply_was_lost_is_made_once_and_is_no_duplicate(valkey_url: str) -> None:
    async with Proxy(valkey_url) as proxy:
        client = make_client(proxy.url)
        log = RedisEventLog(client, Retention())
        await log.append(STREAM, event("e1"))
        proxy.drop_next_reply()
        again = await log.append(STREAM, event("e2"))
        assert proxy.replies_dropped == 1
        assert (again.status, again.seq) == ("appended", 2)
        assert (await log.append(STREAM, event("e2"))).status == "duplicate"
        await client.aclose()


async def test_appends_survive_a_restart(killable_valkey: ValkeyProcess) -> None:
    client = make_client(killable_valkey.url)
    log = RedisEventLog(client, Retention())
    await log.append(STREAM, event("e0"))
    killable_valkey.kill()
    waiting = asyncio.gather(*[log.append(STREAM, event(f"e{n}")) for n in range(1, 6)])
    await asyncio.sleep(0)
    killable_valkey.start()
    assert sorted(result.seq for result in await waiting) == [2, 3, 4, 5, 6]
    await client.aclose()


async def test_an_append_to_a_server_that_stays_away_is_raised(killable_valkey: ValkeyProcess) -> None:
    client = make_client(killable_valkey.url)
    log = RedisEventLog(client, Retention())
    killable_valkey.kill()
    with pytest.raises((RedisError, OSError)) as raised:
        await log.append(STREAM, event("e1"))
    assert isinstance(raised.value, ConnectionError | OSError)
    await client.aclose()
