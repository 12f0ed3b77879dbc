"""The ports of live fan-out with a test in the server's place: it says what arrives, when, and what is lost.

Time is virtual: a loop of `virtual_loop` does not sleep, it sets its clock forward.
"""

import asyncio
import selectors
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from redis.exceptions import ConnectionError

from app.domain.ports import Page
from app.streams.keys import StreamKeys
from app.streams.merge import Slice


class _ImpatientSelector(selectors.SelectSelector):
    skipped = 0.0

    def select(self, timeout: float | None = None) -> Any:
        self.skipped += timeout or 0
        return super().select(0)


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _ImpatientSelector()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.skipped


def virtual_loop() -> asyncio.AbstractEventLoop:
    return _VirtualLoop()


@dataclass
class StoredStream:
    """One stream of the server, and whether something happened to it that its readers cannot survive."""

    name: str
    epoch: str = "first"
    top: int = 0
    entries: dict[int, bytes] = field(default_factory=dict[int, bytes])
    rewritten: int = 0
    damaged: bool = False

    def append(self) -> bytes:
        self.top += 1
        json = b'{"of":"%d","seq":%d}' % (self.rewritten, self.top)
        self.entries[self.top] = json
        return b"%d %b %b" % (self.top, self.epoch.encode(), json)

    def trim(self, keep: int) -> None:
        for seq in list(self.entries)[: max(len(self.entries) - keep, 0)]:
            del self.entries[seq]
            self.damaged = True

    def lose_newest(self, count: int) -> None:
        """As after a power cut: the newest are gone; what has expired was too old to be among them."""
        for seq in range(self.top, self.top - count, -1):
            if self.entries.pop(seq, None) is not None:
                self.top = seq - 1
                self.damaged = True
        self.rewritten += 1

    def rotate(self) -> None:
        self.epoch += "+"
        self.damaged = True

    def slice(self, start: int, limit: int) -> Slice:
        found = [(seq, json) for seq, json in sorted(self.entries.items()) if seq >= start]
        return Slice(self.epoch, self.top, found[:limit])


@dataclass
class Command:
    """A command on its way to the server, then a reply on its way back."""

    compute: Callable[[], Any]
    reply: "asyncio.Future[Any]"
    served: bool = False
    result: Any = None

    def serve(self) -> None:
        """The server executes it now."""
        if not self.served:
            self.served = True
            self.result = self.compute()

    def answer(self) -> None:
        """Its reply arrives."""
        self.serve()
        if not self.reply.done():
            self.reply.set_result(self.result)

    def fail(self) -> None:
        if not self.reply.done():
            self.reply.set_exception(ConnectionError("the test lost the connection"))


class ScriptedLog:
    """Reads wait in `commands` until the test serves and answers them; pages are small."""

    def __init__(self, streams: Sequence[StoredStream]) -> None:
        self.streams = {stream.name: stream for stream in streams}
        self.commands: list[Command] = []

    async def _command(self, compute: Callable[[], Any]) -> Any:
        command = Command(compute, asyncio.get_running_loop().create_future())
        self.commands.append(command)
        try:
            return await command.reply
        finally:
            self.commands.remove(command)

    async def read(self, stream: str, after: int, *, epoch: str | None = None, limit: int = 256) -> Page:
        stored = self.streams[stream]

        def compute() -> Page:
            found = stored.slice(after + 1, limit)
            reaches_back = after == found.top or after + 1 in dict(found.entries)
            recovered = reaches_back and epoch in (None, found.epoch)
            return Page(found.epoch, found.top, recovered, found.entries if recovered else [])

        return await self._command(compute)

    async def slice(self, stream: str, start: int, *, limit: int = 256) -> Slice:
        return await self._command(lambda: self.streams[stream].slice(start, 3))

    async def position(self, streams: Sequence[str]) -> list[Slice]:
        stored = [self.streams[stream] for stream in streams]
        return await self._command(lambda: [one.slice(one.top, 1) for one in stored])

    async def rotate_epoch(self, stream: str, lost: str) -> None:
        def compute() -> None:
            if self.streams[stream].epoch == lost:
                self.streams[stream].rotate()

        await self._command(compute)


class ScriptedFeed:
    """Copies wait in `under_way` until the test lets them arrive or loses them."""

    def __init__(self) -> None:
        self.healthy = True
        self.missed_unseen = False  # a copy was lost on a connection that stands
        self.reconnects_wanted = 0
        self.callbacks: dict[str, Callable[[bytes], None]] = {}
        self.under_way: list[tuple[str, bytes]] = []
        self._connected = asyncio.Event()
        self._connected.set()
        self._lost: list[Callable[[], None]] = []
        self._stands: list[Callable[[], None]] = []

    def on_disconnect(self, hook: Callable[[], None]) -> None:
        self._lost.append(hook)

    def on_reconnect(self, hook: Callable[[], None]) -> None:
        self._stands.append(hook)

    def reconnect(self) -> None:
        self.reconnects_wanted += 1

    async def subscribe(self, channel: str, callback: Callable[[bytes], None]) -> None:
        assert channel not in self.callbacks
        self.callbacks[channel] = callback
        await self._connected.wait()

    def unsubscribe(self, channel: str, callback: Callable[[bytes], None]) -> None:
        if self.callbacks.get(channel) == callback:
            del self.callbacks[channel]
            self.under_way = [one for one in self.under_way if one[0] != channel]

    def publish(self, stream: str, payload: bytes) -> None:
        channel = StreamKeys(stream).live
        if self._connected.is_set() and channel in self.callbacks:
            self.under_way.append((channel, payload))

    def arrive(self, *, repeat: bool = False) -> None:
        channel, payload = self.under_way.pop(0)
        for _ in range(1 + repeat):
            if channel in self.callbacks:
                self.callbacks[channel](payload)

    def lose(self) -> None:
        self.under_way.pop(0)
        self.missed_unseen = True

    def disconnect(self) -> None:
        self.under_way.clear()
        self._connected.clear()
        if self.healthy:
            self.healthy = False
            for hook in self._lost:
                hook()

    def resubscribe(self) -> None:
        """The channels are confirmed, and copies may arrive before the hooks hear of it."""
        self._connected.set()

    def stand(self) -> None:
        self._connected.set()
        if not self.healthy:
            self.healthy = True
            self.missed_unseen = False
            for hook in self._stands:
                hook()
