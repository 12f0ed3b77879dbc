"""Everything the server says: one struct an event, one union of them all.

Names, fields and meaning of the first 28 are the WebSocket Events Guide's. A field that the guide does
not have is optional here and left out when unset. Clients ignore fields they do not know, so events
decode leniently; what a client sends is strict (`commands.py`).
"""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

T = TypeVar("T")
Maybe = T | UnsetType

Fraction = Annotated[float, Meta(ge=0, le=1, description="From 0 to 1.")]
Number = int | float
AgentStatus = Literal["thinking", "active", "waiting", "idle", "error"]
FinishReason = Literal["stop", "cancelled", "error", "limit"]
CallStatus = Literal["complete", "error", "cancelled"]
Role = Literal["user", "assistant"]
Permission = Literal["read", "write", "admin"]


class Event(Struct, kw_only=True, tag_field="type"):
    """What all events share.

    `stream` and `seq` are on durable events alone: the stream it belongs to and its place there, from 1
    without a gap. `seq` is the resume cursor.
    """

    id: str
    stream: Maybe[str] = UNSET
    seq: Maybe[int] = UNSET


class TimedEvent(Event, kw_only=True):
    timestamp: datetime


class TurnEvent(TimedEvent, kw_only=True):
    """An event of one turn: `turn_id` is the id of the user's message that began it."""

    session_id: str
    turn_id: Maybe[str] = UNSET


class ErrorBody(Struct, kw_only=True):
    """`code` is one of the error table; `retryable` says whether the same may succeed later."""

    code: str
    message: str
    retryable: Maybe[bool] = UNSET
    details: Maybe[dict[str, Any]] = UNSET


# Chat


class MessageToolCall(Struct, kw_only=True):
    id: str
    name: str
    parameters: dict[str, Any]
    status: CallStatus


class ChatMessage(TimedEvent, kw_only=True, tag="chat_message"):
    """A complete message of a user or of the assistant."""

    session_id: str
    turn_id: Maybe[str] = UNSET
    role: Role
    content: str
    metadata: dict[str, Any] = {}
    tool_calls: list[MessageToolCall] = []


class ChatMessageChunk(Event, kw_only=True, tag="chat_message_chunk"):
    """A piece of an answer that is being written; `sequence` counts from 1 within `message_id`."""

    session_id: str
    turn_id: Maybe[str] = UNSET
    message_id: Maybe[str] = UNSET
    replaces: Maybe[str] = UNSET
    chunk: str
    is_complete: bool
    sequence: Annotated[int, Meta(ge=1)]


class ChatMessageComplete(Event, kw_only=True, tag="chat_message_complete"):
    """The answer is whole: `full_content` is its chunks joined."""

    session_id: str
    turn_id: Maybe[str] = UNSET
    message_id: Maybe[str] = UNSET
    full_content: str
    total_chunks: Annotated[int, Meta(ge=0)]
    finish_reason: Maybe[FinishReason] = UNSET


class ChatTypingStart(TimedEvent, kw_only=True, tag="chat_typing_start"):
    """Somebody is typing in the session."""

    session_id: str
    user_id: str


class ChatTypingStop(TimedEvent, kw_only=True, tag="chat_typing_stop"):
    """Somebody stopped typing in the session, or has been silent for 10 s."""

    session_id: str
    user_id: str


# Tools


class ToolEvent(TurnEvent, kw_only=True):
    tool_name: str
    tool_call_id: Maybe[str] = UNSET
    task_id: Maybe[str] = UNSET


class ToolCallStart(ToolEvent, kw_only=True, tag="tool_call_start"):
    """A tool call began; `parameters` are its validated arguments."""

    parameters: dict[str, Any]


class ToolCallProgress(ToolEvent, kw_only=True, tag="tool_call_progress"):
    """How far a tool call is; a retry of the call says so in `message`."""

    progress: Fraction
    message: str


class ToolCallComplete(ToolEvent, kw_only=True, tag="tool_call_complete"):
    """A tool call succeeded; `result` is the summary of what it returned."""

    result: dict[str, Any]


