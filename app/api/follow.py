"""The session's stream as server-sent events."""

from typing import Annotated

from litestar import get
from litestar.params import HeaderParameter, QueryParameter
from litestar.types import ASGIApp

from app.api.documented import ON_ONE_SESSION, Answer, answers
from app.api.event_streams import EventStreams
from app.api.identifiers import SessionId
from app.api.messages import Epoch
from app.api.requests import ApiRequest
from app.contract.errors import ErrorCode

_EXAMPLE = """\
event: stream_subscribed
id: 0
data: {"type":"stream_subscribed","id":"q3","timestamp":"2026-11-22T10:00:00Z","in_reply_to":"r1","streams":\
[{"stream":"session:lisbon-in-may","epoch":"8sJ2kQ0wLx3d","seq":1,"recovered":true}]}

event: chat_message
id: 1
data: {"type":"chat_message","id":"msg-1", …, "stream":"session:lisbon-in-may","seq":1}

: heartbeat
"""


@get(
    "/sessions/{session_id:str}/stream",
    summary="Follow a session",
    operation_id="followSession",
    **answers(
        Answer(200, str, "Events as they happen.", _EXAMPLE, media_type="text/event-stream"),
        problems=(*ON_ONE_SESSION, ErrorCode.LIMIT_EXCEEDED),
    ),
)
async def follow_session(
    request: ApiRequest,
    session_id: SessionId,
    after: Annotated[
        int | None,
        QueryParameter(
            ge=0, le=2**53 - 1, description="Resume after this `seq`; without it live events only."
        ),
    ] = None,
    epoch: Epoch = None,
    last_event_id: Annotated[
        int | None,
        HeaderParameter(
            name="Last-Event-ID",
            ge=0,
            le=2**53 - 1,
            description="As `after`, and before it: a browser sends it when it reconnects.",
        ),
    ] = None,
) -> ASGIApp:
    """The same events as on the WebSocket: `id` is the `seq`, `event` the type, `data` the event's JSON.

    The first is `stream_subscribed`, which names the epoch and the newest `seq`. With a cursor every event
    after it follows, then live ones, each once and in order; `recovered: false` in the first says that
    history no longer reaches back, so read the messages again. A comment every 15 s keeps the line open.
    The response ends when the token expires (`connection_error`), when the server goes away
    (`connection_close`), when the session is deleted, or when more than 1 MiB waits to be read.
    """
    streams: EventStreams = request.app.state["event_streams"]
    cursor = after if last_event_id is None else last_event_id
    return await streams.follow(request.id, request.user, session_id, cursor, epoch or None)
