"""A turn that reaches a limit ends with what it has, and says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec import structs

from app.contract import events as e
from app.contract.jobs import TurnJob
from app.contract.turn import Usage
from app.settings import TurnLimits
from tests.support.stage import SESSION, ScriptedPlanner, Stage, stage, workers
from tests.support.turn_rules import check_turn
from workers.agent.limits import reached
from workers.agent.model import ModelUsage, Step, View
from workers.agent.runner import run_turn

M1 = TurnJob(session_id=SESSION, turn_id="m1")


class PricedPlanner(ScriptedPlanner):
    """Each step costs what a model's would."""

    def next(self, view: View) -> Step:
        usage = ModelUsage(tokens_in=100, tokens_out=10, cost=Decimal("0.03"))
        return structs.replace(super().next(view), usage=usage)


async def limited(on: Stage, **limits: int) -> e.AgentTaskError | e.AgentTaskComplete:
    """Runs one turn under these limits and answers its end."""
    settings = replace(on.agent.settings, turn_limits=replace(TurnLimits(), **limits))
    await on.say("m1")
    async with workers(on, ["tools"]):
        await run_turn(on.with_parts(settings=settings), M1)
    turn = await on.turn_events("m1")
    check_turn(turn, "m1")
    return next(
        event
        for event in reversed(turn)
        if isinstance(event, e.AgentTaskComplete | e.AgentTaskError) and event.task_id == "m1.trip"
    )


@pytest.mark.parametrize(
    ("limits", "limit", "calls"),
    [
        ({"steps": 2}, "steps", 2),
        ({"tool_calls": 2}, "tool_calls", 2),
        ({"tool_calls": 0}, "tool_calls", 0),
        ({"model_tokens": 300}, "model_tokens", 2),
        ({"cost": 7}, "cost", 2),
    ],
)
async def test_a_limit_ends_the_turn(valkey_url: str, limits: dict[str, int], limit: str, calls: int) -> None:
    async with stage(valkey_url, PricedPlanner()) as on:
        ended = await limited(on, **limits)
        assert isinstance(ended, e.AgentTaskError)
        assert (ended.error.code, ended.error.details) == ("LIMIT_EXCEEDED", {"limit": limit})
        complete = next(
            event for event in await on.turn_events("m1") if isinstance(event, e.ChatMessageComplete)
        )
        assert complete.finish_reason == "limit"
        assert "so it ends here" in complete.full_content
        assert len(on.gate.calls) == calls


async def test_what_a_turn_used_is_summed_and_within_the_limits_it_ends_by_itself(valkey_url: str) -> None:
    async with stage(valkey_url, PricedPlanner()) as on:
        ended = await limited(on, steps=6, tool_calls=3)
        assert isinstance(ended, e.AgentTaskComplete)
        usage = ended.result["usage"]
        assert usage["tool_calls"] == 3
        assert usage["model_tokens_in"] == 100 * usage["steps"]
        assert Decimal(str(usage["model_cost"])) == Decimal("0.03") * usage["steps"]


async def test_what_was_decided_and_not_followed_is_counted_too(valkey_url: str) -> None:
    async with stage(valkey_url, PricedPlanner()) as on:
        await limited(on, tool_calls=0)
        result = (await on.shared.sessions.recent_results(SESSION, 1))[0]
        assert result.usage is not None
        assert (result.usage.tool_calls, result.usage.model_tokens_in) == (0, 100)


async def test_the_time_of_earlier_attempts_counts(valkey_url: str) -> None:
    """A clock that jumps two seconds whenever it is read: a turn of ten is over after a few looks."""
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def clock() -> datetime:
        nonlocal now
        now += timedelta(seconds=2)
        return now

    async with stage(valkey_url) as on, workers(on, ["tools"]):
        await on.say("m1")
        settings = replace(on.agent.settings, turn_limits=TurnLimits(seconds=10))
        await run_turn(on.with_parts(settings=settings, clock=clock), M1)
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        complete = next(event for event in turn if isinstance(event, e.ChatMessageComplete))
        assert complete.finish_reason == "limit"


def test_nothing_used_is_within_every_limit() -> None:
    assert reached(TurnLimits(), Usage()) is None
