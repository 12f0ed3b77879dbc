"""A turn so far, as the messages that the model sees. Pure: the same view gives the same messages."""

from typing import Any

import msgspec

from tools.tool import Tool
from workers.agent.model import View
from workers.agent.modelled.prompt import memory, outcome_told, request_told, system
from workers.agent.modelled.submitted import Submitted
from workers.models.model import AskedCall, Message, ModelTool

PLAN_TRIP = "plan_trip"
SUBMIT_PLAN = "submit_plan"


def offered(tools: dict[str, Tool]) -> tuple[ModelTool, ...]:
    """The tools that the model may ask for: those that are installed, the planner, and the end."""
    (schema,), components = msgspec.json.schema_components([Submitted], ref_template="#/$defs/{name}")
    root: dict[str, Any] = components.pop("Submitted", schema)
    return (
        *(ModelTool(each.name, each.description, each.schema()) for each in tools.values()),
        ModelTool(
            PLAN_TRIP,
            "Have the solver plan or change the trip that the user asks for, and end the turn with it.",
            {"type": "object", "properties": {}, "additionalProperties": False},
        ),
        ModelTool(SUBMIT_PLAN, "End the turn with a plan of your own.", {**root, "$defs": components}),
    )


def messages(view: View) -> list[Message]:
    before, request = memory(view.recent, view.history), request_told(view.request.content)
    told = [
        Message(role="system", content=system(view.today)),
        # Templates of some open models want user and assistant to take turns, so what was before is no message.
        Message(role="user", content=f"{before}\n\n{request}" if before else request),
    ]
    for step in (step for step in view.steps if step.say or step.calls):
        calls = tuple(
            AskedCall(id=call.key, name=call.tool, arguments=msgspec.json.encode(call.arguments).decode())
            for call in step.calls
        )
        told.append(Message(role="assistant", content=step.say, calls=calls))
        told += [
            Message(
                role="tool", content=outcome_told(call.tool, view.outcomes[call.key]), tool_call_id=call.key
            )
            for call in step.calls
        ]
    return told
