"""One connection in the Redis protocol: commands out, replies and published messages in, in order."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, cast

import hiredis
from redis.exceptions import ConnectionError, ResponseError

from app.streams.client import Endpoint

_pack = cast(Callable[[Sequence[str | bytes]], bytes], cast(Any, hiredis).pack_command)

OnMessage = Callable[[bytes, bytes], None]
"""Channel and payload of a published message."""


class RespLink(asyncio.Protocol):
    """An open connection. `lost` is done when it has ended, for whatever reason.

    Messages are handed to `on_message` inside `data_received`, so at whatever speed hiredis reads them;
    `after_read` is called when all that came together are.
    """

    def __init__(self, on_message: OnMessage, after_read: Callable[[], None]) -> None:
        self._on_message = on_message
        self._after_read = after_read
        self._reader = hiredis.Reader(replyError=ResponseError)
        self._replies: deque[asyncio.Future[Any] | None] = deque()
        self._transport: asyncio.WriteTransport | None = None
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.received = 0
        """How often anything came in; a probe compares it."""

    @classmethod
    async def open(
        cls, endpoint: Endpoint, on_message: OnMessage, after_read: Callable[[], None]
    ) -> "RespLink":
        """A connection that is logged in. Raises `OSError`, `ConnectionError` or `ResponseError`."""
        loop = asyncio.get_running_loop()

        def make() -> RespLink:
            return cls(on_message, after_read)

        if endpoint.path is not None:
            _, link = await loop.create_unix_connection(make, endpoint.path)
        else:
            _, link = await loop.create_connection(make, endpoint.host, endpoint.port, ssl=endpoint.tls)
        try:
            await link._log_in(endpoint)
        except BaseException:
            link.abort()
            raise
        return link

    async def _log_in(self, endpoint: Endpoint) -> None:
        if endpoint.password is not None:
            user = () if endpoint.username is None else (endpoint.username,)
            await self.send("AUTH", *user, endpoint.password)
        if endpoint.database:
            await self.send("SELECT", str(endpoint.database))

    def send(self, *command: str | bytes) -> "asyncio.Future[Any]":
        """Write a command at once; the future is its reply, or `ResponseError`, or `ConnectionError`."""
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._is_over:
            reply.set_exception(ConnectionError("the connection is closed"))
        else:
            self._write(command, reply)
        return reply

    def send_blindly(self, *command: str | bytes) -> None:
        """Write a command whose reply nobody waits for; on a connection that is over it is dropped."""
        if not self._is_over:
            self._write(command, None)

    @property
    def _is_over(self) -> bool:
        """Also when the loop has closed the transport and not yet told of it: uvloop raises on a write then."""
        return self.lost.done() or self._transport is None or self._transport.is_closing()

    def _write(self, command: tuple[str | bytes, ...], reply: "asyncio.Future[Any] | None") -> None:
        assert self._transport is not None
        self._replies.append(reply)
        self._transport.write(_pack(command))

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        self.received += 1
        reader, on_message = self._reader, self._on_message
        reader.feed(data)
        try:
            while (reply := reader.gets()) is not False:
                if isinstance(reply, list) and reply[0] == b"smessage":
                    _, channel, payload = cast(list[bytes], reply)
                    on_message(channel, payload)
                else:
                    self._answer(reply)
        except hiredis.ProtocolError:
            self.abort()
        self._after_read()

    def _answer(self, reply: Any) -> None:
        if not self._replies:
            # Not asked for: a server that moves a channel away ends the subscription so. Begin again.
            self.abort()
            return
        waiting = self._replies.popleft()
        if waiting is None or waiting.done():
            return
        if isinstance(reply, ResponseError):
            waiting.set_exception(reply)
        else:
            waiting.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.lost.done():
            self.lost.set_result(None)
        while self._replies:
            waiting = self._replies.popleft()
            if waiting is not None and not waiting.done():
                waiting.set_exception(ConnectionError("the connection was lost"))
