"""One turn, without I/O: what happened goes in, what to do comes out.

The same inputs in the same order give the same effects with the same event ids. A second attempt feeds the
journal through a new `Turn`: what was done before is recognised by its id and not done again.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import structs

from app.contract import events as e
from app.contract.ids import AGENT_ID, derived
from app.contract.turn import Response, TurnError, TurnRequest, TurnResult, TurnToolCall
from workers.agent.answer import Answer
from workers.agent.call_events import CallEvents
from workers.agent.limits import NO_USAGE, used
from workers.agent.model import Call, CallOutcome, Step, TaskEnd
from workers.agent.tasks import TaskBook
from workers.agent.transitions import (
    LEGAL,
    Ask,
    AskPeople,
    Began,
    CallEnded,
    Decided,
    Dispatch,
    Effect,
    Emit,
    Finish,
    IllegalInput,
    Input,
    Keep,
    Kept,
    Phase,
    Planned,
    Said,
    Speaks,
    Stopped,
    Withdrawn,
)

WAITING_TEXT = "Waiting for your decision"
STOPPED_TEXT = "Stopped before there was an answer."


class Turn:
    """The state of one turn; `handle` is its only way forward. `now` is UTC.

    `durations` are the seconds that tasks are expected to take, by name.
    """

    def __init__(self, request: TurnRequest, durations: Mapping[str, float] | None = None) -> None:
        self.phase = Phase.READY
        self.steps: list[Step] = []
        self.outcomes: dict[str, CallOutcome] = {}
        self._undecided: dict[str, int] = {}
        self._calls: dict[str, Call] = {}
        self._request = request
        self._tasks = TaskBook(request, durations or {})
        self._events = CallEvents(request)
        self._answer = Answer(request, AGENT_ID)
        self._unfollowed = NO_USAGE
        self._statuses = 0
        self._unsaid = ""
        self._shown: tuple[e.AgentStatus, str | None] | None = None

    @property
    def open_calls(self) -> list[Call]:
        return [call for key, call in self._calls.items() if key not in self.outcomes]

    @property
    def took(self) -> dict[str, float]:
        """Seconds that each task took, by name."""
        return self._tasks.took

    @property
    def pieces(self) -> tuple[str, ...]:
        """What was said of the step to come, as it was cut."""
        return self._answer.pieces

    @property
    def undecided(self) -> list[tuple[Call, int]]:
        """The calls that wait for people, and how often they were asked about each."""
        return [(self._calls[key], number) for key, number in self._undecided.items()]

    @property
    def waits_for_people(self) -> bool:
        """Nothing can happen before somebody decides about a call."""
        return self.phase is Phase.WORKING and all(call.key in self._undecided for call in self.open_calls)

    def handle(self, happened: Input, now: datetime) -> list[Effect]:
        """What to do now that this happened.

        Raises `IllegalInput` for what `LEGAL` does not list and for a step that breaks the rules of `Step`.
        """
        if not isinstance(happened, LEGAL[self.phase]):
            raise IllegalInput(f"{type(happened).__name__} in phase {self.phase.value}")
        match happened:
            case Began():
                self.phase = Phase.THINKING
                began = self._show("thinking", "Reading the request", now)
                return [*began, Emit(self._tasks.begin_root(now)), Ask()]
            case Speaks() | Said() | Withdrawn():
                return self._speaking(happened)
            case Planned(step):
                return self._planned(step, now)
            case CallEnded(outcome):
                self.outcomes[outcome.key] = outcome
                self._undecided.pop(outcome.key, None)
                self.phase = Phase.THINKING
                reports = self._tasks.call_ended(self._calls[outcome.key].task, now)
                return [*map(Emit, reports), Ask()]
            case Decided():
                return self._decided(happened, now)
            case Kept():
                return self._kept(happened, now)
            case Stopped():
                return self._stopped(happened, now)

    def _speaking(self, happened: Speaks | Said | Withdrawn) -> list[Effect]:
        match happened:
            case Speaks():
                self.phase = Phase.SPEAKING
                return []
            case Said(text):
                return [Emit(self._answer.say(text))]
            case Withdrawn():
                self.phase = Phase.THINKING
                return [Emit(self._answer.begin_again())]

    def _planned(self, step: Step, now: datetime) -> list[Effect]:
        self.check(step)
        self.steps.append(step)
        effects: list[Effect] = [Emit(self._tasks.begin(task, now)) for task in step.tasks]
        if not step.say.startswith("".join(self.pieces)):
            effects.append(Emit(self._answer.begin_again()))
        unsaid = step.say.removeprefix("".join(self.pieces))
        if unsaid and step.result is None:
            effects.append(Emit(self._answer.say(unsaid)))
        self._answer.keep()
        for call in step.calls:
            effects += self._call(call, now)
        for end in step.ended:
            effects += map(Emit, self._tasks.end(end, now))
        if step.result is not None and step.result.plan is not None:
            self.phase, self._unsaid = Phase.KEEPING, unsaid
            return [*effects, Keep(step.result)]
        if step.result is not None:
            return effects + self._end(step.result, unsaid, step.finish_reason, None, now)
        self.phase = Phase.WORKING
        return effects + self._show_work(step.status, now)

    def _show_work(self, status: str | None, now: datetime) -> list[Effect]:
        if self.waits_for_people:
            return self._show("waiting", WAITING_TEXT, now)
        said = self._shown[1] if self._shown else None
        return self._show("active", status or (None if said == WAITING_TEXT else said), now)

    def _kept(self, kept: Kept, now: datetime) -> list[Effect]:
        """The end of the step before, with what became of its plan's trip."""
        step = self.steps[-1]
        assert step.result is not None
        assert step.result.plan is not None
        result = structs.replace(
            step.result,
            plan=structs.replace(step.result.plan, trip_id=kept.trip_id),
            warnings=[*step.result.warnings, *kept.warnings],
        )
        say = "\n".join([self._unsaid, *kept.warnings]) if kept.warnings else self._unsaid
        return self._end(result, say, step.finish_reason, None, now)

    def check(self, step: Step) -> None:
        """Raises `IllegalInput` for a step that breaks the rules of `Step`."""
        tasks = {*self._tasks.known, *(task.key for task in step.tasks)}
        if len(tasks) != len(self._tasks.known) + len(step.tasks):
            raise IllegalInput("a step begins a task twice")
        if not {each.task for each in step.calls} | {each.key for each in step.ended} <= tasks:
            raise IllegalInput("a step names a task that has not begun")
        known = {*self._calls, *(call.key for call in step.calls)}
        if len(known) != len(self._calls) + len(step.calls):
            raise IllegalInput("a step repeats a call")
        waits = len(known) > len(self.outcomes)
        if step.result is not None and waits:
            raise IllegalInput("a step finishes the turn while calls are open")
        if step.result is None and not waits:
            raise IllegalInput("a step leaves nothing to wait for")

    def _call(self, call: Call, now: datetime) -> list[Effect]:
        self._calls[call.key] = call
        self._tasks.call_began(call.task)
        return self._ask_people(call, None, now) if call.needs_approval else self._begin(call, now)

    def _ask_people(self, call: Call, error: e.ErrorBody | None, now: datetime) -> list[Effect]:
        number = self._undecided[call.key] = self._undecided.get(call.key, 0) + 1
        event = self._events.approval_required(call, self._tasks.task_id(call.task), number, error, now)
        return [AskPeople(event, call, number)]

    def _decided(self, decided: Decided, now: datetime) -> list[Effect]:
        if decided.key not in self._undecided:
            raise IllegalInput("a decision about a call that does not wait for one")
        call = self._calls[decided.key]
        if decided.error is not None:
            return self._ask_people(call, decided.error, now)
        call = self._calls[call.key] = structs.replace(call, arguments=decided.arguments)
        self.steps = [step.with_call(call) for step in self.steps]
        del self._undecided[call.key]
        return [*self._show_work(None, now), *self._begin(call, now)]

    def _begin(self, call: Call, now: datetime) -> list[Effect]:
        task_id = self._tasks.task_id(call.task)
        start = self._events.start(call, task_id, now)
        return [Emit(start), Dispatch(call, self.call_id(call), task_id)]

    def revocation(self, call: Call, error: e.ErrorBody, now: datetime) -> e.ToolCallError:
        """The event that ends an open call from outside: its turn is stopped, or a person said no."""
        return self._events.revoked(call, self._tasks.task_id(call.task), error, now)

    def _stopped(self, stopped: Stopped, now: datetime) -> list[Effect]:
        reason, error = stopped.reason, stopped.error
        self._unfollowed = stopped.usage or NO_USAGE
        self.outcomes |= {outcome.key: outcome for outcome in stopped.outcomes}
        if self.open_calls:
            raise IllegalInput("stopped with calls left open")
        effects: list[Effect] = []
        for key in self._tasks.open:
            effects += map(Emit, self._tasks.end(TaskEnd(key=key, error=error), now))
        say = "" if reason == "cancelled" else error.message
        if not self._answer.text.strip():
            say = say or STOPPED_TEXT
        elif say:
            say = f"\n\n{say}"
        result = TurnResult(outcome="answer", error=TurnError(code=error.code, message=error.message))
        return effects + self._end(result, say, reason, error, now)

    def _end(
        self,
        result: TurnResult,
        say: str,
        reason: e.FinishReason,
        error: e.ErrorBody | None,
        now: datetime,
    ) -> list[Effect]:
        """The end in its fixed order: open tasks, last chunk, message, root task, last status."""
        self.phase = Phase.ENDED
        effects: list[Effect] = []
        for key in self._tasks.open:
            effects += map(Emit, self._tasks.end(TaskEnd(key=key), now))
        effects.append(Emit(self._answer.say(say, last=True)))
        effects.append(Emit(self._answer.complete(reason)))
        tool_calls = self._tool_calls()
        whole = structs.replace(
            result,
            tool_calls=tool_calls,
            usage=used(self.steps, (now - self._request.accepted_at).total_seconds(), self._unfollowed),
            response=result.response or Response(text=self._answer.text),
        )
        message = self._answer.message(tool_calls, now)
        root_end = self._tasks.end_root(whole, error, now)
        status = self._status("error" if reason == "error" else "idle", None, now)
        return [*effects, Finish(message, root_end, status, whole, reason)]

    def _tool_calls(self) -> list[TurnToolCall]:
        return [
            TurnToolCall(
                id=self.call_id(call),
                name=call.tool,
                parameters=call.arguments,
                status=self.outcomes[key].status,
                endpoint=self.outcomes[key].endpoint,
            )
            for key, call in self._calls.items()
        ]

    def call_id(self, call: Call) -> str:
        return self._events.call_id(call)

    def _show(self, status: e.AgentStatus, current_task: str | None, now: datetime) -> list[Effect]:
        if self._shown == (status, current_task):
            return []
        self._shown = (status, current_task)
        return [Emit(self._status(status, current_task, now))]

    def _status(self, status: e.AgentStatus, current_task: str | None, now: datetime) -> e.AgentStatusUpdate:
        self._statuses += 1
        return e.AgentStatusUpdate(
            id=derived(self._request.turn_id, "status", self._statuses),
            timestamp=now,
            session_id=self._request.session_id,
            turn_id=self._request.turn_id,
            agent_id=AGENT_ID,
            status=status,
            current_task=current_task,
            progress=self._tasks.root_progress,
        )
