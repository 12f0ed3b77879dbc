"""Sessions: made, listed, read and deleted by their owner."""

from datetime import datetime
from typing import Annotated

from litestar import Response, delete, get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct

from app.api.documented import OF_CALLERS, Answer, BodyOptional, answers
from app.api.identifiers import SessionId
from app.api.requests import ApiRequest
from app.contract.errors import ErrorCode
from app.contract.ids import ClientId
from app.storage.sessions import Session
from app.wiring import new_id

MAX_LISTED = 200

ON_ONE_SESSION = (*OF_CALLERS, ErrorCode.NOT_FOUND, ErrorCode.VALIDATION_ERROR)
WITH_BODY = (ErrorCode.INVALID_MESSAGE, ErrorCode.PAYLOAD_TOO_LARGE)


class NewSession(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is known of a session before it begins."""

    session_id: (
        Annotated[ClientId, Meta(description="An id of your own, so that asking again is harmless.")] | None
    ) = None


ANY_SESSION = NewSession()


class SessionSummary(Struct, kw_only=True):
    """A conversation of the caller."""

    session_id: str
    created_at: datetime


class SessionState(SessionSummary, kw_only=True):
    """A conversation, and what is under way in it."""

    running_turn: Annotated[
        str | None,
        Meta(description="The user's message whose turn runs, or is the next to; null when all is done."),
    ]


class SessionList(Struct, kw_only=True):
    sessions: list[SessionSummary]


_EXAMPLE = SessionState(
    session_id="lisbon-in-may",
    created_at=datetime.fromisoformat("2026-11-22T10:00:00Z"),
    running_turn="msg-1",
)


@post(
    "/sessions",
    summary="Begin a session",
    operation_id="createSession",
    **answers(
        Answer(201, SessionState, "The session, new or known. `Location` is its address.", _EXAMPLE),
        problems=(*ON_ONE_SESSION, *WITH_BODY),
        body=BodyOptional,
    ),
)
async def create_session(
    request: ApiRequest, data: JSONBody[NewSession] = ANY_SESSION
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
            "Sessions, newest first. A page may hold fewer than `limit`.",
            {"sessions": [{"session_id": _EXAMPLE.session_id, "created_at": _EXAMPLE.created_at}]},
        ),
        problems=(*OF_CALLERS, ErrorCode.VALIDATION_ERROR),
    ),
)
async def list_sessions(
    request: ApiRequest,
    offset: Annotated[int, QueryParameter(ge=0, le=2**31, description="How many to leave out.")] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=MAX_LISTED, description="The most to answer.")] = 50,
) -> SessionList:
    """The caller's sessions, without those that were deleted."""
    sessions = await request.services.sessions.list(request.user.user_id, offset, limit)
    return SessionList(
        sessions=[SessionSummary(session_id=each.session_id, created_at=each.created_at) for each in sessions]
    )


@get(
    "/sessions/{session_id:str}",
    summary="Read a session",
    operation_id="readSession",
    **answers(Answer(200, SessionState, "The session.", _EXAMPLE), problems=ON_ONE_SESSION),
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
