"""One reader's place in one stream: the replay that it asked for, and then live."""

from dataclasses import dataclass
from typing import Protocol

from app.streams.channel import Channel
from app.streams.frame import Frame
from app.streams.history import History
from app.streams.merge import HistoryLost, Merge


class Sink(Protocol):
    """Where a subscriber's frames go: a connection's queue, say.

    `deliver` and `lost` are called from the reader of all streams: they never block, await or raise.
    After `Subscription.close` a last `deliver` may still come, from the pass that was under way.
    """

    def deliver(self, frame: Frame) -> None: ...

    async def ready(self) -> None:
        """Return when another page, up to about 512 KiB, can be taken. Only a replay waits for it."""
        ...

    def lost(self, stream: str) -> None:
        """The stream cannot go on from where this subscriber is; nothing more of it comes.

        To resume, if it can be, is up to the client: close with `Close.LOST_PLACE`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a subscription stands when it is made.

    `seq` is the stream's top at that moment. `recovered`: what follows is everything after the cursor that
    was asked for (everything after `seq`, where none was). Not recovered: no replay, live after `seq`.
    """

    stream: str
    epoch: str
    seq: int
    recovered: bool


class Subscription:
    """Made by `Fanout.subscribe`. Nothing is delivered before `start`, and nothing is missed by waiting."""

    def __init__(self, channel: Channel, history: History, sink: Sink, cursor: Cursor, after: int) -> None:
        self.cursor = cursor
        self._channel = channel
        self._history = history
        self._sink = sink
        self._merge = Merge(cursor.epoch, after)
        self._live = False
        self._closed = False

    @property
    def stream(self) -> str:
        return self.cursor.stream

    @property
    def position(self) -> Cursor:
        """Where it is now: the sink has had everything up to `seq`."""
        last = self._channel.merge.last if self._live else self._merge.last
        return Cursor(self.stream, self.cursor.epoch, last, recovered=True)

    async def start(self) -> None:
        """Replay what is due, as fast as the sink takes it, and go live. Returns when it is live.

        It returns as well when the subscription is closed or its place is lost meanwhile. While the server
        is away it waits. Cancelled, it closes. Raises `RedisError` when the log cannot be read.
        """
        channel = self._channel
        if channel.ended:
            self.lost(self.stream)
        elif not self._closed and self._merge.last == channel.merge.last:
            self._go_live()
        elif not self._closed:
            channel.add(self)
            await self._replay()

    async def _replay(self) -> None:
        try:
            while not (self._closed or self._live):
                while not (self._closed or self._merge.settled):
                    await self._take_page()
                if not self._closed and self._merge.last > self._channel.merge.last:
                    # Read before the live copies came in, and they may not come any more.
                    await self._channel.catch_up()
                self._go_live_if_settled()
        except HistoryLost as loss:
            if loss.diverged:
                await self._channel.lose(diverged=True)
            self.lost(self.stream)
        except BaseException:
            self.close()
            raise

    async def _take_page(self) -> None:
        await self._sink.ready()
        request = self._merge.ask()
        found = await self._history.slice(self.stream, request.start)
        if not self._closed:
            for frame in self._merge.take(request, found):
                self._sink.deliver(frame)

    def _go_live_if_settled(self) -> None:
        if self._closed or not self._merge.settled:
            return
        # Both have followed the log, and the one has had every frame of the other since it was added: where
        # they are not at the same event now, the log has been two histories in one epoch.
        if not self._merge.is_level_with(self._channel.merge):
            raise HistoryLost(diverged=True)
        self._channel.remove(self)
        self._go_live()

    def deliver(self, frame: Frame) -> None:
        """Stand in for the sink while it replays: hold, drop or pass on."""
        if self._closed:
            return
        if self._merge.accept(frame) if frame.seq else self._merge.settled:
            self._sink.deliver(frame)

    def _go_live(self) -> None:
        self._live = True
        self._channel.add(self._sink)

    def lost(self, stream: str) -> None:
        if not self._closed:
            self.close()
            self._sink.lost(stream)

    def close(self) -> None:
        """Deliver no more. Closing twice is closing once."""
        if self._closed:
            return
        self._closed = True
        self._channel.remove(self)
        self._channel.remove(self._sink)
        self._channel.leave()
