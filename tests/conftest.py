"""Servers that tests share or own, and clients of them."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from app.streams.client import make_client
from tests.support.valkey import ValkeyProcess


@pytest.fixture(scope="session")
def shared_valkey() -> Iterator[ValkeyProcess]:
    """One server for all tests, which it cannot see apart: `valkey_url` empties it."""
    server = ValkeyProcess(Path(tempfile.mkdtemp(prefix="tripsage-")))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def killable_valkey() -> Iterator[ValkeyProcess]:
    """A server of the test's own."""
    server = ValkeyProcess(Path(tempfile.mkdtemp(prefix="tripsage-")))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def redis(shared_valkey: ValkeyProcess) -> AsyncIterator[Redis]:
    """A client of the shared server, empty."""
    client = make_client(shared_valkey.url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
async def valkey_url(redis: Redis, shared_valkey: ValkeyProcess) -> str:
    """Address of the shared server, empty."""
    return shared_valkey.url
