"""One connection's part in trips: joining, leaving, and showing which field is being edited."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from app.contract import commands as c
from app.contract import events as e
from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import trip_stream
from app.domain.connection import Connection
from app.domain.effects import Effect, Send
from app.domain.roles import allows, permissions_of
from app.gateway.shared import Shared
from app.gateway.subscriptions import Subscriptions
from app.storage.trips import Stored

TripCommand = c.JoinTrip | c.LeaveTrip | c.StartEditingField | c.StopEditingField | c.MoveCursor


class TripParticipation:
    def __init__(
        self,
        shared: Shared,
        connection: Connection,
        subscriptions: Subscriptions,
        carry_out: Callable[[list[Effect]], Awaitable[None]],
    ) -> None:
        self._shared = shared
        self._services = shared.services
        self._connection = connection
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
                await self._services.access.check(self._user_id, trip_stream(command.trip_id))
            case c.StartEditingField() | c.StopEditingField():
                await self._show_editing(command)
        return self._connection.performed(command)

    def disconnected(self) -> None:
        """Tells the others, as far as the server can be reached."""
        for trip_id in self._joined:
            self._shared.background.run(self._tell_left(trip_id, "user_disconnected"))
        self._joined.clear()

    def shut_out(self, trip_id: str) -> None:
        """Access was taken away: there is nothing to leave any more."""
        self._joined.discard(trip_id)

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
            self._joined.add(trip_id)
            await services.log.append(stream, self._arrival(trip_id, stored))
        subscribed = e.StreamSubscribed(
            id=self._shared.new_id(), timestamp=services.clock(), in_reply_to=command.id, streams=cursors
        )
        effects: list[Effect] = [*self._connection.performed(command), Send(subscribed)]
        # Read again behind the subscription: what is written or taken away from here on comes with the stream.
        try:
            stored = await services.trips.read(self._user_id, trip_id)
        except TripSageError:
            self._subscriptions.remove([stream])
            self._joined.discard(trip_id)
            raise
        if command.after is None or not cursors[0].recovered:
            effects.append(Send(self._whole(trip_id, stored)))
        await self._carry_out(effects)
        await self._subscriptions.start([stream])
        return []

    async def _leave(self, command: c.LeaveTrip) -> list[Effect]:
        stream = trip_stream(command.trip_id)
        await self._services.access.check(self._user_id, stream)
        if command.trip_id in self._joined:
            self._joined.discard(command.trip_id)
            await self._tell_left(command.trip_id, "user_left")
        self._subscriptions.remove([stream])
        return self._connection.performed(command)

    async def _show_editing(self, command: c.StartEditingField | c.StopEditingField) -> None:
        stored = await self._services.trips.read(self._user_id, command.trip_id)
        if not allows(stored.role, "write"):
            raise TripSageError(ErrorCode.FORBIDDEN, "Your permissions on the trip do not allow this.")
        common: dict[str, Any] = {
            "id": command.id,
            "timestamp": self._services.clock(),
            "trip_id": command.trip_id,
            "user_id": self._user_id,
            "field_name": command.field_name,
        }
        if isinstance(command, c.StartEditingField):
            event: e.ServerEvent = e.TripFieldEditingStart(field_value=command.field_value, **common)
        else:
            event = e.TripFieldEditingStop(final_value=command.final_value, **common)
        origin = self._connection.connection_id
        await self._services.log.publish(trip_stream(command.trip_id), event, origin=origin)

    async def _tell_left(self, trip_id: str, reason: str) -> None:
        event = e.TripCollaborationLeave(
            id=self._shared.new_id(),
            timestamp=self._services.clock(),
            trip_id=trip_id,
            user_id=self._user_id,
            reason=reason,
        )
        await self._services.log.append(trip_stream(trip_id), event)

    def _arrival(self, trip_id: str, stored: Stored) -> e.TripCollaborationJoin:
        return e.TripCollaborationJoin(
            id=self._shared.new_id(),
            timestamp=self._services.clock(),
            trip_id=trip_id,
            user_id=self._user_id,
            user_name=self._connection.user_name,
            permissions=permissions_of(stored.role),
        )

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
