"""Live fan-out: whoever subscribes to a stream gets its events once each, in order, without a gap."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from redis.exceptions import RedisError

from app.streams.channel import Channel, Feed
from app.streams.history import History, Log
from app.streams.merge import Request, Slice
from app.streams.subscription import Cursor, Sink, Subscription

__all__ = ["Cursor", "Fanout", "Sink", "Subscription"]

logger = logging.getLogger(__name__)

_POSITIONS_AT_ONCE = 256


class RestartingFeed(Feed, Protocol):
    """A feed that tells when it was interrupted; `Subscriber` is one."""

    def on_disconnect(self, hook: Callable[[], None]) -> None: ...

    def on_reconnect(self, hook: Callable[[], None]) -> None: ...

    def reconnect(self) -> None: ...


class Fanout:
    """Every stream that this process serves, over the one connection of `feed`.

    After each reconnect every stream is compared with the log before anything more is delivered: what was
    missed is filled in, and where that cannot be done the readers lose their place. The same comparison
    every `check_every` seconds notices a connection that stands, answers, and brings nothing: live copies
    that are `grace` seconds late are taken for lost.
    """

    def __init__(
        self, log: Log, feed: RestartingFeed, *, check_every: float = 30.0, grace: float = 1.0
    ) -> None:
        self._history = History(log)
        self._feed = feed
        self._check_every = check_every
        self._grace = grace
        self._channels: dict[str, Channel] = {}
        self._watch: asyncio.Task[None] | None = None
        feed.on_disconnect(self._doubt_all)
        feed.on_reconnect(self._watch_anew)

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
                channel = Channel(stream, self._history, self._feed, self._forget)
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
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
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

    def _watch_anew(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        # Again, for what was read meanwhile: the log may have been there when the feed was not.
        self._doubt_all()
        self._watch = asyncio.get_running_loop().create_task(self._keep_watch(), name="watch streams")

    async def _keep_watch(self) -> None:
        async for channel, request, position in self._positions():
            channel.check(request, position)
        while not await self._feed_is_deaf():
            pass
        logger.warning("Live copies do not arrive; the subscription is made anew")
        self._feed.reconnect()

    async def _feed_is_deaf(self) -> bool:
        await asyncio.sleep(self._check_every)
        behind: list[tuple[Channel, int]] = []
        async for channel, _, position in self._positions():
            if channel.merge.epoch != position.epoch:
                channel.recover()
            elif channel.merge.last < position.top:
                behind.append((channel, position.top))
        if not behind:
            return False
        await asyncio.sleep(self._grace)
        return any(channel.live and channel.merge.last < top for channel, top in behind)

    async def _positions(self) -> AsyncIterator[tuple[Channel, Request, Slice]]:
        """Every live channel with its newest entry in the log."""
        channels = list(self._channels.values())
        for start in range(0, len(channels), _POSITIONS_AT_ONCE):
            batch = [channel for channel in channels[start : start + _POSITIONS_AT_ONCE] if channel.live]
            requests = [channel.merge.ask() for channel in batch]
            try:
                positions = await self._history.position([channel.stream for channel in batch])
            except RedisError:
                logger.exception("%d streams cannot be compared with the log", len(batch))
                for channel in batch:
                    channel.recover()
                continue
            for channel, request, position in zip(batch, requests, positions, strict=True):
                if channel.live:
                    yield channel, request, position
