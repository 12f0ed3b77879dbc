"""The server hears of a signal only when the clients have been told, however long that takes."""

import asyncio
import signal
from collections.abc import Generator

import pytest

from app.gateway.draining import drain_on_signal

STOP = signal.SIGTERM


class Stopping:
    """A server's own handler, and a drain that ends when the test says so."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.began = asyncio.Event()
        self.may_end = asyncio.Event()
        self.told = asyncio.Event()

    def server_handles(self, number: int, _: object) -> None:
        self.seen.append(f"server: {signal.Signals(number).name}")
        self.told.set()

    async def drain(self) -> None:
        self.seen.append("drain begins")
        self.began.set()
        await self.may_end.wait()
        self.seen.append("drain ends")


@pytest.fixture
async def stopping() -> Stopping:
    return Stopping()


@pytest.fixture(autouse=True)
def handlers_as_before() -> Generator[None]:
    before = signal.getsignal(STOP)
    yield
    signal.signal(STOP, before)


async def test_the_server_is_told_behind_the_drain(stopping: Stopping) -> None:
    signal.signal(STOP, stopping.server_handles)
    with drain_on_signal(stopping.drain):
        signal.raise_signal(STOP)
        await stopping.began.wait()
        assert stopping.seen == ["drain begins"]
        stopping.may_end.set()
        await stopping.told.wait()
    assert stopping.seen == ["drain begins", "drain ends", "server: SIGTERM"]


async def test_a_second_signal_is_passed_on_at_once(stopping: Stopping) -> None:
    signal.signal(STOP, stopping.server_handles)
    with drain_on_signal(stopping.drain):
        signal.raise_signal(STOP)
        await stopping.began.wait()
        signal.raise_signal(STOP)
        assert stopping.seen == ["drain begins", "server: SIGTERM"]


async def test_the_handler_of_before_is_put_back(stopping: Stopping) -> None:
    signal.signal(STOP, stopping.server_handles)
    with drain_on_signal(stopping.drain):
        assert signal.getsignal(STOP) != stopping.server_handles
    assert signal.getsignal(STOP) == stopping.server_handles
