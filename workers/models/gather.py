"""Deltas to the whole reply."""

from msgspec import Struct, structs

from workers.models.model import (
    AnswerBroken,
    AnswerTruncated,
    AskedCall,
    CallDelta,
    Delta,
    Finished,
    TextDelta,
)

MAX_CALLS = 32


class Reply(Struct, kw_only=True, frozen=True):
    """A whole answer: its text, the calls it asks for in the order of their indices, and how it ended."""

    text: str
    calls: tuple[AskedCall, ...]
    end: Finished


class Gatherer:
    def __init__(self) -> None:
        self._text: list[str] = []
        self._calls: dict[int, list[CallDelta]] = {}
        self._end: Finished | None = None

    def add(self, delta: Delta) -> None:
        """Raises `AnswerBroken` for more calls than one answer may ask for."""
        match delta:
            case TextDelta(text):
                self._text.append(text)
            case CallDelta():
                self._calls.setdefault(delta.index, []).append(delta)
                if len(self._calls) > MAX_CALLS:
                    raise AnswerBroken(f"the model asks for more than {MAX_CALLS} calls at once")
            case Finished():
                self._end = delta

    def reply(self) -> Reply:
        """Raises `AnswerTruncated` before the end has come, and `AnswerBroken` for a call of no tool."""
        if self._end is None:
            raise AnswerTruncated("the answer has no end")
        calls = _apart({index: _joined(self._calls[index]) for index in sorted(self._calls)})
        return Reply(text="".join(self._text), calls=calls, end=self._end)


def _joined(pieces: list[CallDelta]) -> AskedCall:
    """Id and name come whole, with the first piece that has them."""
    name = next((piece.name for piece in pieces if piece.name), "")
    if not name:
        raise AnswerBroken("the model asks for a call without naming a tool")
    return AskedCall(
        id=next((piece.id for piece in pieces if piece.id), ""),
        name=name,
        arguments="".join(piece.arguments for piece in pieces),
    )


def _apart(calls: dict[int, AskedCall]) -> tuple[AskedCall, ...]:
    """Each with an id of its own, whatever the server gave them: what is said of one is said of no other."""
    ids = {call.id for call in calls.values()}
    if len(ids) == len(calls) and "" not in ids:
        return tuple(calls.values())
    return tuple(structs.replace(call, id=f"call_{index}") for index, call in calls.items())
