"""Live fan-out: whoever subscribes to a stream gets its events once each, in order, without a gap."""

import asyncio
import logging

from redis.exceptions import RedisError

from app.streams.channel import Channel
from app.streams.history import History, Log
from app.streams.subscriber import Subscriber
from app.streams.subscription import Cursor, Sink, Subscription

__all__ = ["Cursor", "Fanout", "Sink", "Subscription"]

logger = logging.getLogger(__name__)

_POSITIONS_AT_ONCE = 256


class Fanout:
    """Every stream that this process serves, over the one connection of `subscriber`.

    After each reconnect every stream is compared with the log before anything more is delivered: what was
    missed is filled in, and where that cannot be done the readers lose their place.
    """

    def __init__(self, log: Log, subscriber: Subscriber) -> None:
        self._history = History(log)
        self._subscriber = subscriber
        self._channels: dict[str, Channel] = {}
        self._check: asyncio.Task[None] | None = None
        subscriber.on_disconnect(self._doubt_all)
        subscriber.on_reconnect(self._check_all)

    async def subscribe(
        self, stream: str, sink: Sink, *, after: int | None = None, epoch: str | None = None
    ) -> Subscription:
        """A place in `stream`, whose `cursor` is known and whose `start` brings the events.

        Without `after`: live only. With it: everything after it first, if history reaches back to it in this
        `epoch` (any, for None). A sink takes part in a stream once. The caller closes the subscription.
        While the server is away this waits: bound it with `asyncio.timeout` where somebody wants an answer.
        Raises `RedisError` when the server refuses.
        """
        while True:
            channel = self._channels.get(stream)
            if channel is None:
                channel = Channel(stream, self._history, self._subscriber, self._forget)
                self._channels[stream] = channel
            try:
                await channel.enter()
                subscription = await self._place(channel, sink, after, epoch)
            except BaseException:
                channel.leave()
                raise
            if subscription is not None:
                return subscription
            channel.leave()

    async def close(self) -> None:
        """End all channels. Readers are told nothing: who closes the fan-out closes them."""
        if self._check is not None:
            self._check.cancel()
            await asyncio.gather(self._check, return_exceptions=True)
        for channel in list(self._channels.values()):
            channel.end()

    @property
    def streams(self) -> int:
        """How many streams have subscribers in this process."""
        return len(self._channels)

    async def _place(
        self, channel: Channel, sink: Sink, after: int | None, epoch: str | None
    ) -> Subscription | None:
        """None when the channel turns out to be over: then the stream has to be entered again."""
        stream, merge = channel.stream, channel.merge
        if after is None:
            cursor = Cursor(stream, merge.epoch, merge.last, recovered=True)
            return Subscription(channel, self._history, sink, cursor, merge.last)
        if after == merge.last and merge.settled and epoch in (None, merge.epoch):
            cursor = Cursor(stream, merge.epoch, after, recovered=True)
            return Subscription(channel, self._history, sink, cursor, after)
        page = await self._history.check(stream, after, epoch)
        if page.epoch != merge.epoch:
            await channel.lose(diverged=False)
        if channel.ended:
            return None
        cursor = Cursor(stream, page.epoch, page.seq, page.recovered)
        return Subscription(channel, self._history, sink, cursor, after if page.recovered else page.seq)

    def _forget(self, channel: Channel) -> None:
        if self._channels.get(channel.stream) is channel:
            del self._channels[channel.stream]

    def _doubt_all(self) -> None:
        for channel in self._channels.values():
            channel.doubt()

    def _check_all(self) -> None:
        if self._check is not None:
            self._check.cancel()
        # Again, for what was read meanwhile: the log may have been there when the subscription was not.
        self._doubt_all()
        self._check = asyncio.get_running_loop().create_task(self._compare(), name="compare with the log")

    async def _compare(self) -> None:
        channels = list(self._channels.values())
        for start in range(0, len(channels), _POSITIONS_AT_ONCE):
            batch = channels[start : start + _POSITIONS_AT_ONCE]
            try:
                positions = await self._history.position([channel.stream for channel in batch])
            except RedisError:
                logger.exception("%d streams cannot be compared with the log together", len(batch))
                for channel in batch:
                    channel.fill()
                continue
            for channel, position in zip(batch, positions, strict=True):
                channel.check(position)
