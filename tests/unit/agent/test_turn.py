"""The turn's rules (protocol section 4), with no I/O: any planner, any order of calls, stopped anywhere."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from app.contract import events as e
from app.contract.turn import TurnResult
from tests.support.turn_rules import check_turn
from tests.support.turn_runs import (
    CANCELLED,
    DONE,
    DONE_PLAIN,
    FAILED,
    REQUEST,
    SEARCH,
    WAIT,
    Run,
    call,
    finished,
    task,
)
from workers.agent.model import Step
from workers.agent.transitions import (
    Began,
    IllegalInput,
    Phase,
    Planned,
    Said,
    Speaks,
    Stopped,
    Withdrawn,
)


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
