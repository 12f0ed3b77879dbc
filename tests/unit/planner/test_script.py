"""A script is written as far as is known; a step is what is new in it."""

import pytest

from app.contract.turn import TurnResult
from workers.agent.model import CallOutcome, Step
from workers.agent.planner.script import Script, ScriptChanged, Writing

DONE = CallOutcome(key="a", status="complete")


async def flow(script: Script, greeting: str = "Hello. ") -> None:
    """One call, and a sentence before and after it."""
    script.task("work", "Work", "Doing it")
    script.status("Working")
    script.say(greeting)
    script.call("a", "work", "tool", {"x": 1})
    await script.outcomes(["a"])
    script.say("Done.")
    script.end("work", {"ok": True})
    script.finish(TurnResult(outcome="answer"))


def written(outcomes: dict[str, CallOutcome], *, greeting: str = "Hello. ") -> Script:
    script = Script()
    return Writing(script, flow(script, greeting)).with_outcomes(outcomes)


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


def test_a_flow_goes_on_where_it_stopped_and_writes_what_it_would_from_the_beginning() -> None:
    script = Script()
    writing = Writing(script, flow(script))
    first = writing.with_outcomes({}).after(())
    assert writing.with_outcomes({"b": DONE}).after((first,)) == Step()
    second = writing.with_outcomes({"b": DONE, "a": DONE}).after((first,))
    assert second.say == "Done."
    assert writing.with_outcomes({"b": DONE, "a": DONE}).after((first,)) == second
    assert written({"a": DONE}).after((first,)) == second


def test_a_turn_is_not_over_while_a_call_is_open() -> None:
    script = Script()
    script.call("a", "work", "tool", {})
    script.finish(TurnResult(outcome="answer"), "error")
    step = script.after(())
    assert step.result is None
    assert step.finish_reason == "stop"


def test_outcomes_are_there_together_or_not_at_all() -> None:
    script = Script()
    seen: list[list[CallOutcome]] = []

    async def both() -> None:
        seen.append(await script.outcomes(["a", "b"]))

    writing = Writing(script, both())
    writing.with_outcomes({"a": DONE})
    assert seen == []
    writing.with_outcomes({"a": DONE, "b": DONE})
    assert seen == [[DONE, DONE]]


def test_a_call_named_twice_is_made_once() -> None:
    script = Script()
    script.call("a", "work", "tool", {})
    script.call("a", "work", "tool", {})
    assert len(script.after(()).calls) == 1


async def asking(script: Script, key: str) -> str:
    """The work of one specialist: a call, and the end of its task."""
    script.task(key, key, "")
    script.call(key, key, "tool", {})
    await script.outcomes([key])
    script.end(key)
    return f"what {key} found"


async def two_specialists(script: Script, found: list[str]) -> None:
    first = script.beside("a", lambda: asking(script, "a"))
    await asking(script, "b")
    assert script.beside("a", lambda: asking(script, "c")) is first, "once however often it is named"
    found.append(await first.result())
    script.finish(TurnResult(outcome="answer"))


@pytest.mark.parametrize("first", ["a", "b"])
def test_what_goes_on_beside_ends_when_its_own_work_is_done(first: str) -> None:
    other = "b" if first == "a" else "a"
    script, found = Script(), list[str]()
    writing = Writing(script, two_specialists(script, found))
    begun = writing.with_outcomes({}).after(())
    assert {call.key for call in begun.calls} == {"a", "b"}
    one = CallOutcome(key=first, status="complete")
    step = writing.with_outcomes({first: one}).after((begun,))
    assert ([end.key for end in step.ended], step.result) == ([first], None)
    both = {first: one, other: CallOutcome(key=other, status="complete")}
    last = writing.with_outcomes(both).after((begun, step))
    assert [end.key for end in last.ended] == [other]
    assert last.result is not None
    assert found == ["what a found"]
    script, again = Script(), list[str]()
    assert Writing(script, two_specialists(script, again)).with_outcomes(both).after((begun, step)) == last
