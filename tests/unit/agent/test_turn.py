"""The turn's rules (protocol section 4), with no I/O: any planner, any order of calls, stopped anywhere."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from app.contract import events as e
from app.contract.turn import TurnRequest, TurnResult
from tests.support.plans import plan_of, planned
from tests.support.turn_rules import check_turn
from workers.agent.model import Call, CallOutcome, Step, Task, TaskEnd
from workers.agent.transitions import (
    Began,
    CallEnded,
    Dispatch,
    Emit,
    Finish,
    IllegalInput,
    Kept,
    Phase,
    Planned,
    Said,
    Speaks,
    Stopped,
    Withdrawn,
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


def finished() -> Run:
    run = Run()
    run.hand(Began())
    run.hand(Planned(SEARCH))
    for key in ("sky", "out"):
        run.end_call(key)
        run.hand(Planned(WAIT))
    run.end_call("back")
    run.hand(Planned(DONE))
    return run


def test_a_whole_turn_keeps_every_rule() -> None:
    run = finished()
    check_turn(run.events, REQUEST.turn_id)
    assert run.turn.phase is Phase.ENDED
    assert run.result is not None
    assert [made.status for made in run.result.tool_calls] == ["complete"] * 3
    assert run.result.response is not None
    assert run.result.response.text == "Let me look. Here it is."


def test_a_stopped_turn_that_had_said_nothing_to_read_says_that_it_stopped() -> None:
    run = Run()
    run.hand(Began())
    run.hand(Planned(Step(tasks=(task("flights"),), say=" ", calls=(call("out", "flights"),))))
    run.stop(CANCELLED)
    check_turn(run.events, REQUEST.turn_id)


def test_the_first_event_is_a_status_before_anything_is_planned() -> None:
    run = Run()
    run.hand(Began())
    assert isinstance(run.events[0], e.AgentStatusUpdate)
    assert run.events[0].status == "thinking"


def test_the_same_inputs_give_the_same_ids() -> None:
    assert [event.id for event in finished().events] == [event.id for event in finished().events]


def test_event_ids_are_unique() -> None:
    ids = [event.id for event in finished().events]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("stop", [CANCELLED, FAILED])
@pytest.mark.parametrize("ended_calls", [0, 1, 2])
def test_stopped_while_calls_are_open(stop: Stopped, ended_calls: int) -> None:
    run = Run()
    run.hand(Began())
    run.hand(Planned(SEARCH))
    for key in ("out", "sky")[:ended_calls]:
        run.end_call(key)
        run.hand(Planned(WAIT))
    run.stop(stop)
    check_turn(run.events, REQUEST.turn_id)
    cancelled = [event for event in run.events if isinstance(event, e.ToolCallError)]
    assert len(cancelled) == 3 - ended_calls
    assert {event.error.code for event in cancelled} == {"CANCELLED"}
    complete = next(event for event in run.events if isinstance(event, e.ChatMessageComplete))
    assert complete.finish_reason == stop.reason
    assert complete.full_content.startswith("Let me look. ")
    assert ("It broke" in complete.full_content) == (stop is FAILED)


def test_stopped_before_a_word_was_said_still_answers() -> None:
    run = Run()
    run.hand(Began())
    run.hand(CANCELLED)
    check_turn(run.events, REQUEST.turn_id)
    assert isinstance(run.events[-1], e.AgentStatusUpdate)
    assert run.events[-1].status == "idle"
    message = next(event for event in run.events if isinstance(event, e.ChatMessage))
    assert message.content


def test_a_failed_turn_ends_in_error() -> None:
    run = Run()
    run.hand(Began())
    run.hand(FAILED)
    assert isinstance(run.events[-1], e.AgentStatusUpdate)
    assert run.events[-1].status == "error"
    assert run.result is not None
    assert run.result.error is not None
    assert run.result.error.code == "INTERNAL_ERROR"


@pytest.mark.parametrize(
    ("inputs", "happened"),
    [
        ([], Planned(DONE)),
        ([Began()], Began()),
        ([Began()], Planned(WAIT)),
        ([Began()], Said("a word")),
        ([Began()], Withdrawn()),
        ([Began(), Speaks()], Speaks()),
        ([Began(), Planned(SEARCH)], Speaks()),
        ([Began(), Planned(SEARCH)], Planned(WAIT)),
        ([Began(), CANCELLED], CANCELLED),
        ([Began(), Planned(SEARCH)], CANCELLED),
        ([Began()], Planned(Step(tasks=(task("a"),), calls=(call("x", "a"), call("x", "a"))))),
        (
            [Began()],
            Planned(Step(tasks=(task("a"),), calls=(call("x", "a"),), result=TurnResult(outcome="answer"))),
        ),
    ],
)
def test_what_cannot_happen_is_refused(inputs: list[object], happened: object) -> None:
    run = Run()
    for each in inputs:
        run.hand(each)
    with pytest.raises(IllegalInput):
        run.hand(happened)


@st.composite
def streamed(draw: st.DrawFn) -> tuple[list[object], str]:
    """Pieces of a step's text, withdrawn now and then, and the text that its step has, which may be another."""
    happened: list[object] = []
    pieces: list[str] = []
    for _ in range(draw(st.integers(0, 3))):
        pieces = draw(st.lists(st.text(max_size=3), max_size=4))
        happened += [Speaks(), *map(Said, pieces), Withdrawn()]
    if happened and draw(st.booleans()):
        happened.pop()
    said = draw(st.sampled_from(["".join(pieces), ""])) + draw(st.text(max_size=3))
    return happened, said


