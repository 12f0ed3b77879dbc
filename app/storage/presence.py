"""Who is on a trip now, on Redis: leases on its clock, and nothing that only one gateway knows."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
from redis.asyncio import Redis

from app.contract.codec import encode
from app.contract.events import TripCollaborationJoin, TripCollaborationLeave
from app.contract.ids import trip_stream
from app.domain.presence import Tab
from app.settings import Limits, Retention
from app.streams.commands import Commands
from app.streams.keys import TRIPS_WITH_PEOPLE, TripKeys
from app.streams.log import Script, persist, shared_script

EDITING_LEASE = timedelta(seconds=10)
_MS = timedelta(milliseconds=1)
_SWEPT_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Editor:
    """Who edits a field."""

    field: str
    connection_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Present:
    """A trip at one moment. `missing`: connections that were to be renewed and are not there any more.
    `due`: seconds until a connection or a field expires; None where nothing does."""

    missing: list[str]
    expired: dict[str, Tab]
    tabs: dict[str, Tab]
    editors: list[Editor]
    due: float | None


class Presence:
    """Methods raise what the event log raises when the server is away; each may be repeated.

    A change that `read` makes is a message with the `gateway` on the trip's presence channel, since that one
    has read it already; every other change is a message of `-`.
    """

    def __init__(self, client: Redis, retention: Retention, limits: Limits, gateway: str) -> None:
        self._redis = cast(Commands, client)
        folder = Path(__file__).parent
        shared = shared_script() + "".join(
            (folder / name).read_text() for name in ("trip.lua", "presence.lua")
        )
        self._enter, self._leave, self._edit, self._read = (
            cast(Script, client.register_script(shared + (folder / name).read_text()))
            for name in ("enter_trip.lua", "leave_trip.lua", "edit_field.lua", "read_presence.lua")
        )
        self._kept = (retention.events, retention.seconds * 1000)
        self._life = int(limits.presence_seconds * 1000)
        self.gateway = gateway

    async def enter(self, connection_id: str, tab: Tab, event: TripCollaborationJoin) -> bool:
        """Puts a connection on the trip; the event is appended if it is the user's first. False: not theirs."""
        keys = TripKeys.of(event.trip_id)
        names = [keys.meta, keys.log, keys.live, keys.record, keys.roles, keys.here, keys.tabs, keys.presence]
        arguments: list[str | bytes | int] = [
            connection_id,
            tab.user_id,
            encode(tab),
            _head(event),
            secrets.token_urlsafe(9),
            *self._kept,
            self._life,
        ]
        await self.list_trip(event.trip_id)
        return await persist(lambda: self._enter(names, arguments)) == b"entered"

    async def leave(
        self, trip_id: str, events: Mapping[str, TripCollaborationLeave | None], *, expired: bool = False
    ) -> list[Editor]:
        """Takes connections away, and answers with the fields that are free because of it.

        The event is appended for the user's last connection, by whoever took it away. `expired`: only those
        that have expired, and expired fields of anybody.
        """
        keys = TripKeys.of(trip_id)
        names = [keys.meta, keys.log, keys.live, keys.record, keys.here, keys.tabs]
        names += [keys.editing, keys.editors, keys.presence]
        arguments: list[str | bytes | int] = [secrets.token_urlsafe(9), *self._kept]
        arguments += ["1" if expired else ""]
        for connection_id, event in events.items():
            arguments += [connection_id, b"" if event is None else _head(event)]
        _, freed = await persist(lambda: self._leave(names, arguments))
        return editors_of(freed)

    async def edit(
        self, trip_id: str, action: Literal["start", "stop"], editor: Editor
    ) -> tuple[Literal["started", "held", "stopped", "absent"], list[Editor]]:
        """`held` names who has the field, `started` what is free because of it; see `edit_field.lua`."""
        keys = TripKeys.of(trip_id)
        names = [keys.here, keys.editing, keys.editors, keys.presence]
        lease = EDITING_LEASE // _MS
        arguments = [action, editor.connection_id, editor.user_id, editor.field, lease]
        status, others = await self._edit(names, arguments)
        return status.decode(), editors_of(others)

    async def read(
        self, trip_id: str, renew: Sequence[str] = (), changed: Mapping[str, Tab] | None = None
    ) -> Present:
        keys = TripKeys.of(trip_id)
        names = [keys.here, keys.tabs, keys.editing, keys.editors, keys.presence]
        arguments: list[str | bytes | int] = [self.gateway, self._life, len(renew), *renew]
        for connection_id, tab in (changed or {}).items():
            arguments += [connection_id, encode(tab)]
        missing, expired, living, editors, due = await self._read(names, arguments)
        return Present(
            missing=[each.decode() for each in missing],
            expired=_tabs(expired),
            tabs=_tabs(living),
            editors=editors_of(editors),
            due=None if due < 0 else due / 1000,
        )

    async def list_trip(self, trip_id: str) -> None:
        """Has every gateway's sweeper look at the trip, once nobody lists it again for a connection's life."""
        await self._redis.zadd(TRIPS_WITH_PEOPLE, {trip_id: await self._now() + self._life})

    async def unlist_trip(self, trip_id: str) -> None:
        await self._redis.zrem(TRIPS_WITH_PEOPLE, trip_id)

    async def forsaken(self) -> list[str]:
        """Trips that no gateway has listed for a connection's life."""
        found = await self._redis.zrangebyscore(
            TRIPS_WITH_PEOPLE, "-inf", await self._now(), 0, _SWEPT_AT_ONCE
        )
        return [trip_id.decode() for trip_id in found]

    async def _now(self) -> int:
        seconds, microseconds = await self._redis.execute_command("TIME")
        return int(seconds) * 1000 + int(microseconds) // 1000


def _head(event: TripCollaborationJoin | TripCollaborationLeave) -> bytes:
    """The frame up to where the script writes `seq` and the closing brace."""
    return b'%b,"stream":"%b","seq":' % (encode(event)[:-1], trip_stream(event.trip_id).encode())


def _tabs(flat: Any) -> dict[str, Tab]:
    return {
        name.decode(): msgspec.json.decode(json, type=Tab)
        for name, json in zip(flat[::2], flat[1::2], strict=True)
    }


def editors_of(flat: Any) -> list[Editor]:
    found: list[Editor] = []
    for name, editor in zip(flat[::2], flat[1::2], strict=True):
        connection_id, _, user_id = editor.decode().partition(" ")
        found.append(Editor(name.decode(), connection_id, user_id))
    return found
