"""A call that does not end by itself ends at its tool's deadline, and the turn goes on."""

from dataclasses import replace

import pytest

from app.contract import events as e
from tests.support.stage import ScriptedPlanner, Stage, stage, workers


def with_deadline(on: Stage, tool: str, seconds: float) -> Stage:
    tools = {**on.tool.tools, tool: replace(on.tool.tools[tool], timeout=seconds)}
    return replace(on, tool=replace(on.tool, tools=tools))


@pytest.mark.parametrize(
    ("tool", "code", "retryable"), [("held", "TOOL_TIMEOUT", True), ("booked", "OUTCOME_UNKNOWN", False)]
)
async def test_a_call_ends_at_its_deadline(valkey_url: str, tool: str, code: str, retryable: bool) -> None:
    """What binds people is past its point of no return by then, so nobody knows what became of it."""
    async with stage(valkey_url, ScriptedPlanner(tool)) as made:
        asks = {"booked": replace(made.agent.tools["booked"], needs_approval=False)}
        on = replace(made, agent=made.with_parts(tools={**made.agent.tools, **asks}))
        async with workers(with_deadline(on, tool, 0.05)):
            await on.say("m1")
            await on.until_over("m1")
        errors = [one.error for one in await on.turn_events("m1") if isinstance(one, e.ToolCallError)]
        assert {(error.code, error.retryable) for error in errors} == {(code, retryable)}
        assert len(errors) == 3
        if tool == "held":
            assert errors[0].message == "held did not answer within 0.05 s."
            assert sorted(on.gate.stopped) == ["held 0", "held 1", "held 2"]
