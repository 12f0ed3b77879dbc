"""What this gateway's connections see of who is on their trips: one frame a trip, at most every 80 ms.

A gateway tells Redis what changed of its own connections and reads who is there; every change is a message on
the trip's presence channel, at which the other gateways read again. So no gateway sends an older state after
a newer one, and a burst of cursors costs one script and one frame for all.
"""

import asyncio
import logging
from collections.abc import Container
from dataclasses import dataclass

import msgspec
from redis.exceptions import RedisError

from app.contract.codec import encode
from app.contract.errors import TripSageError
from app.contract.events import Collaborator
from app.domain.presence import Tab
from app.domain.roles import Role
from app.gateway.outbox import Outbox
from app.services.trip_presence import TripPresence
from app.streams.frame import Frame
from app.streams.keys import TripKeys
from app.streams.subscriber import Subscriber

logger = logging.getLogger("tripsage.gateway")

SHOWN_EVERY = 0.08  # s
RENEWALS = 3
"""How often a connection is renewed in its life: two renewals may fail."""
RETRY_AFTER = 1.0  # s


@dataclass(slots=True)
class Member:
    """One connection of this gateway on a trip.

    `fresh`: it has not been shown who is there yet. `suspended`: it is shown nothing for now.
    """

    outbox: Outbox
    tab: Tab
    role: Role
    fresh: bool = True
    suspended: bool = False

    def show(self, trip_id: str, frame: Frame, *, changed: bool) -> None:
        """Who is on the trip, where that has `changed` or is news to this connection."""
        if self.suspended:
            self.fresh = True
        elif changed or self.fresh:
            self.fresh = False
            self.outbox.put_latest(trip_id, frame)

    def suspend(self, trip_id: str) -> None:
        """Shows nothing more, and not what still waits to be sent."""
        self.suspended = True
        self.outbox.drop_latest(trip_id)

    def restore(self) -> None:
        self.suspended, self.fresh = False, True


class Room:
    """One trip, as long as this gateway has connections on it."""

    def __init__(
        self, trip_id: str, presence: TripPresence, subscriber: Subscriber, renew_every: float
    ) -> None:
        self.members: dict[str, Member] = {}
        self.lock = asyncio.Lock()
        """Held while a connection is renewed or taken away, so that none comes back after it left."""
        self._trip_id = trip_id
        self._presence = presence
        self._subscriber = subscriber
        self._renew_every = renew_every
        self._listed_at = -renew_every
        self._changed: set[str] = set()
        self._wanted = asyncio.Event()
        self._shown: list[Collaborator] | None = None
        self._task = asyncio.create_task(self._run(), name=f"presence of {trip_id}")

    def change(self, connection_id: str, tab: Tab) -> None:
        self.members[connection_id].tab = tab
        self._changed.add(connection_id)
        self._wanted.set()

    def look(self) -> None:
        """Somebody came or went."""
        self._wanted.set()

    def close(self) -> None:
        self._task.cancel()

    async def _run(self) -> None:
        channel = TripKeys.of(self._trip_id).presence
        await self._subscriber.subscribe(channel, self._heard)
        try:
            while True:
                wait = await self._show_or_wait()
                await asyncio.sleep(SHOWN_EVERY)
                await self._until_wanted(wait)
        finally:
            self._subscriber.unsubscribe(channel, self._heard)

    def _heard(self, payload: bytes) -> None:
        if payload.decode() != self._presence.gateway:
            self._wanted.set()

    async def _until_wanted(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wanted.wait()
        except TimeoutError:
            return  # a renewal is due, or something expires

    async def _show_or_wait(self) -> float:
        """Answers with the seconds until the next look, if nothing happens before."""
        try:
            async with self.lock:
                return await self._show()
        except (RedisError, OSError) as error:
            logger.warning("presence of %s: %s", self._trip_id, error)
            return RETRY_AFTER

    async def _show(self) -> float:
        self._wanted.clear()
        loop = asyncio.get_running_loop()
        if loop.time() - self._listed_at >= self._renew_every:
            await self._presence.list_trip(self._trip_id)
            self._listed_at = loop.time()
        changed = {name: self.members[name].tab for name in self._changed if name in self.members}
        present, event = await self._presence.look(self._trip_id, list(self.members), changed)
        self._changed -= {name for name, tab in changed.items() if self._is_told(name, tab)}
        for name in present.missing:
            await self._come_back(name)
        self._deliver(Frame(0, encode(event)), event.collaborators, present.tabs)
        return self._renew_every if present.due is None else min(self._renew_every, present.due)

    def _is_told(self, connection_id: str, tab: Tab) -> bool:
        member = self.members.get(connection_id)
        return member is None or member.tab is tab

    async def _come_back(self, connection_id: str) -> None:
        """A connection that lives was taken for dead, since this gateway or Redis stood still for too long."""
        member = self.members.get(connection_id)
        if member is not None:
            try:
                await self._presence.enter(self._trip_id, connection_id, member.tab, member.role)
            except TripSageError as error:
                logger.info("presence of %s: %s", self._trip_id, error.message)

    def _deliver(self, frame: Frame, collaborators: list[Collaborator], there: Container[str]) -> None:
        """To those who are `there` themselves: who lost access meanwhile is not shown who is."""
        changed = collaborators != self._shown
        self._shown = collaborators
        for name, member in self.members.items():
            if name in there:
                member.show(self._trip_id, frame, changed=changed)
            else:
                member.fresh = True


class Rooms:
    """Every trip that connections of this gateway are on."""

    def __init__(self, presence: TripPresence, subscriber: Subscriber, presence_seconds: float) -> None:
        self.renew_every = presence_seconds / RENEWALS
        self._presence = presence
        self._subscriber = subscriber
        self._rooms: dict[str, Room] = {}

    async def join(self, trip_id: str, connection_id: str, member: Member) -> None:
        """Raises `TripSageError` (`NOT_FOUND`) for who has no part in the trip."""
        await self._presence.enter(trip_id, connection_id, member.tab, member.role)
        room = self._rooms.get(trip_id)
        if room is None:
            room = self._rooms[trip_id] = Room(trip_id, self._presence, self._subscriber, self.renew_every)
        room.members[connection_id] = member
        room.look()

    def change(self, trip_id: str, connection_id: str, **fields: object) -> None:
        room = self._rooms[trip_id]
        tab = room.members[connection_id].tab
        room.change(connection_id, msgspec.structs.replace(tab, **fields))

    def suspend(self, trip_id: str, connection_id: str) -> None:
        self._rooms[trip_id].members[connection_id].suspend(trip_id)

    def restore(self, trip_id: str, connection_id: str) -> None:
        room = self._rooms[trip_id]
        room.members[connection_id].restore()
        room.look()

    def tab(self, trip_id: str, connection_id: str) -> Tab:
        return self._rooms[trip_id].members[connection_id].tab

    async def leave(self, trip_id: str, connection_id: str, reason: str | None) -> None:
        """Without a `reason` nobody is told but by presence."""
        room = self._rooms.get(trip_id)
        if room is None or connection_id not in room.members:
            return
        member = room.members.pop(connection_id)
        if not room.members:
            del self._rooms[trip_id]
            room.close()
        async with room.lock:
            await self._presence.leave(trip_id, connection_id, member.tab.user_id, reason)
