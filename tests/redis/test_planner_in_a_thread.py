"""A planner that computes for long holds up nothing but its own turn."""

import asyncio
import threading
from pathlib import Path

import pytest

from app.contract import events as e
from app.settings import Settings
from tests.support.stage import SESSION, USER, ScriptedPlanner, stage, workers
from tests.support.turn_rules import check_turn
from workers import main
from workers.agent.in_thread import PlannerInThread
from workers.agent.model import Step, View
from workers.execution import JobContext


class Thinker(ScriptedPlanner):
    """Thinks until it is let, without giving way to an event loop that asks it."""

    def __init__(self) -> None:
        super().__init__()
        self.thinks = threading.Event()
        self.may_end = threading.Event()

    def next(self, view: View) -> Step:
        self.thinks.set()
        assert self.may_end.wait(20), "nobody let it: the event loop is held up"
        return super().next(view)


async def test_a_turn_is_stopped_while_its_planner_thinks(valkey_url: str) -> None:
    thinker = Thinker()
    planner = PlannerInThread(thinker)
    async with stage(valkey_url, planner) as on, workers(on):
        await on.say("m1")
        assert await asyncio.to_thread(thinker.thinks.wait, 20)
        await on.shared.chat.cancel(USER, SESSION, None, "f1")
        await on.until_over("m1")
        assert not thinker.may_end.is_set()
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        [complete] = [event for event in turn if isinstance(event, e.ChatMessageComplete)]
        assert complete.finish_reason == "cancelled"
        thinker.may_end.set()
        await on.say("m2")
        await on.until_over("m2")
        check_turn(await on.turn_events("m2"), "m2")
    planner.close()


async def test_what_it_raises_ends_the_turn_as_on_the_loop(valkey_url: str) -> None:
    planner = PlannerInThread(ScriptedPlanner(fail_at=0))
    async with stage(valkey_url, planner) as on, workers(on):
        await on.say("m1")
        await on.until_over("m1")
        [complete] = [event for event in await on.events() if isinstance(event, e.ChatMessageComplete)]
        assert complete.finish_reason == "error"
    planner.close()


async def test_agent_workers_think_in_a_thread(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        main, "settings", Settings(data_dir=Path("."), events_url=valkey_url, queue_url=valkey_url)
    )
    ctx: JobContext = {}
    await main.start_agents(ctx)
    try:
        assert isinstance(ctx["parts"].planner, PlannerInThread)
    finally:
        await main.stop(ctx)
