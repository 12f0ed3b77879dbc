"""A turn made again from its journal, without I/O, and compared with what is on its stream."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from app.contract import events as e
from app.contract.codec import encode
from app.contract.turn import TurnRequest
from workers.agent.journal import Entry
from workers.agent.model import CallOutcome
from workers.agent.transitions import (
    AskPeople,
    Began,
    CallEnded,
    Emit,
    Finish,
    Input,
    Phase,
    Said,
    Stopped,
)
from workers.agent.turn import Turn

OF_TOOLS = (e.ToolCallProgress, e.ToolCallComplete, e.ToolCallError)
"""Events that tool workers append, or the runner in their stead: how calls ended is an input of a turn."""


@dataclass(slots=True)
class Differences:
    """Ids of events: made again and not on the stream, on the stream and not made again, or made differently."""

    missing: list[str] = field(default_factory=list[str])
    unexplained: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    out_of_order: bool = False

    @property
    def none(self) -> bool:
        return not (self.missing or self.unexplained or self.changed or self.out_of_order)


def replay(
    request: TurnRequest,
    entries: Sequence[Entry],
    outcomes: Mapping[str, CallOutcome],
    durations: Mapping[str, float],
    now: datetime,
) -> tuple[list[e.ServerEvent], Phase]:
    """The events that these decisions and outcomes make, all at `now`, and how far the turn is.

    Raises `IllegalInput` or `KeyError` for a journal that no turn can have written.
    """
    turn = Turn(request, durations)
    events: list[e.ServerEvent] = []

    def hand(happened: Input) -> None:
        for effect in turn.handle(happened, now):
            match effect:
                case Emit(event) | AskPeople(event):
                    events.append(event)
                case Finish(message, root_end, status):
                    events.extend((message, root_end, status))
                case _:
                    pass

    hand(Began())
    for entry in entries:
        if entry.after is not None:
            hand(CallEnded(outcomes[entry.after]))
        for piece in entry.pieces:
            hand(Said(piece))
        if entry.decided is not None:
            hand(entry.decided)
        elif entry.stop is not None:
            ended = [outcomes[call.key] for call in turn.open_calls]
            hand(Stopped(entry.stop.reason, entry.stop.error, ended, entry.stop.usage))
    return events, turn.phase


def compare(made: Sequence[e.ServerEvent], recorded: Sequence[e.ServerEvent]) -> Differences:
    """What a replay and the stream do not agree in. Times are left out: only the stream knows them.

    `recorded` are the turn's events in the stream's order; those of tools and of the user are passed over.
    """
    here = {event.id: _content(event) for event in made}
    own = [
        event
        for event in recorded
        if not (isinstance(event, OF_TOOLS) or _is_request(event) or _is_withdrawn(event, here, recorded))
    ]
    there = {event.id: _content(event) for event in own}
    both = here.keys() & there.keys()
    return Differences(
        missing=[name for name in here if name not in there],
        unexplained=[name for name in there if name not in here],
        changed=[name for name in here if name in both and here[name] != there[name]],
        out_of_order=[name for name in here if name in both] != [name for name in there if name in both],
    )


def _is_request(event: e.ServerEvent) -> bool:
    return isinstance(event, e.ChatMessage) and event.role == "user"


def _is_withdrawn(event: e.ServerEvent, made: Collection[str], recorded: Sequence[e.ServerEvent]) -> bool:
    """Whether it is a piece of an answer that is not the turn's, or not yet: only the stream knows those."""
    if not isinstance(event, e.ChatMessageChunk) or event.id in made:
        return False
    ended = (other.message_id for other in recorded if isinstance(other, e.ChatMessageComplete))
    return event.message_id not in ended


def _content(event: e.ServerEvent) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.json.decode(encode(event))
    for name in ("timestamp", "seq", "stream"):
        fields.pop(name, None)
    usage: Any = fields["result"].get("usage") if isinstance(fields.get("result"), dict) else None
    if usage:
        usage.pop("seconds")
    return fields
