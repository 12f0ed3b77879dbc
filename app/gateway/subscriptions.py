"""The streams one connection follows: replays respect its back-pressure, live events never wait."""

from collections.abc import Iterable

from app.contract.commands import StreamPosition
from app.contract.errors import Close, ErrorCode, TripSageError
from app.contract.events import StreamCursor
from app.gateway.outbox import Outbox
from app.streams.fanout import Cursor, Fanout, Subscription
from app.streams.frame import Frame


class Subscriptions:
    """Also the sink of each subscription: what the fan-out delivers goes into the outbox."""

    def __init__(self, fanout: Fanout, outbox: Outbox, connection_id: str, limit: int) -> None:
        self._fanout = fanout
        self._outbox = outbox
        self._connection_id = connection_id
        self._limit = limit
        self._by_stream: dict[str, Subscription] = {}

    async def add(self, positions: Iterable[StreamPosition]) -> list[StreamCursor]:
        """Subscribes; nothing new flows before `start`.

        A stream that is followed already goes on as it is, unless a cursor asks for a replay.

        Raises `TripSageError` (`LIMIT_EXCEEDED`) for more streams than a connection may follow.
        """
        wanted = {position.stream: position for position in positions}
        if len({*self._by_stream, *wanted}) > self._limit:
            raise TripSageError(
                ErrorCode.LIMIT_EXCEEDED, f"A connection follows at most {self._limit} streams."
            )
        cursors: list[StreamCursor] = []
        for stream, position in wanted.items():
            standing = self._by_stream.get(stream)
            if standing is not None and position.after is None:
                cursors.append(_shown(standing.position))
                continue
            self.remove([stream])
            subscription = await self._fanout.subscribe(
                stream, self, after=position.after, epoch=position.epoch
            )
            self._by_stream[stream] = subscription
            cursors.append(_shown(subscription.cursor))
        return cursors

    async def start(self, streams: Iterable[str]) -> None:
        """Lets the streams flow: the replay that was asked for, then live."""
        for stream in streams:
            subscription = self._by_stream.get(stream)
            if subscription is not None:
                await subscription.start()

    def remove(self, streams: Iterable[str]) -> None:
        for stream in streams:
            subscription = self._by_stream.pop(stream, None)
            if subscription is not None:
                subscription.close()

    def close(self) -> None:
        self.remove(list(self._by_stream))

    def deliver(self, frame: Frame) -> None:
        if frame.origin != self._connection_id:
            self._outbox.put(frame)

    async def ready(self) -> None:
        await self._outbox.room()

    def lost(self, stream: str) -> None:
        self._outbox.close(Close.LOST_PLACE, "lost place in a stream")


def _shown(cursor: Cursor) -> StreamCursor:
    return StreamCursor(stream=cursor.stream, epoch=cursor.epoch, seq=cursor.seq, recovered=cursor.recovered)
