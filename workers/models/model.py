"""What a language model is to the agent: a conversation and tools in, an answer in pieces out."""

from collections.abc import AsyncGenerator, Sequence
from decimal import Decimal
from typing import Any, Literal, Protocol

from msgspec import Struct

Role = Literal["system", "user", "assistant", "tool"]
Finish = Literal["stop", "length", "tool_calls", "content_filter"]


class ModelTool(Struct, frozen=True):
    """A function that the model may ask for; `parameters` is the JSON Schema of its arguments object."""

    name: str
    description: str
    parameters: dict[str, Any]


class AskedCall(Struct, kw_only=True, frozen=True):
    """A tool call that the model asks for. `arguments` is the JSON that it wrote, which may not be any."""

    id: str
    name: str
    arguments: str


class Message(Struct, kw_only=True, frozen=True):
    """One message of the conversation; `tool_call_id` says which call a tool's message answers."""

    role: Role
    content: str = ""
    calls: tuple[AskedCall, ...] = ()
    tool_call_id: str | None = None


class TextDelta(Struct, frozen=True):
    """The next piece of the text."""

    text: str


class CallDelta(Struct, kw_only=True, frozen=True):
    """A piece of the tool call at `index`. `arguments` pieces join; they are JSON only when all are there."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""


class Usage(Struct, kw_only=True, frozen=True):
    """What an answer took: tokens as the server counts them, else estimated, and their price in US dollars."""

    tokens_in: int
    tokens_out: int
    cost: Decimal = Decimal(0)


class Finished(Struct, frozen=True):
    """The answer is whole, always the last delta. `usage` is None where nobody counts."""

    reason: Finish
    usage: Usage | None = None


Delta = TextDelta | CallDelta | Finished


class ModelError(Exception):
    """A model did not answer, or not wholly. The message never holds a key; `usage` is what it took all the same."""

    usage: Usage | None = None


class ModelUnavailable(ModelError):
    """It cannot be reached, or turned the request away: nothing of an answer was read."""

    def __init__(self, said: str, status: int | None = None) -> None:
        super().__init__(said)
        self.status = status


class AnswerTruncated(ModelError):
    """The stream ended before the answer did."""


class AnswerBroken(ModelError):
    """What came is no answer: not JSON, not of the expected shape, or an error in the middle."""


class AnswerIdle(ModelError):
    """Nothing came for too long."""


class AnswerTooLarge(ModelError):
    """More came than an answer may be."""


class Model(Protocol):
    def stream(self, messages: Sequence[Message], tools: Sequence[ModelTool]) -> AsyncGenerator[Delta, None]:
        """The answer as it arrives; `Finished` ends it. Raises `ModelError`.

        Close the generator (`contextlib.aclosing`) to give an answer up: its connection is closed with it.
        """
        ...
