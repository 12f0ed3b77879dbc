"""The connection machine: what a client may do when, with no socket and no clock."""

import json

import pytest

from app.contract import events as e
from app.contract.errors import Close, ErrorCode, TripSageError
from app.domain.connection import Phase
from app.domain.effects import Attach, Perform, Verify
from tests.support.connection import (
    EXPIRES,
    MESSAGE,
    NOW,
    STREAMS,
    close_of,
    connect,
    error_of,
    frame,
    later,
    opened,
    sent,
)


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
