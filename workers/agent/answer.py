"""The answer of a turn while it is written: chunks that join to the message they end in.

It may begin again under another message id, with what the steps that are done said of it.
"""

from datetime import datetime

from app.contract import events as e
from app.contract.ids import derived
from app.contract.turn import TurnRequest, TurnToolCall


class Answer:
    def __init__(self, request: TurnRequest, agent_id: str) -> None:
        self.message_id = derived(request.turn_id, "answer")
        self._request = request
        self._agent_id = agent_id
        self._begun = 1
        self._replaces: e.Maybe[str] = e.UNSET
        self._chunks: list[str] = []
        self._kept = 0

    @property
    def text(self) -> str:
        return "".join(self._chunks)

    @property
    def pieces(self) -> tuple[str, ...]:
        """What was said since the last step, as it was cut."""
        return tuple(self._chunks[self._kept :])

    def say(self, text: str, *, last: bool = False) -> e.ChatMessageChunk:
        """The next chunk. The last one may be empty: it says that the answer is whole."""
        self._chunks.append(text)
        sequence = len(self._chunks)
        return e.ChatMessageChunk(
            id=derived(self.message_id, "chunk", sequence),
            session_id=self._request.session_id,
            turn_id=self._request.turn_id,
            message_id=self.message_id,
            replaces=self._replaces,
            chunk=text,
            is_complete=last,
            sequence=sequence,
        )

    def keep(self) -> None:
        """What was said so far stays, should the answer begin again."""
        self._kept = len(self._chunks)

    def begin_again(self) -> e.ChatMessageChunk:
        """The first chunk of an answer that takes the place of this one; empty when there is nothing to keep."""
        kept = "".join(self._chunks[: self._kept])
        self._replaces = self.message_id
        self._begun += 1
        self.message_id = derived(self._request.turn_id, "answer", self._begun)
        self._chunks.clear()
        first = self.say(kept)
        self.keep()
        return first

    def complete(self, reason: e.FinishReason) -> e.ChatMessageComplete:
        return e.ChatMessageComplete(
            id=derived(self.message_id, "complete"),
            session_id=self._request.session_id,
            turn_id=self._request.turn_id,
            message_id=self.message_id,
            full_content=self.text,
            total_chunks=len(self._chunks),
            finish_reason=reason,
        )

    def message(self, tool_calls: list[TurnToolCall], now: datetime) -> e.ChatMessage:
        return e.ChatMessage(
            id=self.message_id,
            timestamp=now,
            session_id=self._request.session_id,
            turn_id=self._request.turn_id,
            role="assistant",
            content=self.text,
            metadata={"agent_id": self._agent_id},
            tool_calls=[
                e.MessageToolCall(id=call.id, name=call.name, parameters=call.parameters, status=call.status)
                for call in tool_calls
            ],
        )
