"""A whole back end in one event loop, on a real server: real runner and workers, scripted planner, toy tools."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import msgspec

from app.contract import events as e
from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import session_stream
from app.contract.jobs import RUN_TOOL_CALL, RUN_TURN, TOOL_QUEUE, TURN_QUEUE, ToolJob, TurnJob
from app.contract.turn import TurnResult
from app.settings import Settings
from app.streams.queue import queue_address
from app.wiring import Services, services
from tests.support.waiting import waiting_for
from tools.providers.config import load as travel_config
from tools.providers.factory import Providers
from tools.tool import Tool, ToolContext, tool
from workers.agent.model import Call, Step, Task, TaskEnd, View
from workers.agent.runner import run_turn
from workers.execution import JobContext, job_function
from workers.parts import AgentParts, ToolParts
from workers.queue_worker import TripsageWorker
from workers.tool_calls import run_tool_call

USER = "alice"
SESSION = "s1"


class Echo(msgspec.Struct):
    number: int

    def summary(self) -> dict[str, Any]:
        return {"number": self.number}


@dataclass
class Gate:
    """Toy tools: `echo` answers at once, `held` when it is let, `broken` fails, `booked` asks people first.

    They count their calls.
    """

    calls: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def tools(self) -> dict[str, Tool]:
        gate = self

        @tool(timeout=30)
        async def echo(context: ToolContext, number: int) -> Echo:
            """Answers with its number."""
            gate.calls.append(f"echo {number}")
            await context.progress(0.5, "half of it")
            return Echo(number)

        @tool(timeout=30)
        async def held(context: ToolContext, number: int) -> Echo:
            """Answers when it is let."""
            gate.calls.append(f"held {number}")
            gate.started.set()
            try:
                await gate.open.wait()
            except asyncio.CancelledError:
                gate.stopped.append(f"held {number}")
                raise
            return Echo(number)

        @tool(timeout=30)
        async def broken(context: ToolContext, number: int) -> Echo:
            """Always fails."""
            raise TripSageError(ErrorCode.EXTERNAL_API_ERROR, "The provider is away.", provider="toy")

        @tool(timeout=30, needs_approval=True)
        async def booked(context: ToolContext, number: int) -> Echo:
            """Must not be done twice; it answers when it is let."""
            await context.point_of_no_return()
            gate.calls.append(f"booked {number}")
            gate.started.set()
            await gate.open.wait()
            return Echo(number)

        return {each.name: each for each in (echo, held, broken, booked)}


class ScriptedPlanner:
    """Two waves of calls to one tool, a sentence with each, and a result; it raises where it is told to."""

    def __init__(self, tool_name: str = "echo", *, fail_at: int | None = None) -> None:
        self._tool = tool_name
        self._fail_at = fail_at

    def next(self, view: View) -> Step:
        made = [call for step in view.steps for call in step.calls]
        if self._fail_at == len(made):
            raise RuntimeError("planner defect")
        if not made:
            tasks = (Task(key="flights", name="Flights", description="Look for flights"),)
            return Step(tasks=tasks, say="First. ", calls=self._wave(0, 2))
        if len(view.outcomes) < len(made):
            return Step()
        if len(made) == 2:
            return Step(say="Second. ", calls=self._wave(2, 3))
        found = sorted(view.outcomes)
        return Step(
            say=f"Found {len(found)}.",
            ended=(TaskEnd(key="flights", result={"found": found}),),
            result=TurnResult(outcome="answer"),
        )

    def _wave(self, start: int, end: int) -> tuple[Call, ...]:
        return tuple(
            Call(key=f"c{number}", task="flights", tool=self._tool, arguments={"number": number})
            for number in range(start, end)
        )


@dataclass
class Stage:
    shared: Services
    agent: AgentParts
    tool: ToolParts
    gate: Gate

    async def say(self, message_id: str, content: str = "hello", when_busy: str = "enqueue") -> None:
        await self.shared.chat.say(USER, SESSION, message_id, content, when_busy)

    async def events(self) -> list[e.ServerEvent]:
        page = await self.shared.log.read(session_stream(SESSION), 0, limit=10_000)
        assert [seq for seq, _ in page.frames] == list(range(1, len(page.frames) + 1))
        return [e.decode_event(frame) for _, frame in page.frames]

    async def turn_events(self, turn_id: str) -> list[e.ServerEvent]:
        """The events of one turn, without the user's message."""
        return [
            event
            for event in await self.events()
            if getattr(event, "turn_id", None) == turn_id and event.id != turn_id
        ]

    async def until(self, condition: Callable[[e.ServerEvent], bool]) -> e.ServerEvent:
        """The first event of the session, past or to come, that the condition holds for."""
        sink = _Waiting(condition)
        subscription = await self.shared.fanout.subscribe(session_stream(SESSION), sink, after=0)
        try:
            await subscription.start()
            async with waiting_for("an event", lambda: f"The session has {sink.passed}"):
                return await sink.found
        finally:
            subscription.close()

    async def until_over(self, turn_id: str) -> None:
        await self.until(
            lambda event: (
                isinstance(event, e.AgentStatusUpdate)
                and event.turn_id == turn_id
                and event.status in ("idle", "error")
            )
        )

    def with_parts(self, **changes: Any) -> AgentParts:
        return replace(self.agent, **changes)


