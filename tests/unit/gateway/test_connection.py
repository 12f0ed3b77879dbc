"""The connection machine: what a client may do when, with no socket and no clock."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contract import commands as c
from app.contract import events as e
from app.contract.errors import Close, ErrorCode, TripSageError
from app.domain.allowance import Rules
from app.domain.connection import Connection, Phase, Server
from app.domain.effects import Announce, Attach, Disconnect, Effect, Perform, Send, Verify

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EXPIRES = NOW + timedelta(hours=1)
STREAMS = [e.StreamCursor(stream="session:s1", epoch="x", seq=0, recovered=True)]


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def connect(*, token: str | None = None, msgpack: bool = False, **rules: float) -> Connection:
    counter = itertools.count(1)
    return Connection(
        "connection-1",
        Rules(**rules),  # type: ignore[arg-type]
        Server("1.0.0", ("chat",)),
        lambda: f"server-{next(counter)}",
        NOW,
        token=token,
        msgpack=msgpack,
    )


def opened(**rules: float) -> Connection:
    connection = connect(**rules)
    (verify,) = connection.received(frame("connection_authenticate", token="t"), NOW)
    assert isinstance(verify, Verify)
    (attach,) = connection.verified(verify.command, "alice", "Alice", EXPIRES, NOW)
    assert isinstance(attach, Attach)
    connection.attached("s1", STREAMS, NOW)
    return connection


_ids = itertools.count(1)


def frame(kind: str, **fields: Any) -> str:
    return json.dumps({"id": f"f{next(_ids)}", "type": kind, **fields})


def sent(effects: list[Effect]) -> list[e.ServerEvent]:
    return [effect.event for effect in effects if isinstance(effect, Send)]


def error_of(effects: list[Effect]) -> e.Error:
    (event,) = sent(effects)
    assert isinstance(event, e.Error)
    return event


def close_of(effects: list[Effect]) -> int:
    assert isinstance(effects[-1], Disconnect)
    return effects[-1].code


MESSAGE = {"session_id": "s1", "content": "Lisbon please"}


class TestAuthenticating:
    def test_the_first_frame_is_verified_attached_and_answered(self) -> None:
        connection = connect()
        (verify,) = connection.received(frame("connection_authenticate", token="t", session_id="s1"), NOW)
        assert verify == Verify(verify.command, "t")  # type: ignore[union-attr]
        (attach,) = connection.verified(verify.command, "alice", "Alice", EXPIRES, NOW)  # type: ignore[union-attr]
        assert attach == Attach(verify.command)  # type: ignore[union-attr]
        (established,) = sent(connection.attached("s1", STREAMS, NOW))
        assert isinstance(established, e.ConnectionEstablished)
        assert (established.user_id, established.session_id) == ("alice", "s1")
        assert established.streams == STREAMS
        assert established.connection_id == "connection-1"
        assert connection.phase is Phase.OPEN

    def test_a_token_of_the_upgrade_is_verified_before_any_frame(self) -> None:
        connection = connect(token="header-token")
        (verify,) = connection.opened()
        assert isinstance(verify, Verify)
        assert verify.token == "header-token"
        assert connection.verified(verify.command, "alice", "Alice", EXPIRES, NOW) == []
        (again,) = connection.received(frame("connection_authenticate", session_id="s1"), NOW)
        assert isinstance(again, Verify)
        assert again.token == "header-token"

    def test_a_silent_client_with_a_good_upgrade_gets_a_session(self) -> None:
        connection = connect(token="t")
        (verify,) = connection.opened()
        assert isinstance(verify, Verify)
        connection.verified(verify.command, "alice", "Alice", EXPIRES, NOW)
        (attach,) = connection.silent()
        assert isinstance(attach, Attach)
        assert attach.command.session_id is None

    def test_another_first_frame_after_a_good_upgrade_is_carried_out_in_a_new_session(self) -> None:
        connection = connect(token="t")
        (verify,) = connection.opened()
        assert isinstance(verify, Verify)
        connection.verified(verify.command, "alice", "Alice", EXPIRES, NOW)
        attach, perform = connection.received(frame("chat_message", **MESSAGE), NOW)
        assert isinstance(attach, Attach)
        assert isinstance(perform, Perform)

    @pytest.mark.parametrize("reason", ["expired", "signature", "malformed", "missing"])
    def test_a_bad_token_ends_the_connection(self, reason: str) -> None:
        connection = connect()
        connection.received(frame("connection_authenticate"), NOW)
        effects = connection.not_verified(reason, "No.", NOW)
        (failed,) = sent(effects)
        assert isinstance(failed, e.ConnectionFailed)
        assert failed.error.code == "AUTHENTICATION_FAILED"
        assert failed.error.details == {"token_type": "jwt", "reason": reason}
        assert close_of(effects) == Close.NOT_AUTHENTICATED

    def test_nothing_within_the_time_closes(self) -> None:
        connection = connect()
        assert connection.tick(later(9.9)) == []
        assert close_of(connection.tick(later(10))) == Close.NOT_AUTHENTICATED

    @pytest.mark.parametrize(
        "text",
        [
            frame("chat_message", **MESSAGE),
            frame("connection_heartbeat"),
            frame("chat_typing_start", session_id="s1"),
        ],
    )
    def test_frames_before_it_are_refused_and_do_nothing(self, text: str) -> None:
        connection = connect()
        error = error_of(connection.received(text, NOW))
        assert error.error.code == "AUTHENTICATION_FAILED"
        assert error.in_reply_to == json.loads(text)["id"]
        assert connection.phase is Phase.WAITING

    def test_a_new_token_renews(self) -> None:
        connection = opened()
        (verify,) = connection.received(frame("connection_authenticate", token="t2"), NOW)
        assert isinstance(verify, Verify)
        connection.verified(verify.command, "alice", "Alice", later(7200), NOW)
        assert connection.phase is Phase.OPEN
        assert all(isinstance(event, e.ConnectionHeartbeat) for event in sent(connection.tick(later(3601))))
        assert close_of(connection.tick(later(7200))) == Close.NOT_AUTHENTICATED

    def test_an_expired_token_ends_the_connection(self) -> None:
        effects = opened().tick(EXPIRES)
        (failed,) = sent(effects)
        assert isinstance(failed, e.ConnectionFailed)
        assert failed.error.details == {"token_type": "jwt", "reason": "expired"}
        assert close_of(effects) == Close.NOT_AUTHENTICATED

    def test_another_users_token_does_not_take_a_connection_over(self) -> None:
        connection = opened()
        (verify,) = connection.received(frame("connection_authenticate", token="t2"), NOW)
        assert isinstance(verify, Verify)
        assert close_of(connection.verified(verify.command, "mallory", "M", EXPIRES, NOW)) == 4001

    def test_a_session_that_is_not_theirs_can_be_tried_again(self) -> None:
        connection = connect()
        (verify,) = connection.received(frame("connection_authenticate", token="t", session_id="s9"), NOW)
        assert isinstance(verify, Verify)
        connection.verified(verify.command, "alice", "Alice", EXPIRES, NOW)
        refusal = connection.refused(verify.command, TripSageError(ErrorCode.NOT_FOUND, "No."), NOW)
        assert error_of(refusal).error.code == "NOT_FOUND"
        assert connection.phase is Phase.WAITING


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