@given(data=st.data())
def test_any_order_of_calls_and_any_stop_keeps_the_rules(data: st.DataObject) -> None:
    run = Run()
    run.hand(Began())
    before, said = data.draw(streamed())
    for happened in before:
        run.hand(happened)
    tasks = data.draw(st.lists(st.sampled_from("abcd"), unique=True, min_size=1))
    owners = data.draw(st.lists(st.sampled_from(tasks), min_size=1, max_size=6))
    calls = tuple(call(f"c{number}", owner) for number, owner in enumerate(owners))
    run.hand(Planned(Step(tasks=tuple(map(task, tasks)), calls=calls, say=said)))
    order = data.draw(st.permutations([each.key for each in calls]))
    stop_after = data.draw(st.integers(0, len(order)))
    for count, key in enumerate(order):
        if count == stop_after:
            run.stop(data.draw(st.sampled_from([CANCELLED, FAILED])))
            break
        run.end_call(key, error=data.draw(st.booleans()))
        last = count == len(order) - 1
        before, said = data.draw(streamed())
        for happened in before:
            run.hand(happened)
        if before and data.draw(st.booleans()):
            run.stop(data.draw(st.sampled_from([CANCELLED, FAILED])))
            break
        run.hand(Planned(structs.replace(DONE_PLAIN, say=said + "Done.") if last else Step(say=said)))
    check_turn(run.events, REQUEST.turn_id)
    assert run.result is not None
    assert json.loads(e.msgspec.json.encode(run.result))["tool_calls"]


def text_of(run: Run) -> str:
    complete = next(event for event in run.events if isinstance(event, e.ChatMessageComplete))
    return complete.full_content


def chunks_of(run: Run) -> list[tuple[object, str]]:
    chunks = [event for event in run.events if isinstance(event, e.ChatMessageChunk)]
    return [(chunk.message_id, chunk.chunk) for chunk in chunks]


def test_a_step_whose_text_was_streamed_says_the_rest_only() -> None:
    run = Run()
    for happened in (
        Began(),
        Speaks(),
        Said("Take "),
        Said("a "),
        Planned(structs.replace(DONE_PLAIN, say="Take a coat.")),
    ):
        run.hand(happened)
    check_turn(run.events, REQUEST.turn_id)
    assert [text for _, text in chunks_of(run)] == ["Take ", "a ", "coat."]


def test_nor_is_a_plan_told_twice_that_becomes_a_trip_in_between() -> None:
    run = Run()
    for happened in (
        Began(),
        Speaks(),
        Said("Here is "),
        Planned(Step(say="Here is your trip.", result=planned(plan_of("Lisbon")))),
        Kept(trip_id="t1", warnings=["It was changed."]),
    ):
        run.hand(happened)
    check_turn(run.events, REQUEST.turn_id)
    assert [text for _, text in chunks_of(run)] == ["Here is ", "your trip.\nIt was changed."]
    assert run.result is not None
    assert run.result.plan is not None
    assert run.result.plan.trip_id == "t1"


def test_what_is_withdrawn_is_replaced_and_what_steps_said_before_is_kept() -> None:
    run = Run()
    run.hand(Began())
    run.hand(Planned(SEARCH))
    for key in ("sky", "out"):
        run.end_call(key)
        run.hand(Planned(WAIT))
    run.end_call("back")
    for happened in (
        Speaks(),
        Said("Wrong. "),
        Withdrawn(),
        Speaks(),
        Said("Right."),
        Planned(structs.replace(DONE, say="Right.")),
    ):
        run.hand(happened)
    check_turn(run.events, REQUEST.turn_id)
    assert text_of(run) == "Let me look. Right."
    assert chunks_of(run) == [
        ("m1.answer", "Let me look. "),
        ("m1.answer", "Wrong. "),
        ("m1.answer.2", "Let me look. "),
        ("m1.answer.2", "Right."),
        ("m1.answer.2", ""),
    ]


def test_a_step_that_says_something_else_withdraws_what_was_streamed() -> None:
    run = Run()
    for happened in (
        Began(),
        Speaks(),
        Said("Take a hat."),
        Planned(structs.replace(DONE_PLAIN, say="Take a coat.")),
    ):
        run.hand(happened)
    check_turn(run.events, REQUEST.turn_id)
    assert text_of(run) == "Take a coat."


@pytest.mark.parametrize("stop", [CANCELLED, FAILED])
def test_what_was_streamed_stays_when_the_turn_is_stopped(stop: Stopped) -> None:
    run = Run()
    for happened in (Began(), Speaks(), Said("Half a sen"), stop):
        run.hand(happened)
    check_turn(run.events, REQUEST.turn_id)
    assert text_of(run).startswith("Half a sen")
    assert run.result is not None
    assert run.result.response is not None
    assert run.result.response.text == text_of(run)


DONE_PLAIN = Step(say="Done.", result=TurnResult(outcome="answer"))
