"""Tool calls that wait for people."""

from litestar import post
from litestar.params import JSONBody

from app.api.bodies import DecisionAccepted, ToolCallDecision
from app.api.documented import ON_ONE_SESSION, WITH_BODY, Answer, answers
from app.api.identifiers import SessionId, ToolCallId
from app.api.requests import ApiRequest
from app.contract.commands import DecideToolCall
from app.contract.errors import ErrorCode, TripSageError
from app.contract.plain import plain_problem
from app.wiring import new_id


@post(
    "/sessions/{session_id:str}/tool-calls/{tool_call_id:str}/decision",
    summary="Decide about a tool call",
    operation_id="decideToolCall",
    **answers(
        Answer(
            202,
            DecisionAccepted,
            "It holds: the turn goes on from here. A repeat is a `duplicate` with no second effect.",
            DecisionAccepted(id="decide-1", status="accepted"),
        ),
        problems=(*ON_ONE_SESSION, *WITH_BODY, ErrorCode.CONFLICT),
    ),
)
async def decide_tool_call(
    request: ApiRequest, session_id: SessionId, tool_call_id: ToolCallId, data: JSONBody[ToolCallDecision]
) -> DecisionAccepted:
    """Approves, rejects or changes a call that `tool_call_approval_required` told of, hours later too."""
    problem = plain_problem(data.parameters)
    if problem is not None:
        raise TripSageError(ErrorCode.VALIDATION_ERROR, f"`parameters` {problem}.", field="parameters")
    command = DecideToolCall(
        id=data.id or new_id(),
        session_id=session_id,
        tool_call_id=tool_call_id,
        decision=data.decision,
        parameters=data.parameters,
    )
    status = await request.services.decisions.decide(request.user.user_id, command)
    return DecisionAccepted(id=command.id, status=status)
