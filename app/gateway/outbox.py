"""What waits to be sent to one client: bounded in bytes, sent in as few writes as possible, never awaited."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from litestar.types import Send

from app.contract.errors import Close
from app.gateway.protocol import DirectWebSocketProtocol
from app.streams.frame import Frame


class Transport(Protocol):
    """The way out to one client. Nothing here waits for the peer."""

    def when_writable(self, callback: Callable[[], None]) -> None: ...

    @property
    def paused(self) -> bool: ...

    def write(self, frames: Sequence[Frame]) -> None: ...

    def probe(self) -> bool:
        """Asks for a sign of life. False: there was none since it was asked for before."""
        ...

    def close(self, code: int, reason: str) -> None: ...


class DirectTransport:
    """Ready-made WebSocket frames, straight to uvicorn's transport."""

    __slots__ = ("_binary", "_protocol")

    def __init__(self, protocol: DirectWebSocketProtocol, binary: bool) -> None:
        self._protocol = protocol
        self._binary = binary

    def when_writable(self, callback: Callable[[], None]) -> None:
        self._protocol.on_writable = callback

    @property
    def paused(self) -> bool:
        return self._protocol.paused

    def write(self, frames: Sequence[Frame]) -> None:
        if len(frames) == 1:
            self._protocol.write(self._wire(frames[0]))
        else:
            self._protocol.write(b"".join([self._wire(frame) for frame in frames]))

    def probe(self) -> bool:
        return self._protocol.probe()

    def _wire(self, frame: Frame) -> bytes:
        return frame.websocket_binary if self._binary else frame.websocket_text

    def close(self, code: int, reason: str) -> None:
        self._protocol.close_with(code, reason)


class AsgiTransport:
    """Plain ASGI `send`, for a server that does not offer `DirectWebSocketProtocol`."""

    def __init__(self, send: Send, binary: bool) -> None:
        self._send = send
        self._binary = binary
        self._waiting: list[Any] = []
        self._task: asyncio.Task[None] | None = None
        self._on_writable: Callable[[], None] | None = None

    def when_writable(self, callback: Callable[[], None]) -> None:
        self._on_writable = callback

    @property
    def paused(self) -> bool:
        return self._task is not None

    def write(self, frames: Sequence[Frame]) -> None:
        key = "bytes" if self._binary else "text"
        self._start(
            [
                {"type": "websocket.send", key: frame.msgpack if self._binary else frame.json.decode()}
                for frame in frames
            ]
        )

    def probe(self) -> bool:
        return True  # the server pings by itself

    def close(self, code: int, reason: str) -> None:
        self._start([{"type": "websocket.close", "code": code, "reason": reason}])

    def _start(self, messages: list[Any]) -> None:
        self._waiting += messages
        if self._task is None:
            self._task = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._send(self._waiting.pop(0))
        except OSError:
            self._waiting.clear()  # the client is gone; its receive loop sees the disconnect
        finally:
            self._task = None
        if self._on_writable is not None:
            self._on_writable()


class Flusher:
    """Flushes every outbox that got something, once: with `flush`, at the latest in the next turn of the loop."""

    __slots__ = ("_dirty", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._dirty: list[Outbox] = []
        self._loop = loop

    def schedule(self, outbox: "Outbox") -> None:
        if not self._dirty:
            self._loop.call_soon(self.flush)
        self._dirty.append(outbox)

    def flush(self) -> None:
        dirty, self._dirty = self._dirty, []
        for outbox in dirty:
            outbox.flush()


class Outbox:
    """The frames that wait for one client. Over `limit` bytes the client is too slow: it is closed with 4008."""

    __slots__ = (
        "_bytes",
        "_flusher",
        "_frames",
        "_latest",
        "_limit",
        "_room",
        "_scheduled",
        "_sent",
        "_sent_bytes",
        "_transport",
        "close_code",
        "closed",
    )

    def __init__(self, transport: Transport, flusher: Flusher, limit: int) -> None:
        self._transport = transport
        self._flusher = flusher
        self._limit = limit
        self._frames: list[Frame] = []
        self._latest: dict[str, Frame] = {}
        self._bytes = 0
        self._scheduled = False
        self._room: asyncio.Future[None] | None = None
        self._sent = 0
        self._sent_bytes = 0
        self.closed = False
        self.close_code: int | None = None
        transport.when_writable(self._writable)

    def put(self, frame: Frame) -> None:
        """Queues a frame; what was queued leaves in order."""
        if self.closed:
            return
        self._frames.append(frame)
        self._bytes += len(frame.json)
        if self._bytes > self._limit:
            self._frames.clear()
            self.close(Close.TOO_SLOW, "too slow")
        else:
            self._schedule()

    def put_latest(self, about: str, frame: Frame) -> None:
        """Queues a passing frame in place of one about the same that still waits.

        It leaves behind what must not be lost, and never makes a client too slow.
        """
        if not self.closed:
            self._latest[about] = frame
            self._schedule()

    def drop_latest(self, about: str) -> None:
        """What waits about this is not to be sent any more."""
        self._latest.pop(about, None)

    def heartbeat(self, frame: Frame) -> None:
        """Queues a heartbeat that asks for an answer; a client that did not answer the last one is given up."""
        if self._transport.probe():
            self.put(frame)
        else:
            self.close(Close.GOING_AWAY, "no answer to a ping")

    async def room(self) -> None:
        """Returns when three quarters of the limit are free, or the outbox is closed.

        A page of a replay weighs up to half of the default limit, and live events come on top of it.
        """
        while self._bytes > self._limit // 4 and not self.closed:
            if self._room is None:
                self._room = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._room)

    def flush(self) -> None:
        self._scheduled = False
        if (self._frames or self._latest) and not self._transport.paused:
            self._write()
        self._wake()

    def close(self, code: int, reason: str) -> None:
        """Sends what waits, then the close frame; nothing can be queued afterwards."""
        if self.closed:
            return
        self.closed = True
        self.close_code = code
        self._latest.clear()
        if self._frames:
            self._write()
        self._bytes = 0
        self._transport.close(code, reason)
        self._wake()

    def abandon(self) -> None:
        """The socket is gone: drop what waits."""
        self.closed = True
        self._frames.clear()
        self._latest.clear()
        self._bytes = 0
        self._wake()

    def take_counts(self) -> tuple[int, int]:
        """The events and bytes written since this was last asked."""
        counts = self._sent, self._sent_bytes
        self._sent = self._sent_bytes = 0
        return counts

    def _write(self) -> None:
        frames, self._frames = self._frames, []
        if self._latest:
            frames += self._latest.values()
            self._bytes += sum(len(frame.json) for frame in self._latest.values())
            self._latest.clear()
        self._sent += len(frames)
        self._sent_bytes += self._bytes
        self._bytes = 0
        self._transport.write(frames)

    def _writable(self) -> None:
        if self._frames or self._latest:
            self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled and not self._transport.paused:
            self._scheduled = True
            self._flusher.schedule(self)

    def _wake(self) -> None:
        if self._room is not None and self._bytes <= self._limit // 4:
            self._room.set_result(None)
            self._room = None
