"""The seam between the turn engine and whatever decides what a turn does next.

A `Planner` is told everything that is known and answers with the next `Step`. The built-in planner is pure:
the same view gives the same step. The engine journals each step before it acts on it, so a step is never
asked for twice, and everything named in a step has an id that the same step always gives.
"""

from collections.abc import AsyncGenerator
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

from msgspec import Raw, Struct, structs

from app.contract.events import CallStatus, ErrorBody
from app.contract.turn import PastTurn, TurnRequest, TurnResult


class Task(Struct, kw_only=True, frozen=True):
    """A task that the user sees.

    `key` is unique within the turn; `parent` is another task's key, or None under the root task.
    """

    key: str
    name: str
    description: str
    parent: str | None = None


class Call(Struct, kw_only=True, frozen=True):
    """A tool call that belongs to a task; `key` is unique within the turn.

    `summary` says to a person what it would do, should it need approval. Whether it does is the tool's to
    say: the engine sets `needs_approval`, whatever a planner thinks.
    """

    key: str
    task: str
    tool: str
    arguments: dict[str, Any]
    summary: str | None = None
    needs_approval: bool = False


class TaskEnd(Struct, kw_only=True, frozen=True):
    """A task is over: with a result, or with an error."""

    key: str
    result: Any = None
    error: ErrorBody | None = None


class ModelUsage(Struct, kw_only=True, frozen=True):
    """What a model used to decide a step, failed tries included. `cost` is in US dollars."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal = Decimal(0)


class Step(Struct, kw_only=True, frozen=True):
    """What to do now, in this order: begin tasks, say text, make calls (in parallel), end tasks, finish.

    `say` is appended to the answer that is streamed; pieces of it that were yielded before are how it begins.
    `result` ends the turn; `status` is what
    `agent_status_update.current_task` shows from here on. A step that does nothing means: waiting for calls.
    `usage` is what deciding it took; the turn's `usage` sums it, and its limits count it.
    """

    tasks: tuple[Task, ...] = ()
    say: str = ""
    calls: tuple[Call, ...] = ()
    ended: tuple[TaskEnd, ...] = ()
    status: str | None = None
    result: TurnResult | None = None
    finish_reason: Literal["stop", "error", "limit"] = "stop"
    usage: ModelUsage | None = None

    def with_call(self, changed: Call) -> "Step":
        """The step with this call as people would have it."""
        calls = tuple(changed if call.key == changed.key else call for call in self.calls)
        return structs.replace(self, calls=calls)


class BeginAgain(Struct, frozen=True):
    """What was said of the step to come is withdrawn: clients drop it."""


Told = str | BeginAgain | Step
"""What a planner that takes its time yields: text of its step as it comes, in the end the step."""


class CallOutcome(Struct, kw_only=True, frozen=True):
    """How a call ended. `result` is the JSON of the tool's result struct, `null` unless complete."""

    key: str
    status: CallStatus
    result: Raw = Raw(b"null")
    error: ErrorBody | None = None
    endpoint: str | None = None


class View(Struct, kw_only=True, frozen=True):
    """All that is known: the request, the day it is made on, steps done, calls ended.

    `recent` are the results of the session's turns before this one, newest first, and `history` what was
    said in them and further back.
    """

    request: TurnRequest
    today: date
    recent: tuple[TurnResult, ...]
    steps: tuple[Step, ...]
    outcomes: dict[str, CallOutcome]
    history: tuple[PastTurn, ...] = ()


class Planner(Protocol):
    def next(self, view: View) -> Step | AsyncGenerator[Told, None]:
        """The next step for this view, at once or, where something has to be asked for it, later.

        It is asked again after every call that ends, until a step has a `result`. It must not have side
        effects. Text that a generator yields before its step is shown at once. A generator is cancelled
        when the turn is stopped. An exception ends the turn with `INTERNAL_ERROR`.
        """
        ...
