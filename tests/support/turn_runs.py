"""The agent's turn without I/O as tests run it, and steps to give it."""

from datetime import UTC, datetime, timedelta

from app.contract import events as e
from app.contract.turn import TurnRequest, TurnResult
from workers.agent.model import Call, CallOutcome, Step, Task, TaskEnd
from workers.agent.transitions import (
    Began,
    CallEnded,
    Dispatch,
    Emit,
    Finish,
    Planned,
    Stopped,
)
from workers.agent.turn import Turn

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
REQUEST = TurnRequest(turn_id="m1", session_id="s1", user_id="u1", content="A trip", accepted_at=NOW)
CANCELLED = Stopped("cancelled", e.ErrorBody(code="CANCELLED", message="stopped", retryable=False))
FAILED = Stopped("error", e.ErrorBody(code="INTERNAL_ERROR", message="It broke; try again.", retryable=True))


class Run:
    """Drives a turn and keeps what it would have put on the stream."""

    def __init__(self) -> None:
        self.turn = Turn(REQUEST)
        self.events: list[e.ServerEvent] = []
        self.dispatched: list[str] = []
        self.result: TurnResult | None = None
        self._now = NOW

    def hand(self, happened: object) -> None:
        self._now += timedelta(milliseconds=10)
        for effect in self.turn.handle(happened, self._now):  # type: ignore[arg-type]
            match effect:
                case Emit(event):
                    self.events.append(event)
                case Dispatch(call):
                    self.dispatched.append(call.key)
                case Finish(message, root_end, status, result, _):
                    self.events += [message, root_end, status]
                    self.result = result
                case _:
                    pass

    def stop(self, stopped: Stopped) -> None:
        """Stops as the runner does: open calls are revoked first, their ends on the stream before all else."""
        outcomes: list[CallOutcome] = []
        for open_call in self.turn.open_calls:
            event = self.turn.revocation(open_call, CANCELLED.error, self._now)
            self.events.append(event)
            outcomes.append(CallOutcome(key=open_call.key, status="cancelled", error=event.error))
        self.hand(Stopped(stopped.reason, stopped.error, tuple(outcomes)))

    def end_call(self, key: str, *, error: bool = False) -> None:
        """A call ends; its event is the tool worker's, put on the stream here in its stead."""
        start = next(
            event
            for event in self.events
            if isinstance(event, e.ToolCallStart) and event.id == f"m1.call.{key}.start"
        )
        fields = {
            name: getattr(start, name)
            for name in ("timestamp", "session_id", "turn_id", "tool_name", "tool_call_id", "task_id")
        }
        self.events.append(
            e.ToolCallError(id=f"m1.call.{key}.end", error=FAILED.error, **fields)
            if error
            else e.ToolCallComplete(id=f"m1.call.{key}.end", result={}, **fields)
        )
        self.hand(CallEnded(CallOutcome(key=key, status="error" if error else "complete")))


def task(key: str) -> Task:
    return Task(key=key, name=key.title(), description=f"Look at {key}")


def call(key: str, owner: str) -> Call:
    return Call(key=key, task=owner, tool="flight_search", arguments={"origin": "BER"})


SEARCH = Step(
    tasks=(task("flights"), task("weather")),
    say="Let me look. ",
    calls=(call("out", "flights"), call("back", "flights"), call("sky", "weather")),
)

WAIT = Step()
DONE = Step(
    say="Here it is.",
    ended=(TaskEnd(key="flights", result={"found": 2}), TaskEnd(key="weather", result={})),
    result=TurnResult(outcome="plan"),
)


def searched() -> Run:
    """A turn whose calls have all ended."""
    run = Run()
    run.hand(Began())
    run.hand(Planned(SEARCH))
    for key in ("sky", "out"):
        run.end_call(key)
        run.hand(Planned(WAIT))
    run.end_call("back")
    return run


def finished() -> Run:
    run = searched()
    run.hand(Planned(DONE))
    return run


DONE_PLAIN = Step(say="Done.", result=TurnResult(outcome="answer"))
