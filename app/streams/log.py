"""The event log on Redis: one script an event, dense numbers, bytes that nobody encodes again."""

import asyncio
import itertools
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from msgspec import UNSET
from redis.asyncio import Redis

from app.contract.codec import encode
from app.contract.events import ServerEvent
from app.domain.ports import CLOSED, Appended, Fence, Last, Page, Write
from app.settings import Retention
from app.streams.client import AWAY
from app.streams.frame import checked_size
from app.streams.keys import StreamKeys, hash_tag
from app.streams.merge import Slice

T = TypeVar("T")

PAGE_BYTES = 256 * 1024
"""A page ends with the entry that reaches this size, so that a reader can bound what it holds."""

_DAY_MS = timedelta(days=1) // timedelta(milliseconds=1)
_RETRY_AFTER = (0.05, 0.2, 0.5, 1.0)  # seconds: about what a server needs to restart, then the caller decides
_HIGHEST = 2**63


Script = Callable[..., Awaitable[Any]]
"""Takes keys, arguments and, to be queued there, a pipeline as `client`."""


def shared_script() -> str:
    """What stands in front of every script of a stream."""
    return (Path(__file__).parent / "stream.lua").read_text()


def load_script(name: str) -> str:
    """The text of a script of a stream, with what they share in front of it."""
    return shared_script() + (Path(__file__).parent / name).read_text()


def script(client: Redis, name: str) -> Script:
    """A script of a stream, sent by its digest and loaded where a server does not know it."""
    return cast(Script, client.register_script(load_script(name)))


class RedisEventLog:
    """The `EventLog` port, for one Redis or Valkey server.

    `new_epoch` gives the opaque tokens; the process's own random source by default.
    """

    def __init__(
        self,
        client: Redis,
        retention: Retention,
        *,
        new_epoch: Callable[[], str] = lambda: secrets.token_urlsafe(9),
    ) -> None:
        self._client = client
        self._append = script(client, "append.lua")
        self._read = script(client, "read.lua")
        self._rotate = script(client, "rotate.lua")
        self._new_epoch = new_epoch
        log_life = retention.seconds * 1000
        self._life: tuple[int, int, int] = (retention.events, log_life, max(log_life, _DAY_MS))
        # Tells one call's own retry from somebody else's append of the same event.
        self._process = secrets.token_hex(6)
        self._calls = itertools.count()

    async def append(
        self,
        stream: str,
        event: ServerEvent,
        *,
        fence: Fence | None = None,
        last: Last | None = None,
        writes: Sequence[Write] = (),
    ) -> Appended:
        """As the port says. Lost connections are retried for about two seconds before they are raised.

        A `duplicate` was appended by another call: the retries of this one answer `appended`.
        Raises `TripSageError` `PAYLOAD_TOO_LARGE`, and `ValueError` for an event that has a `seq` already,
        a fence out of range or a key outside the stream.
        """
        keys = StreamKeys(stream)
        fence_key = keys.fence(fence.scope) if fence else keys.meta
        last_key = last.key if last else keys.meta
        names = [keys.meta, keys.log, keys.event(event.id), keys.live, fence_key, last_key]
        names += [_checked_key(stream, write.key) for write in writes]
        arguments: list[str | bytes | int] = [
            _head(stream, event),
            f"{self._process}.{next(self._calls)}",
            self._new_epoch(),
            *self._life,
            *_fence_arguments(fence),
            *_last_arguments(stream, last),
            *_write_arguments(writes),
        ]
        status, seq, epoch = await persist(lambda: self._append(names, arguments))
        return Appended(status.decode(), int(seq), epoch.decode())

    async def read(self, stream: str, after: int, *, epoch: str | None = None, limit: int = 256) -> Page:
        """As the port says; a page is also at an end with the event that reaches `PAGE_BYTES`.

        A stream that nobody has used yet gets an epoch here and now, so that a cursor at 0 can be resumed.
        """
        if after < 0 or limit < 1:
            raise ValueError("a cursor is 0 or more, a limit 1 or more")
        found = await self.slice(stream, min(after, _HIGHEST) + 1, limit=limit)
        reaches_back = after == found.top or bool(found.entries and found.entries[0][0] == after + 1)
        recovered = reaches_back and epoch in (None, found.epoch)
        return Page(found.epoch, found.top, recovered, found.entries if recovered else [])

    async def publish(self, stream: str, event: ServerEvent, *, origin: str = "-") -> None:
        """As the port says. `origin` names the connection that it comes from, which need not hear itself."""
        payload = b"0 %b %b" % (origin.encode(), checked_size(encode(event)))
        await cast(Any, self._client).execute_command("SPUBLISH", StreamKeys(stream).live, payload)

    async def slice(self, stream: str, start: int, *, limit: int = 256) -> Slice:
        """At most `limit` entries and about `PAGE_BYTES` with `seq >= start`, whatever the epoch."""
        keys = StreamKeys(stream)
        arguments = [self._new_epoch(), start, limit, PAGE_BYTES]
        return _slice(await self._read([keys.meta, keys.log], arguments))

    async def position(self, streams: Sequence[str]) -> list[Slice]:
        """The newest entry, where it is still there, and the top of each stream, in one round trip."""
        async with self._client.pipeline(transaction=False) as pipeline:
            for stream in streams:
                keys = StreamKeys(stream)
                arguments = [self._new_epoch(), "top", 1, PAGE_BYTES]
                await self._read([keys.meta, keys.log], arguments, client=pipeline)
            return [_slice(reply) for reply in await pipeline.execute()]

    async def rotate_epoch(self, stream: str, lost: str) -> None:
        """Retire the epoch `lost`, whose history is known to be lost. Numbers go on from where they are.

        Rotating twice, or after somebody else did, changes nothing.
        """
        await self._rotate([StreamKeys(stream).meta], [lost, self._new_epoch()])


