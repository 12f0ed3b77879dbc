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
    """A whole answer: its text, the calls it asks for in the order of their indices, and how it ended.

    Calls that share an index are in the order in which they began.
    """

    text: str
    calls: tuple[AskedCall, ...]
    end: Finished


class Gatherer:
    def __init__(self) -> None:
        self._text: list[str] = []
        self._calls: list[list[CallDelta]] = []
        self._end: Finished | None = None

    def add(self, delta: Delta) -> None:
        """Raises `AnswerBroken` for more calls than one answer may ask for."""
        match delta:
            case TextDelta(text):
                self._text.append(text)
            case CallDelta():
                self._pieces_of(delta).append(delta)
                if len(self._calls) > MAX_CALLS:
                    raise AnswerBroken(f"the model asks for more than {MAX_CALLS} calls at once")
            case Finished():
                self._end = delta

    def reply(self) -> Reply:
        """Raises `AnswerTruncated` before the end has come, and `AnswerBroken` for a call of no tool."""
        if self._end is None:
            raise AnswerTruncated("the answer has no end")
        in_order = sorted(self._calls, key=lambda pieces: pieces[0].index)
        return Reply(text="".join(self._text), calls=_apart(list(map(_joined, in_order))), end=self._end)

    def _pieces_of(self, delta: CallDelta) -> list[CallDelta]:
        """The pieces of the call that this one belongs to, which may begin with it.

        Some servers give every call the index 0: one that names a tool under another id is another call. An id
        without a name is no sign of one, since other servers make an id up for each piece.
        """
        at_index = [pieces for pieces in self._calls if pieces[0].index == delta.index]
        for pieces in at_index:
            if delta.id and any(piece.id == delta.id for piece in pieces):
                return pieces
        begins = delta.id and delta.name and any(piece.id for pieces in at_index for piece in pieces)
        if begins or not at_index:
            self._calls.append([])
            return self._calls[-1]
        return at_index[-1]


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


def _apart(calls: list[AskedCall]) -> tuple[AskedCall, ...]:
    """Each with an id of its own, whatever the server gave them: what is said of one is said of no other."""
    ids = {call.id for call in calls}
    if len(ids) == len(calls) and "" not in ids:
        return tuple(calls)
    return tuple(structs.replace(call, id=f"call_{number}") for number, call in enumerate(calls))
