"""The vocabulary of a turn: its phases, what can happen in each, and what a turn asks to be done.

READY --Began--> THINKING <--CallEnded-- WORKING
                    |------Planned-------->|
                    |--Planned(result)--> ENDED
                    |--Planned(plan)----> KEEPING --Kept--> ENDED
THINKING --Speaks--> SPEAKING --Said--> SPEAKING --Withdrawn--> THINKING
SPEAKING --Planned--> WORKING, KEEPING, ENDED
WORKING --Decided--> WORKING
THINKING, SPEAKING, WORKING, KEEPING --Stopped--> ENDED
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from msgspec import Struct

from app.contract import events as e
from app.contract.turn import TurnResult
from workers.agent.model import Call, CallOutcome, ModelUsage, Step


class Phase(Enum):
    READY = "ready"
    THINKING = "thinking"
    SPEAKING = "speaking"
    WORKING = "working"
    KEEPING = "keeping"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Began:
    """A worker took the turn up."""


@dataclass(frozen=True, slots=True)
class Planned:
    """The planner answered."""

    step: Step


@dataclass(frozen=True, slots=True)
class Speaks:
    """Text of the step to come is going to be said, piece by piece."""


@dataclass(frozen=True, slots=True)
class Said:
    """The next piece of that text."""

    text: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """That text is not going on, or what was said of it is known to an attempt that is gone only."""


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A tool call is over, well or badly."""

    outcome: CallOutcome


@dataclass(frozen=True, slots=True)
class Decided:
    """A person has decided about a call: it is to be made with `arguments`; or they cannot be used (`error`).

    A call that was rejected has ended: that is a `CallEnded`.
    """

    key: str
    arguments: dict[str, Any]
    error: e.ErrorBody | None = None


class Kept(Struct, kw_only=True, frozen=True):
    """The plan is the trip of this id; None where it could not be. `warnings` are for the user to read."""

    trip_id: str | None
    warnings: list[str] = []


@dataclass(frozen=True, slots=True)
class Stopped:
    """The turn ends before its answer is whole: cancelled, failed or at a limit.

    `outcomes` has one for each call that was open: revoked, or ended at the last moment. `usage` is what a
    step took that was decided and not followed.
    """

    reason: e.FinishReason
    error: e.ErrorBody
    outcomes: Sequence[CallOutcome] = ()
    usage: ModelUsage | None = None


Input = Began | Speaks | Said | Withdrawn | Planned | CallEnded | Decided | Kept | Stopped

LEGAL: dict[Phase, tuple[type[Input], ...]] = {
    Phase.READY: (Began,),
    Phase.THINKING: (Speaks, Planned, Stopped),
    Phase.SPEAKING: (Said, Withdrawn, Planned, Stopped),
    Phase.WORKING: (CallEnded, Decided, Stopped),
    Phase.KEEPING: (Kept, Stopped),
    Phase.ENDED: (),
}


class IllegalInput(Exception):
    """Something was handed in that cannot happen in this phase, or a step breaks the rules of `Step`."""


@dataclass(frozen=True, slots=True)
class Emit:
    """Append this event to the session's stream."""

    event: e.ServerEvent


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the planner for the next step."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Put this tool call on the queue, unless its outcome is known already."""

    call: Call
    call_id: str
    task_id: str


@dataclass(frozen=True, slots=True)
class AskPeople:
    """Append this event and let people decide about the call; `number` counts the times, from 1."""

    event: e.ToolCallApprovalRequired
    call: Call
    number: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Write the plan of this result into its trip."""

    result: TurnResult


@dataclass(frozen=True, slots=True)
class Finish:
    """The turn is over: append these three, the message and the result to be kept, `status` last of all."""

    message: e.ChatMessage
    root_end: e.AgentTaskComplete | e.AgentTaskError
    status: e.AgentStatusUpdate
    result: TurnResult
    reason: e.FinishReason


Effect = Emit | Ask | Dispatch | AskPeople | Keep | Finish
