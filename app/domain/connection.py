"""One WebSocket connection, without the socket: frames, outcomes and time go in, effects come out.

    WAITING --authenticated--> OPEN --> CLOSED
       \\---------------------------------^

The driver (`app/gateway/socket.py`) carries effects out one after another and reports each outcome before it
hands in the next frame, so replies keep the order of the frames. Nothing a client sends raises.
`now` is UTC; ids come from `new_id`.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Literal

from msgspec import UNSET, UnsetType

from app.contract import commands as c
from app.contract import events as e
from app.contract.decode import CommandRefused, decode_command
from app.contract.errors import Close, ErrorCode, TripSageError
from app.domain import replies
from app.domain.allowance import Allowance, Rules
from app.domain.effects import Attach, Disconnect, Effect, Perform, Send, Verify
from app.domain.typing import Typing

IMPLICIT_SESSION_AFTER = 1.0
"""Seconds after which an upgrade that carried a token, and sends no frame, gets a new session."""
REMEMBERED_FRAMES = 256
SERVER_MADE_ID = "."
"""The id of a command that the server makes for a client; no client can send it."""


class Phase(Enum):
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Server:
    """What this server says of itself in `connection_established`."""

    version: str
    features: tuple[str, ...]


NO_ACK = (c.Heartbeat, c.StartTyping, c.StopTyping, c.MoveCursor, c.Authenticate)
ONCE_PER_CONNECTION = (c.Subscribe, c.Unsubscribe, c.JoinTrip, c.LeaveTrip)
"""Their effect belongs to the connection, so a repeat is recognised on this connection alone."""


class Connection:
    """The state of one connection. `token` is the one the upgrade carried, if any.

    `last_input` is when its user last did something, as far as frames show it: heartbeats are no input.
    """

    def __init__(
        self,
        connection_id: str,
        rules: Rules,
        server: Server,
        new_id: Callable[[], str],
        now: datetime,
        *,
        token: str | None = None,
        msgpack: bool = False,
    ) -> None:
        self.connection_id = connection_id
        self.msgpack = msgpack
        self.phase = Phase.WAITING
        self.user_id: str | None = None
        self.user_name = ""
        self._rules = rules
        self._server = server
        self._new_id = new_id
        self._token = token
        self._opened_at = now
        self._expires_at: datetime | None = None
        self._heartbeat_at = now
        self._heartbeats = 0
        self._allowance = Allowance(rules, now)
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._typing = Typing()
        self.last_input = now

    # What comes in

    def opened(self) -> list[Effect]:
        """The upgrade was accepted: a token that came with it is verified before anything else."""
        if self._token is None:
            return []
        return [Verify(self._implicit_command(), self._token)]

    def received(self, data: str | bytes, now: datetime) -> list[Effect]:
        """One frame: text for JSON, bytes for MessagePack."""
        if self.phase is Phase.CLOSED:
            return []
        if isinstance(data, bytes) is not self.msgpack:
            kinds = "binary MessagePack" if self.msgpack else "JSON text"
            error = TripSageError(ErrorCode.INVALID_MESSAGE, f"This connection takes {kinds} frames.")
            return self._bad_frame(error, None, now)
        try:
            command = decode_command(data, msgpack=self.msgpack)
        except CommandRefused as refusal:
            return self._bad_frame(refusal, refusal.in_reply_to, now)
        if not isinstance(command, c.Heartbeat):
            self.last_input = now
        limited = self._over_limit(command, now)
        if limited is not None:
            return limited
        if isinstance(command, c.Authenticate):
            return self._authenticate(command)
        if self.phase is Phase.WAITING:
            if self.user_id is None:
                error = TripSageError(
                    ErrorCode.AUTHENTICATION_FAILED,
                    "Authenticate first: send connection_authenticate.",
                    token_type="jwt",
                    reason="missing",
                )
                return self._bad_frame(error, command.id, now)
            return [Attach(self._implicit_command()), *self._command(command, now)]
        return self._command(command, now)

    def silent(self) -> list[Effect]:
        """No frame came within `IMPLICIT_SESSION_AFTER` of an upgrade that carried a token."""
        if self.phase is Phase.WAITING and self.user_id is not None:
            return [Attach(self._implicit_command())]
        return []

    def tick(self, now: datetime) -> list[Effect]:
        """Time passed; called about once a second."""
        if self.phase is Phase.CLOSED:
            return []
        if self.phase is Phase.WAITING:
            return self._tick_waiting(now)
        if self._expires_at is not None and now >= self._expires_at:
            return self._fail("expired", "The token has expired; get a new one and connect again.", now)
        effects: list[Effect] = [*self._typing.over(self._new_id, self.user_id or "", now)]
        if (now - self._heartbeat_at).total_seconds() >= self._rules.heartbeat_interval:
            self._heartbeat_at = now
            self._heartbeats += 1
            effects.append(
                Send(e.ConnectionHeartbeat(id=self._new_id(), timestamp=now, sequence=self._heartbeats))
            )
        return effects

    def draining(self, reconnect_after: float, now: datetime) -> list[Effect]:
        """This server stops; the client comes back to another one after `reconnect_after` seconds."""
        notice = e.ConnectionClose(
            id=self._new_id(), timestamp=now, reason="server_maintenance", reconnect_after=reconnect_after
        )
        return [Send(notice), *self._close(Close.DRAINING, "server_maintenance")]

    def lost(self, now: datetime) -> list[Effect]:
        """The socket is gone."""
        self.phase = Phase.CLOSED
        return [*self._typing.lost(self._new_id, self.user_id or "", now)]

    # Outcomes of effects

    def verified(
        self, command: c.Authenticate, user_id: str, user_name: str, expires_at: datetime, now: datetime
    ) -> list[Effect]:
        if self.phase is Phase.CLOSED:
            return []
        if self.user_id not in (None, user_id):
            return self._fail("malformed", "The new token is another user's.", now)
        self.user_id = user_id
        self.user_name = user_name
        self._expires_at = expires_at
        if command.id == SERVER_MADE_ID:
            return []  # the upgrade's token: which session it is for comes with the first frame
        return [Attach(command)]

    def not_verified(self, reason: str, message: str, now: datetime) -> list[Effect]:
        if self.phase is Phase.CLOSED:
            return []
        return self._fail(reason, message, now)

    def attached(self, session_id: str, streams: Sequence[e.StreamCursor], now: datetime) -> list[Effect]:
        if self.phase is Phase.CLOSED:
            return []
        self.phase = Phase.OPEN
        self._heartbeat_at = now
        return [
            Send(
                e.ConnectionEstablished(
                    id=self._new_id(),
                    timestamp=now,
                    user_id=self.user_id or "",
                    session_id=session_id,
                    server_version=self._server.version,
                    features=list(self._server.features),
                    connection_id=self.connection_id,
                    heartbeat_interval=self._rules.heartbeat_interval,
                    streams=list(streams),
                )
            )
        ]

    def performed(
        self,
        command: c.ClientCommand,
        status: Literal["accepted", "duplicate"] = "accepted",
        seq: int | UnsetType = UNSET,
    ) -> list[Effect]:
        if self.phase is Phase.CLOSED or isinstance(command, NO_ACK):
            return []
        return [Send(e.Ack(id=self._new_id(), in_reply_to=command.id, status=status, seq=seq))]

    def refused(self, command: c.ClientCommand, error: TripSageError, now: datetime) -> list[Effect]:
        """The command was understood but could not be carried out."""
        if self.phase is Phase.CLOSED:
            return []
        in_reply_to = None if command.id == SERVER_MADE_ID else command.id
        self._seen.pop(command.id, None)
        return [Send(replies.error(error, in_reply_to, self._new_id(), now))]

    # Rules

    def _authenticate(self, command: c.Authenticate) -> list[Effect]:
        token = command.token or self._token
        if token is None and self.user_id is not None:
            return [Attach(command)]
        return [Verify(command, token)]

    def _command(self, command: c.ClientCommand, now: datetime) -> list[Effect]:
        match command:
            case c.Heartbeat():
                return [
                    Send(e.ConnectionHeartbeat(id=self._new_id(), timestamp=now, sequence=command.sequence))
                ]
            case c.StartTyping() | c.StopTyping():
                return [Perform(command)]
            case _ if isinstance(command, ONCE_PER_CONNECTION):
                if command.id in self._seen:
                    return self.performed(command, "duplicate")
                self._remember(command.id)
                return [Perform(command)]
            case _:
                return [Perform(command)]

    def typing(self, command: c.StartTyping | c.StopTyping, now: datetime) -> list[Effect]:
        """The typist may use the session: tell the others, and stop by itself after a while."""
        return [self._typing.said(command, self.user_id or "", now)]

    def _over_limit(self, command: c.ClientCommand, now: datetime) -> list[Effect] | None:
        """What happens instead of a command that is one too many; None where it is not."""
        retry_after = self._allowance.take(command, now)
        if not retry_after:
            return None
        if isinstance(command, c.MoveCursor):
            return []  # the latest wins, so one that is left out is not missed
        if self._allowance.refused(now):
            return self._close(Close.RATE_LIMITED, "rate limit")
        error = TripSageError(
            ErrorCode.RATE_LIMITED,
            "Too many frames; wait before sending more.",
            retry_after=round(retry_after, 3),
        )
        return [Send(replies.error(error, command.id, self._new_id(), now))]

    def _bad_frame(self, error: TripSageError, in_reply_to: str | None, now: datetime) -> list[Effect]:
        effects: list[Effect] = [Send(replies.error(error, in_reply_to, self._new_id(), now))]
        if self._allowance.bad(now):
            effects += self._close(Close.PROTOCOL_BROKEN, "too many bad frames")
        return effects

    def _tick_waiting(self, now: datetime) -> list[Effect]:
        waited = (now - self._opened_at).total_seconds()
        if waited >= self._rules.authenticate_within:
            return self._fail("missing", "No valid authentication came in time.", now)
        return []

    def _fail(self, reason: str, message: str, now: datetime) -> list[Effect]:
        failed = replies.not_authenticated(reason, message, self._new_id(), now)
        return [Send(failed), *self._close(Close.NOT_AUTHENTICATED, reason)]

    def _close(self, code: int, reason: str) -> list[Effect]:
        self.phase = Phase.CLOSED
        return [Disconnect(code, reason)]

    def _remember(self, frame_id: str) -> None:
        self._seen[frame_id] = None
        if len(self._seen) > REMEMBERED_FRAMES:
            self._seen.popitem(last=False)

    def _implicit_command(self) -> c.Authenticate:
        return c.Authenticate(id=SERVER_MADE_ID)
