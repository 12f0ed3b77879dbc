"""One client's WebSocket: carries out what its connection machine asks for."""

import asyncio
import logging
from collections import deque
from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from redis.exceptions import RedisError

from app.contract import commands as c
from app.contract import events as e
from app.contract.codec import encode
from app.contract.errors import Close, ErrorCode, TripSageError
from app.contract.ids import session_stream, split_stream
from app.domain.connection import IMPLICIT_SESSION_AFTER, Connection, Phase
from app.domain.effects import Announce, Attach, Disconnect, Effect, Perform, Send, Verify
from app.gateway.guarded import Admission, Guarded
from app.gateway.outbox import Outbox
from app.gateway.shared import Shared
from app.gateway.subscriptions import Subscriptions
from app.gateway.trips import TripParticipation
from app.services.auth import AuthenticationFailed
from app.streams.frame import Frame
from app.streams.subscription import Sink

logger = logging.getLogger("tripsage.gateway")


class Socket:
    """Drives one `Connection`. Frames are handled one after another; time and loss come in between."""

    def __init__(self, shared: Shared, connection: Connection, outbox: Outbox) -> None:
        self.connection = connection
        self.outbox = outbox
        self._shared = shared
        self._services = services = shared.services
        self._counted = False
        self._session_id: str | None = None
        self._subscriptions = Subscriptions(
            services.fanout,
            outbox,
            connection.connection_id,
            services.settings.limits.streams_per_connection,
            self._guard,
        )
        self._trips = TripParticipation(shared, connection, outbox, self._subscriptions, self.carry_out)

    async def run(self, receive: Any) -> None:
        """Until the client or the machine ends it. `receive` is ASGI's."""
        connection = self.connection
        try:
            await self.carry_out(connection.opened())
            if connection.user_id is not None:
                await self._first_frame(receive)
            while connection.phase is not Phase.CLOSED and await self._next_frame(receive):
                pass
        finally:
            self.outbox.abandon()
            await self._leave()

    def tick(self, now: datetime) -> None:
        """About once a second, for all sockets of this gateway."""
        effects = self.connection.tick(now)
        self._trips.tick(now)
        if effects:
            self.carry_out_now(effects)

    def drain(self, reconnect_after: float) -> None:
        self.carry_out_now(self.connection.draining(reconnect_after, self._services.clock()))

    def carry_out_now(self, effects: list[Effect]) -> None:
        """Effects of time: they send, close or announce, and wait for nothing."""
        for effect in effects:
            match effect:
                case Send(e.ConnectionHeartbeat() as event):
                    self.outbox.heartbeat(Frame(0, encode(event)))
                case Send(event):
                    self._send(event)
                case Disconnect(code, reason):
                    self.outbox.close(code, reason)
                case Announce():
                    self._shared.background.run(self._announce(effect))
                case _:
                    raise AssertionError(f"{effect} needs the connection's turn")

    async def carry_out(self, effects: list[Effect]) -> None:
        """Effects of a frame, in order, with the effects that their outcomes have in their place."""
        waiting = deque(effects)
        while waiting:
            waiting.extendleft(reversed(await self._one(waiting.popleft())))

    async def _first_frame(self, receive: Any) -> None:
        """The upgrade carried a good token: a client that says nothing more gets a new session."""
        try:
            async with asyncio.timeout(IMPLICIT_SESSION_AFTER):
                message = await receive()
        except TimeoutError:
            await self.carry_out(self.connection.silent())
            return
        if message["type"] == "websocket.disconnect":
            self.connection.lost(self._services.clock())
        else:
            await self._frame(message)

    async def _next_frame(self, receive: Any) -> bool:
        """False: the client is gone. While it waits for a frame it does not hold on to the one before."""
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return False
        await self._frame(message)
        return True

    async def _frame(self, message: Any) -> None:
        data = message.get("text")
        if data is None:
            data = message["bytes"]
        self._shared.metrics.frames_received.inc()
        now = self._services.clock()
        effects = self.connection.received(data, now)
        self._trips.tick(now)
        await self.carry_out(effects)

    async def _one(self, effect: Effect) -> list[Effect]:
        match effect:
            case Send(event):
                self._send(event)
            case Disconnect(code, reason):
                self.outbox.close(code, reason)
            case Announce():
                await self._announce(effect)
            case Verify(command, token):
                return await self._verify(command, token)
            case Attach(command):
                return await self._attempt(command, self._attach(command))
            case Perform(command):
                return await self._attempt(command, self._perform(command))
        return []

    async def _attempt(self, command: c.ClientCommand, attempt: Any) -> list[Effect]:
        now = self._services.clock
        try:
            return await attempt
        except TripSageError as error:
            return self.connection.refused(command, error, now())
        except (RedisError, OSError):
            request_id = self._shared.new_id()
            logger.exception("%s failed (request_id %s)", type(command).__name__, request_id)
            error = TripSageError(
                ErrorCode.INTERNAL_ERROR,
                "The event store cannot be reached now; send the same frame again.",
                request_id=request_id,
                component="gateway",
            )
            return self.connection.refused(command, error, now())

    async def _verify(self, command: c.Authenticate, token: str | None) -> list[Effect]:
        connection, now = self.connection, self._services.clock
        try:
            identity = await self._shared.authenticator.identify(token)
        except AuthenticationFailed as failure:
            return connection.not_verified(failure.details["reason"], failure.message, now())
        except TripSageError as error:
            return connection.refused(command, error, now())
        effects = connection.verified(
            command, identity.user_id, identity.user_name, identity.expires_at, now()
        )
        if self._counted or connection.phase is Phase.CLOSED:
            return effects
        return await self._attempt(command, self._count(identity.user_id, effects))

    async def _count(self, user_id: str, effects: list[Effect]) -> list[Effect]:
        if await self._services.connection_limit.enter(user_id, self.connection.connection_id):
            self._counted = True
            return effects
        return [Disconnect(Close.TOO_MANY_CONNECTIONS, "too many connections")]

    async def _attach(self, command: c.Authenticate) -> list[Effect]:
        user_id = self.connection.user_id or ""
        session_id = command.session_id or self._session_id or self._shared.new_id()
        await self._services.sessions.open(session_id, user_id)
        positions = {
            stream: c.StreamPosition(stream=stream)
            for stream in (session_stream(session_id), f"user:{user_id}", "system")
        }
        positions |= {position.stream: position for position in command.streams}
        cursors = await self._place(user_id, positions.values())
        self._session_id = session_id
        await self.carry_out(self.connection.attached(session_id, cursors, self._services.clock()))
        await self._subscriptions.start(positions)
        return []

    async def _perform(self, command: c.ClientCommand) -> list[Effect]:
        connection, services = self.connection, self._services
        user_id = connection.user_id or ""
        match command:
            case c.SendChatMessage():
                received = await services.chat.say(
                    user_id, command.session_id, command.id, command.content, command.metadata.when_busy
                )
                return connection.performed(command, received.status, received.seq)
            case c.CancelTurn():
                status = await services.chat.cancel(
                    user_id, command.session_id, command.message_id, command.id
                )
                return connection.performed(command, status)
            case c.DecideToolCall():
                status = await services.decisions.decide(user_id, command)
                return connection.performed(command, status)
            case c.StartTyping() | c.StopTyping():
                await services.sessions.get(command.session_id, user_id)
                return connection.typing(command, services.clock())
            case c.Subscribe():
                return await self._subscribe(command, command.streams)
            case c.Unsubscribe():
                streams = [position.stream for position in command.streams]
                self._subscriptions.remove(streams)
                self._send(
                    e.StreamUnsubscribed(
                        id=self._shared.new_id(),
                        timestamp=services.clock(),
                        in_reply_to=command.id,
                        streams=streams,
                    )
                )
                return connection.performed(command)
            case c.JoinTrip() | c.LeaveTrip() | c.StartEditingField() | c.StopEditingField() | c.MoveCursor():
                return await self._trips.perform(command)
            case _:
                raise AssertionError(f"{type(command).__name__} is not performed")

    async def _subscribe(self, command: c.Subscribe, positions: list[c.StreamPosition]) -> list[Effect]:
        cursors = await self._place(self.connection.user_id or "", positions)
        await self.carry_out(self.connection.performed(command))
        self._send(
            e.StreamSubscribed(
                id=self._shared.new_id(),
                timestamp=self._services.clock(),
                in_reply_to=command.id,
                streams=cursors,
            )
        )
        await self._subscriptions.start([position.stream for position in positions])
        return []

    async def _place(self, user_id: str, positions: Collection[c.StreamPosition]) -> list[e.StreamCursor]:
        """Subscribes to what the user may follow.

        Access to a trip is looked up again behind the subscription: what takes it away from then on is heard.
        """
        for position in positions:
            await self._services.access.check(user_id, position.stream)
        cursors = await self._subscriptions.add(positions)
        for position in positions:
            if position.stream.startswith("trip:") and not await self._services.access.allows(
                user_id, position.stream
            ):
                self._subscriptions.remove([position.stream])
                raise TripSageError(ErrorCode.NOT_FOUND, "The trip is no longer yours to open.")
        return cursors

    def _guard(self, stream: str, sink: Sink) -> Sink:
        """A trip's stream ends where its user loses access; the other streams are the user's own."""
        kind, trip_id = split_stream(stream)
        if kind != "trip":
            return sink
        user_id = self.connection.user_id or ""

        def shut_out() -> None:
            self._subscriptions.remove([stream])
            self._trips.shut_out(trip_id)

        return Guarded(
            stream,
            user_id,
            sink,
            lambda: self._services.access.allows(user_id, stream),
            Admission(partial(self._trips.suspend, trip_id), partial(self._trips.restore, trip_id), shut_out),
            self._shared.background.run,
        )

    async def _announce(self, announcement: Announce) -> None:
        stream = session_stream(announcement.session_id)
        await self._services.log.publish(stream, announcement.event, origin=self.connection.connection_id)

    def _send(self, event: e.ServerEvent) -> None:
        self.outbox.put(Frame(0, encode(event)))

    async def _leave(self) -> None:
        connection = self.connection
        self._subscriptions.close()
        self._trips.disconnected()
        self.carry_out_now(connection.lost(self._services.clock()))
        if self._counted and connection.user_id is not None:
            self._shared.background.run(
                self._services.connection_limit.leave(connection.user_id, connection.connection_id)
            )
