"""What a connection gets of a trip ends with the event that takes its user's access away."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from app.contract.events.base import Permission
from app.streams.frame import Frame
from app.streams.subscription import Sink

HELD_BYTES = 1024 * 1024

_PERMISSION_CHANGE = b'{"type":"trip_permission_change"'


class _Change(Struct):
    user_id: str
    new_permissions: list[Permission]


_changes = msgspec.json.Decoder(_Change)


@dataclass(frozen=True, slots=True)
class Admission:
    """What else the connection gets of the trip: held back from the loss on, then given again or ended."""

    suspend: Callable[[], None]
    restore: Callable[[], None]
    end: Callable[[], None]


class Guarded:
    """A sink for one trip's stream, in front of the connection's.

    A replay may hold the loss of an access that was given back since. So the access is looked up, and what
    comes meanwhile is held: it is delivered if the user has access, and dropped if not. `allowed` raises
    when nobody can tell; the stream is lost then, and the client resumes.
    """

    def __init__(
        self,
        stream: str,
        user_id: str,
        sink: Sink,
        allowed: Callable[[], Awaitable[bool]],
        admission: Admission,
        run: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._stream = stream
        self._user_id = user_id
        self._sink = sink
        self._allowed = allowed
        self._admission = admission
        self._run = run
        self._held: list[Frame] | None = None
        self._held_bytes = 0

    def deliver(self, frame: Frame) -> None:
        if self._held is not None:
            self._held.append(frame)
            self._held_bytes += len(frame.json)
            if self._held_bytes > HELD_BYTES:
                self.lost(self._stream)
            return
        self._sink.deliver(frame)
        if self._takes_away(frame):
            self._held = []
            self._held_bytes = 0
            self._admission.suspend()
            self._run(self._look_up())

    async def ready(self) -> None:
        await self._sink.ready()

    def lost(self, stream: str) -> None:
        self._sink.lost(stream)

    def _takes_away(self, frame: Frame) -> bool:
        if not frame.json.startswith(_PERMISSION_CHANGE):
            return False
        change = _changes.decode(frame.json)
        return change.user_id == self._user_id and not change.new_permissions

    async def _look_up(self) -> None:
        try:
            allowed = await self._allowed()
        except BaseException:
            self.lost(self._stream)
            raise
        if not allowed:
            self._admission.end()
            return
        self._admission.restore()
        held, self._held = self._held or [], None
        for frame in held:
            self.deliver(frame)
