"""What a client has to remember to lose nothing and repeat nothing, without the socket.

Frames of the server go in, outcomes come out; commands go in and are given out again on every connection
until they are answered. The server recognises a repeated command by its id.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.client.frames import Received
from app.contract import commands as c
from app.contract import events as e
from app.contract.ids import trip_stream


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last event seen of a stream. Without an epoch any history with that `seq` is taken for the same."""

    seq: int
    epoch: str | None = None


@dataclass(frozen=True, slots=True)
class Deliver:
    """An event that was not seen before, or one that is not kept (typing, presence)."""

    received: Received


@dataclass(frozen=True, slots=True)
class Answered:
    """The one answer to a command."""

    command_id: str
    answer: e.Ack | e.StreamSubscribed | e.ErrorBody


@dataclass(frozen=True, slots=True)
class Established:
    """Authenticated: whatever waits can be sent."""

    event: e.ConnectionEstablished


@dataclass(frozen=True, slots=True)
class NotEstablished:
    """The server refused the session or a stream that was asked for, or cannot tell now."""

    error: e.ErrorBody


@dataclass(frozen=True, slots=True)
class Lost:
    """Events up to this cursor of the stream will never come."""

    cursor: e.StreamCursor


@dataclass(frozen=True, slots=True)
class OutOfStep:
    """The server left a hole in a stream: connect again and resume from the cursor."""

    stream: str


@dataclass(frozen=True, slots=True)
class Excluded:
    """A trip that was joined on an earlier connection cannot be joined any more."""

    stream: str
    error: e.ErrorBody


Outcome = Deliver | Answered | Established | NotEstablished | Lost | OutOfStep | Excluded


