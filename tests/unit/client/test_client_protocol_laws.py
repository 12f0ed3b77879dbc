"""The laws of the client without a socket: nothing lost, nothing twice, whatever breaks when."""

import itertools
from collections import deque
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.client.frames import Received
from app.client.protocol import (
    Answered,
    ClientProtocol,
    Deliver,
    Established,
    Lost,
    NotEstablished,
    OutOfStep,
)
from app.contract import commands as c
from app.contract import events as e
from tests.support.client_frames import SESSION, durable, established, received
from tests.support.lisbon_turn import AT

STREAMS = (SESSION, "user:alice", "system")
TRIP = "trip:t"


class Exchange(RuleBasedStateMachine):
    """A client and a server with frames in flight both ways, which a break loses."""

    def __init__(self) -> None:
        super().__init__()
        ids = map(str, itertools.count())
        self.client = ClientProtocol(lambda: next(ids))
        self.logs = dict.fromkeys((*STREAMS, TRIP), 0)
        self.to_server: deque[c.ClientCommand] = deque()
        self.to_client: deque[Any] = deque()
        self.live: set[str] = set()
        self.done: list[str] = []
        self.submitted: list[str] = []
        self.answered: list[str] = []
        self.delivered: dict[str, list[int]] = {stream: [] for stream in (*STREAMS, TRIP)}
        self.live_from: dict[str, int] = {}

    # What happens

    @rule()
    def connect(self) -> None:
        self.to_server.clear()
        self.to_client.clear()
        self.live = set()
        self.to_server.append(self.client.authenticate("token"))

    @rule(stream=st.sampled_from((*STREAMS, TRIP)))
    def something_happens(self, stream: str) -> None:
        self.logs[stream] += 1
        if stream in self.live:
            self.to_client.append(durable(stream, self.logs[stream]))

    @rule(number=st.integers(0, 10**6))
    def submit(self, number: int) -> None:
        command_id = f"c{number}"
        if command_id not in self.submitted:
            self.submitted.append(command_id)
            self.client.submit(c.StartEditingField(id=command_id, trip_id="t", field_name="notes"))

    @precondition(lambda self: TRIP not in self.live_from)
    @rule(number=st.integers(0, 10**6))
    def join_a_trip(self, number: int) -> None:
        if f"j{number}" not in self.submitted:
            self.submitted.append(f"j{number}")
            self.client.submit(c.JoinTrip(id=f"j{number}", trip_id="t"))

    @rule()
    def client_sends(self) -> None:
        command = self.client.next_to_send()
        if command is not None:
            self.to_server.append(command)

    @precondition(lambda self: self.to_server)
    @rule()
    def server_receives(self) -> None:
        command = self.to_server.popleft()
        if isinstance(command, c.Authenticate):
            self._authenticated(command)
            return
        if isinstance(command, c.JoinTrip):
            self._joined(command)
            return
        again = command.id in self.done
        if not again:
            self.done.append(command.id)
            self.logs[SESSION] += 1
            if SESSION in self.live:
                self.to_client.append(durable(SESSION, self.logs[SESSION]))
        status = "duplicate" if again else "accepted"
        self.to_client.append(e.Ack(id="a", in_reply_to=command.id, status=status))

    def _authenticated(self, command: c.Authenticate) -> None:
        after = {position.stream: position.after for position in command.streams}
        cursors = [e.StreamCursor(stream=s, epoch="e1", seq=self.logs[s], recovered=True) for s in STREAMS]
        self.to_client.append(established(cursors))
        for stream in STREAMS:
            position = after.get(stream)
            start = self.logs[stream] if position is None else position
            self.to_client.extend(durable(stream, seq) for seq in range(start + 1, self.logs[stream] + 1))
            self.live.add(stream)

    def _joined(self, command: c.JoinTrip) -> None:
        """Joining is a matter of the connection: it is done again on each."""
        top = self.logs[TRIP]
        self.to_client.append(e.Ack(id="a", in_reply_to=command.id, status="accepted"))
        cursor = e.StreamCursor(stream=TRIP, epoch="e1", seq=top, recovered=True)
        self.to_client.append(
            e.StreamSubscribed(id="s", timestamp=AT, in_reply_to=command.id, streams=[cursor])
        )
        if command.after is None:
            whole = e.TripUpdateBroadcast(
                id="w",
                timestamp=AT,
                trip_id="t",
                updated_by="bob",
                changes=[],
                full_trip_data={},
                version=top,
            )
            self.to_client.append(whole)
        if TRIP not in self.live:
            start = top if command.after is None else command.after
            self.to_client.extend(durable(TRIP, seq) for seq in range(start + 1, top + 1))
        self.live.add(TRIP)

    @precondition(lambda self: self.to_client)
    @rule()
    def client_receives(self) -> None:
        frame = received(self.to_client.popleft())
        for outcome in self.client.receive(frame):
            match outcome:
                case Deliver(delivered) if delivered.stream and delivered.seq:
                    self.delivered[delivered.stream].append(delivered.seq)
                case Deliver(Received(event=e.TripUpdateBroadcast() as whole)):
                    self.live_from[TRIP] = whole.version or 0  # all until then is in it
                    self.delivered[TRIP].clear()
                case Answered(command_id):
                    if command_id in self.submitted:
                        self.answered.append(command_id)
                case Established(event):
                    for cursor in event.streams or ():
                        self.live_from.setdefault(cursor.stream, cursor.seq)
                case OutOfStep() | Lost() | NotEstablished():
                    raise AssertionError(outcome)
                case _:
                    pass

    # What always holds

    @invariant()
    def every_stream_is_seen_in_order_without_gap_or_repeat(self) -> None:
        for stream, seen in self.delivered.items():
            start = self.live_from.get(stream, 0)
            assert seen == list(range(start + 1, start + 1 + len(seen)))

    @invariant()
    def no_command_has_a_second_effect_or_answer(self) -> None:
        assert len(set(self.done)) == len(self.done)
        assert len(set(self.answered)) == len(self.answered)

    def teardown(self) -> None:
        self.connect()
        self.client_sends()
        while self.to_server or self.to_client:
            if self.to_server:
                self.server_receives()
            if self.to_client:
                self.client_receives()
            self.client_sends()
        assert sorted(self.answered) == sorted(self.submitted)
        assert [command for command in self.done if command in self.submitted] == self.done
        joined = any(command_id.startswith("j") for command_id in self.submitted)
        assert (TRIP in self.live_from) == joined, "whoever joined has had the whole trip"
        for stream, start in self.live_from.items():
            assert start + len(self.delivered[stream]) == self.logs[stream]


TestExchange = Exchange.TestCase


TestExchange.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_a_trip_whose_whole_was_lost_on_its_way_is_joined_as_if_new() -> None:
    exchange = Exchange()
    exchange.join_a_trip(number=0)
    exchange.connect()
    exchange.server_receives()
    exchange.client_receives()
    exchange.client_sends()
    exchange.server_receives()
    for _ in ("ack", "stream_subscribed"):
        exchange.client_receives()
    exchange.something_happens(stream=TRIP)
    exchange.teardown()
    assert exchange.live_from[TRIP] == 1
