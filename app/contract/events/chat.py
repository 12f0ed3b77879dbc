"""What is said in a session, and who is typing."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, field

from app.contract.events.base import Added, Count, Event, SessionId, TimedEvent, TurnId, UserId

FinishReason = Literal["stop", "cancelled", "error", "limit"]
CallStatus = Literal["complete", "error", "cancelled"]
Role = Literal["user", "assistant"]
MessageId = Annotated[
    Added[str], Meta(description="The answer that is being written: the id of its `chat_message`.")
]


class MessageToolCall(Struct, kw_only=True):
    """A tool call that an answer rests on."""

    id: Annotated[str, Meta(description="The `tool_call_id` of the call's events.")]
    name: Annotated[str, Meta(description="The tool.")]
    parameters: Annotated[dict[str, Any], Meta(description="The validated arguments.")]
    status: Annotated[CallStatus, Meta(description="How the call ended.")]


class ChatMessage(TimedEvent, kw_only=True, tag="chat_message"):
    """A complete message of a user or of the assistant."""

    session_id: SessionId
    turn_id: TurnId = UNSET
    role: Annotated[Role, Meta(description="Who says it.")]
    content: Annotated[str, Meta(description="What is said.")]
    metadata: Annotated[
        dict[str, Any], Meta(description="Of a user's message: `user_id`, `message_type`, `attachments`.")
    ] = field(default_factory=dict)
    tool_calls: Annotated[
        list[MessageToolCall], Meta(description="Of the assistant's message: the calls it rests on.")
    ] = field(default_factory=list)


class ChatMessageChunk(Event, kw_only=True, tag="chat_message_chunk"):
    """A piece of an answer that is being written; joined in order the pieces are the answer."""

    session_id: SessionId
    turn_id: TurnId = UNSET
    message_id: MessageId = UNSET
    replaces: Annotated[
        Added[str],
        Meta(description="The half-written answer that this one takes the place of: discard its chunks."),
    ] = UNSET
    chunk: Annotated[str, Meta(description="The text, which may be empty in the first and the last one.")]
    is_complete: Annotated[bool, Meta(description="True on the last chunk.")]
    sequence: Annotated[int, Meta(ge=1, description="Counts from 1 without a gap within `message_id`.")]


class ChatMessageComplete(Event, kw_only=True, tag="chat_message_complete"):
    """The answer is whole; its `chat_message` follows."""

    session_id: SessionId
    turn_id: TurnId = UNSET
    message_id: MessageId = UNSET
    full_content: Annotated[str, Meta(description="The chunks joined.")]
    total_chunks: Annotated[Count, Meta(description="How many chunks there were.")]
    finish_reason: Annotated[
        Added[FinishReason],
        Meta(description="`limit` when the turn reached a bound on its steps, calls or time."),
    ] = UNSET


class ChatTypingStart(TimedEvent, kw_only=True, tag="chat_typing_start"):
    """Somebody is typing in the session."""

    session_id: SessionId
    user_id: UserId


class ChatTypingStop(TimedEvent, kw_only=True, tag="chat_typing_stop"):
    """Somebody stopped typing in the session, or has been silent for 10 s."""

    session_id: SessionId
    user_id: UserId
