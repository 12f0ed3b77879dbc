"""A call that does not end by itself ends at its tool's deadline, and the turn goes on."""

from dataclasses import replace
from typing import Any

from app.contract import events as e
from tests.support.stage import Echo, ScriptedPlanner, Stage, stage, workers
from tools.tool import ToolContext


def tools_of(on: Stage, name: str, **changes: Any) -> Stage:
    """A stage on which this tool is another for the workers, and needs nobody's approval."""
    tools = {**on.tool.tools, name: replace(on.tool.tools[name], needs_approval=False, **changes)}
    return replace(on, agent=on.with_parts(tools=tools), tool=replace(on.tool, tools=tools))


async def errors_of(on: Stage) -> list[e.ErrorBody]:
    async with workers(on):
        await on.say("m1")
        await on.until_over("m1")
    return [one.error for one in await on.turn_events("m1") if isinstance(one, e.ToolCallError)]


async def test_a_call_ends_at_its_deadline(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as made:
        on = tools_of(made, "held", timeout=0.05)
        errors = await errors_of(on)
    assert [(error.code, error.retryable) for error in errors] == [("TOOL_TIMEOUT", True)] * 3
    assert errors[0].message == "held did not answer within 0.05 s."
    assert sorted(on.gate.stopped) == ["held 0", "held 1", "held 2"]


async def test_what_became_of_a_call_past_its_point_of_no_return_is_not_known(valkey_url: str) -> None:
    async def too_late(context: ToolContext, number: int) -> Echo:
        await context.point_of_no_return()
        raise TimeoutError  # as its deadline does

    async with stage(valkey_url, ScriptedPlanner("booked")) as made:
        errors = await errors_of(tools_of(made, "booked", function=too_late))
    assert [(error.code, error.retryable) for error in errors] == [("OUTCOME_UNKNOWN", False)] * 3
