"""Chat completions on the wire: a request's bytes, a chunk's parts."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from workers.models.model import AnswerBroken, CallDelta, Delta, Finish, Message, ModelTool, TextDelta

Count = Annotated[int, Meta(ge=0)]


class _Function(Struct):
    name: str | None = None
    arguments: str | None = None


class _Call(Struct):
    index: int = 0
    id: str | None = None
    function: _Function = msgspec.field(default_factory=_Function)


class Piece(Struct):
    content: str | None = None
    tool_calls: list[_Call] | None = None


class Choice(Struct):
    delta: Piece = msgspec.field(default_factory=Piece)
    finish_reason: str | None = None


class _Usage(Struct):
    prompt_tokens: Count = 0
    completion_tokens: Count = 0


class Chunk(Struct):
    choices: list[Choice] = []
    usage: _Usage | None = None
    error: msgspec.Raw | UnsetType = UNSET


_decoder = msgspec.json.Decoder(Chunk)
FINISHES: dict[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}


def decoded(data: bytes) -> Chunk:
    """One event of the stream. Raises `AnswerBroken`."""
    try:
        chunk = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise AnswerBroken("a chunk of the answer is not as chat completions have it") from None
    if chunk.error is not UNSET and bytes(chunk.error) != b"null":
        raise AnswerBroken("the model's server reported an error in the middle of its answer")
    return chunk


def pieces(piece: Piece) -> list[Delta]:
    deltas: list[Delta] = [TextDelta(piece.content)] if piece.content else []
    for call in piece.tool_calls or ():
        function = call.function
        deltas.append(
            CallDelta(
                index=call.index,
                id=call.id or "",
                name=function.name or "",
                arguments=function.arguments or "",
            )
        )
    return deltas


def request_of(name: str, messages: Sequence[Message], tools: Sequence[ModelTool]) -> bytes:
    body: dict[str, Any] = {
        "model": name,
        "messages": [_message(message) for message in messages],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if tools:
        body["tools"] = [{"type": "function", "function": tool} for tool in tools]
    return msgspec.json.encode(body)


def _message(message: Message) -> dict[str, Any]:
    written: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_call_id is not None:
        written["tool_call_id"] = message.tool_call_id
    if message.calls:
        written["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.calls
        ]
    return written
