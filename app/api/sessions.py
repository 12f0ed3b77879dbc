"""Sessions: made, listed, read and deleted by their owner."""

from typing import Annotated

from litestar import Response, delete, get, post
from litestar.params import JSONBody, QueryParameter

from app.api.bodies import (
    A_SESSION,
    SOME_SESSIONS,
    UNNAMED_SESSION,
    NewSession,
    SessionList,
    SessionState,
    SessionSummary,
)
from app.api.documented import (
    OF_CALLERS,
    ON_ONE_SESSION,
    WITH_BODY,
    Answer,
    BodyOptional,
    answers,
)
from app.api.identifiers import SessionId
from app.api.requests import ApiRequest
from app.contract.errors import ErrorCode
from app.storage.sessions import Session
from app.wiring import new_id

MAX_LISTED = 200


@post(
    "/sessions",
    summary="Begin a session",
    operation_id="createSession",
    **answers(
        Answer(201, SessionState, "The session, new or known. `Location` is its address.", A_SESSION),
        problems=(*ON_ONE_SESSION, *WITH_BODY),
        body=BodyOptional,
    ),
)
async def create_session(
    request: ApiRequest, data: JSONBody[NewSession] = UNNAMED_SESSION
) -> Response[SessionState]:
    """Makes a session, or answers with the caller's own of that id. Another user's id is `NOT_FOUND`."""
    session_id = data.session_id or new_id()
    session = await request.services.sessions.open(session_id, request.user.user_id)
    return Response(
        await _state(request, session), status_code=201, headers={"Location": f"/api/sessions/{session_id}"}
    )


@get(
    "/sessions",
    summary="List your sessions",
    operation_id="listSessions",
    **answers(
        Answer(
            200,
            SessionList,
            "Sessions, newest first. A page may hold fewer than `limit`; `after` is null on the last.",
            SOME_SESSIONS,
        ),
        problems=(*OF_CALLERS, ErrorCode.VALIDATION_ERROR),
    ),
)
async def list_sessions(
    request: ApiRequest,
    after: Annotated[
        str | None,
        QueryParameter(max_length=200, description="The `after` of the page before; without it, the first."),
    ] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MAX_LISTED, description="The most to answer.")] = 50,
) -> SessionList:
    """The caller's sessions, without those that were deleted. A page goes on where the one before ended, whatever
    has come or gone meanwhile."""
    sessions, after = await request.services.sessions.page(request.user.user_id, after, limit)
    shown = [SessionSummary(session_id=each.session_id, created_at=each.created_at) for each in sessions]
    return SessionList(sessions=shown, after=after)


@get(
    "/sessions/{session_id:str}",
    summary="Read a session",
    operation_id="readSession",
    **answers(Answer(200, SessionState, "The session.", A_SESSION), problems=ON_ONE_SESSION),
)
async def read_session(request: ApiRequest, session_id: SessionId) -> SessionState:
    """The session, and the turn that runs in it."""
    session = await request.services.sessions.get(session_id, request.user.user_id)
    return await _state(request, session)


@delete(
    "/sessions/{session_id:str}",
    summary="Delete a session",
    operation_id="deleteSession",
    **answers(Answer(204, None, "It is gone."), problems=ON_ONE_SESSION),
)
async def delete_session(request: ApiRequest, session_id: SessionId) -> None:
    """Deletes everything that was said and done in the session; its id cannot be used again.

    A turn that runs is stopped and writes nothing more.
    """
    await request.services.sessions.delete(session_id, request.user.user_id)


async def _state(request: ApiRequest, session: Session) -> SessionState:
    return SessionState(
        session_id=session.session_id,
        created_at=session.created_at,
        running_turn=await request.services.sessions.running_turn(session.session_id),
    )
