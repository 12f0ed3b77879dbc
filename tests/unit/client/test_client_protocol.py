"""The client without a socket: what it asks for, sends again, and makes of each frame."""

import itertools

import pytest

from app.client.protocol import (
    Answered,
    ClientProtocol,
    Cursor,
    Deliver,
    Lost,
    NotEstablished,
    OutOfStep,
)
from app.contract import commands as c
from app.contract import events as e
from tests.support.client_frames import SESSION, durable, established, received
from tests.support.lisbon_turn import AT


@pytest.fixture
def client() -> ClientProtocol:
    ids = map(str, itertools.count())
    return ClientProtocol(lambda: next(ids))


def test_a_new_client_asks_for_no_history_and_the_next_connection_for_all_since(
    client: ClientProtocol,
) -> None:
    assert client.authenticate("t").streams == []
    client.receive(received(established([e.StreamCursor(stream=SESSION, epoch="e1", seq=7, recovered=True)])))
    client.receive(received(durable(SESSION, 8)))
    again = client.authenticate("t")
    assert again.session_id == "s1"
    assert again.streams == [c.StreamPosition(stream=SESSION, after=8, epoch="e1")]


def test_a_hole_is_no_event(client: ClientProtocol) -> None:
    client.authenticate("t")
    client.receive(received(established([e.StreamCursor(stream=SESSION, epoch="e1", seq=7, recovered=True)])))
    assert client.receive(received(durable(SESSION, 9))) == [OutOfStep(SESSION)]
    assert client.cursors[SESSION] == Cursor(7, "e1")


def test_lost_history_moves_the_cursor_and_is_said() -> None:
    client = ClientProtocol(lambda: "x", session_id="s1", cursors={SESSION: Cursor(3, "old")})
    client.authenticate("t")
    fresh = e.StreamCursor(stream=SESSION, epoch="new", seq=100, recovered=False)
    outcomes = client.receive(received(established([fresh])))
    assert Lost(fresh) in outcomes
    assert client.cursors[SESSION] == Cursor(100, "new")
    assert len(client.receive(received(durable(SESSION, 101)))) == 1


def test_nothing_is_sent_before_the_connection_is_established(client: ClientProtocol) -> None:
    client.submit(c.JoinTrip(id="j", trip_id="t"))
    client.authenticate("t")
    assert client.next_to_send() is None
    client.receive(received(established([])))
    command = client.next_to_send()
    assert command is not None
    assert command.id == "j"
    assert client.next_to_send() is None


def test_a_forgotten_command_is_not_sent_again(client: ClientProtocol) -> None:
    client.submit(c.JoinTrip(id="j", trip_id="t"))
    client.forget("j")
    client.authenticate("t")
    client.receive(received(established([])))
    assert client.next_to_send() is None


def test_commands_of_a_connection_that_was_closed_for_a_large_frame_are_dropped(
    client: ClientProtocol,
) -> None:
    client.authenticate("t")
    client.receive(received(established([])))
    client.submit(c.JoinTrip(id="sent", trip_id="t"))
    assert client.next_to_send() is not None
    client.submit(c.JoinTrip(id="waiting", trip_id="t"))
    assert client.fail_sent() == ["sent"]
    client.authenticate("t")
    client.receive(received(established([])))
    command = client.next_to_send()
    assert command is not None
    assert command.id == "waiting"


def test_a_subscription_is_repeated_until_its_cursors_are_here(client: ClientProtocol) -> None:
    client.authenticate("t")
    client.receive(received(established([])))
    client.submit(c.Subscribe(id="sub", streams=[c.StreamPosition(stream="trip:t", after=2)]))
    assert client.next_to_send() is not None
    ack = client.receive(received(e.Ack(id="a", in_reply_to="sub", status="accepted")))
    assert not any(isinstance(outcome, Answered) for outcome in ack)
    client.authenticate("t")
    client.receive(received(established([])))
    assert client.next_to_send() is not None
    cursor = e.StreamCursor(stream="trip:t", epoch="e1", seq=9, recovered=True)
    subscribed = e.StreamSubscribed(id="b", timestamp=AT, in_reply_to="sub", streams=[cursor])
    outcomes = client.receive(received(subscribed))
    assert any(isinstance(outcome, Answered) for outcome in outcomes)
    assert client.cursors["trip:t"] == Cursor(2, "e1")


def test_a_stream_left_is_not_resumed(client: ClientProtocol) -> None:
    client.authenticate("t")
    both = [e.StreamCursor(stream=s, epoch="e1", seq=1, recovered=True) for s in ("trip:t", "trip:u")]
    client.receive(received(established(both)))
    gone = e.StreamUnsubscribed(id="u", timestamp=AT, in_reply_to="x", streams=["trip:u"])
    client.receive(received(gone))
    client.submit(c.LeaveTrip(id="leave", trip_id="t"))
    client.receive(received(e.Ack(id="a", in_reply_to="leave", status="accepted")))
    assert client.authenticate("t").streams == []


def test_a_refused_command_is_answered_and_a_refused_session_is_not_established(
    client: ClientProtocol,
) -> None:
    body = e.ErrorBody(code="NOT_FOUND", message="no", retryable=False)
    first = client.authenticate("t")
    refusal = e.Error(id="x", timestamp=AT, error=body, in_reply_to=first.id)
    assert NotEstablished(body) in client.receive(received(refusal))
    client.receive(received(established([])))
    client.submit(c.JoinTrip(id="j", trip_id="t"))
    refusal = e.Error(id="y", timestamp=AT, error=body, in_reply_to="j")
    assert Answered("j", body) in client.receive(received(refusal))


def test_events_without_a_place_are_passed_on(client: ClientProtocol) -> None:
    typing = e.ChatTypingStart(id="t", timestamp=AT, session_id="s1", user_id="bob")
    for _ in range(2):
        assert [type(outcome) for outcome in client.receive(received(typing))] == [Deliver]
