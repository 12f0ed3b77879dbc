"""One response of server-sent events: bounded in bytes like a socket, and never awaited by who delivers."""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
from litestar.types import Receive, Send
from msgspec import Struct
from redis.exceptions import RedisError

from app.contract.codec import encode
from app.contract.events import ServerEvent
from app.metrics import Metrics
from app.streams.fanout import Subscription
from app.streams.frame import Frame

logger = logging.getLogger("tripsage.api")

HEARTBEAT_EVERY = 15.0
CLOSE_WITHIN = 5.0
"""Seconds that a client has to take what waits when the response ends; then the connection is dropped."""

_HEARTBEAT = b": heartbeat\n\n"


class _Typed(Struct):
    """What is read of a frame."""

    type: str


_type_decoder = msgspec.json.Decoder(_Typed)


def server_sent(json: bytes, event_id: int | None) -> bytes:
    """An event's JSON as a server-sent event. JSON has no raw line breaks, so it is one line of data."""
    name = _type_decoder.decode(json).type.encode()
    number = b"" if event_id is None else b"id: %d\n" % event_id
    return b"event: %b\n%bdata: %b\n\n" % (name, number, json)


class EventStream:
    """The sink of one subscription, and the ASGI response that what it is given goes out with.

    Over `limit` bytes that wait, the client is too slow: what waits is dropped and the response ends. So it
    does when the place in the stream is lost. The client comes back with the last id it had.
    """

    def __init__(self, limit: int, expires_at: datetime, now: datetime, metrics: Metrics) -> None:
        self._limit = limit
        self._roomy = limit // 4  # then one more page of a replay fits
        self._expires_at = expires_at
        self._heartbeat_at = now
        self._metrics = metrics
        self._waiting: list[bytes] = []
        self._events = 0
        self._bytes = 0
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._over = asyncio.Event()

    @property
    def ended(self) -> bool:
        """Nothing more is taken; what waits is still sent."""
        return self._over.is_set()

    # The sink of a subscription

    def deliver(self, frame: Frame) -> None:
        if not self.ended:
            self._events += 1
            self._put(server_sent(frame.json, frame.seq or None))

    async def ready(self) -> None:
        await self._room.wait()

    def lost(self, stream: str) -> None:
        self.end()

    # What the server itself says

    def say(self, event: ServerEvent, event_id: int | None = None) -> None:
        if not self.ended:
            self._put(server_sent(encode(event), event_id))

    def reconnect_after(self, seconds: float) -> None:
        """How long an `EventSource` waits before it comes back."""
        if not self.ended:
            self._put(b"retry: %d\n\n" % (seconds * 1000))

    def end(self) -> None:
        """Sends what waits and ends the response."""
        self._over.set()
        self._changed.set()
        self._room.set()

    def tick(self, now: datetime) -> bool:
        """About once a second; false when the caller's token has expired."""
        if (now - self._heartbeat_at).total_seconds() >= HEARTBEAT_EVERY and not self.ended:
            self._heartbeat_at = now
            self._put(_HEARTBEAT)
        return now < self._expires_at

    async def run(self, subscription: Subscription, receive: Receive, send: Send) -> None:
        """Until the client leaves or `end`. The headers are sent already."""
        replaying = asyncio.create_task(self._replay(subscription))
        writing = asyncio.create_task(self._write(send))
        leaving = asyncio.create_task(_disconnected(receive))
        ending = asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait((writing, leaving, ending), return_when=asyncio.FIRST_COMPLETED)
            if not leaving.done():
                await asyncio.wait(
                    (writing, leaving), timeout=CLOSE_WITHIN, return_when=asyncio.FIRST_COMPLETED
                )
            if writing.done():
                with suppress(OSError):  # the client is gone
                    writing.result()
        finally:
            self.end()
            tasks = (replaying, writing, leaving, ending)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _replay(self, subscription: Subscription) -> None:
        try:
            await subscription.start()
        except (RedisError, OSError) as error:
            logger.warning("%s cannot be replayed: %s", subscription.stream, error)
            self.end()

    async def _write(self, send: Send) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            ended = self.ended
            body, self._waiting = b"".join(self._waiting), []
            events, self._events = self._events, 0
            if body:
                await send({"type": "http.response.body", "body": body, "more_body": True})
                self._metrics.events_delivered.inc(events)
                self._metrics.bytes_delivered.inc(len(body))
                self._sent(len(body))
            if ended:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return

    def _put(self, chunk: bytes) -> None:
        self._waiting.append(chunk)
        self._bytes += len(chunk)
        if self._bytes > self._limit:
            self._waiting.clear()
            self.end()
            return
        if self._bytes > self._roomy:
            self._room.clear()
        self._changed.set()

    def _sent(self, size: int) -> None:
        self._bytes -= size
        if self._bytes <= self._roomy:
            self._room.set()


async def _disconnected(receive: Receive) -> None:
    message: Any = await receive()
    while message["type"] != "http.disconnect":
        message = await receive()
