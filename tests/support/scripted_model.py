"""A language model that says what its script says, and a driver that lets it lead a turn."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

import msgspec

from app.contract.turn import TurnResult
from tests.support.planner_world import Played, World, play
from tools import registry
from workers.agent.model import BeginAgain, Step, Told, View
from workers.agent.modelled import ModelPlanner
from workers.agent.modelled.planner import TOOK_OVER
from workers.agent.planner import BuiltinPlanner
from workers.models.model import (
    CallDelta,
    Delta,
    Finished,
    Message,
    Model,
    ModelTool,
    ModelUnavailable,
    TextDelta,
)

Answer = tuple[Delta, ...] | ModelUnavailable


def says(text: str) -> Answer:
    return TextDelta(text), Finished("stop")


def asks(*calls: tuple[str, Any]) -> Answer:
    written = [
        CallDelta(index=number, id=f"c{number}", name=name, arguments=msgspec.json.encode(arguments).decode())
        for number, (name, arguments) in enumerate(calls)
    ]
    return *written, Finished("tool_calls")


def submitted(result: TurnResult, *, changes: bool = False, **more: Any) -> tuple[str, dict[str, Any]]:
    """The call with which a model makes the plan of this result its own."""
    given = {"request": result.request, "plan": result.plan, "explanation": "Five days."}
    return "submit_plan", {**given, "changes_plan_in_force": changes, **more}


class ScriptedModel:
    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.told: list[Sequence[Message]] = []

    async def stream(
        self, messages: Sequence[Message], tools: Sequence[ModelTool]
    ) -> AsyncGenerator[Delta, None]:
        self.told.append(tuple(messages))
        answer = self.answer()
        if isinstance(answer, ModelUnavailable):
            raise answer
        for delta in answer:
            yield delta

    def answer(self) -> Answer:
        return self._answers.pop(0)

    def then(self, *answers: Answer) -> None:
        """What it says after what it says already."""
        self._answers += answers

    def assert_complete(self) -> None:
        assert not self._answers, "the model was asked less often than the script says"


class Driven:
    """The planner as the driver of `play` knows one: it waits for the model. `changed` makes views other ones."""

    def __init__(self, model: Model, changed: Callable[[View], View] = lambda view: view) -> None:
        self._planner = ModelPlanner(model, registry.load(), BuiltinPlanner())
        self._changed = changed

    def next(self, view: View) -> Step:
        answer = self._planner.next(self._changed(view))
        return answer if isinstance(answer, Step) else asyncio.run(decided(answer))


async def decided(told: AsyncGenerator[Told, None]) -> Step:
    """What was said and not withdrawn is how the step begins, unless the built-in planner took over."""
    said = ""
    async for each in told:
        if isinstance(each, Step):
            assert each.say.startswith((said, TOOK_OVER))
            return each
        said = "" if isinstance(each, BeginAgain) else said + each
    raise AssertionError("the planner ended without a step")


def led_by(
    *answers: Answer, content: str, world: World | None = None, recent: Sequence[TurnResult] = ()
) -> tuple[Played, ScriptedModel]:
    """The turn that this script leads through, whole; `recent` are the results before it, newest first."""
    model = ScriptedModel(*answers)
    played = play(content, world, planner=Driven(model), recent=recent)
    model.assert_complete()
    return played, model
