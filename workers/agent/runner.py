"""Runs turns: carries out what a `Turn` wants, journals every decision first, and survives its own death."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import date

from msgspec import structs

from app.contract import events as e
from app.contract.ids import session_stream
from app.contract.jobs import TurnJob
from app.contract.turn import TurnRequest, TurnResult
from app.domain.ports import CLOSED, Fence
from app.storage.approvals import Asked
from app.storage.approvals import Decided as PersonDecided
from workers.agent.before import Before, before
from workers.agent.calls import dispatch, revoke
from workers.agent.deciding import PlannerFailed, decision
from workers.agent.endings import CANCELLED, FAILED, REJECTED
from workers.agent.inbox import Inbox
from workers.agent.journal import Entry, Journal, Stop
from workers.agent.keeping import keep_plan
from workers.agent.limits import reached, used
from workers.agent.model import BeginAgain, Call, CallOutcome, Step, Told, View
from workers.agent.transitions import (
    Ask,
    AskPeople,
    Began,
    CallEnded,
    Dispatch,
    Effect,
    Emit,
    Finish,
    Input,
    Keep,
    Phase,
    Said,
    Stopped,
)
from workers.agent.turn import Turn
from workers.agent.validation import validated, verdict_of
from workers.agent.writing import Writing
from workers.parts import AgentParts

logger = logging.getLogger("tripsage.agent")

MAX_ATTEMPTS = 8


async def run_turn(parts: AgentParts, job: TurnJob) -> None:
    """One attempt at a turn, and afterwards the session's next. A turn that is over is left alone.

    Raises `Superseded` when a later attempt has begun, and what the event log raises when Redis is away:
    then the queue makes another attempt.
    """
    stream = session_stream(job.session_id)
    running, request = await asyncio.gather(
        parts.sessions.running_turn(job.session_id), parts.sessions.turn_request(job.session_id, job.turn_id)
    )
    if running == job.turn_id:
        attempt = await parts.fences.claim(stream, job.turn_id)
        if request is not None and attempt < CLOSED:
            await _Attempt(parts, request, attempt).run()
    await parts.chat.start_next(job.session_id)


class _Attempt:
    def __init__(self, parts: AgentParts, request: TurnRequest, attempt: int) -> None:
        self._parts = parts
        self._request = request
        self._attempt = attempt
        self._turn = Turn(request)
        fence = Fence(request.turn_id, attempt)
        self._writing = Writing(parts, request, fence)
        self._journal = Journal(parts.redis, request, fence)
        self._known: dict[str, CallOutcome] = {}
        self._decisions: dict[str, PersonDecided] = {}
        self._parked = False
        self._asking = False
        self._keeping: TurnResult | None = None
        self._last_ended: str | None = None
        self._before = Before()
        self._began_at = parts.clock()
        self._worked_before = 0.0

    async def run(self) -> None:
        await self._begin()  # before the inbox is open: somebody waits for the first sign
        async with Inbox(self._parts, self._request) as inbox:
            await self._look()
            if self._attempt > 1 + len(self._decisions):
                await self._parts.counters.add("recoveries")
            self._before = await before(self._parts.sessions, self._request.session_id)
            await self._replay()
            await self._withdraw()  # what an attempt that died was saying, nobody knows the end of
            while self._turn.phase is not Phase.ENDED and not self._parked:
                await self._go_on(inbox)

    async def _begin(self) -> None:
        """With what the first attempt knew of how long tasks take, so that every attempt says the same."""
        durations = await self._journal.durations() if self._attempt > 1 else None
        if durations is None:
            durations = await self._parts.durations.read()
            self._writing.with_first(self._journal.keep_durations(durations))
        self._turn = Turn(self._request, durations)
        await self._handle(Began())

    async def _look(self) -> None:
        """How calls ended, and what people decided about calls."""
        session_id, turn_id = self._request.session_id, self._request.turn_id
        self._known = await self._journal.outcomes()
        self._decisions = await self._parts.approvals.decisions(session_id, turn_id)

    async def _replay(self) -> None:
        for entry in await self._journal.entries():
            self._worked_before = entry.worked
            if entry.after is not None:
                await self._handle(CallEnded(self._known[entry.after]))
            for piece in entry.pieces:
                await self._handle(Said(piece))
            await self._follow(entry)

    async def _decide(self, decided: Entry) -> None:
        pieces = () if decided.text else self._turn.pieces
        entry = structs.replace(decided, after=self._last_ended, worked=self._worked(), pieces=pieces)
        await self._journal.add(entry)
        await self._follow(entry)

    async def _follow(self, entry: Entry) -> None:
        self._asking, self._keeping, self._last_ended = entry.text is not None, None, None
        if entry.decided is not None:
            await self._handle(entry.decided)
        elif entry.stop is not None:
            await self._stop(entry.stop)

    async def _go_on(self, inbox: Inbox) -> None:
        stop = self._why_stop(inbox)
        if stop is not None:
            await self._decide(Entry(stop=stop))
        elif self._keeping is not None:
            kept = await keep_plan(
                self._parts.planned_trips, self._request, self._keeping, self._before.results
            )
            await self._decide(Entry(kept=kept))
        elif self._asking:
            await self._plan(inbox)
        elif not await self._heed():
            if self._turn.waits_for_people and await self._journal.park(len(self._decisions)):
                self._parked = True
            else:
                await self._await_call(inbox)

    async def _heed(self) -> bool:
        """Follow a decision that people made about a call; False when there is none to follow."""
        for call, number in self._turn.undecided:
            field = Asked(turn_id=self._request.turn_id, call_key=call.key, number=number).field
            decided = self._decisions.get(field)
            if decided is None:
                continue
            if decided.decision == "reject":
                self._known[call.key] = await self._revoke(call, REJECTED)
                self._last_ended = call.key
                await self._handle(CallEnded(self._known[call.key]))
            else:
                await self._decide(Entry(verdict=verdict_of(decided, call, self._parts.tools)))
            return True
        return False

    def _why_stop(self, inbox: Inbox) -> Stop | None:
        if inbox.cancelled:
            return Stop(reason="cancelled", error=CANCELLED)
        if self._attempt > MAX_ATTEMPTS + len(self._decisions):
            logger.error("turn %s is given up after %d attempts", self._request.turn_id, MAX_ATTEMPTS)
            return Stop(reason="error", error=FAILED)
        return None if self._keeping else self._limited()

    def _limited(self, decided: Step | None = None) -> Stop | None:
        """`decided` is a step that is not followed yet."""
        steps = [*self._turn.steps, *([decided] if decided else [])]
        error = reached(self._parts.settings.turn_limits, used(steps, self._worked()))
        if error is None:
            return None
        return Stop(reason="limit", error=error, usage=decided.usage if decided else None)

    def _worked(self) -> float:
        return self._worked_before + (self._parts.clock() - self._began_at).total_seconds()

    async def _plan(self, inbox: Inbox) -> None:
        view = View(
            request=self._request,
            today=self._today(),
            recent=self._before.results,
            history=self._before.said,
            steps=tuple(self._turn.steps),
            outcomes=dict(self._turn.outcomes),
        )
        told = decision(self._parts.planner, view, self._checked, inbox, lambda: self._time_left(inbox))
        try:
            async with aclosing(told):
                step = await self._say(told)
        except PlannerFailed:
            logger.exception("the planner failed in turn %s", self._request.turn_id)
            await self._decide(Entry(stop=Stop(reason="error", error=FAILED)))
            return
        if step is not None:
            stop = self._limited(step) if step.calls else None
            await self._decide(Entry(stop=stop) if stop else Entry(step=step))

    async def _say(self, told: AsyncIterator[Told]) -> Step | None:
        """Shows what comes before the step; the journal tells first that something is going to be said."""
        async for each in told:
            match each:
                case Step():
                    return each
                case BeginAgain():
                    await self._withdraw()
                case _:
                    if self._turn.phase is not Phase.SPEAKING:
                        await self._decide(Entry(text="begins"))
                    await self._handle(Said(each))
        return None

    async def _withdraw(self) -> None:
        """What was said of the step to come, if anything, is said no more."""
        if self._turn.phase is Phase.SPEAKING:
            await self._decide(Entry(text="withdrawn"))

    def _checked(self, step: Step) -> Step:
        """Raises for a step that cannot be followed."""
        usable = validated(step, self._parts.tools)
        self._turn.check(usable)
        return usable

    def _time_left(self, inbox: Inbox) -> float:
        """Seconds that the turn may still work; 0 when there is a reason to stop."""
        left = self._parts.settings.turn_limits.seconds - self._worked()
        return 0.0 if self._why_stop(inbox) else max(0.0, left)

    async def _await_call(self, inbox: Inbox) -> None:
        left = self._parts.settings.turn_limits.seconds - self._worked()
        try:
            async with asyncio.timeout(max(0.0, left)):
                await inbox.something()
        except TimeoutError:
            return
        await self._look()
        for call in self._turn.open_calls:
            if call.key in self._known:
                inbox.look_again()  # another call may have ended as well
                self._last_ended = call.key
                await self._handle(CallEnded(self._known[call.key]))
                return

    async def _stop(self, stop: Stop) -> None:
        outcomes = [await self._revoke(call, CANCELLED) for call in self._turn.open_calls]
        await self._handle(Stopped(stop.reason, stop.error, outcomes, stop.usage))

    async def _revoke(self, call: Call, error: e.ErrorBody) -> CallOutcome:
        return await revoke(self._parts, self._request, self._journal, self._turn, call, error)

    async def _handle(self, happened: Input) -> None:
        for effect in self._turn.handle(happened, self._parts.clock()):
            await self._carry_out(effect)

    async def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Emit(event):
                await self._writing.append(event)
            case Ask():
                self._asking = True
            case Dispatch(call):
                if call.key not in self._known:
                    await dispatch(self._parts, self._request, effect, self._today())
            case Keep(result):
                self._keeping = result
            case AskPeople(call=call):
                await self._writing.ask_people(effect, self._turn.call_id(call))
            case Finish():
                await self._finish(effect)

    async def _finish(self, finish: Finish) -> None:
        await self._writing.keep_result(finish)
        if self._attempt == 1 and finish.reason == "stop":  # nothing else came in between
            await self._parts.durations.learn(self._turn.took)
        await self._writing.close(finish)
        await self._parts.counters.add("turns", finish.reason)

    def _today(self) -> date:
        return self._parts.settings.today or self._request.accepted_at.date()
