"""A planner that has to wait for something, such as a model, is waited for, and stopped with its turn."""

import asyncio
from collections.abc import AsyncGenerator

from app.contract import events as e
from app.contract.turn import TurnResult
from tests.support.stage import SESSION, USER, stage, workers
from workers.agent.model import Step, Told, View


class Thinking:
    """Answers when it is let; it knows when it began and whether it was stopped."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.let = asyncio.Event()
        self.stopped = asyncio.Event()

    async def next(self, view: View) -> AsyncGenerator[Told, None]:
        self.began.set()
        try:
            await self.let.wait()
        except asyncio.CancelledError:
            self.stopped.set()
            raise
        yield Step(say="Thought.", result=TurnResult(outcome="answer", explanation="Thought."))


async def test_a_turn_waits_for_its_planner(valkey_url: str) -> None:
    planner = Thinking()
    async with stage(valkey_url, planner) as on, workers(on):
        await on.say("m1")
        await planner.began.wait()
        planner.let.set()
        await on.until_over("m1")
        (complete,) = [each for each in await on.events() if isinstance(each, e.ChatMessageComplete)]
        assert (complete.full_content, complete.finish_reason) == ("Thought.", "stop")


async def test_a_cancelled_turn_stops_its_planner(valkey_url: str) -> None:
    planner = Thinking()
    async with stage(valkey_url, planner) as on, workers(on):
        await on.say("m1")
        await planner.began.wait()
        await on.shared.chat.cancel(USER, SESSION, "m1", "f1")
        await on.until_over("m1")
        await planner.stopped.wait()
        (complete,) = [each for each in await on.events() if isinstance(each, e.ChatMessageComplete)]
        assert complete.finish_reason == "cancelled"
