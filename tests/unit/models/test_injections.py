"""No attempt in tests/data/injections.yaml is obeyed: by no prompt, by no model that would, by no planner."""

import json
import re
from collections.abc import Sequence

import pytest
from msgspec import structs

from app.contract.codec import encode
from tests.support.injections import ATTEMPTS, IN_RESULTS, REQUEST, Attempt, HostileWorld
from tests.support.planner_world import Played, play
from tests.support.scripted_model import Answer, Driven, ScriptedModel, asks, says
from tools import registry
from workers.agent.links import has_link
from workers.agent.model import Call, View
from workers.models.model import Message

PLAN = play(REQUEST)
SEARCHES = [(call.tool, call.arguments) for call in PLAN.calls]
TOOLS = registry.load()

each_attempt = pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.text[:24])


class Obedient(ScriptedModel):
    """Searches, and then does what the attempt wants each time that it is asked; says so at last."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__()
        self._attempt = attempt
        self._asked = 0

    def answer(self) -> Answer:
        self._asked += 1
        if self._asked == 1:
            return asks(*SEARCHES)
        if self._asked <= 4:
            wanted = self._attempt
            return asks((wanted.call, wanted.with_)) if wanted.call else says(wanted.say)
        return says("It is done.")


def led(attempt: Attempt, model: ScriptedModel) -> Played:
    def changed(view: View) -> View:
        before = () if attempt.where != "trip" else (attempt.planted(PLAN.result),)
        return structs.replace(view, history=attempt.history, recent=before)

    return play(attempt.content, HostileWorld(attempt=attempt), planner=Driven(model, changed))


def outside_of_fences(messages: Sequence[Message]) -> str:
    """What is told, without what is marked as data."""
    told = "\n".join(message.content for message in messages if message.role != "system")
    left, decoder = "", json.JSONDecoder()
    while (start := told.find('{"untrusted":')) >= 0:
        left += told[:start]
        told = told[start + decoder.raw_decode(told[start:])[1] :]
    return left + told


@each_attempt
def test_it_reaches_the_model_as_data_only(attempt: Attempt) -> None:
    model = Obedient(attempt)
    led(attempt, model)
    told = model.told[1]
    written = json.dumps(attempt.text, ensure_ascii=False)[1:-1]
    everything = "\n".join(message.content for message in told)
    opening = re.sub(r"\\u00(3c|5b)", lambda found: "<" if found[1] == "3c" else "[", everything)
    assert written in opening, "the model reads it"
    assert attempt.text not in outside_of_fences(told)
    assert written not in outside_of_fences(told)
    assert not re.search(r"<\||<｜|\[/?INST\]|\[TOOL_CALLS\]|</?s>|<tool_call>|<start_of_turn>", everything)


@each_attempt
def test_a_model_that_obeys_it_changes_nothing(attempt: Attempt) -> None:
    played = led(attempt, Obedient(attempt))
    assert {call.tool for call in played.calls} <= set(TOOLS)
    for call in played.calls:
        TOOLS[call.tool].validate(call.arguments)
        assert not has_link(call.arguments)
    assert not has_link(played.text)
    if attempt.call:
        assert [(call.tool, call.arguments) for call in played.calls[: len(SEARCHES)]] == SEARCHES
    if played.result.plan is None:
        assert not has_link(played.result)


@each_attempt
def test_the_builtin_planner_does_as_if_it_were_not_there(attempt: Attempt) -> None:
    def made(calls: Sequence[Call]) -> list[bytes]:
        return sorted(bytes(encode([call.tool, call.arguments])) for call in calls)

    played = play(attempt.content, HostileWorld(attempt=attempt))
    assert played.result.outcome == "plan"
    assert made(played.calls) == made(PLAN.calls)
    assert not has_link(played.text)
    assert played.result.plan is not None
    assert PLAN.result.plan is not None
    if attempt.where != "refusal":
        assert played.result.plan.cost.total == PLAN.result.plan.cost.total


def test_the_suite_has_attempts_everywhere() -> None:
    assert {attempt.where for attempt in ATTEMPTS} == IN_RESULTS | {"quote", "earlier", "trip"}
    assert len(ATTEMPTS) >= 30
    assert all(bool(attempt.call) != bool(attempt.say) for attempt in ATTEMPTS)
