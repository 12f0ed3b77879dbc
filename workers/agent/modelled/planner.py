"""A model's answers as steps. What is wrong with one goes back to the model, twice; then the solver takes over."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

import msgspec
from msgspec import structs

from app.contract.errors import TripSageError
from app.contract.turn import TurnResult
from tools.tool import Tool
from workers.agent.links import LinkGuard, has_link
from workers.agent.model import BeginAgain, Call, ModelUsage, Step, Task, Told, View
from workers.agent.modelled.conversation import PLAN_TRIP, SUBMIT_PLAN, messages, offered
from workers.agent.modelled.submitted import Refused, judged
from workers.agent.planner import BuiltinPlanner
from workers.models.gather import Gatherer, Reply
from workers.models.model import AskedCall, Message, Model, ModelError, TextDelta, Usage

logger = logging.getLogger("tripsage.agent")

RETRIES = 2
TASK = "model"
BUILTIN = "builtin"
TOOK_OVER = "The model gave no usable answer, so the built-in planner answers.\n\n"


class ModelPlanner:
    """Asks the model for each step. Only calls that pass their tool's schema, and plans that keep the laws, pass."""

    def __init__(self, model: Model, tools: Mapping[str, Tool], builtin: BuiltinPlanner) -> None:
        self._model = model
        self._tools = tools
        self._builtin = builtin
        # Apart from the other, which would be taken back to the turn's beginning each time that it is asked for it.
        self._beginning = BuiltinPlanner()
        self._offered = offered(dict(tools))

    def next(self, view: View) -> Step | AsyncGenerator[Told, None]:
        if _handed_over(view) is not None:
            return self._by_builtin(view)
        if len(view.outcomes) < sum(len(step.calls) for step in view.steps):
            return Step()
        return self._by_model(view)

    async def _by_model(self, view: View) -> AsyncGenerator[Told, None]:
        told, usage = messages(view), ModelUsage()
        for _ in range(1 + RETRIES):
            gatherer, guard = Gatherer(), LinkGuard()
            try:
                async with aclosing(self._model.stream(told, self._offered)) as deltas:
                    async for delta in deltas:
                        gatherer.add(delta)
                        if isinstance(delta, TextDelta) and (safe := guard.add(delta.text)):
                            yield safe
                reply = gatherer.reply()
            except ModelError as error:
                logger.warning("the model gave no answer in turn %s: %s", view.request.turn_id, error)
                usage = _with(usage, error.usage)
                break
            if safe := guard.rest():
                yield safe
            reply = structs.replace(reply, text=guard.text)
            usage = _with(usage, reply.end.usage)
            step, problems = await asyncio.to_thread(self._judged, reply, view)
            if step is not None:
                yield structs.replace(step, usage=usage)
                return
            yield BeginAgain()
            told += _sent_back(reply, problems)
        step = await asyncio.to_thread(self._hand_over, view, TOOK_OVER)
        yield structs.replace(step, usage=usage)

    def _judged(self, reply: Reply, view: View) -> tuple[Step | None, dict[str, str]]:
        """The step that the reply comes to; or what is wrong with it, by the id of the call."""
        if not reply.calls:
            return _said(reply)
        if any(call.name == PLAN_TRIP for call in reply.calls):
            return self._hand_over(view, f"{reply.text}\n\n" if reply.text else ""), {}
        submitted = next((call for call in reply.calls if call.name == SUBMIT_PLAN), None)
        if submitted is not None:
            try:
                result = judged(submitted.arguments, view)
            except Refused as refused:
                return None, {submitted.id: str(refused)}
            return Step(say=reply.text if reply.text.strip() else result.explanation or "", result=result), {}
        calls: list[Call] = []
        problems: dict[str, str] = {}
        for number, asked in enumerate(reply.calls):
            try:
                arguments = self._arguments(asked)
            except (TripSageError, msgspec.DecodeError, RecursionError) as error:
                problems[asked.id] = f"These arguments cannot be used: {error}"
            else:
                key = f"{TASK}.{len(view.steps)}.{number}"
                calls.append(Call(key=key, task=TASK, tool=asked.name, arguments=arguments))
        if problems:
            return None, problems
        begun = any(task.key == TASK for step in view.steps for task in step.tasks)
        task = Task(key=TASK, name="Research", description="Find out what the answer needs")
        return Step(tasks=() if begun else (task,), say=reply.text, calls=tuple(calls)), {}

    def _arguments(self, asked: AskedCall) -> dict[str, object]:
        """Raises `msgspec.DecodeError` for no JSON object, `TripSageError` for what the tool refuses."""
        tool = self._tools.get(asked.name)
        if tool is None:
            raise msgspec.ValidationError(f"There is no tool {asked.name[:64]}.")
        arguments = msgspec.json.decode(asked.arguments or "{}", type=dict[str, object])
        if has_link(arguments):
            raise msgspec.ValidationError("Arguments hold no links.")
        tool.validate(arguments)  # the engine fills in defaults, as for every planner
        return arguments

    def _hand_over(self, view: View, say: str) -> Step:
        task = Task(key=BUILTIN, name="Planning", description="Plan the trip with the built-in planner")
        step = self._first_of_builtin(view)
        return structs.replace(step, tasks=(task, *step.tasks), say=say + step.say)

    def _by_builtin(self, view: View) -> Step:
        """The view as if there had been no model: its own steps, without what was put before them."""
        start = _handed_over(view) or 0
        own = (self._first_of_builtin(view), *view.steps[start + 1 :])
        keys = {call.key for step in own for call in step.calls}
        outcomes = {key: outcome for key, outcome in view.outcomes.items() if key in keys}
        return self._builtin.next(structs.replace(view, steps=own, outcomes=outcomes))

    def _first_of_builtin(self, view: View) -> Step:
        return self._beginning.next(structs.replace(view, steps=(), outcomes={}))


def _with(usage: ModelUsage, more: Usage | None) -> ModelUsage:
    if more is None:
        return usage
    return ModelUsage(
        tokens_in=usage.tokens_in + more.tokens_in,
        tokens_out=usage.tokens_out + more.tokens_out,
        cost=usage.cost + more.cost,
    )


def _handed_over(view: View) -> int | None:
    """The number of the step with which the built-in planner took over."""
    for number, step in enumerate(view.steps):
        if any(task.key == BUILTIN for task in step.tasks):
            return number
    return None


def _said(reply: Reply) -> tuple[Step | None, dict[str, str]]:
    if not reply.text.strip() or reply.end.reason != "stop":
        return None, {"": "Your answer was empty or cut off. Answer again, and shorter."}
    return Step(say=reply.text, result=TurnResult(outcome="answer", explanation=reply.text)), {}


def _sent_back(reply: Reply, problems: dict[str, str]) -> list[Message]:
    """The reply, and what is wrong with it, as the conversation goes on."""
    calls = tuple(structs.replace(call, arguments=_readable(call.arguments)) for call in reply.calls)
    said = Message(role="assistant", content=reply.text, calls=calls)
    if not reply.calls:
        return [said, Message(role="user", content=problems[""])]
    unmade = "Not made, since another call was wrong. Ask for it again."
    return [
        said,
        *(
            Message(role="tool", content=problems.get(call.id, unmade), tool_call_id=call.id)
            for call in reply.calls
        ),
    ]


def _readable(arguments: str) -> str:
    """The arguments as they were written, as long as they are what servers take back: a JSON object."""
    try:
        msgspec.json.decode(arguments, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        return "{}"
    return arguments
