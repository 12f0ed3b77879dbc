"""Streams in memory, and connections that follow them and can be cut."""

import contextlib
from dataclasses import dataclass, field
from typing import Any

import msgspec
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from app.contract import commands as c
from app.contract import events as e


@dataclass
class Log:
    """One stream: its events as plain objects, without those that were trimmed."""

    epoch: str = "e1"
    events: list[dict[str, Any]] = field(default_factory=list)
    trimmed: int = 0

    @property
    def seq(self) -> int:
        return self.trimmed + len(self.events)

    def cursor(self, position: c.StreamPosition) -> e.StreamCursor:
        """Where the stream is, and whether it can be followed on from this position."""
        after = self.seq if position.after is None else position.after
        whole = position.epoch in (None, self.epoch) and self.trimmed <= after <= self.seq
        return e.StreamCursor(stream=position.stream, epoch=self.epoch, seq=self.seq, recovered=whole)


class Peer:
    """One connection, with the streams that it follows."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket
        self.msgpack = socket.subprotocol == "tripsage.v1.msgpack"
        self.streams: set[str] = set()
        self.is_cut = False

    def cut(self) -> None:
        self.is_cut = True
        self.socket.transport.abort()

    async def send(self, event: Any) -> None:
        if self.is_cut:
            return
        data = msgspec.msgpack.encode(event) if self.msgpack else msgspec.json.encode(event).decode()
        with contextlib.suppress(ConnectionClosed):
            await self.socket.send(data)
