"""The streams one connection follows: replays respect its back-pressure, live events never wait."""

import asyncio
from collections.abc import Callable, Iterable

from app.contract.commands import StreamPosition
from app.contract.errors import Close, ErrorCode, TripSageError
from app.contract.events import StreamCursor
from app.gateway.outbox import Outbox
from app.streams.fanout import Cursor, Fanout, Subscription
from app.streams.frame import Frame
from app.streams.subscription import Sink

SUBSCRIBE_WITHIN = 10.0
"""Seconds that a subscription may wait for a server that is away, before the client is told to try again."""


class Subscriptions:
    """Also the sink of each subscription: what the fan-out delivers goes into the outbox."""

    def __init__(
        self,
        fanout: Fanout,
        outbox: Outbox,
        connection_id: str,
        limit: int,
        guard: Callable[[str, Sink], Sink] = lambda _, sink: sink,
    ) -> None:
        """`guard` may put a sink of its own in front of a stream's."""
        self._fanout = fanout
        self._outbox = outbox
        self._connection_id = connection_id
        self._limit = limit
        self._guard = guard
        self._by_stream: dict[str, Subscription] = {}
        self._waiting: dict[str, Subscription] = {}

    async def add(self, positions: Iterable[StreamPosition]) -> list[StreamCursor]:
        """Subscribes; nothing new flows before `start`.

        A stream that is followed already goes on as it is, unless a cursor asks for a replay.

        Raises `TimeoutError` while the server is away, `TripSageError` (`LIMIT_EXCEEDED`) for more streams than
        a connection may follow.
        """
        wanted = {position.stream: position for position in positions}
        if len({*self._by_stream, *wanted}) > self._limit:
            raise TripSageError(
                ErrorCode.LIMIT_EXCEEDED, f"A connection follows at most {self._limit} streams."
            )
        async with asyncio.timeout(SUBSCRIBE_WITHIN):
            return [await self._place(position) for position in wanted.values()]

    async def start(self, streams: Iterable[str]) -> None:
        """Lets the streams flow: the replay that was asked for, then live.

        Raises `RedisError` when the log cannot be read; then that stream is not followed.
        """
        for stream in streams:
            subscription = self._waiting.pop(stream, None)
            if subscription is not None:
                self._by_stream[stream] = subscription
                try:
                    await subscription.start()
                except BaseException:
                    self.remove([stream])
                    raise

    def remove(self, streams: Iterable[str]) -> None:
        for stream in streams:
            for subscriptions in (self._waiting, self._by_stream):
                subscription = subscriptions.pop(stream, None)
                if subscription is not None:
                    subscription.close()

    def close(self) -> None:
        self.remove([*self._by_stream, *self._waiting])

    async def _place(self, position: StreamPosition) -> StreamCursor:
        stream = position.stream
        standing = self._by_stream.get(stream)
        if standing is not None and position.after is None:
            return _shown(standing.position)
        self.remove([stream])
        subscription = await self._fanout.subscribe(
            stream, self._guard(stream, self), after=position.after, epoch=position.epoch
        )
        self._waiting[stream] = subscription
        return _shown(subscription.cursor)

    def deliver(self, frame: Frame) -> None:
        if frame.origin != self._connection_id:
            self._outbox.put(frame)

    async def ready(self) -> None:
        await self._outbox.room()

    def lost(self, stream: str) -> None:
        self._outbox.close(Close.LOST_PLACE, "lost place in a stream")


def _shown(cursor: Cursor) -> StreamCursor:
    return StreamCursor(stream=cursor.stream, epoch=cursor.epoch, seq=cursor.seq, recovered=cursor.recovered)
