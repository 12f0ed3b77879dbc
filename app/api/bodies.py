"""What is sent and answered about sessions. Bodies of requests are strict; stored frames pass through unread."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from app.contract.commands import ChangedParameters, Content, Decision, MessageMetadata
from app.contract.events import ChatMessage
from app.contract.examples import example
from app.contract.ids import ClientId
from app.contract.turn import Response, TurnResult

OwnSessionId = Annotated[ClientId, Meta(description="An id of your own, so that asking again is harmless.")]
OwnMessageId = Annotated[
    ClientId, Meta(description="An id of your own makes a repeat harmless; without it the server makes one.")
]
OwnDecisionId = Annotated[
    ClientId, Meta(description="An id of your own makes a repeat harmless; without it the server makes one.")
]
TurnToStop = Annotated[
    ClientId, Meta(description="The message whose turn is to stop; without it the running one.")
]
Recovered = Annotated[
    bool,
    Meta(
        description="False: history no longer reaches back to the cursor, or its epoch is over. "
        "Read the messages again and go on from their `seq`."
    ),
]

# Requests


class NewSession(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is known of a session before it begins."""

    session_id: OwnSessionId | None = None


class NewMessage(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A message to the agent: the same as a `chat_message` over the WebSocket."""

    id: OwnMessageId | None = None
    content: Content
    metadata: MessageMetadata = msgspec.field(default_factory=MessageMetadata)


class CancelOrder(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which turn to stop."""

    message_id: TurnToStop | None = None


class ToolCallDecision(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is to become of a call that waits: the same as a `tool_call_decision` over the WebSocket."""

    id: OwnDecisionId | None = None
    decision: Decision
    parameters: ChangedParameters = None


UNNAMED_SESSION = NewSession()
CANCEL_RUNNING = CancelOrder()

# Answers


class SessionSummary(Struct, kw_only=True):
    """A conversation of the caller."""

    session_id: str
    created_at: datetime


class SessionState(SessionSummary, kw_only=True):
    """A conversation, and what is under way in it."""

    running_turn: Annotated[
        str | None,
        Meta(description="The user's message whose turn runs, or is the next to; null when all is done."),
    ]


class SessionList(Struct, kw_only=True):
    """A page of the caller's sessions, newest first."""

    sessions: list[SessionSummary]
    after: Annotated[
        str | None, Meta(description="Ask with this for the sessions after; null at the end of the list.")
    ]


class Accepted(Struct, kw_only=True):
    """`seq` is the place of the message's event in the session's stream."""

    id: str
    status: Literal["accepted", "duplicate"]
    seq: int


class CancelAccepted(Struct, kw_only=True):
    status: Literal["accepted"] = "accepted"


class DecisionAccepted(Struct, kw_only=True):
    id: str
    status: Literal["accepted", "duplicate"]


class PendingTurn(Struct, kw_only=True):
    """A turn that is not done."""

    status: Literal["queued", "running"]


class Messages(Struct, kw_only=True):
    """All messages of a session, oldest first, current to `seq` of its stream: follow it from there."""

    messages: list[ChatMessage]
    epoch: str
    seq: int


class Events(Struct, kw_only=True):
    """Events after the cursor, oldest first. Read on while `seq`, the newest event's, is ahead of yours."""

    events: Annotated[
        list[dict[str, Any]], Meta(description="As on the WebSocket; `/schema/asyncapi.json` has them all.")
    ]
    epoch: str
    seq: int
    recovered: Recovered


class StoredEvents(Struct, kw_only=True):
    """`Events`, of frames as they are stored."""

    events: list[Raw]
    epoch: str
    seq: int
    recovered: bool


# Examples, for the documents

_SAID = example("events", "chat_message")
_PLACE = {"epoch": "8sJ2kQ0wLx3d", "seq": _SAID["seq"]}

A_SESSION = SessionState(
    session_id="lisbon-in-may",
    created_at=datetime.fromisoformat("2026-11-22T10:00:00Z"),
    running_turn="msg-1",
)
SOME_SESSIONS = SessionList(
    sessions=[SessionSummary(session_id=A_SESSION.session_id, created_at=A_SESSION.created_at)],
    after="WzE3OTUzNDE2MDAuMCwibGlzYm9uLWluLW1heSJd",
)
SOME_MESSAGES = {"messages": [_SAID], **_PLACE}
SOME_EVENTS = {"events": [_SAID], **_PLACE, "recovered": True}
A_RESULT = TurnResult(outcome="answer", response=Response(text="Pack a coat: it is 2 °C by day."))
