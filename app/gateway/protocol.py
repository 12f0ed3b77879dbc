"""uvicorn's WebSocket protocol with a direct way out.

ASGI's `send` frames each message anew for each connection and awaits each write. Server frames are not
masked, so the same bytes are right for every client: the gateway makes them once an event and hands a whole
batch to the transport in one write.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

EXTENSION = "tripsage.transport"
PING = b"\x89\x00"
CLOSE_WITHIN = 5.0
"""Seconds that a peer has to take what waits and answer a close, before the connection is aborted."""


def _nothing() -> None:
    return None


class Unread:
    """ASGI messages that nobody has read yet: as much of `asyncio.Queue` as one reader needs.

    The queue itself weighs 3 kB, a tenth of an idle connection.
    """

    __slots__ = ("_messages", "_reader")

    def __init__(self) -> None:
        self._messages: list[Any] = []
        self._reader: asyncio.Future[None] | None = None

    def empty(self) -> bool:
        return not self._messages

    def put_nowait(self, message: Any) -> None:
        self._messages.append(message)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> Any:
        while not self._messages:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self._messages.pop(0)


class DirectWebSocketProtocol(WebSocketsSansIOProtocol):
    """Offers itself to the application as the ASGI extension `tripsage.transport`."""

    on_writable: Callable[[], None] = staticmethod(_nothing)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.queue = cast(Any, Unread())
        self._ping_is_due = self._pinged = self._heard = False

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: dict[str, Any] = cast(Any, self.scope)["extensions"]
            extensions[EXTENSION] = self

    def start_keepalive(self) -> None:
        """Nothing: pings leave with the heartbeats (`probe`), which saves each connection timers and a write."""

    def data_received(self, data: bytes) -> None:
        self._heard = True
        super().data_received(data)

    def probe(self) -> bool:
        """Pings with the next write. False: the peer, pinged before, has sent nothing since."""
        silent = self._pinged and not self._heard and not self.read_paused
        self._ping_is_due, self._pinged, self._heard = True, False, False
        return not silent

    @property
    def paused(self) -> bool:
        """The transport has more to send than it wants to hold."""
        return not self.writable.is_set()

    def write(self, data: bytes) -> None:
        """Whole WebSocket frames, as they go over the wire."""
        if self.close_sent or self.transport.is_closing():
            return
        if self._ping_is_due:
            self._ping_is_due, self._pinged = False, True
            data += PING
        self.transport.write(data)

    def close_with(self, code: int, reason: str) -> None:
        """Sends a close frame behind what was written; never waits for the peer."""
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(CLOSE_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self.on_writable()

    def connection_lost(self, exc: Exception | None) -> None:
        self.on_writable = _nothing
        super().connection_lost(exc)
