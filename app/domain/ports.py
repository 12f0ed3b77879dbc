"""What the rules and use cases need from outside, with the guarantees that every adapter gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from app.contract.events import ServerEvent

WriteCommand = Literal["SET", "HSET", "RPUSH", "LREM", "DEL", "PEXPIRE", "SPUBLISH"]

CLOSED = 2**53 - 1
"""A fencing token above every attempt: nothing more is written under a scope closed with it."""


@dataclass(frozen=True, slots=True)
class Fence:
    """Refuses the writes of superseded attempts.

    `scope` names what is attempted (a turn, a tool call), `token` is the attempt. An append with a token
    below the highest seen is refused; `closes` makes it the last append of its scope.
    """

    scope: str
    token: int
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """A Redis write that is made in the same atomic step as an append, and only if the append is.

    `key` must carry the stream's hash tag. With `frame` the finished event (with `seq`) is the last argument.
    """

    command: WriteCommand
    key: str
    arguments: Sequence[str | bytes | int] = ()
    frame: bool = False


@dataclass(frozen=True, slots=True)
class Last:
    """What an append rests on: the list at `key` ends with `item`, or is empty (None).

    `key` must carry the stream's hash tag.
    """

    key: str
    item: str | None


@dataclass(frozen=True, slots=True)
class Appended:
    """`duplicate`: an event of this id was there already, at `seq`.

    Refused, with `seq` 0: `fenced`, and `moved` when what the append rests on is no longer so.
    """

    status: Literal["appended", "duplicate", "fenced", "moved"]
    seq: int
    epoch: str


@dataclass(frozen=True, slots=True)
class Page:
    """Events after a cursor, oldest first, with the stream's top at the moment of reading.

    `recovered` is false when the epoch differs, the cursor is above the top, or history no longer
    reaches back to it; then `frames` is empty. Frames are the JSON text frames as they are sent.
    """

    epoch: str
    seq: int
    recovered: bool
    frames: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])


class EventLog(Protocol):
    """Ordered, durable streams of events.

    Order: `seq` counts 1, 2, 3 … within a stream; every reader sees the same order. Atomicity: the check of
    id, fence and `last`, the numbering, the append, its `writes` and the live copy are one step. Idempotency:
    an event id is remembered for at least 24 h. Every method raises `redis.exceptions.RedisError` or `OSError`
    when the server is away; whether an append landed is then unknown, and repeating it is safe.
    """

    async def append(
        self,
        stream: str,
        event: ServerEvent,
        *,
        fence: Fence | None = None,
        last: Last | None = None,
        writes: Sequence[Write] = (),
    ) -> Appended: ...

    async def read(self, stream: str, after: int, *, epoch: str | None = None, limit: int = 256) -> Page:
        """At most `limit` events with `seq > after`."""
        ...

    async def publish(self, stream: str, event: ServerEvent) -> None:
        """Send a passing event (typing, presence) to whoever listens now. It is not kept and has no `seq`."""
        ...


Clock = Callable[[], datetime]
"""The time now, in UTC."""
