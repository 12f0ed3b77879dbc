"""One stream within one process: what comes in once goes out to all who read it."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from redis.exceptions import RedisError

from app.streams.frame import Frame
from app.streams.history import History
from app.streams.keys import StreamKeys
from app.streams.merge import HistoryLost, Merge, Request, Slice

logger = logging.getLogger(__name__)


class Feed(Protocol):
    """Where live copies come from; `Subscriber` is one."""

    @property
    def healthy(self) -> bool: ...

    async def subscribe(self, channel: str, callback: Callable[[bytes], None]) -> None: ...

    def unsubscribe(self, channel: str, callback: Callable[[bytes], None]) -> None: ...


class Reader(Protocol):
    """Who reads a stream. Neither method blocks, awaits or raises."""

    def deliver(self, frame: Frame) -> None: ...

    def lost(self, stream: str) -> None: ...


class Channel:
    """The live end of a stream, shared by its readers.

    All that touches readers and merge is synchronous, so between two awaits of anybody the two agree:
    every reader has had every event up to `last`. `on_end` is called once, when the channel takes no more.
    """

    def __init__(
        self, stream: str, history: History, feed: Feed, on_end: Callable[["Channel"], None]
    ) -> None:
        self.stream = stream
        self.ended = False
        self._history = history
        self._feed = feed
        self._on_end = on_end
        self._name = StreamKeys(stream).live
        self._readers: dict[Reader, None] = {}
        self._in_order: tuple[Reader, ...] | None = ()
        self._users = 0
        self._merge: Merge | None = None
        self._epoch_on_wire = b""
        self._missed_while_opening = False
        self._losing: asyncio.Task[None] | None = None
        self._filling: asyncio.Task[None] | None = None
        opening = asyncio.get_running_loop().create_task(self._open(), name=f"open {stream}")
        self._opening: asyncio.Task[None] | None = opening

    # Users: subscriptions, from before they know their place until they are closed.

    async def enter(self) -> None:
        """Return when the channel is live. Whoever entered leaves again, also when this raises."""
        self._users += 1
        if self._opening is not None:
            await asyncio.shield(self._opening)

    def leave(self) -> None:
        self._users -= 1
        self._end_if_unused()

    def _end_if_unused(self) -> None:
        # Not in doubt: whoever left has a cursor, and if the log has lost what it stands for, nobody but
        # this channel can tell.
        in_doubt = self._merge is not None and self._merge.in_doubt
        if self._users == 0 and not in_doubt and self._losing is None:
            self.end()

    def end(self) -> None:
        """Take nothing more from the server, and stop what is under way."""
        if self.ended:
            return
        self.ended = True
        self._feed.unsubscribe(self._name, self._on_payload)
        self._on_end(self)
        for task in (self._opening, self._filling, self._losing):
            if task is not None and task is not asyncio.current_task():
                task.cancel()

    async def _open(self) -> None:
        await self._feed.subscribe(self._name, self._on_payload)
        [position] = await self._history.position([self.stream])
        newest = position.entries[0][1] if position.entries else None
        # Confirmed first and read then: what was appended between the two has come in and is not in the
        # position, or the other way round; either way the merge asks the log.
        self._epoch_on_wire = position.epoch.encode()
        self._merge = Merge(position.epoch, position.top, newest, in_doubt=self._missed_while_opening)
        self._opening = None
        self.fill()

    # Readers: those that get frames.

    @property
    def live(self) -> bool:
        return self._merge is not None and not self.ended

    @property
    def merge(self) -> Merge:
        """Where the channel is. For those who have entered."""
        assert self._merge is not None
        return self._merge

    def add(self, reader: Reader) -> None:
        self._readers[reader] = None
        self._in_order = None

    def remove(self, reader: Reader) -> None:
        if self._readers.pop(reader, reader) is None:
            self._in_order = None

    def _deliver(self, frames: Sequence[Frame]) -> None:
        # One tuple for all of `frames`: who changes places in the middle has had what came before.
        readers = self._in_order
        if readers is None:
            readers = self._in_order = tuple(self._readers)
        for frame in frames:
            for reader in readers:
                try:
                    reader.deliver(frame)
                except Exception:
                    logger.exception("A reader of %s failed and is dropped", self.stream)
                    self._lose_one(reader)

    def _lose_one(self, reader: Reader) -> None:
        self.remove(reader)
        try:
            reader.lost(self.stream)
        except Exception:
            logger.exception("A reader of %s could not be told that its place is lost", self.stream)

    # What comes in.

    def _on_payload(self, payload: bytes) -> None:
        try:
            seq, epoch, json = payload.split(b" ", 2)
            frame = Frame(int(seq), json, origin=None if seq != b"0" else epoch.decode())
        except ValueError:
            logger.warning("A message on %s is no event; the log is asked", self._name)
            self.recover()
            return
        merge = self._merge
        if merge is None:
            self._missed_while_opening = True
        elif frame.seq == 0:
            self._deliver((frame,))
        elif epoch != self._epoch_on_wire:
            self.recover()
        elif merge.accept(frame):
            self._deliver((frame,))
        else:
            self.fill()

    def doubt(self) -> None:
        """Messages may have been lost; deliver nothing until the log has been asked."""
        if self._merge is None:
            self._missed_while_opening = True
        else:
            self._merge.doubt()

    def recover(self) -> None:
        """Deliver only what the log says, until all is well again."""
        self.doubt()
        self.fill()

    def check(self, request: Request, position: Slice) -> None:
        """Compare with the log's newest entry, as read for `request`; read on where that is not enough."""
        if position.top == self.merge.last:
            try:
                self._deliver(self.merge.take(request, position))
            except HistoryLost:
                self.merge.doubt()  # and so find it again below, where there is time to act on it
        self.fill()
        self._end_if_unused()

    def fill(self) -> None:
        """Read on from the log if something is missing or in doubt, and nobody does so yet."""
        if self._merge is None or self._merge.settled or self.ended or self._losing:
            return
        if self._feed.healthy:
            self._begin_to_fill()

    async def catch_up(self) -> None:
        """Return when every reader has had what the log has now."""
        self.doubt()
        await asyncio.wait([self._begin_to_fill()])

    def _begin_to_fill(self) -> asyncio.Task[None]:
        if self._filling is None:
            self._filling = asyncio.get_running_loop().create_task(self._fill(), name=f"fill {self.stream}")
        return self._filling

    async def _fill(self) -> None:
        merge = self.merge
        try:
            while not merge.settled:
                request = merge.ask()
                found = await self._history.slice(self.stream, request.start)
                self._deliver(merge.take(request, found))
            self._end_if_unused()
        except HistoryLost as loss:
            logger.warning("%s after %d: %s", self.stream, merge.last, loss)
            await self.lose(diverged=loss.diverged)
        except RedisError:
            logger.exception("%s cannot be read", self.stream)
            await self.lose(diverged=False)
        finally:
            self._filling = None

    async def lose(self, *, diverged: bool) -> None:
        """Tell all readers that their place is lost, and end. Once begun it goes on without its caller.

        An epoch whose log diverged is retired first, so that nobody can resume in it.
        """
        if self._losing is None:
            self.merge.doubt()
            self._losing = asyncio.get_running_loop().create_task(self._lose(diverged), name="lose place")
        await asyncio.shield(self._losing)

    async def _lose(self, diverged: bool) -> None:
        try:
            if diverged:
                await self._history.rotate_epoch(self.stream, self.merge.epoch)
        except RedisError:
            logger.exception("The epoch of %s could not be retired", self.stream)
        finally:
            self.end()
            for reader in tuple(self._readers):
                self._lose_one(reader)
