"""Everything a client may say: strict structs, one union of them all.

The guide's bidirectional payloads are valid as they stand there. What the server owns (`role`, `user_id`,
`timestamp` and the like) is accepted and ignored; any other field is refused. `decode.py` reads frames.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from app.contract.ids import CALL_ID_PATTERN, ClientId, StreamName

MAX_CONTENT = 32_768
MAX_STREAMS = 64

Content = Annotated[
    str, Meta(min_length=1, max_length=MAX_CONTENT, description="What is said, kept as it is.")
]
Ignored = Annotated[
    Any, Meta(description="The server's own: accepted and ignored.", extra_json_schema={"x-ignored": True})
]
PlainValue = Annotated[
    Any,
    Meta(
        description="Any JSON value: whole numbers within 64 bits, nested at most 32 deep.",
        extra_json_schema={"x-plain": True},
    ),
]
ShortText = Annotated[str, Meta(max_length=256)]
FieldName = Annotated[
    str, Meta(min_length=1, max_length=200, description="A field of the trip, or one keyed item: `stops/ID`.")
]
Coordinate = Annotated[
    float, Meta(ge=-1e7, le=1e7, description="In pixels within the element; within ten million.")
]
Cursor = Annotated[int, Meta(ge=0, le=2**53 - 1)]
WhenBusy = Literal["enqueue", "interrupt", "reject"]
SessionId = Annotated[ClientId, Meta(description="The session.")]
TripId = Annotated[ClientId, Meta(description="The trip.")]
After = Annotated[Cursor | None, Meta(description="The last `seq` seen; without it live events only.")]
Epoch = Annotated[ShortText | None, Meta(description="The epoch that `after` was seen in.")]


class Command(Struct, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """What all client frames share."""

    id: Annotated[ClientId, Meta(description="Made by the client; a repeat is recognised for 24 h.")]
    timestamp: Ignored = None


class MessageMetadata(Struct, kw_only=True, forbid_unknown_fields=True):
    """What goes with a message."""

    user_id: Ignored = None
    message_type: Annotated[Literal["text"], Meta(description="There is one type as yet.")] = "text"
    attachments: Annotated[list[Any], Meta(max_length=0, description="None can be sent yet.")] = []
    when_busy: Annotated[
        WhenBusy,
        Meta(description="While a turn runs: wait for it, stop it, or be refused with `SESSION_BUSY`."),
    ] = "enqueue"


class SendChatMessage(Command, kw_only=True, tag="chat_message"):
    """Say something in a session; it begins one turn of the agent."""

    session_id: SessionId
    content: Content
    metadata: Annotated[MessageMetadata, Meta(description="What goes with it.")] = msgspec.field(
        default_factory=MessageMetadata
    )
    role: Ignored = None
    tool_calls: Ignored = None


class CancelTurn(Command, kw_only=True, tag="chat_cancel"):
    """Stop a turn: what is written is kept, what is done stays done."""

    session_id: SessionId
    message_id: Annotated[
        ClientId | None,
        Meta(description="The user's message that began the turn or waits to; without it the running turn."),
    ] = None


Decision = Literal["approve", "reject", "change"]
ToolCallId = Annotated[str, Meta(pattern=CALL_ID_PATTERN, description="The call that waits.")]
ChangedParameters = Annotated[
    dict[str, Any] | None,
    Meta(
        description="With `change`: the arguments to make the call with, all of them.",
        extra_json_schema={"x-plain": True},
    ),
]


class DecideToolCall(Command, kw_only=True, tag="tool_call_decision"):
    """Let a call that waits for approval be made, forbid it, or have it made with other parameters."""

    session_id: SessionId
    tool_call_id: ToolCallId
    decision: Annotated[Decision, Meta(description="`change` makes the call with `parameters`.")]
    parameters: ChangedParameters = None


class StartTyping(Command, kw_only=True, tag="chat_typing_start"):
    """Show the session's other connections that somebody types; it ends by itself after 10 s."""

    session_id: SessionId
    user_id: Ignored = None


class StopTyping(Command, kw_only=True, tag="chat_typing_stop"):
    """Take it back before the 10 s are over."""

    session_id: SessionId
    user_id: Ignored = None


class StreamPosition(Struct, kw_only=True, forbid_unknown_fields=True):
    """A stream and, to resume, where the client left it."""

    stream: StreamName
    after: After = None
    epoch: Epoch = None


StreamPositions = Annotated[list[StreamPosition], Meta(max_length=MAX_STREAMS)]


class Authenticate(Command, kw_only=True, tag="connection_authenticate"):
    """The first frame: who is calling, which session, and where to resume. Sent again it renews the token."""

    token: Annotated[
        Annotated[str, Meta(max_length=8192)] | None,
        Meta(description="A JWT; may be left out when the upgrade carried one."),
    ] = None
    session_id: Annotated[
        ClientId | None, Meta(description="Without it a new session is made, and the reply names it.")
    ] = None
    streams: Annotated[
        StreamPositions,
        Meta(description="Where to resume; or more streams than the session's, the user's and `system`."),
    ] = []

    def __repr__(self) -> str:
        """Without the token: what is printed or logged must not let anybody in."""
        return f"Authenticate(id={self.id!r}, session_id={self.session_id!r}, streams={self.streams!r})"


class Heartbeat(Command, kw_only=True, tag="connection_heartbeat"):
    """Keep-alive; answered by a heartbeat with the same `sequence`."""

    sequence: Annotated[Cursor, Meta(description="The client's own count.")] = 0


class Subscribe(Command, kw_only=True, tag="stream_subscribe"):
    """Receive these streams; with `after`, everything since that cursor first."""

    streams: Annotated[StreamPositions, Meta(min_length=1, description="Which, and where to resume.")]


class Unsubscribe(Command, kw_only=True, tag="stream_unsubscribe"):
    """Receive these streams no more."""

    streams: Annotated[StreamPositions, Meta(min_length=1, description="Which; cursors are passed over.")]


class JoinTrip(Command, kw_only=True, tag="trip_collaboration_join"):
    """Work on a trip with others; the reply is the replay since `after`, or the whole trip."""

    trip_id: TripId
    after: Annotated[After, Meta(description="The last `seq` seen of the trip's stream.")] = None
    epoch: Epoch = None
    user_id: Ignored = None
    user_name: Ignored = None
    permissions: Ignored = None
    cursor_position: Ignored = None


class LeaveTrip(Command, kw_only=True, tag="trip_collaboration_leave"):
    """Leave the trip to the others."""

    trip_id: TripId
    user_id: Ignored = None
    reason: Ignored = None


class StartEditingField(Command, kw_only=True, tag="trip_field_editing_start"):
    """Show the others which field is being edited, for 10 s unless repeated; it writes nothing."""

    trip_id: TripId
    field_name: FieldName
    field_value: PlainValue = None
    user_id: Ignored = None


class StopEditingField(Command, kw_only=True, tag="trip_field_editing_stop"):
    """Show the others that the field is free again; it writes nothing."""

    trip_id: TripId
    field_name: FieldName
    final_value: PlainValue = None
    user_id: Ignored = None


class MoveCursor(Command, kw_only=True, tag="trip_cursor_move"):
    """Show the others where the pointer is; the latest wins, at most 20 a second."""

    trip_id: TripId
    x: Coordinate
    y: Coordinate
    element_id: Annotated[ShortText | None, Meta(description="The element of the page.")] = None


ClientCommand = (
    SendChatMessage
    | CancelTurn
    | DecideToolCall
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
