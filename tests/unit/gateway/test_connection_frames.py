"""What an open connection makes of frames, good and bad."""

import json
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contract import commands as c
from app.contract import events as e
from app.contract.errors import Close, ErrorCode, TripSageError
from app.domain.connection import Phase
from app.domain.effects import Announce, Disconnect, Perform, Verify
from tests.support.connection import (
    EXPIRES,
    MESSAGE,
    NOW,
    close_of,
    connect,
    error_of,
    frame,
    later,
    opened,
    sent,
)


class TestFrames:
    def test_a_message_is_performed_and_acknowledged_with_its_seq(self) -> None:
        connection = opened()
        (perform,) = connection.received(frame("chat_message", **MESSAGE), NOW)
        assert isinstance(perform, Perform)
        (ack,) = sent(connection.performed(perform.command, "accepted", 7))
        assert isinstance(ack, e.Ack)
        assert (ack.in_reply_to, ack.status, ack.seq) == (perform.command.id, "accepted", 7)

    def test_a_heartbeat_is_answered_with_its_sequence_and_never_counts(self) -> None:
        connection = opened(frame_burst=1)
        for sequence in range(100):
            (beat,) = sent(connection.received(frame("connection_heartbeat", sequence=sequence), NOW))
            assert isinstance(beat, e.ConnectionHeartbeat)
            assert beat.sequence == sequence

    def test_a_subscription_with_the_same_id_is_a_duplicate(self) -> None:
        connection = opened()
        text = frame("stream_subscribe", streams=[{"stream": "system"}])
        (perform,) = connection.received(text, NOW)
        assert isinstance(perform, Perform)
        (ack,) = sent(connection.received(text, NOW))
        assert isinstance(ack, e.Ack)
        assert ack.status == "duplicate"

    def test_a_refused_subscription_may_be_sent_again(self) -> None:
        connection = opened()
        text = frame("stream_subscribe", streams=[{"stream": "session:s2"}])
        (perform,) = connection.received(text, NOW)
        assert isinstance(perform, Perform)
        connection.refused(perform.command, TripSageError(ErrorCode.INTERNAL_ERROR, "Away."), NOW)
        assert isinstance(connection.received(text, NOW)[0], Perform)

    def test_typing_stops_by_itself_and_is_not_acknowledged(self) -> None:
        connection = opened()
        (perform,) = connection.received(frame("chat_typing_start", session_id="s1"), NOW)
        assert isinstance(perform, Perform)
        assert isinstance(perform.command, c.StartTyping)
        (start,) = connection.typing(perform.command, NOW)
        assert isinstance(start, Announce)
        assert isinstance(start.event, e.ChatTypingStart)
        assert start.event.user_id == "alice"
        assert connection.performed(perform.command) == []
        assert connection.tick(later(9.9)) == []
        (stop,) = connection.tick(later(10))
        assert isinstance(stop, Announce)
        assert isinstance(stop.event, e.ChatTypingStop)
        assert connection.tick(later(11)) == []

    def test_a_lost_connection_stops_typing(self) -> None:
        connection = opened()
        command = c.StartTyping(id="t1", session_id="s1")
        connection.typing(command, NOW)
        (stop,) = connection.lost(NOW)
        assert isinstance(stop, Announce)
        assert isinstance(stop.event, e.ChatTypingStop)

    def test_the_server_beats_in_its_interval(self) -> None:
        connection = opened(heartbeat_interval=25)
        assert connection.tick(later(24.9)) == []
        beats = [sent(connection.tick(later(25 * count))) for count in (1, 2)]
        assert [beat.sequence for (beat,) in beats] == [1, 2]  # type: ignore[union-attr]

    def test_draining_says_when_to_come_back(self) -> None:
        effects = opened().draining(2.0, NOW)
        (notice,) = sent(effects)
        assert isinstance(notice, e.ConnectionClose)
        assert (notice.reason, notice.reconnect_after) == ("server_maintenance", 2.0)
        assert close_of(effects) == Close.DRAINING