class ToolCallError(ToolEvent, kw_only=True, tag="tool_call_error"):
    """A tool call failed or was cancelled (`CANCELLED`)."""

    error: ErrorBody


# Agent


class AgentStatusUpdate(TurnEvent, kw_only=True, tag="agent_status_update"):
    """What the agent is doing; the last event of a turn has the status `idle` or `error`."""

    agent_id: str
    status: AgentStatus
    current_task: str | None = None
    progress: Fraction | None = None


class TaskEvent(TurnEvent, kw_only=True):
    task_id: str
    parent_task_id: Maybe[str] = UNSET


class AgentTaskStart(TaskEvent, kw_only=True, tag="agent_task_start"):
    """A task began; `estimated_duration` is in seconds."""

    task_name: str
    description: str
    estimated_duration: Number


class AgentTaskProgress(TaskEvent, kw_only=True, tag="agent_task_progress"):
    """How far a task is; `progress` never falls."""

    progress: Fraction
    message: str


class AgentTaskComplete(TaskEvent, kw_only=True, tag="agent_task_complete"):
    """A task succeeded; the root task's `result` is the turn's result."""

    result: Any


class AgentTaskError(TaskEvent, kw_only=True, tag="agent_task_error"):
    """A task failed or was cancelled."""

    error: ErrorBody


# Connection


class StreamCursor(Struct, kw_only=True):
    """Where a subscription stands: live events follow `seq`.

    `recovered` is false when history no longer reaches back to the cursor: read a fresh snapshot.
    """

    stream: str
    epoch: str
    seq: int
    recovered: bool


class ConnectionEstablished(TimedEvent, kw_only=True, tag="connection_established"):
    """Authenticated; `heartbeat_interval` is in seconds."""

    user_id: str
    session_id: str
    server_version: str
    features: list[str]
    connection_id: Maybe[str] = UNSET
    heartbeat_interval: Maybe[Number] = UNSET
    streams: Maybe[list[StreamCursor]] = UNSET


class ConnectionHeartbeat(TimedEvent, kw_only=True, tag="connection_heartbeat"):
    """Keep-alive; a client's heartbeat is answered with its own `sequence`."""

    sequence: int


class ConnectionFailed(TimedEvent, kw_only=True, tag="connection_error"):
    """The connection failed; a close follows."""

    error: ErrorBody


class ConnectionClose(TimedEvent, kw_only=True, tag="connection_close"):
    """The server is about to close; come back after `reconnect_after` seconds."""

    reason: str
    reconnect_after: Number


class Ack(Event, kw_only=True, tag="ack"):
    """The one answer to a client's frame; `seq` is that of the durable event it made."""

    in_reply_to: str
    status: Literal["accepted", "duplicate"]


class StreamSubscribed(TimedEvent, kw_only=True, tag="stream_subscribed"):
    """The streams named are subscribed; a replay, where one was asked for, follows."""

    in_reply_to: str
    streams: list[StreamCursor]


class StreamUnsubscribed(TimedEvent, kw_only=True, tag="stream_unsubscribed"):
    """The streams named send nothing more on this connection."""

    in_reply_to: str
    streams: list[str]


# System


class Error(TimedEvent, kw_only=True, tag="error"):
    """A frame was refused (`in_reply_to` names it, where it had an id) or something failed."""

    error: ErrorBody
    in_reply_to: Maybe[str | None] = UNSET


class Notification(TimedEvent, kw_only=True, tag="notification"):
    """A notification to one user."""

    level: Literal["info", "success", "warning", "error"]
    title: str
    message: str
    action_url: str | None = None


class SystemMessage(TimedEvent, kw_only=True, tag="system_message"):
    """A message to everybody."""

    priority: Literal["low", "normal", "high", "critical"]
    message: str


# Trips


class TripEvent(TimedEvent, kw_only=True):
    trip_id: str


class CursorPosition(Struct, kw_only=True):
    """`x` and `y` are in pixels within the element."""

    x: Number
    y: Number
    element_id: str | None = None