class ClientProtocol:
    """The state of one client across all of its connections.

    `cursors` are where to resume; without them a stream begins with what happens next.
    """

    def __init__(
        self,
        new_id: Callable[[], str],
        *,
        session_id: str | None = None,
        cursors: Mapping[str, Cursor] | None = None,
    ) -> None:
        self.session_id = session_id
        self.cursors: dict[str, Cursor] = dict(cursors or {})
        self._new_id = new_id
        self._authenticate_id = ""
        self._established = False
        # In the order of submission; those not yet sent on this connection are also in `_unsent`.
        self._pending: dict[str, c.ClientCommand] = {}
        self._unsent: list[str] = []
        self._joined: set[str] = set()
        # Trips of which the whole is still to come: until then a cursor is of no use to whoever joined.
        self._without_whole: set[str] = set()
        self._rejoining: set[str] = set()

    # What goes out

    def authenticate(self, token: str | None) -> c.Authenticate:
        """The first frame of a new connection; it also asks for everything since the cursors.

        Trips are joined again behind it, from their cursors: who is on a trip is a matter of connections.
        """
        self._authenticate_id = self._new_id()
        self._established = False
        self._rejoin()
        self._unsent = list(self._pending)
        joined = set(map(trip_stream, self._joined))
        positions = [
            c.StreamPosition(stream=stream, after=cursor.seq, epoch=cursor.epoch)
            for stream, cursor in self.cursors.items()
            if stream not in joined
        ]
        return c.Authenticate(
            id=self._authenticate_id, token=token, session_id=self.session_id, streams=positions
        )

    def submit(self, command: c.ClientCommand) -> None:
        """Keeps a command until it is answered."""
        self._pending[command.id] = command
        self._unsent.append(command.id)

    def forget(self, command_id: str) -> None:
        """Nobody waits for the answer any more: do not send it again."""
        self._pending.pop(command_id, None)

    def next_to_send(self) -> c.ClientCommand | None:
        """The next command that this connection has not carried yet; None before it is established."""
        while self._established and self._unsent:
            command = self._pending.get(self._unsent.pop(0))
            if command is not None:
                return command
        return None

    def fail_sent(self) -> list[str]:
        """Drops the commands that went over this connection unanswered; one of them was too large."""
        dropped = [command_id for command_id in self._pending if command_id not in self._unsent]
        for command_id in dropped:
            del self._pending[command_id]
        return dropped

    # What comes in

    def receive(self, received: Received) -> list[Outcome]:
        if received.stream is not None and received.seq is not None:
            return self._durable(received, received.stream, received.seq)
        match received.event:
            case e.ConnectionEstablished() as event:
                self.session_id = event.session_id
                self._established = True
                asked = {stream: cursor.seq for stream, cursor in self.cursors.items()}
                lost = self._subscribed(event.streams or (), asked)
                return [Deliver(received), Established(event), *lost]
            case e.StreamSubscribed() as event:
                return [Deliver(received), *self._stream_subscribed(event)]
            case e.StreamUnsubscribed() as event:
                for stream in event.streams:
                    self.cursors.pop(stream, None)
            case e.TripUpdateBroadcast() as event:
                self._without_whole.discard(event.trip_id)
            case e.Ack() as event:
                return [Deliver(received), *self._acknowledged(event)]
            case e.Error() as event if event.in_reply_to:
                return [Deliver(received), *self._refused(event, event.in_reply_to)]
            case _:
                pass
        return [Deliver(received)]

    def _durable(self, received: Received, stream: str, seq: int) -> list[Outcome]:
        cursor = self.cursors.get(stream)
        if cursor is not None and seq <= cursor.seq:
            return []
        if cursor is not None and seq > cursor.seq + 1:
            return [OutOfStep(stream)]
        self.cursors[stream] = Cursor(seq, cursor.epoch if cursor else None)
        return [Deliver(received)]

    def _subscribed(self, answered: Iterable[e.StreamCursor], asked: Mapping[str, int]) -> list[Outcome]:
        """`asked` has the cursors that were sent; a stream that is not in it begins live."""
        lost: list[Outcome] = []
        for cursor in answered:
            after = asked.get(cursor.stream, cursor.seq) if cursor.recovered else cursor.seq
            self.cursors[cursor.stream] = Cursor(after, cursor.epoch)
            if not cursor.recovered:
                lost.append(Lost(cursor))
        return lost

    def _stream_subscribed(self, event: e.StreamSubscribed) -> list[Outcome]:
        command = self._pending.pop(event.in_reply_to, None)
        self._rejoining.discard(event.in_reply_to)
        asked: dict[str, int] = {}
        if isinstance(command, c.Subscribe):
            asked = {each.stream: each.after for each in command.streams if each.after is not None}
        elif isinstance(command, c.JoinTrip):
            self._joined.add(command.trip_id)
            if command.after is not None:
                asked = {trip_stream(command.trip_id): command.after}
            if command.after is None or not all(cursor.recovered for cursor in event.streams):
                self._without_whole.add(command.trip_id)
        return [*self._subscribed(event.streams, asked), Answered(event.in_reply_to, event)]

    def _rejoin(self) -> None:
        for command_id in self._rejoining:
            self._pending.pop(command_id, None)
        self._rejoining.clear()
        for trip_id in sorted(self._joined):
            cursor = self.cursors.get(trip_stream(trip_id)) if trip_id not in self._without_whole else None
            command = c.JoinTrip(
                id=self._new_id(),
                trip_id=trip_id,
                after=cursor.seq if cursor else None,
                epoch=cursor.epoch if cursor else None,
            )
            self._pending[command.id] = command
            self._rejoining.add(command.id)

    def _acknowledged(self, ack: e.Ack) -> list[Outcome]:
        command = self._pending.get(ack.in_reply_to)
        # The cursors of a subscription come behind its ack; until they are here it is worth repeating.
        if isinstance(command, c.Subscribe | c.JoinTrip) and ack.status == "accepted":
            return []
        self._pending.pop(ack.in_reply_to, None)
        if isinstance(command, c.LeaveTrip):
            self._forget_trip(command.trip_id)
        return [Answered(ack.in_reply_to, ack)] if command is not None else []

    def _refused(self, error: e.Error, in_reply_to: str) -> list[Outcome]:
        if in_reply_to == self._authenticate_id and not self._established:
            return [NotEstablished(error.error)]
        command = self._pending.pop(in_reply_to, None)
        if in_reply_to in self._rejoining and isinstance(command, c.JoinTrip):
            self._rejoining.discard(in_reply_to)
            self._forget_trip(command.trip_id)
            return [Excluded(trip_stream(command.trip_id), error.error)]
        return [Answered(in_reply_to, error.error)]

    def _forget_trip(self, trip_id: str) -> None:
        self._joined.discard(trip_id)
        self._without_whole.discard(trip_id)
        self.cursors.pop(trip_stream(trip_id), None)
