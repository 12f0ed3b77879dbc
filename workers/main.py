"""The two kinds of worker, as arq knows them: `arq workers.main.AgentWorker`, `arq workers.main.ToolWorker`.

Importing this module reads the settings and raises `SettingsError` for a wrong one.
"""

import asyncio
import logging
import os
import sys
from contextlib import AsyncExitStack, suppress
from typing import Any

from arq.worker import Retry

from app.contract.jobs import RUN_TOOL_CALL, RUN_TURN, TOOL_QUEUE, TURN_QUEUE, ToolJob, TurnJob
from app.environment import Noted
from app.services.chat import Chat
from app.settings import load
from app.streams.client import AWAY
from app.streams.queue import queue_address
from app.wiring import services
from tools import registry
from tools.providers import config
from tools.providers.factory import Providers
from workers.agent.in_thread import SWITCH_SECONDS, PlannerInThread
from workers.agent.journal import Superseded
from workers.agent.model import Planner
from workers.agent.modelled import ModelPlanner
from workers.agent.planner import BuiltinPlanner
from workers.agent.runner import run_turn
from workers.execution import JobContext, job_function
from workers.models.fallback import FallbackModel
from workers.models.openai import Endpoint, OpenAIModel
from workers.models.price import FREE
from workers.parts import AgentParts, ToolParts
from workers.provider_state import RedisProviderState
from workers.queue_worker import serve_arq_command
from workers.tool_calls import run_tool_call

logger = logging.getLogger("tripsage.worker")
environ = Noted(os.environ)
settings = load(environ)
travel = config.load(environ)
serve_arq_command()

FOR_OTHERS = ("TRIPSAGE_TOKEN",)
"""Variables that workers do not read."""
SWEEP_EVERY = 5.0
"""Seconds between two looks for turns whose message was accepted but whose job was lost."""


async def start_agents(ctx: JobContext) -> None:
    stack = ctx["stack"] = AsyncExitStack()
    shared = await stack.enter_async_context(services(settings))
    builtin = BuiltinPlanner(settings.agent_jobs)
    builtin.warm()
    planner = PlannerInThread(_led_by_model(builtin, stack))
    stack.callback(planner.close)
    sys.setswitchinterval(SWITCH_SECONDS)
    ctx["parts"] = AgentParts(
        settings=settings,
        clock=shared.clock,
        redis=shared.redis,
        log=shared.log,
        fences=shared.fences,
        subscriber=shared.subscriber,
        fanout=shared.fanout,
        queue=shared.queue,
        sessions=shared.sessions,
        chat=shared.chat,
        approvals=shared.approvals,
        counters=shared.counters,
        durations=shared.durations,
        planned_trips=shared.planned_trips,
        planner=planner,
        tools=registry.load(),
    )
    sweep = asyncio.create_task(_sweep(shared.chat))
    stack.push_async_callback(_cancel, sweep)


def _led_by_model(builtin: BuiltinPlanner, stack: AsyncExitStack) -> Planner:
    """The planner that the settings ask for; its connections are closed with the stack."""
    chosen = settings.model
    if chosen.kind == "builtin":
        return builtin
    for name in chosen.names:
        if name not in chosen.prices:
            logger.warning(
                "TRIPSAGE_MODEL_PRICE has no price for %s: TRIPSAGE_TURN_COST does not limit it", name
            )
    models = [
        OpenAIModel(Endpoint(chosen.url, name, chosen.key, chosen.prices.get(name, FREE)))
        for name in chosen.names
    ]
    for model in models:
        stack.push_async_callback(model.close)
    return ModelPlanner(FallbackModel(models), registry.load(), builtin)


async def start_tools(ctx: JobContext) -> None:
    stack = ctx["stack"] = AsyncExitStack()
    shared = await stack.enter_async_context(services(settings))
    for sentence in environ.unknown(FOR_OTHERS):
        logger.warning("%s", sentence)
    for variable in travel.missing_keys:
        logger.warning("%s is not set: tools that need it will fail", variable)
    providers = Providers(travel, state=RedisProviderState(shared.redis, shared.counters))
    stack.push_async_callback(providers.close)
    ctx["parts"] = ToolParts(
        clock=shared.clock,
        redis=shared.redis,
        log=shared.log,
        fences=shared.fences,
        subscriber=shared.subscriber,
        counters=shared.counters,
        tools=registry.load(),
        providers=providers,
    )


async def stop(ctx: JobContext) -> None:
    await ctx["stack"].aclose()


async def turn_job(ctx: JobContext, job: TurnJob) -> None:
    try:
        await run_turn(ctx["parts"], job)
    except Superseded:
        logger.info("turn %s is run by a later attempt", job.turn_id)
        raise Retry(defer=1) from None  # looked at once more, should that attempt be gone with its worker


async def tool_job(ctx: JobContext, job: ToolJob) -> None:
    await run_tool_call(ctx["parts"], job)


async def _sweep(chat: Chat) -> None:
    while True:
        try:
            recovered = await chat.recover(SWEEP_EVERY)
            if recovered:
                logger.warning("%d turns had lost their job; they are queued again", recovered)
        except AWAY as error:
            logger.debug("no sweep while Redis is away: %s", error)
        await asyncio.sleep(SWEEP_EVERY)


async def _cancel(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


class AgentWorker:
    """Runs turns. They mostly wait for tool calls, so one process takes many at a time."""

    functions = (job_function(RUN_TURN, TurnJob, turn_job),)
    queue_name = TURN_QUEUE
    redis_settings = queue_address(settings.queue_url)
    on_startup = start_agents
    on_shutdown = stop
    max_jobs = settings.agent_jobs
    job_completion_wait = settings.drain_seconds


class ToolWorker:
    """Makes tool calls."""

    functions = (job_function(RUN_TOOL_CALL, ToolJob, tool_job),)
    queue_name = TOOL_QUEUE
    redis_settings = queue_address(settings.queue_url)
    on_startup = start_tools
    on_shutdown = stop
    max_jobs = settings.tool_jobs
    job_completion_wait = settings.drain_seconds
