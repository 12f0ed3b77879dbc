"""Whole turns that a served model leads: the real client, runner and workers, the real tools on the sandbox."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from app.contract import events as e
from app.contract.turn import TurnResult
from app.settings import ModelPrice, TurnLimits
from tests.support.stage import SESSION, Stage, stage, workers
from tests.support.turn_rules import check_turn
from tools import registry
from tools.sandbox import Sandbox
from tools.sandbox.transports import mock_transport
from workers.agent.modelled import ModelPlanner
from workers.agent.modelled.planner import TOOK_OVER
from workers.agent.planner import BuiltinPlanner
from workers.models.fallback import FallbackModel
from workers.models.openai import IDLE_TIMEOUT, Endpoint, OpenAIModel

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = "sk-secret-of-the-test"
PRICE = ModelPrice(Decimal(2), Decimal(8))


@asynccontextmanager
async def led(
    valkey_url: str,
    *urls: str,
    idle_timeout: float = IDLE_TIMEOUT,
    limits: TurnLimits | None = None,
    price: ModelPrice = PRICE,
) -> AsyncGenerator[Stage]:
    """A back end whose turns are led by the model at the first of these addresses, or by the next."""
    models = [OpenAIModel(Endpoint(url, "some-model", KEY, price), idle_timeout=idle_timeout) for url in urls]
    tools = registry.load()
    planner = ModelPlanner(FallbackModel(models), tools, BuiltinPlanner())
    transport = mock_transport(Sandbox(1, TODAY, clock=lambda: NOON))
    try:
        async with stage(valkey_url, planner, tools, transport) as on:
            settings = replace(on.agent.settings, today=TODAY, turn_limits=limits or TurnLimits())
            on.agent = on.with_parts(settings=settings)
            async with workers(on):
                yield on
    finally:
        for model in models:
            await model.close()


@dataclass(frozen=True)
class Seen:
    """A turn that is over, as a client sees it."""

    events: Sequence[e.ServerEvent]
    result: TurnResult

    @property
    def answer(self) -> e.ChatMessageComplete:
        return self.of(e.ChatMessageComplete)[0]

    @property
    def text(self) -> str:
        return self.answer.full_content

    @property
    def taken_over(self) -> bool:
        return self.text.startswith(TOOK_OVER)

    @property
    def withdrawn(self) -> str:
        """What was shown and does not stand any more."""
        chunks = self.of(e.ChatMessageChunk)
        return "".join(chunk.chunk for chunk in chunks if chunk.message_id != self.answer.message_id)

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


async def ask(on: Stage, content: str, turn_id: str = "m1") -> Seen:
    """Says this and waits for the end of the turn, which keeps the rules of turns."""
    await on.say(turn_id, content)
    return await over(on, turn_id)


async def led_turn(valkey_url: str, *urls: str, content: str, **settings: Any) -> Seen:
    """One turn of a back end that lives as long as it."""
    async with led(valkey_url, *urls, **settings) as on:
        return await ask(on, content)


async def over(on: Stage, turn_id: str = "m1") -> Seen:
    await on.until_over(turn_id)
    events = await on.turn_events(turn_id)
    check_turn(events, turn_id)
    (result,) = await on.shared.sessions.recent_results(SESSION, 1)
    return Seen(events, result)
