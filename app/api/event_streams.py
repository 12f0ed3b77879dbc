"""All responses of server-sent events of this process, and what happens to them with time."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from litestar import Litestar
from litestar.types import Receive, Scope, Send
from redis.exceptions import RedisError

from app.api.event_stream import HEARTBEAT_EVERY, EventStream
from app.contract import events as e
from app.contract.errors import ErrorCode, TripSageError
from app.contract.events import StreamCursor
from app.contract.ids import session_stream
from app.metrics import Metrics
from app.services.auth import Identity
from app.streams.fanout import Cursor
from app.wiring import Services, new_id

logger = logging.getLogger("tripsage.api")

TICK = 0.5
"""Seconds: how soon a drain or an expired token is seen. A gateway listens for 1 s once it drains."""
CHECK_EVERY = HEARTBEAT_EVERY
SUBSCRIBE_WITHIN = 5.0
DRAIN_RECONNECT_AFTER = 2.0


class Draining(Protocol):
    """The gateway, as far as it is known here."""

    draining: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Follower:
    """One client that follows a session; it counts as one of its user's connections."""

    connection_id: str
    session_id: str
    caller: Identity
    stream: EventStream


class EventStreams:
    """Opens them, and ends them when the gateway drains, a token expires or a session is deleted."""

    def __init__(self, services: Services, gateway: Draining, metrics: Metrics) -> None:
        self._services = services
        self._gateway = gateway
        self._metrics = metrics
        self._followers: set[_Follower] = set()

    def __len__(self) -> int:
        return len(self._followers)

    async def follow(
        self, request_id: str, caller: Identity, session_id: str, after: int | None, epoch: str | None
    ) -> "Followed":
        """The response that brings the session's events. Raises `TripSageError` for who may not have them."""
        await self._services.sessions.get(session_id, caller.user_id)
        return Followed(self, request_id, caller, session_id, after, epoch)

    async def watch_forever(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self.tick()

    async def check_forever(self) -> None:
        while True:
            await asyncio.sleep(CHECK_EVERY)
            await self.check()

    def tick(self) -> None:
        """Heartbeats, expired tokens, the drain."""
        now = self._services.clock()
        for follower in list(self._followers):
            if self._gateway.draining:
                self._send_away(follower.stream)
            elif not follower.stream.tick(now):
                self._expire(follower.stream)

    async def check(self) -> None:
        """Ends the streams of sessions that were deleted, and renews what counts the others."""
        connections: dict[str, list[str]] = defaultdict(list)
        try:
            for follower in list(self._followers):
                try:
                    await self._services.sessions.get(follower.session_id, follower.caller.user_id)
                except TripSageError:
                    follower.stream.end()
                else:
                    connections[follower.caller.user_id].append(follower.connection_id)
            if connections:
                await self._services.connection_limit.renew(connections)
        except (RedisError, OSError) as error:
            logger.warning("Event streams cannot be checked now: %s", error)

    def drain(self) -> None:
        for follower in self._followers:
            self._send_away(follower.stream)

    async def serve(self, wanted: "Followed", receive: Receive, send: Send) -> None:
        """Subscribes, then answers; what is raised before the answer begins becomes a problem."""
        services, caller = self._services, wanted.caller
        stream = EventStream(
            services.settings.limits.queue_bytes, caller.expires_at, services.clock(), self._metrics
        )
        follower = _Follower(new_id(), wanted.session_id, caller, stream)
        if not await services.connection_limit.enter(caller.user_id, follower.connection_id):
            raise TripSageError(
                ErrorCode.LIMIT_EXCEEDED, "You have as many connections as one user may have."
            )
        try:
            async with asyncio.timeout(SUBSCRIBE_WITHIN):
                subscription = await services.fanout.subscribe(
                    session_stream(wanted.session_id), stream, after=wanted.after, epoch=wanted.epoch
                )
            stream.say(self._greeting(wanted, subscription.cursor), _first_id(wanted, subscription.cursor))
            self._followers.add(follower)
            try:
                await send(_start())
                await stream.run(subscription, receive, send)
            finally:
                self._followers.discard(follower)
                subscription.close()
        finally:
            await self._leave(follower)

    def _greeting(self, wanted: "Followed", cursor: Cursor) -> e.StreamSubscribed:
        return e.StreamSubscribed(
            id=new_id(),
            timestamp=self._services.clock(),
            in_reply_to=wanted.request_id,
            streams=[
                StreamCursor(
                    stream=cursor.stream, epoch=cursor.epoch, seq=cursor.seq, recovered=cursor.recovered
                )
            ],
        )

    def _send_away(self, stream: EventStream) -> None:
        stream.say(
            e.ConnectionClose(
                id=new_id(),
                timestamp=self._services.clock(),
                reason="server_maintenance",
                reconnect_after=DRAIN_RECONNECT_AFTER,
            )
        )
        stream.reconnect_after(DRAIN_RECONNECT_AFTER)
        stream.end()

    def _expire(self, stream: EventStream) -> None:
        body = e.ErrorBody(
            code=ErrorCode.AUTHENTICATION_FAILED,
            message="The token has expired; get a new one and connect again.",
            retryable=False,
            details={"token_type": "jwt", "reason": "expired"},
        )
        stream.say(e.ConnectionFailed(id=new_id(), timestamp=self._services.clock(), error=body))
        stream.end()

    async def _leave(self, follower: _Follower) -> None:
        try:
            await self._services.connection_limit.leave(follower.caller.user_id, follower.connection_id)
        except (RedisError, OSError) as error:
            logger.warning("A connection counts until its lease ends: %s", error)


@dataclass(frozen=True, slots=True)
class Followed:
    """A response, as Litestar takes any ASGI application for one."""

    streams: EventStreams
    request_id: str
    caller: Identity
    session_id: str
    after: int | None
    epoch: str | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.streams.serve(self, receive, send)


def _first_id(wanted: Followed, cursor: Cursor) -> int:
    """What a client that loses its connection before the first event resumes after."""
    return wanted.after if wanted.after is not None and cursor.recovered else cursor.seq


def _start() -> Any:
    return {
        "type": "http.response.start",
        "status": 200,
        "headers": [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"x-accel-buffering", b"no"),
        ],
    }


@asynccontextmanager
async def event_streams(app: Litestar) -> AsyncGenerator[None]:
    """Makes `app.state["event_streams"]`, inside the lifespan of the services and the gateway."""
    state = app.state
    streams = EventStreams(state["services"], state["hub"], state["metrics"])
    state["event_streams"] = streams
    tasks = [asyncio.create_task(streams.watch_forever()), asyncio.create_task(streams.check_forever())]
    try:
        yield
    finally:
        streams.drain()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
