"""Tool calls as a turn puts them on the queue and takes them back."""

from datetime import date

from app.contract import events as e
from app.contract.events.base import error_body
from app.contract.ids import session_stream
from app.contract.jobs import ToolJob
from app.contract.turn import TurnRequest
from app.domain.ports import CLOSED, Fence
from tools.tool import outcome_unknown
from workers.agent.journal import Journal, keep_outcome
from workers.agent.model import Call, CallOutcome
from workers.agent.transitions import Dispatch
from workers.agent.turn import Turn
from workers.parts import AgentParts


async def dispatch(parts: AgentParts, request: TurnRequest, wanted: Dispatch, today: date) -> None:
    await parts.queue.enqueue(
        ToolJob(
            session_id=request.session_id,
            turn_id=request.turn_id,
            task_id=wanted.task_id,
            tool_call_id=wanted.call_id,
            call_key=wanted.call.key,
            tool_name=wanted.call.tool,
            arguments=wanted.call.arguments,
            today=today.isoformat(),
        )
    )


async def revoke(
    parts: AgentParts, request: TurnRequest, journal: Journal, turn: Turn, call: Call, error: e.ErrorBody
) -> CallOutcome:
    """Ends an open call with this error, unless it has ended meanwhile; how it ended.

    Claims again when a tool worker took the call up between the claim and the end.
    """
    stream, call_id = session_stream(request.session_id), turn.call_id(call)
    while (attempt := await parts.fences.claim(stream, call_id)) < CLOSED:
        # Behind the claim: a call that goes past its point of no return looks at its fence behind the mark.
        unknown = call.needs_approval and await journal.attempted(call.key)
        error = error_body(outcome_unknown()) if unknown else error
        event = turn.revocation(call, error, parts.clock())
        outcome = CallOutcome(key=call.key, status="error" if unknown else "cancelled", error=error)
        fence = Fence(call_id, attempt, closes=True)
        writes = keep_outcome(request.session_id, request.turn_id, outcome)
        appended = await parts.log.append(stream, event, fence=fence, writes=writes)
        if appended.status == "appended":
            return outcome
    return (await journal.outcomes())[call.key]
