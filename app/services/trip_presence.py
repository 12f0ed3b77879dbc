"""Presence on trips: who is there, who edits which field, and who has gone without a word."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.contract import commands as c
from app.contract import events as e
from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import trip_stream
from app.domain.ports import Clock
from app.domain.presence import Tab, merged
from app.domain.roles import Role, permissions_of
from app.storage.presence import Editor, Presence, Present
from app.streams.log import RedisEventLog


class TripPresence:
    """Raises what the event log raises when the server is away."""

    def __init__(
        self, presence: Presence, log: RedisEventLog, clock: Clock, new_id: Callable[[], str]
    ) -> None:
        self._presence = presence
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self.gateway = presence.gateway

    async def enter(self, trip_id: str, connection_id: str, tab: Tab, role: Role) -> None:
        """Raises `TripSageError` (`NOT_FOUND`) for who has no part in the trip."""
        event = e.TripCollaborationJoin(
            id=self._new_id(),
            timestamp=self._clock(),
            trip_id=trip_id,
            user_id=tab.user_id,
            user_name=tab.user_name,
            permissions=permissions_of(role),
        )
        if not await self._presence.enter(connection_id, tab, event):
            raise TripSageError(ErrorCode.NOT_FOUND, "There is no such trip, or it is not yours.")

    async def leave(self, trip_id: str, connection_id: str, user_id: str, reason: str | None) -> None:
        """Without a `reason` nobody is told but by presence: access was taken away, and that was told."""
        event = None if reason is None else self._left(trip_id, user_id, reason)
        await self.tell_free(trip_id, await self._presence.leave(trip_id, {connection_id: event}))

    async def look(
        self, trip_id: str, renew: Sequence[str], changed: Mapping[str, Tab]
    ) -> tuple[Present, e.TripCollaboratorPresence]:
        """Renews and changes a gateway's own connections, sweeps out what has expired, and tells who is there."""
        present = await self._presence.read(trip_id, renew, changed)
        if present.expired or present.due == 0:
            await self._sweep(trip_id, present)
            present = await self._presence.read(trip_id)
        return present, e.TripCollaboratorPresence(
            id=self._new_id(),
            timestamp=self._clock(),
            trip_id=trip_id,
            collaborators=merged(
                present.tabs, {editor.connection_id: editor.field for editor in present.editors}
            ),
        )

    async def list_trip(self, trip_id: str) -> None:
        """Says that this gateway looks after the trip."""
        await self._presence.list_trip(trip_id)

    async def sweep_forsaken(self) -> None:
        """Looks after the trips that no gateway has looked after for a connection's life."""
        for trip_id in await self._presence.forsaken():
            present, _ = await self.look(trip_id, (), {})
            if present.tabs:
                await self._presence.list_trip(trip_id)
            else:
                await self._presence.unlist_trip(trip_id)

    async def edit(
        self, connection_id: str, user_id: str, command: c.StartEditingField | c.StopEditingField
    ) -> e.TripFieldEditingStart | None:
        """Tells the others; answers with who has the field already, for the one who would edit it too.

        Raises `TripSageError` (`FORBIDDEN`) for a start by who has not joined.
        """
        trip_id = command.trip_id
        editor = Editor(command.field_name, connection_id, user_id)
        starting = isinstance(command, c.StartEditingField)
        status, others = await self._presence.edit(trip_id, "start" if starting else "stop", editor)
        if status == "held":
            return e.TripFieldEditingStart(**self._of(trip_id, others[0].user_id, field_name=others[0].field))
        if status == "absent" and starting:
            raise TripSageError(ErrorCode.FORBIDDEN, "Join the trip before you show what you edit.")
        await self.tell_free(trip_id, others)
        common = self._of(trip_id, user_id, field_name=command.field_name, id=command.id)
        if isinstance(command, c.StartEditingField):
            event: e.ServerEvent = e.TripFieldEditingStart(field_value=command.field_value, **common)
        elif status == "stopped":
            event = e.TripFieldEditingStop(final_value=command.final_value, **common)
        else:
            return None
        await self._log.publish(trip_stream(trip_id), event, origin=connection_id)
        return None

    async def _sweep(self, trip_id: str, present: Present) -> None:
        events = {
            connection_id: self._left(trip_id, tab.user_id, "user_disconnected")
            for connection_id, tab in present.expired.items()
        }
        await self.tell_free(trip_id, await self._presence.leave(trip_id, events, expired=True))

    async def tell_free(self, trip_id: str, editors: Sequence[Editor]) -> None:
        """Tells everybody that nobody edits these fields any more."""
        for editor in editors:
            event = e.TripFieldEditingStop(**self._of(trip_id, editor.user_id, field_name=editor.field))
            await self._log.publish(trip_stream(trip_id), event)

    def _left(self, trip_id: str, user_id: str, reason: str) -> e.TripCollaborationLeave:
        return e.TripCollaborationLeave(**self._of(trip_id, user_id, reason=reason))

    def _of(self, trip_id: str, user_id: str, **fields: Any) -> dict[str, Any]:
        common = {"id": self._new_id(), "timestamp": self._clock(), "trip_id": trip_id, "user_id": user_id}
        return common | fields
