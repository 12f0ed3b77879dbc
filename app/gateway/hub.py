"""All connections of one gateway process, what they share, and what happens to them with time."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from redis.exceptions import RedisError

from app.domain.connection import Connection, Rules, Server
from app.domain.ports import Clock
from app.gateway.outbox import AsgiTransport, DirectTransport, Flusher, Outbox, Transport
from app.gateway.protocol import EXTENSION
from app.gateway.socket import Socket
from app.metrics import Metrics
from app.services.access import Access
from app.services.auth import Authenticator
from app.services.chat import Chat
from app.services.limits import CONNECTION_LEASE, ConnectionLimit
from app.settings import Limits
from app.storage.sessions import Sessions
from app.streams.fanout import Fanout
from app.streams.log import RedisEventLog

logger = logging.getLogger("tripsage.gateway")

TICK = 1.0
SLICES = 20
"""Parts of a tick, so that what thousands of connections need each second never holds up the events."""
RENEW_EVERY = CONNECTION_LEASE / 3
RENEW_AT_ONCE = 64  # users
DRAIN_RECONNECT_AFTER = 2.0


class Hub:
    def __init__(
        self,
        *,
        log: RedisEventLog,
        fanout: Fanout,
        authenticator: Authenticator,
        sessions: Sessions,
        access: Access,
        chat: Chat,
        connection_limit: ConnectionLimit,
        limits: Limits,
        server: Server,
        metrics: Metrics,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self.log = log
        self.fanout = fanout
        self.authenticator = authenticator
        self.sessions = sessions
        self.access = access
        self.chat = chat
        self.connection_limit = connection_limit
        self.limits = limits
        self.metrics = metrics
        self.clock = clock
        self.new_id = new_id
        self.draining = False
        self._server = server
        self._rules = Rules(
            frames_per_minute=limits.frames_per_minute,
            frame_burst=limits.frame_burst,
            bad_frames_per_minute=limits.bad_frames_per_minute,
            authenticate_within=limits.authenticate_within,
            heartbeat_interval=limits.heartbeat_interval,
        )
        self._sockets: set[Socket] = set()
        self._background: set[asyncio.Task[Any]] = set()
        self._flusher = Flusher(asyncio.get_running_loop())
        self._renewed_at = 0.0

    async def serve(self, scope: Any, receive: Any, send: Any, token: str | None, msgpack: bool) -> None:
        """One accepted WebSocket, until it ends."""
        direct = scope.get("extensions", {}).get(EXTENSION)
        transport: Transport = (
            AsgiTransport(send, msgpack) if direct is None else DirectTransport(direct, msgpack)
        )
        outbox = Outbox(transport, self._flusher, self.limits.queue_bytes)
        connection = Connection(
            self.new_id(),
            self._rules,
            self._server,
            self.new_id,
            self.clock(),
            token=token,
            msgpack=msgpack,
        )
        socket = Socket(self, connection, outbox)
        self._sockets.add(socket)
        self.metrics.connections.inc()
        if self.draining:
            socket.drain(DRAIN_RECONNECT_AFTER)
        try:
            await socket.run(receive)
        finally:
            self._sockets.discard(socket)
            self.metrics.connections.dec()
            self._count([socket])
            if outbox.close_code is not None:
                self.metrics.closes.labels(str(outbox.close_code)).inc()

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
                self.in_background(self._renew())  # heartbeats go on while Redis is away

    def drain(self) -> None:
        """Tells every client to come back elsewhere, and closes."""
        self.draining = True
        for socket in list(self._sockets):
            socket.drain(DRAIN_RECONNECT_AFTER)

    def in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Work that nobody waits for; a failure of Redis is logged and costs only this."""
        task = asyncio.create_task(self._logged(work))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def settle(self) -> None:
        """Waits for what runs in the background."""
        if self._background:
            await asyncio.wait(self._background, timeout=2.0)

    def _tick(self, sockets: Sequence[Socket]) -> None:
        now = self.clock()
        for socket in sockets:
            try:
                socket.tick(now)
            except Exception:  # one connection's defect must not stop the others' clock
                logger.exception("a tick of connection %s failed", socket.connection.connection_id)
        self._count(sockets)

    def _count(self, sockets: Sequence[Socket]) -> None:
        counts = [socket.outbox.take_counts() for socket in sockets]
        self.metrics.events_delivered.inc(sum(events for events, _ in counts))
        self.metrics.bytes_delivered.inc(sum(size for _, size in counts))

    async def _logged(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except (RedisError, OSError) as error:
            logger.warning("in the background: %s", error)

    async def _renew(self) -> None:
        connections: dict[str, list[str]] = defaultdict(list)
        for socket in self._sockets:
            if socket.connection.user_id is not None:
                connections[socket.connection.user_id].append(socket.connection.connection_id)
        users = list(connections)
        for start in range(0, len(users), RENEW_AT_ONCE):
            some = users[start : start + RENEW_AT_ONCE]
            await self.connection_limit.renew({user: connections[user] for user in some})
