"""Text that is shown while the planner is still at it: said once, withdrawn, replaced, kept after a stop."""

import pytest
from msgspec import structs

from app.contract import events as e
from tests.support.plans import plan_of, planned
from tests.support.turn_rules import check_turn
from tests.support.turn_runs import CANCELLED, DONE, DONE_PLAIN, FAILED, REQUEST, Run, searched
from workers.agent.model import Step
from workers.agent.transitions import (
    Began,
    Kept,
    Planned,
    Said,
    Speaks,
    Stopped,
    Withdrawn,
)


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
    run = searched()
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
