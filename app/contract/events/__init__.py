"""Everything the server says: one struct an event, one union of them all.

Names, fields and meaning of the first 28 are the WebSocket Events Guide's. A field that the guide does
not have (`Added`) is left out when unset. Clients ignore fields they do not know, so events decode
leniently; what a client sends is strict (`commands.py`). `catalogue.py` says where each event goes.
"""

import msgspec
from msgspec import UNSET

from app.contract.events.base import (
    ErrorBody,
    Event,
    Fraction,
    Maybe,
    Number,
    Permission,
    TimedEvent,
    TurnEvent,
)
from app.contract.events.chat import (
    CallStatus,
    ChatMessage,
    ChatMessageChunk,
    ChatMessageComplete,
    ChatTypingStart,
    ChatTypingStop,
    FinishReason,
    MessageToolCall,
    Role,
)
from app.contract.events.connection import (
    Ack,
    ConnectionClose,
    ConnectionEstablished,
    ConnectionFailed,
    ConnectionHeartbeat,
    Error,
    Notification,
    StreamCursor,
    StreamSubscribed,
    StreamUnsubscribed,
    SystemMessage,
)
from app.contract.events.trip import (
    Collaborator,
    ConflictingChange,
    CursorPosition,
    TripChange,
    TripCollaborationJoin,
    TripCollaborationLeave,
    TripCollaboratorPresence,
    TripConflictDetected,
    TripEvent,
    TripFieldEditingStart,
    TripFieldEditingStop,
    TripPermissionChange,
    TripUpdateBroadcast,
)
from app.contract.events.work import (
    AgentStatus,
    AgentStatusUpdate,
    AgentTaskComplete,
    AgentTaskError,
    AgentTaskProgress,
    AgentTaskStart,
    TaskEvent,
    ToolCallApprovalRequired,
    ToolCallComplete,
    ToolCallError,
    ToolCallProgress,
    ToolCallStart,
    ToolEvent,
)

__all__ = [
    "UNSET",
    "Ack",
    "AgentStatus",
    "AgentStatusUpdate",
    "AgentTaskComplete",
    "AgentTaskError",
    "AgentTaskProgress",
    "AgentTaskStart",
    "CallStatus",
    "ChatMessage",
    "ChatMessageChunk",
    "ChatMessageComplete",
    "ChatTypingStart",
    "ChatTypingStop",
    "Collaborator",
    "ConflictingChange",
    "ConnectionClose",
    "ConnectionEstablished",
    "ConnectionFailed",
    "ConnectionHeartbeat",
    "CursorPosition",
    "Error",
    "ErrorBody",
    "Event",
    "FinishReason",
    "Fraction",
    "Maybe",
    "MessageToolCall",
    "Notification",
    "Number",
    "Permission",
    "Role",
    "ServerEvent",
    "StreamCursor",
    "StreamSubscribed",
    "StreamUnsubscribed",
    "SystemMessage",
    "TaskEvent",
    "TimedEvent",
    "ToolCallApprovalRequired",
    "ToolCallComplete",
    "ToolCallError",
    "ToolCallProgress",
    "ToolCallStart",
    "ToolEvent",
    "TripChange",
    "TripCollaborationJoin",
    "TripCollaborationLeave",
    "TripCollaboratorPresence",
    "TripConflictDetected",
    "TripEvent",
    "TripFieldEditingStart",
    "TripFieldEditingStop",
    "TripPermissionChange",
    "TripUpdateBroadcast",
    "TurnEvent",
    "decode_event",
]

ServerEvent = (
    ChatMessage
    | ChatMessageChunk
    | ChatMessageComplete
    | ChatTypingStart
    | ChatTypingStop
    | ToolCallApprovalRequired
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
