"""What the struct of a frame cannot say: where an event goes, who may send a command, what answers it."""

import inspect
from dataclasses import dataclass

from msgspec import Struct

from app.contract import commands as c
from app.contract import events as e
from app.contract.ids import StreamKind


@dataclass(frozen=True, slots=True)
class EventInfo:
    """`stream` is the kind that carries the event; None goes to one connection alone.

    Only durable events have `seq`, are kept and sent again on resume, and may be appended to the log.
    `added` says that the guide does not have the event.
    """

    stream: StreamKind | None
    durable: bool = False
    added: bool = False


@dataclass(frozen=True, slots=True)
class CommandInfo:
    """Who may send a command and what answers it, in words. `added` as with events."""

    who: str
    answer: str
    added: bool = False


_KEPT_IN_SESSION = EventInfo("session", durable=True)
_KEPT_IN_TRIP = EventInfo("trip", durable=True)
_TO_ONE_CONNECTION = EventInfo(None)

EVENT_GROUPS: dict[str, dict[type[e.Event], EventInfo]] = {
    "Chat": {
        e.ChatMessage: _KEPT_IN_SESSION,
        e.ChatMessageChunk: _KEPT_IN_SESSION,
        e.ChatMessageComplete: _KEPT_IN_SESSION,
        e.ChatTypingStart: EventInfo("session"),
        e.ChatTypingStop: EventInfo("session"),
    },
    "Tools": {
        e.ToolCallApprovalRequired: EventInfo("session", durable=True, added=True),
        e.ToolCallStart: _KEPT_IN_SESSION,
        e.ToolCallProgress: _KEPT_IN_SESSION,
        e.ToolCallComplete: _KEPT_IN_SESSION,
        e.ToolCallError: _KEPT_IN_SESSION,
    },
    "Agent": {
        e.AgentStatusUpdate: _KEPT_IN_SESSION,
        e.AgentTaskStart: _KEPT_IN_SESSION,
        e.AgentTaskProgress: _KEPT_IN_SESSION,
        e.AgentTaskComplete: _KEPT_IN_SESSION,
        e.AgentTaskError: EventInfo("session", durable=True, added=True),
    },
    "Connection": {
        e.ConnectionEstablished: _TO_ONE_CONNECTION,
        e.ConnectionHeartbeat: _TO_ONE_CONNECTION,
        e.ConnectionFailed: _TO_ONE_CONNECTION,
        e.ConnectionClose: _TO_ONE_CONNECTION,
        e.Ack: EventInfo(None, added=True),
        e.StreamSubscribed: EventInfo(None, added=True),
        e.StreamUnsubscribed: EventInfo(None, added=True),
    },
    "System": {
        e.Error: _TO_ONE_CONNECTION,
        e.Notification: EventInfo("user", durable=True),
        e.SystemMessage: EventInfo("system", durable=True),
    },
    "Trips": {
        e.TripCollaborationJoin: _KEPT_IN_TRIP,
        e.TripCollaborationLeave: _KEPT_IN_TRIP,
        e.TripFieldEditingStart: EventInfo("trip"),
        e.TripFieldEditingStop: EventInfo("trip"),
        e.TripUpdateBroadcast: _KEPT_IN_TRIP,
        e.TripCollaboratorPresence: EventInfo("trip"),
        e.TripConflictDetected: EventInfo("user"),
        e.TripPermissionChange: _KEPT_IN_TRIP,
    },
}

EVENTS: dict[type[e.Event], EventInfo] = {
    event: info for group in EVENT_GROUPS.values() for event, info in group.items()
}

COMMANDS: dict[type[c.Command], CommandInfo] = {
    c.Authenticate: CommandInfo(
        "anybody", "`connection_established`; or `connection_error` and close 4001", added=True
    ),
    c.Heartbeat: CommandInfo("anybody", "`connection_heartbeat` with the same `sequence`"),
    c.Subscribe: CommandInfo(
        "who may read the streams", "`ack`, `stream_subscribed`, then the replay asked for", added=True
    ),
    c.Unsubscribe: CommandInfo("anybody", "`ack` and `stream_unsubscribed`", added=True),
    c.SendChatMessage: CommandInfo(
        "the session's owner and members", "`ack` with the `seq` of the `chat_message` event it made"
    ),
    c.CancelTurn: CommandInfo("the session's owner and members", "`ack`", added=True),
    c.DecideToolCall: CommandInfo(
        "the session's owner and members",
        "`ack`; or `NOT_FOUND` for a call that waits for nobody, `CONFLICT` for one that was decided",
        added=True,
    ),
    c.StartTyping: CommandInfo("the session's owner and members", "nothing"),
    c.StopTyping: CommandInfo("the session's owner and members", "nothing"),
    c.JoinTrip: CommandInfo(
        "the trip's collaborators",
        "`ack`, `stream_subscribed`, then the replay or `trip_update_broadcast` with the whole trip",
    ),
    c.LeaveTrip: CommandInfo("the trip's collaborators", "`ack`"),
    c.StartEditingField: CommandInfo("the trip's writers", "`ack`"),
    c.StopEditingField: CommandInfo("the trip's writers", "`ack`"),
    c.MoveCursor: CommandInfo("the trip's writers", "nothing", added=True),
}


def wire_type(struct: type[Struct]) -> str:
    """The `type` that frames of this struct carry."""
    return str(struct.__struct_config__.tag)


def meaning(struct: type[Struct]) -> str:
    """What a struct is, in a line or two: its docstring."""
    return inspect.cleandoc(struct.__doc__ or "")