class TripCollaborationJoin(TripEvent, kw_only=True, tag="trip_collaboration_join"):
    """Somebody joined the trip."""

    user_id: str
    user_name: str
    permissions: list[Permission]
    cursor_position: CursorPosition | None = None


class TripCollaborationLeave(TripEvent, kw_only=True, tag="trip_collaboration_leave"):
    """Somebody left the trip: `user_left`, or `user_disconnected` after a lost connection."""

    user_id: str
    reason: str


class TripFieldEditingStart(TripEvent, kw_only=True, tag="trip_field_editing_start"):
    """Somebody is editing a field; it is advisory and writes nothing."""

    user_id: str
    field_name: str
    field_value: Any = None


class TripFieldEditingStop(TripEvent, kw_only=True, tag="trip_field_editing_stop"):
    """Somebody stopped editing a field."""

    user_id: str
    field_name: str
    final_value: Any = None


class TripChange(Struct, kw_only=True):
    field: str
    old_value: Any
    new_value: Any
    timestamp: datetime


class TripUpdateBroadcast(TripEvent, kw_only=True, tag="trip_update_broadcast"):
    """A write was applied: `version` is the trip's, `field_versions` those of its fields."""

    updated_by: str
    changes: list[TripChange]
    full_trip_data: dict[str, Any]
    version: Maybe[int] = UNSET
    field_versions: Maybe[dict[str, int]] = UNSET
    mutation_id: Maybe[str | None] = UNSET
    client_id: Maybe[str | None] = UNSET


class Collaborator(Struct, kw_only=True):
    user_id: str
    user_name: str
    status: Literal["active", "idle", "away", "offline"]
    last_seen: datetime
    current_field: str | None = None
    cursor_position: CursorPosition | None = None


class TripCollaboratorPresence(TripEvent, kw_only=True, tag="trip_collaborator_presence"):
    """Who is on the trip now, and where."""

    collaborators: list[Collaborator]


class ConflictingChange(Struct, kw_only=True):
    user_id: str
    value: Any
    timestamp: datetime


class TripConflictDetected(TripEvent, kw_only=True, tag="trip_conflict_detected"):
    """A write met a newer one of the same field; it is settled under `conflict_id`."""

    field_name: str
    conflicting_changes: list[ConflictingChange]
    resolution_required: bool
    conflict_id: Maybe[str] = UNSET
    base_value: Any = UNSET
    current_version: Maybe[int] = UNSET


class TripPermissionChange(TripEvent, kw_only=True, tag="trip_permission_change"):
    """Somebody's permissions on the trip changed; an empty list means no access."""

    user_id: str
    old_permissions: list[Permission]
    new_permissions: list[Permission]
    changed_by: str


ServerEvent = (
    ChatMessage
    | ChatMessageChunk
    | ChatMessageComplete
    | ChatTypingStart
    | ChatTypingStop
    | ToolCallStart
    | ToolCallProgress
    | ToolCallComplete
    | ToolCallError
    | AgentStatusUpdate
    | AgentTaskStart
    | AgentTaskProgress
    | AgentTaskComplete
    | AgentTaskError
    | ConnectionEstablished
    | ConnectionHeartbeat
    | ConnectionFailed
    | ConnectionClose
    | Ack
    | StreamSubscribed
    | StreamUnsubscribed
    | Error
    | Notification
    | SystemMessage
    | TripCollaborationJoin
    | TripCollaborationLeave
    | TripFieldEditingStart
    | TripFieldEditingStop
    | TripUpdateBroadcast
    | TripCollaboratorPresence
    | TripConflictDetected
    | TripPermissionChange
)

_decoder: msgspec.json.Decoder[ServerEvent] = msgspec.json.Decoder(ServerEvent)


def decode_event(frame: bytes | str) -> ServerEvent:
    """The event in one JSON text frame.

    Raises `msgspec.ValidationError` for an unknown type or a wrong field, `msgspec.DecodeError` for no JSON.
    """
    return _decoder.decode(frame)
