"""A script is written again each time; a step is what is new in it."""

import pytest

from app.contract.turn import TurnResult
from workers.agent.model import CallOutcome, Step
from workers.agent.planner.script import Script, ScriptChanged, Waiting

DONE = CallOutcome(key="a", status="complete")


def written(outcomes: dict[str, CallOutcome], *, greeting: str = "Hello. ") -> Script:
    """One call, and a sentence before and after it."""
    script = Script(outcomes)
    script.task("work", "Work", "Doing it")
    script.status("Working")
    script.say(greeting)
    if script.call("a", "work", "tool", {"x": 1}) is not None:
        script.say("Done.")
        script.end("work", {"ok": True})
        script.finish(TurnResult(outcome="answer"))
    return script


def test_a_step_is_what_earlier_steps_did_not_do() -> None:
    first = written({}).after(())
    assert [task.key for task in first.tasks] == ["work"]
    assert [call.key for call in first.calls] == ["a"]
    assert (first.say, first.status, first.result) == ("Hello. ", "Working", None)
    second = written({"a": DONE}).after((first,))
    assert (second.tasks, second.calls, second.say) == ((), (), "Done.")
    assert [end.key for end in second.ended] == ["work"]
    assert second.result is not None


def test_nothing_new_is_an_empty_step() -> None:
    assert written({}).after((written({}).after(()),)) == Step()


def test_what_was_said_cannot_be_said_otherwise() -> None:
    said = written({}).after(())
    with pytest.raises(ScriptChanged):
        written({"a": DONE}, greeting="Hi. ").after((said,))


def test_a_turn_is_not_over_while_a_call_is_open() -> None:
    script = Script({})
    script.call("a", "work", "tool", {})
    script.finish(TurnResult(outcome="answer"), "error")
    step = script.after(())
    assert step.result is None
    assert step.finish_reason == "stop"


def test_outcomes_are_there_together_or_not_at_all() -> None:
    script = Script({"a": DONE})
    script.call("a", "work", "tool", {})
    script.call("b", "work", "tool", {})
    assert script.outcomes(["a"]) == [DONE]
    with pytest.raises(Waiting):
        script.outcomes(["a", "b"])


def test_a_call_named_twice_is_made_once() -> None:
    script = Script({})
    script.call("a", "work", "tool", {})
    script.call("a", "work", "tool", {})
    assert len(script.after(()).calls) == 1