class _Waiting:
    def __init__(self, condition: Callable[[e.ServerEvent], bool]) -> None:
        self.found: asyncio.Future[e.ServerEvent] = asyncio.get_running_loop().create_future()
        self._condition = condition
        self.passed: list[str] = []

    def deliver(self, frame: Any) -> None:
        event = e.decode_event(frame.json)
        self.passed.append(event.id)
        if not self.found.done() and self._condition(event):
            self.found.set_result(event)

    async def ready(self) -> None:
        """Always."""

    def lost(self, stream: str) -> None:
        self.found.set_exception(AssertionError(f"{stream} was lost"))


@asynccontextmanager
async def stage(
    url: str,
    planner: Any = None,
    tools: Mapping[str, Tool] | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncGenerator[Stage, None]:
    """`tools` other than the toys, and what their providers are reached through."""
    settings = Settings(data_dir=Path("."), events_url=url, queue_url=url)
    gate = Gate()
    async with services(settings) as shared:
        await shared.sessions.open(SESSION, USER)
        agent = AgentParts(
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
            planner=planner or ScriptedPlanner(),
            tools=tools or gate.tools(),
        )
        tool_parts = ToolParts(
            clock=shared.clock,
            redis=shared.redis,
            log=shared.log,
            fences=shared.fences,
            subscriber=shared.subscriber,
            counters=shared.counters,
            tools=tools or gate.tools(),
            providers=Providers(travel_config({}), transport),
        )
        yield Stage(shared, agent, tool_parts, gate)


@asynccontextmanager
async def workers(
    on: Stage, kinds: Sequence[str] = ("agents", "tools"), slots: int = 10
) -> AsyncGenerator[None, None]:
    """Workers of these kinds, in this loop, until the block ends; what still runs is handed back."""

    async def turn(ctx: JobContext, job: TurnJob) -> None:
        await run_turn(on.agent, job)

    async def call(ctx: JobContext, job: ToolJob) -> None:
        await run_tool_call(on.tool, job)

    made = {
        "agents": (TURN_QUEUE, job_function(RUN_TURN, TurnJob, turn)),
        "tools": (TOOL_QUEUE, job_function(RUN_TOOL_CALL, ToolJob, call)),
    }
    running = [
        TripsageWorker(
            (made[kind][1],),
            queue_name=made[kind][0],
            redis_settings=queue_address(on.shared.settings.queue_url),
            handle_signals=False,
            job_completion_wait=0,
            max_jobs=slots,
        )
        for kind in kinds
    ]
    tasks = [asyncio.create_task(worker.async_run()) for worker in running]
    try:
        yield
    finally:
        for worker in running:
            await worker.close()
        await asyncio.gather(*tasks, return_exceptions=True)