async def persist(call: Callable[[], Awaitable[T]]) -> T:
    """Makes a call that may be repeated; while the server is away, for about two seconds."""
    for delay in _RETRY_AFTER:
        try:
            return await call()
        except AWAY:
            await asyncio.sleep(delay)
    return await call()


def _head(stream: str, event: ServerEvent) -> bytes:
    """The frame up to where the script writes `seq` and the closing brace."""
    if event.stream is not UNSET or event.seq is not UNSET:
        raise ValueError("an event gets its stream and seq from the log")
    return b'%b,"stream":"%b","seq":' % (checked_size(encode(event))[:-1], stream.encode())


def _fence_arguments(fence: Fence | None) -> tuple[str | int, str | int]:
    if fence is None:
        return "", ""
    if not 0 <= fence.token < CLOSED:
        raise ValueError(f"a fencing token is from 0 to {CLOSED - 1}")
    return fence.token, CLOSED if fence.closes else ""


def _last_arguments(stream: str, last: Last | None) -> tuple[int, str]:
    if last is None:
        return 0, ""
    _checked_key(stream, last.key)
    return 1, last.item or ""


def _checked_key(stream: str, key: str) -> str:
    if not key.startswith(hash_tag(stream)):
        raise ValueError(f"{key} is not a key of {stream}")
    return key


def _write_arguments(writes: Sequence[Write]) -> list[str | bytes | int]:
    arguments: list[str | bytes | int] = []
    for write in writes:
        arguments += [write.command, int(write.frame), len(write.arguments), *write.arguments]
    return arguments


def _slice(reply: Any) -> Slice:
    epoch, top, flat = reply
    ids, frames = flat[::2], flat[1::2]
    entries = [(int(entry_id[:-2]), frame) for entry_id, frame in zip(ids, frames, strict=True)]
    return Slice(epoch.decode(), int(top), entries)
