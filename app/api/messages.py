"""What is said in a session and what comes of it: messages, turns, events. Stored frames pass unread."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Raw

from app.api.bodies import (
    A_RESULT,
    CANCEL_RUNNING,
    SOME_EVENTS,
    SOME_MESSAGES,
    Accepted,
    CancelAccepted,
    CancelOrder,
    Events,
    Messages,
    NewMessage,
    PendingTurn,
    StoredEvents,
)
from app.api.documented import (
    JSON,
    ON_ONE_SESSION,
    WITH_BODY,
    Answer,
    BodyOptional,
    answers,
)
from app.api.identifiers import MessageId, SessionId
from app.api.requests import ApiRequest
from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import session_stream
from app.contract.turn import TurnResult
from app.wiring import new_id

MAX_EVENTS = 1000

After = Annotated[
    int, QueryParameter(ge=0, le=2**53 - 1, description="The `seq` of the last event that you have.")
]
Limit = Annotated[
    int,
    QueryParameter(ge=1, le=MAX_EVENTS, description="The most to answer; large events may make it fewer."),
]
Epoch = Annotated[
    str | None,
    QueryParameter(max_length=256, description="The `epoch` that the cursor is of; without it any will do."),
]


@get(
    "/sessions/{session_id:str}/messages",
    summary="Read the messages",
    operation_id="listMessages",
    **answers(Answer(200, Messages, "The messages.", SOME_MESSAGES), problems=ON_ONE_SESSION),
)
async def list_messages(request: ApiRequest, session_id: SessionId) -> Response[bytes]:
    """The snapshot to begin with, and to return to when history no longer reaches back to a cursor."""
    services = request.services
    await services.sessions.get(session_id, request.user.user_id)
    snapshot = await services.sessions.snapshot(session_id)
    if not snapshot.epoch:  # a stream that nobody has used: reading it gives it the epoch to resume with
        snapshot.epoch = (await services.log.read(session_stream(session_id), 0, limit=1)).epoch
    return Response(encode(snapshot), media_type=JSON)


@post(
    "/sessions/{session_id:str}/messages",
    summary="Say something",
    operation_id="sendMessage",
    **answers(
        Answer(
            202,
            Accepted,
            "Accepted: its turn will end, whatever happens. A repeat is a `duplicate` with no second effect.",
            Accepted(id="msg-1", status="accepted", seq=1),
        ),
        problems=(
            *ON_ONE_SESSION,
            *WITH_BODY,
            ErrorCode.CONFLICT,
            ErrorCode.SESSION_BUSY,
            ErrorCode.RATE_LIMITED,
        ),
    ),
)
async def send_message(
    request: ApiRequest, session_id: SessionId, data: JSONBody[NewMessage]
) -> Response[Accepted]:
    """Begins a turn of the agent. Follow it on the WebSocket or the session's stream, or poll its result."""
    message_id = data.id or new_id()
    received = await request.services.chat.say(
        request.user.user_id, session_id, message_id, data.content, data.metadata.when_busy
    )
    return Response(
        Accepted(id=message_id, status=received.status, seq=received.seq),
        status_code=202,
        headers={"Location": f"/api/sessions/{session_id}/turns/{message_id}"},
    )


@post(
    "/sessions/{session_id:str}/cancel",
    summary="Stop a turn",
    operation_id="cancelTurn",
    **answers(
        Answer(
            202,
            CancelAccepted,
            "The turn stops within a second. Nothing to stop is no error.",
            CancelAccepted(),
        ),
        problems=(*ON_ONE_SESSION, *WITH_BODY),
        body=BodyOptional,
    ),
)
async def cancel_turn(
    request: ApiRequest, session_id: SessionId, data: JSONBody[CancelOrder] = CANCEL_RUNNING
) -> CancelAccepted:
    """Stops the running turn, or the one that a message began or waits to begin."""
    await request.services.chat.cancel(request.user.user_id, session_id, data.message_id, new_id())
    return CancelAccepted()


@get(
    "/sessions/{session_id:str}/turns/{message_id:str}",
    summary="Read a turn's result",
    operation_id="readTurn",
    **answers(
        Answer(200, TurnResult, "What the turn came to.", A_RESULT),
        Answer(
            202, PendingTurn, "It is not done; ask again after `Retry-After`.", PendingTurn(status="running")
        ),
        problems=ON_ONE_SESSION,
    ),
)
async def read_turn(request: ApiRequest, session_id: SessionId, message_id: MessageId) -> Response[Any]:
    """The result of the turn that the user's message began, kept until the session is deleted."""
    sessions = request.services.sessions
    await sessions.get(session_id, request.user.user_id)
    # The result is asked for last: a turn that is neither waiting nor running by then has one.
    running = await sessions.running_turn(session_id) == message_id
    waiting = running or await sessions.has_turn(session_id, message_id)
    result = await sessions.turn_result(session_id, message_id)
    if result is not None:
        return Response(result, media_type=JSON)
    if not waiting:
        raise TripSageError(ErrorCode.NOT_FOUND, "No message of this id was said in the session.")
    status = PendingTurn(status="running" if running else "queued")
    return Response(status, status_code=202, headers={"Retry-After": "1"})


@get(
    "/sessions/{session_id:str}/events",
    summary="Read events",
    operation_id="listEvents",
    **answers(Answer(200, Events, "A page of events.", SOME_EVENTS), problems=ON_ONE_SESSION),
)
async def list_events(
    request: ApiRequest,
    session_id: SessionId,
    after: After = 0,
    limit: Limit = 256,
    epoch: Epoch = None,
) -> Response[bytes]:
    """A page of the session's stream, for who asks now and then rather than follows."""
    await request.services.sessions.get(session_id, request.user.user_id)
    return await read_events(request, session_stream(session_id), after, limit, epoch)


async def read_events(
    request: ApiRequest, stream: str, after: int, limit: int, epoch: str | None
) -> Response[bytes]:
    """A page of any stream; the caller has made sure of who asks."""
    page = await request.services.log.read(stream, after, epoch=epoch or None, limit=limit)
    stored = StoredEvents(
        events=[Raw(frame) for _, frame in page.frames],
        epoch=page.epoch,
        seq=page.seq,
        recovered=page.recovered,
    )
    return Response(encode(stored), media_type=JSON)