class TestBadInput:
    @pytest.mark.parametrize(
        ("data", "code", "field"),
        [
            ("{", "INVALID_MESSAGE", None),
            ("[]", "INVALID_MESSAGE", None),
            ('{"id": "a"}', "INVALID_MESSAGE", None),
            (b"\x81", "INVALID_MESSAGE", None),
            (frame("nonsense"), "UNKNOWN_TYPE", None),
            (frame("chat_message", **MESSAGE, colour="red"), "VALIDATION_ERROR", "colour"),
            (frame("chat_message", session_id=1, content="x"), "VALIDATION_ERROR", "session_id"),
            (frame("chat_message", session_id="s1"), "VALIDATION_ERROR", "content"),
            (frame("chat_message", session_id="s1", content="x" * 32_769), "VALIDATION_ERROR", "content"),
            (frame("stream_subscribe", streams=[{"stream": "x:y"}]), "VALIDATION_ERROR", "streams[0].stream"),
        ],
    )
    def test_each_gets_its_error_and_the_connection_lives_on(
        self, data: str | bytes, code: str, field: str | None
    ) -> None:
        connection = opened()
        error = error_of(connection.received(data, NOW))
        assert error.error.code == code
        if field is not None:
            assert isinstance(error.error.details, dict)
            assert error.error.details["field"] == field
        assert isinstance(connection.received(frame("chat_message", **MESSAGE), NOW)[0], Perform)

    def test_the_twentieth_within_a_minute_closes(self) -> None:
        connection = opened()
        for _ in range(19):
            assert not isinstance(connection.received("{", NOW)[-1], Disconnect)
        effects = connection.received("{", later(59))
        assert close_of(effects) == Close.PROTOCOL_BROKEN
        assert connection.received("{", later(59)) == []

    def test_bad_frames_are_forgiven_after_a_minute(self) -> None:
        connection = opened()
        for second in range(0, 120, 4):
            assert not isinstance(connection.received("{", later(second))[-1], Disconnect)

    def test_too_many_frames_are_refused_then_closed(self) -> None:
        connection = opened(frame_burst=5, frames_per_minute=60)
        for _ in range(4):  # one of the burst was the authentication
            assert isinstance(connection.received(frame("chat_message", **MESSAGE), NOW)[0], Perform)
        error = error_of(connection.received(frame("chat_message", **MESSAGE), NOW))
        assert error.error.code == "RATE_LIMITED"
        assert error.error.details == {"retry_after": 1.0}
        assert isinstance(connection.received(frame("chat_message", **MESSAGE), later(1))[0], Perform)
        for _ in range(18):
            connection.received(frame("chat_message", **MESSAGE), later(1))
        assert close_of(connection.received(frame("chat_message", **MESSAGE), later(1))) == Close.RATE_LIMITED

    def test_cursor_moves_over_their_limit_are_dropped_silently(self) -> None:
        connection = opened()
        moves = [
            connection.received(frame("trip_cursor_move", trip_id="t", x=1, y=2), NOW) for _ in range(50)
        ]
        assert sum(bool(effects) for effects in moves) == 20

    def test_a_message_pack_connection_takes_message_pack_only(self) -> None:
        connection = connect(msgpack=True)
        assert error_of(connection.received("{}", NOW)).error.code == "INVALID_MESSAGE"
        data = msgspec.msgpack.encode({"id": "a", "type": "connection_authenticate", "token": "t"})
        assert isinstance(connection.received(data, NOW)[0], Verify)


frames = st.one_of(
    st.text(max_size=50),
    st.binary(max_size=50),
    st.builds(
        lambda kind, fields: json.dumps({"id": "x", "type": kind, **fields}),
        st.sampled_from([str(each.__struct_config__.tag) for each in c.ClientCommand.__args__] + ["zzz"]),
        st.dictionaries(
            st.sampled_from(
                ["id", "session_id", "trip_id", "content", "streams", "token", "sequence", "x", "y"]
            ),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
                lambda inner: (
                    st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
                ),
                max_leaves=6,
            ),
        ),
    ),
)


@given(st.lists(st.tuples(frames, st.floats(0, 30)), max_size=40), st.booleans(), st.booleans())
def test_nothing_a_client_sends_raises(
    script: list[tuple[str | bytes, float]], authenticated: bool, msgpack: bool
) -> None:
    connection = opened() if authenticated else connect(msgpack=msgpack)
    now = NOW
    closed = False
    for data, pause in script:
        now += timedelta(seconds=pause)
        effects = [*connection.tick(now), *connection.received(data, now)]
        assert not (closed and effects), "nothing comes out of a closed connection"
        closed = closed or any(isinstance(effect, Disconnect) for effect in effects)
        for effect in effects:
            match effect:
                case Verify(command):
                    connection.not_verified("malformed", "No.", now) if pause > 20 else connection.verified(
                        command, "alice", "Alice", EXPIRES, now
                    )
                case Perform(command):
                    assert connection.phase is not Phase.WAITING
                    connection.performed(command)
                case _:
                    pass
        closed = closed or connection.phase is Phase.CLOSED
