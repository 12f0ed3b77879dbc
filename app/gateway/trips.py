"""One connection's part in trips: joining, leaving, and showing what its user does there."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from app.contract import commands as c
from app.contract import events as e
from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import trip_stream
from app.domain.connection import Connection
from app.domain.effects import Effect, Send
from app.domain.presence import Tab, status_at
from app.domain.roles import allows
from app.gateway.outbox import Outbox
from app.gateway.presence import Member
from app.gateway.shared import Shared
from app.gateway.subscriptions import Subscriptions
from app.storage.trips import Stored

TripCommand = c.JoinTrip | c.LeaveTrip | c.StartEditingField | c.StopEditingField | c.MoveCursor
SEEN_EVERY = timedelta(seconds=10)
"""How old a `last_seen` may be that the others are shown of somebody who is active."""


class TripParticipation:
    def __init__(
        self,
        shared: Shared,
        connection: Connection,
        outbox: Outbox,
        subscriptions: Subscriptions,
        carry_out: Callable[[list[Effect]], Awaitable[None]],
    ) -> None:
        self._shared = shared
        self._services = shared.services
        self._rooms = shared.rooms
        self._connection = connection
        self._outbox = outbox
        self._subscriptions = subscriptions
        self._carry_out = carry_out
        self._joined: set[str] = set()

    async def perform(self, command: TripCommand) -> list[Effect]:
        """Raises `TripSageError` (`NOT_FOUND`) for a trip that the user may not open."""
        match command:
            case c.JoinTrip():
                return await self._join(command)
            case c.LeaveTrip():
                return await self._leave(command)
            case c.MoveCursor():
                await self._move(command)
            case c.StartEditingField() | c.StopEditingField():
                return await self._show_editing(command)
        return self._connection.performed(command)

    def tick(self, now: datetime) -> None:
        """Time has passed or a frame has come: the others see who is active and who is not."""
        last_input = self._connection.last_input
        status = status_at(last_input, now, self._services.settings.limits.idle_seconds)
        for trip_id in self._joined:
            tab = self._rooms.tab(trip_id, self._connection.connection_id)
            if tab.status != status or last_input - tab.last_seen >= SEEN_EVERY:
                self._change(trip_id, status=status, last_seen=last_input)

    def disconnected(self) -> None:
        """Tells the others, as far as the server can be reached; else they hear it from a sweeper."""
        for trip_id in self._joined:
            self._shared.background.run(self._go(trip_id, "user_disconnected"))
        self._joined.clear()

    def suspend(self, trip_id: str) -> None:
        """Access may have been taken away: nothing of who is there leaves behind that news."""
        if trip_id in self._joined:
            self._rooms.suspend(trip_id, self._connection.connection_id)

    def restore(self, trip_id: str) -> None:
        """It was given back since."""
        if trip_id in self._joined:
            self._rooms.restore(trip_id, self._connection.connection_id)

    def shut_out(self, trip_id: str) -> None:
        """Access was taken away, which the others were told."""
        if trip_id in self._joined:
            self._joined.discard(trip_id)
            self._shared.background.run(self._go(trip_id, None))

    @property
    def _user_id(self) -> str:
        return self._connection.user_id or ""

    async def _join(self, command: c.JoinTrip) -> list[Effect]:
        trip_id, stream = command.trip_id, trip_stream(command.trip_id)
        services = self._services
        stored = await services.trips.read(self._user_id, trip_id)
        position = c.StreamPosition(stream=stream, after=command.after, epoch=command.epoch)
        cursors = await self._subscriptions.add([position])
        if trip_id not in self._joined:
            await self._enter(trip_id, stored)
        subscribed = e.StreamSubscribed(
            id=self._shared.new_id(), timestamp=services.clock(), in_reply_to=command.id, streams=cursors
        )
        effects: list[Effect] = [*self._connection.performed(command), Send(subscribed)]
        # Read again behind the subscription: what is written or taken away from here on comes with the stream.
        try:
            stored = await services.trips.read(self._user_id, trip_id)
        except TripSageError:
            self._subscriptions.remove([stream])
            self.shut_out(trip_id)
            raise
        if command.after is None or not cursors[0].recovered:
            effects.append(Send(self._whole(trip_id, stored)))
        await self._carry_out(effects)
        await self._subscriptions.start([stream])
        return []

    async def _enter(self, trip_id: str, stored: Stored) -> None:
        tab = Tab(
            user_id=self._user_id,
            user_name=self._connection.user_name,
            status="active",
            last_seen=self._connection.last_input,
        )
        member = Member(self._outbox, tab, stored.role or "read")
        await self._rooms.join(trip_id, self._connection.connection_id, member)
        self._joined.add(trip_id)

    async def _leave(self, command: c.LeaveTrip) -> list[Effect]:
        stream = trip_stream(command.trip_id)
        await self._services.access.check(self._user_id, stream)
        if command.trip_id in self._joined:
            self._joined.discard(command.trip_id)
            await self._go(command.trip_id, "user_left")
        self._subscriptions.remove([stream])
        return self._connection.performed(command)

    async def _go(self, trip_id: str, reason: str | None) -> None:
        await self._rooms.leave(trip_id, self._connection.connection_id, reason)

    async def _move(self, command: c.MoveCursor) -> None:
        """Whoever has joined may; a cursor on a trip that is only looked at is shown to nobody."""
        if command.trip_id not in self._joined:
            await self._services.access.check(self._user_id, trip_stream(command.trip_id))
            return
        cursor = e.CursorPosition(x=command.x, y=command.y, element_id=command.element_id)
        at = self._connection.last_input
        self._change(command.trip_id, status="active", last_seen=at, cursor=cursor, cursor_at=at)

    async def _show_editing(self, command: c.StartEditingField | c.StopEditingField) -> list[Effect]:
        stored = await self._services.trips.read(self._user_id, command.trip_id)
        if not allows(stored.role, "write"):
            raise TripSageError(ErrorCode.FORBIDDEN, "Your permissions on the trip do not allow this.")
        connection = self._connection
        holder = await self._services.trip_presence.edit(connection.connection_id, self._user_id, command)
        return [*connection.performed(command), *([] if holder is None else [Send(holder)])]

    def _change(self, trip_id: str, **fields: object) -> None:
        self._rooms.change(trip_id, self._connection.connection_id, **fields)

    def _whole(self, trip_id: str, stored: Stored) -> e.TripUpdateBroadcast:
        trip = msgspec.json.decode(stored.json, type=dict[str, Any])
        version, versions = trip.pop("version"), trip.pop("field_versions")
        return e.TripUpdateBroadcast(
            id=self._shared.new_id(),
            timestamp=self._services.clock(),
            trip_id=trip_id,
            updated_by=stored.updated_by,
            changes=[],
            full_trip_data=trip,
            version=version,
            field_versions=versions,
        )
