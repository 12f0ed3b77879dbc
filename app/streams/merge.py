"""Live copies and slices of the log become one sequence without gap or repeat. No I/O, no clock.

A live copy may be lost, doubled or late, and a server may come back from a failure without its newest events,
counting again through numbers that were delivered already. The log is the truth. So a merge passes a live
event on when it is the next one, holds it when it is not, and says that it wants a slice of the log.
"""

from dataclasses import dataclass

from app.streams.frame import Frame

HELD_BYTES = 256 * 1024
"""How much a merge holds while it waits for a slice; what is beyond is read from the log again."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Consecutive entries of the log from a `seq` that the reader named, and the stream's top just then."""

    epoch: str
    top: int
    entries: list[tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Request:
    """A slice that a merge asked for, and what it knew when it asked."""

    last: int
    newest_held: int
    doubts: int

    @property
    def start(self) -> int:
        """Read from here: the last event delivered comes along, so that it can be compared."""
        return max(self.last, 1)


class HistoryLost(Exception):
    """The sequence cannot go on: events between the last one delivered and the log's are gone.

    `diverged` says that the log is no continuation of what was delivered, though its epoch claims it:
    the epoch has to be retired before anybody resumes.
    """

    def __init__(self, *, diverged: bool) -> None:
        super().__init__("the log has lost what was delivered" if diverged else "the log begins later")
        self.diverged = diverged


class Merge:
    """The sequence of one reader, from `seq + 1` on.

    `newest` is the frame at `seq` where the reader has it, to recognise a log that diverged. A merge in
    doubt holds everything until a slice has shown where the log is.
    """

    def __init__(self, epoch: str, seq: int, newest: bytes | None = None, *, in_doubt: bool = True) -> None:
        self.epoch = epoch
        self.last = seq
        self._newest = newest
        self._held: list[Frame] = []
        self._held_bytes = 0
        self._in_doubt = in_doubt
        self._doubts = 0

    @property
    def settled(self) -> bool:
        """Nothing is held and nothing in doubt: the next live event goes straight through."""
        return not (self._held or self._in_doubt)

    @property
    def in_doubt(self) -> bool:
        """What was delivered may not be what the log has."""
        return self._in_doubt

    def is_level_with(self, other: "Merge") -> bool:
        """Both have delivered up to the same event, as far as each knows it."""
        same = self._newest is None or other._newest is None or self._newest == other._newest
        return self.last == other.last and same

    def accept(self, frame: Frame) -> bool:
        """Take a live copy. True: it is the next event, to be delivered now."""
        seq = frame.seq
        if seq == self.last + 1 and not self._in_doubt and not self._held:
            self.last = seq
            self._newest = frame.json
            return True
        if seq > self.last:
            self._hold(frame)
        elif seq == self.last and self._newest not in (None, frame.json):
            self.doubt()  # another event under a number that was delivered: the log decides
        return False

    def doubt(self) -> None:
        """What comes next cannot be trusted to follow: go by the log alone until it has been read."""
        self._in_doubt = True
        self._doubts += 1
        self._drop_held()

    def ask(self) -> Request:
        """Say what to read, just before it is read."""
        return Request(self.last, self._held[-1].seq if self._held else 0, self._doubts)

    def take(self, request: Request, found: Slice) -> list[Frame]:
        """What is due after the slice that was read for `request`, in order.

        Ask again until `settled`. Raises `HistoryLost`.
        """
        if request.last != self.last:
            return []  # another slice was faster
        self._judge(found)
        due = [Frame(seq, json) for seq, json in found.entries if seq > self.last]
        if due:
            self.last = due[-1].seq
            self._newest = due[-1].json
        if self.last == found.top:
            if request.doubts == self._doubts:
                self._in_doubt = False
            if request.newest_held > found.top:
                # Held before the log was read and yet not in it: it was lost with its server.
                self._drop_held()
        return due + self._release()

    def _judge(self, found: Slice) -> None:
        if found.epoch != self.epoch:
            raise HistoryLost(diverged=False)
        if found.top < self.last:
            raise HistoryLost(diverged=True)
        entries = dict(found.entries)
        newest = entries.get(self.last)
        if newest is not None and self._newest not in (None, newest):
            raise HistoryLost(diverged=True)
        if found.top > self.last and self.last + 1 not in entries:
            raise HistoryLost(diverged=False)
        if found.top > self.last and newest is None and self._newest is not None:
            # Trimmed just up to here: nothing shows that what follows belongs to what was delivered, yet to
            # a resumed cursor it would look as if it did.
            raise HistoryLost(diverged=True)

    def _hold(self, frame: Frame) -> None:
        """Keep a run without gaps that ends with the newest copy; what lies before it comes from the log."""
        if self._held:
            following = self._held[-1].seq + 1
            if frame.seq < following:
                return
            if frame.seq > following or self._held_bytes + len(frame.json) > HELD_BYTES:
                self._drop_held()
        self._held.append(frame)
        self._held_bytes += len(frame.json)

    def _release(self) -> list[Frame]:
        self._held = [frame for frame in self._held if frame.seq > self.last]
        self._held_bytes = sum(len(frame.json) for frame in self._held)
        if not self._held or self._held[0].seq != self.last + 1 or self._in_doubt:
            return []
        due = self._held
        self._drop_held()
        self.last = due[-1].seq
        self._newest = due[-1].json
        return due

    def _drop_held(self) -> None:
        self._held = []
        self._held_bytes = 0
