"""All connections of one gateway process, what they share, and what happens to them with time."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from app.domain.allowance import Rules
from app.domain.connection import Connection
from app.gateway.outbox import AsgiTransport, DirectTransport, Flusher, Outbox, Transport
from app.gateway.protocol import EXTENSION
from app.gateway.shared import Shared
from app.gateway.socket import Socket
from app.services.limits import CONNECTION_LEASE

logger = logging.getLogger("tripsage.gateway")

TICK = 1.0
SLICES = 20
"""Parts of a tick, so that what thousands of connections need each second never holds up the events."""
RENEW_EVERY = CONNECTION_LEASE / 2
RENEW_AT_ONCE = 64  # users
DRAIN_RECONNECT_AFTER = 2.0
DRAIN_WITHIN = 1.0
"""Seconds that clients have to take their close, before the server is told to stop all the same."""


class Hub:
    def __init__(self, shared: Shared) -> None:
        limits = shared.services.settings.limits
        self.draining = False
        self._shared = shared
        self._limits = limits
        self._rules = Rules(
            frames_per_minute=limits.frames_per_minute,
            frame_burst=limits.frame_burst,
            bad_frames_per_minute=limits.bad_frames_per_minute,
            authenticate_within=limits.authenticate_within,
            heartbeat_interval=limits.heartbeat_interval,
        )
        self._sockets: set[Socket] = set()
        self._nobody = asyncio.Event()
        self._nobody.set()
        self._flusher = Flusher(asyncio.get_running_loop())
        # Events go out before what waits for the loop: who caused them may be among it.
        shared.services.subscriber.on_read(self._flusher.flush)
        self._renewed_at = 0.0
        self._swept_at = 0.0

    async def serve(self, scope: Any, receive: Any, send: Any, token: str | None, msgpack: bool) -> None:
        """One accepted WebSocket, until it ends."""
        direct = scope.get("extensions", {}).get(EXTENSION)
        transport: Transport = (
            AsgiTransport(send, msgpack) if direct is None else DirectTransport(direct, msgpack)
        )
        shared, metrics = self._shared, self._shared.metrics
        outbox = Outbox(transport, self._flusher, self._limits.queue_bytes)
        connection = Connection(
            shared.new_id(),
            self._rules,
            shared.server,
            shared.new_id,
            shared.services.clock(),
            token=token,
            msgpack=msgpack,
        )
        socket = Socket(shared, connection, outbox)
        self._sockets.add(socket)
        self._nobody.clear()
        metrics.connections.inc()
        if self.draining:
            socket.drain(DRAIN_RECONNECT_AFTER)
        try:
            await socket.run(receive)
        finally:
            self._sockets.discard(socket)
            if not self._sockets:
                self._nobody.set()
            metrics.connections.dec()
            self._count([socket])
            if outbox.close_code is not None:
                metrics.closes.labels(str(outbox.close_code)).inc()

    async def tick_forever(self) -> None:
        """Heartbeats, deadlines, expiries and leases of every connection; runs until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            sockets = list(self._sockets)
            for start in range(SLICES):
                await asyncio.sleep(TICK / SLICES)
                self._tick(sockets[start::SLICES])
            if loop.time() - self._renewed_at >= RENEW_EVERY:
                self._renewed_at = loop.time()
                self._shared.background.run(self._renew())  # heartbeats go on while Redis is away

            if loop.time() - self._swept_at >= self._shared.rooms.renew_every:
                self._swept_at = loop.time()
                self._shared.background.run(self._shared.services.trip_presence.sweep_forsaken())

    def drain(self) -> None:
        """Tells every client to come back elsewhere, and closes."""
        self.draining = True
        for socket in list(self._sockets):
            socket.drain(DRAIN_RECONNECT_AFTER)

    async def empty(self) -> None:
        """Drains, and returns when the last connection has ended, or after `DRAIN_WITHIN`."""
        self.drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_WITHIN):
                await self._nobody.wait()

    def _tick(self, sockets: Sequence[Socket]) -> None:
        now = self._shared.services.clock()
        for socket in sockets:
            try:
                socket.tick(now)
            except Exception:  # one connection's defect must not stop the others' clock
                logger.exception("a tick of connection %s failed", socket.connection.connection_id)
        self._count(sockets)

    def _count(self, sockets: Sequence[Socket]) -> None:
        counts = [socket.outbox.take_counts() for socket in sockets]
        self._shared.metrics.events_delivered.inc(sum(events for events, _ in counts))
        self._shared.metrics.bytes_delivered.inc(sum(size for _, size in counts))

    async def _renew(self) -> None:
        connections: dict[str, list[str]] = defaultdict(list)
        for socket in self._sockets:
            if socket.connection.user_id is not None:
                connections[socket.connection.user_id].append(socket.connection.connection_id)
        users = list(connections)
        for start in range(0, len(users), RENEW_AT_ONCE):
            some = users[start : start + RENEW_AT_ONCE]
            await self._shared.services.connection_limit.renew({user: connections[user] for user in some})
