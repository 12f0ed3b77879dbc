"""The client that everything but subscriptions uses."""

import asyncio
import os
import signal

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError

from app.streams.client import AWAY, make_client
from tests.support.valkey import ValkeyProcess


@pytest.mark.parametrize("steps", range(12))
async def test_a_task_that_is_cancelled_stops_wherever_it_is(redis: Redis, steps: int):
    async def work() -> None:
        await redis.ping()
        await redis.ping()
        await asyncio.Event().wait()

    for _ in range(20):
        task = asyncio.create_task(work())
        for _ in range(steps):  # of the loop: connecting, sending, reading
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()


@pytest.mark.parametrize("url", ["redis://localhost:1/0", "rediss://localhost:1/0", "unix:///nowhere"])
async def test_every_kind_of_address_is_tried(url: str):
    client = make_client(url)
    with pytest.raises(ConnectionError):
        await client.ping()
    await client.aclose()


async def test_a_server_that_hangs_counts_as_away(killable_valkey: ValkeyProcess):
    client = make_client(killable_valkey.url, timeout=0.1)
    server = (await client.info("server"))["process_id"]
    os.kill(server, signal.SIGSTOP)
    try:
        with pytest.raises(AWAY):
            await client.ping()
    finally:
        os.kill(server, signal.SIGCONT)
    assert await client.ping()
    await client.aclose()
