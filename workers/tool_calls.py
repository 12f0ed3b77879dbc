"""Runs tool calls: one job each, fenced by attempt, ended once."""

import asyncio
import logging
from datetime import date, datetime
from typing import TypedDict

from msgspec import Raw

from app.contract import events as e
from app.contract.codec import encode, to_builtins
from app.contract.errors import ErrorCode, TripSageError
from app.contract.events.base import error_body
from app.contract.ids import derived, session_stream
from app.contract.jobs import ToolJob
from app.domain.ports import CLOSED, Fence
from app.services.chat import CANCELLED_BY
from app.streams.client import AWAY
from app.streams.keys import SessionKeys
from tools.tool import Tool, ToolContext, outcome_unknown
from workers.agent.journal import keep_outcome
from workers.agent.model import CallOutcome
from workers.parts import ToolParts

logger = logging.getLogger("tripsage.tools")

MAX_ATTEMPTS = 5
MAX_MESSAGE = 500


async def run_tool_call(parts: ToolParts, job: ToolJob) -> None:
    """One attempt at a tool call. A call that is over (or was cancelled) is left alone.

    Raises what the event log raises when Redis is away; then the queue makes another attempt.
    """
    attempt = await parts.fences.claim(session_stream(job.session_id), job.tool_call_id)
    if attempt < CLOSED:
        await _Attempt(parts, job, attempt).run()


class _About(TypedDict):
    """The fields that all events of a call share."""

    id: str
    timestamp: datetime
    session_id: str
    turn_id: str
    tool_name: str
    tool_call_id: str
    task_id: str


class _Attempt:
    def __init__(self, parts: ToolParts, job: ToolJob, attempt: int) -> None:
        self._parts = parts
        self._job = job
        self._attempt = attempt
        self._stream = session_stream(job.session_id)
        self._reports = 0
        self._reported = 0.0
        self._work: asyncio.Task[None] | None = None

    async def run(self) -> None:
        control = SessionKeys.of(self._job.session_id).control
        work = self._work = asyncio.create_task(self._call())

        def stop(message: bytes) -> None:
            if message == CANCELLED_BY + self._job.turn_id.encode():
                work.cancel()

        try:
            await self._parts.subscriber.subscribe(control, stop)
            if await self._was_cancelled():
                work.cancel()
            await asyncio.wait([work])
            if work.cancelled():
                return  # the agent has ended the call in the stream
            work.result()
        except BaseException:
            work.cancel()
            await asyncio.wait([work])
            raise
        finally:
            self._parts.subscriber.unsubscribe(control, stop)

    async def _was_cancelled(self) -> bool:
        """Whether the order to stop came before this attempt listened. While Redis is away it counts as none:
        the fence refuses what a call that is over still wants to write.
        """
        cancel = SessionKeys.of(self._job.session_id).turn_cancel(self._job.turn_id)
        try:
            return bool(await self._parts.redis.exists(cancel))
        except AWAY:
            return False

    async def _call(self) -> None:
        job = self._job
        try:
            tool = self._tool()
            if self._attempt > MAX_ATTEMPTS:
                raise TripSageError(
                    ErrorCode.INTERNAL_ERROR, f"The call was given up after {MAX_ATTEMPTS} attempts."
                )
            if self._attempt > 1:
                if await self._parts.redis.hexists(self._attempted, job.call_key):
                    raise outcome_unknown()
                await self._progress(self._reported, f"Interrupted; trying again (attempt {self._attempt})")
            context = ToolContext(
                today=date.fromisoformat(job.today),
                progress=self._progress,
                providers=self._parts.providers,
                once=self._once,
            )
            try:
                async with asyncio.timeout(tool.timeout):
                    result = await tool.run(context, job.arguments)
            except TimeoutError:
                if context.no_return:
                    raise outcome_unknown() from None
                raise TripSageError(
                    ErrorCode.TOOL_TIMEOUT, f"{job.tool_name} did not answer within {tool.timeout:g} s."
                ) from None
        except TripSageError as error:
            await self._failed(error)
        else:
            outcome = CallOutcome(
                key=job.call_key, status="complete", result=Raw(encode(result)), endpoint=context.endpoint
            )
            event = e.ToolCallComplete(**self._about("end"), result=to_builtins(result.summary()))
            await self._end(event, outcome)

    async def _once(self) -> bool:
        """Whether this attempt is the first, and still has the right, to do what must not be done twice."""
        job, redis = self._job, self._parts.redis
        if not await redis.hsetnx(self._attempted, job.call_key, str(self._attempt)):
            return False
        highest = await redis.get(SessionKeys.of(job.session_id).fence(job.tool_call_id))
        return int(highest or 0) <= self._attempt

    @property
    def _attempted(self) -> str:
        return SessionKeys.of(self._job.session_id).turn_attempted(self._job.turn_id)

    def _tool(self) -> Tool:
        try:
            return self._parts.tools[self._job.tool_name]
        except KeyError:
            raise TripSageError(
                ErrorCode.TOOL_NOT_FOUND, f"No tool is named {self._job.tool_name}."
            ) from None

    async def _failed(self, error: TripSageError) -> None:
        body = error_body(error)
        outcome = CallOutcome(key=self._job.call_key, status="error", error=body)
        await self._end(e.ToolCallError(**self._about("end"), error=body), outcome)

    async def _end(self, event: e.ToolCallComplete | e.ToolCallError, outcome: CallOutcome) -> None:
        fence = Fence(self._job.tool_call_id, self._attempt, closes=True)
        writes = keep_outcome(self._job.session_id, self._job.turn_id, outcome)
        appended = await self._parts.log.append(self._stream, event, fence=fence, writes=writes)
        if appended.status == "appended":
            await self._parts.counters.add("tool_calls", self._job.tool_name, outcome.status)

    async def _progress(self, fraction: float, message: str) -> None:
        """Reports are worth having and not worth failing for."""
        self._reports += 1
        self._reported = fraction
        event = e.ToolCallProgress(
            **self._about(self._attempt, self._reports), progress=fraction, message=message[:MAX_MESSAGE]
        )
        try:
            appended = await self._parts.log.append(
                self._stream, event, fence=Fence(self._job.tool_call_id, self._attempt)
            )
        except AWAY as error:
            logger.warning("progress of %s was not reported: %s", self._job.tool_call_id, error)
            return
        if appended.status == "fenced" and self._work is not None:
            self._work.cancel()

    def _about(self, *parts: str | int) -> _About:
        job = self._job
        return {
            "id": derived(job.tool_call_id, *parts),
            "timestamp": self._parts.clock(),
            "session_id": job.session_id,
            "turn_id": job.turn_id,
            "tool_name": job.tool_name,
            "tool_call_id": job.tool_call_id,
            "task_id": job.task_id,
        }
