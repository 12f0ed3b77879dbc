"""Everything a client may say: strict structs, one union of them all.

The guide's bidirectional payloads are valid as they stand there. What the server owns (`role`, `user_id`,
`timestamp` and the like) is accepted and ignored; any other field is refused. `decode.py` reads frames.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from app.contract.ids import ClientId, StreamName

MAX_CONTENT = 32_768
MAX_STREAMS = 64

Content = Annotated[str, Meta(min_length=1, max_length=MAX_CONTENT)]
Ignored = Annotated[Any, Meta(description="The server's own: accepted and ignored.", extra={"ignored": True})]
PlainValue = Annotated[
    Any,
    Meta(
        description="Any JSON value, whole numbers within 64 bits, nested at most 32 deep.",
        extra={"plain": True},
    ),
]
ShortText = Annotated[str, Meta(max_length=256)]
FieldName = Annotated[str, Meta(min_length=1, max_length=200)]
Coordinate = Annotated[float, Meta(ge=-1e7, le=1e7)]
Cursor = Annotated[int, Meta(ge=0, le=2**53 - 1)]
WhenBusy = Literal["enqueue", "interrupt", "reject"]


class Command(Struct, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """A client frame. Its `id` is the client's and makes a repeat harmless for 24 h."""

    id: ClientId
    timestamp: Ignored = None


class MessageMetadata(Struct, kw_only=True, forbid_unknown_fields=True):
    """`when_busy` says what a message does while a turn runs: wait, stop that turn, or be refused."""

    user_id: Ignored = None
    message_type: Literal["text"] = "text"
    attachments: Annotated[list[Any], Meta(max_length=0)] = []
    when_busy: WhenBusy = "enqueue"


class SendChatMessage(Command, kw_only=True, tag="chat_message"):
    """Say something in a session; it begins one turn of the agent."""

    session_id: ClientId
    content: Content
    metadata: MessageMetadata = msgspec.field(default_factory=MessageMetadata)
    role: Ignored = None
    tool_calls: Ignored = None


class CancelTurn(Command, kw_only=True, tag="chat_cancel"):
    """Stop the running turn, or the one that `message_id` began or waits to begin."""

    session_id: ClientId
    message_id: ClientId | None = None


class StartTyping(Command, kw_only=True, tag="chat_typing_start"):
    """Show the session's other connections that somebody types; it ends by itself after 10 s."""

    session_id: ClientId
    user_id: Ignored = None


class StopTyping(Command, kw_only=True, tag="chat_typing_stop"):
    session_id: ClientId
    user_id: Ignored = None


class StreamPosition(Struct, kw_only=True, forbid_unknown_fields=True):
    """A stream and, to resume, the last `seq` seen and the epoch it was seen in."""

    stream: StreamName
    after: Cursor | None = None
    epoch: ShortText | None = None


StreamPositions = Annotated[list[StreamPosition], Meta(max_length=MAX_STREAMS)]


class Authenticate(Command, kw_only=True, tag="connection_authenticate"):
    """The first frame: who is calling, which session, and where to resume. Sent again it renews the token."""

    token: Annotated[str, Meta(max_length=8192)] | None = None
    session_id: ClientId | None = None
    streams: StreamPositions = []

    def __repr__(self) -> str:
        """Without the token: what is printed or logged must not let anybody in."""
        return f"Authenticate(id={self.id!r}, session_id={self.session_id!r}, streams={self.streams!r})"


class Heartbeat(Command, kw_only=True, tag="connection_heartbeat"):
    """Keep-alive; answered by a heartbeat with the same `sequence`."""

    sequence: Cursor = 0


class Subscribe(Command, kw_only=True, tag="stream_subscribe"):
    """Receive these streams; with `after`, everything since that cursor first."""

    streams: Annotated[StreamPositions, Meta(min_length=1)]


class Unsubscribe(Command, kw_only=True, tag="stream_unsubscribe"):
    streams: Annotated[list[StreamPosition], Meta(min_length=1, max_length=MAX_STREAMS)]


class JoinTrip(Command, kw_only=True, tag="trip_collaboration_join"):
    """Work on a trip with others; the reply is the replay since `after`, or the whole trip."""

    trip_id: ClientId
    after: Cursor | None = None
    epoch: ShortText | None = None
    user_id: Ignored = None
    user_name: Ignored = None
    permissions: Ignored = None
    cursor_position: Ignored = None


class LeaveTrip(Command, kw_only=True, tag="trip_collaboration_leave"):
    trip_id: ClientId
    user_id: Ignored = None
    reason: Ignored = None


class StartEditingField(Command, kw_only=True, tag="trip_field_editing_start"):
    """Show the others which field is being edited, for 10 s unless repeated; it writes nothing."""

    trip_id: ClientId
    field_name: FieldName
    field_value: PlainValue = None
    user_id: Ignored = None


class StopEditingField(Command, kw_only=True, tag="trip_field_editing_stop"):
    trip_id: ClientId
    field_name: FieldName
    final_value: PlainValue = None
    user_id: Ignored = None


class MoveCursor(Command, kw_only=True, tag="trip_cursor_move"):
    """Show the others where the pointer is; the latest wins, at most 20 a second."""

    trip_id: ClientId
    x: Coordinate
    y: Coordinate
    element_id: ShortText | None = None


ClientCommand = (
    SendChatMessage
    | CancelTurn
    | StartTyping
    | StopTyping
    | Authenticate
    | Heartbeat
    | Subscribe
    | Unsubscribe
    | JoinTrip
    | LeaveTrip
    | StartEditingField
    | StopEditingField
    | MoveCursor
)
