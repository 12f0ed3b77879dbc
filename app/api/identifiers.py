"""The id of a request, by which a client and the logs mean the same one; and the ids in addresses."""

import re
from typing import Annotated, Any

from litestar.openapi.spec import Example
from litestar.params import PathParameter
from litestar.types import HTTPScope, Scope

from app.contract.ids import CALL_ID_PATTERN, CLIENT_ID_PATTERN, COLLABORATOR_ID_PATTERN
from app.wiring import new_id

HEADER = "X-Request-ID"
_PATTERN = re.compile(rb"[A-Za-z0-9._-]{1,128}")
_KEY = "tripsage_request_id"

SessionId = Annotated[
    str,
    PathParameter(
        pattern=CLIENT_ID_PATTERN, description="The session.", examples=[Example(value="lisbon-in-may")]
    ),
]
MessageId = Annotated[
    str,
    PathParameter(
        pattern=CLIENT_ID_PATTERN,
        description="The `id` of the user's message that began the turn.",
        examples=[Example(value="msg-1")],
    ),
]
ToolCallId = Annotated[
    str,
    PathParameter(
        pattern=CALL_ID_PATTERN,
        description="The `tool_call_id` of the call that waits.",
        examples=[Example(value="msg-1.call.hold")],
    ),
]
TripId = Annotated[
    str,
    PathParameter(pattern=CLIENT_ID_PATTERN, description="The trip.", examples=[Example(value="t-lisbon")]),
]
ConflictId = Annotated[
    str,
    PathParameter(
        pattern=CLIENT_ID_PATTERN, description="The conflict.", examples=[Example(value="conflict-1")]
    ),
]
CollaboratorId = Annotated[
    str,
    PathParameter(pattern=COLLABORATOR_ID_PATTERN, description="The user.", examples=[Example(value="bob")]),
]
InvitationId = Annotated[
    str,
    PathParameter(
        pattern=CLIENT_ID_PATTERN,
        description="The invitation.",
        examples=[Example(value="5f0c1be9a1d74a6e9c2b8f4d3e7a6b10")],
    ),
]


def request_id(scope: Scope | HTTPScope) -> str:
    """The client's own `X-Request-ID` where it is a plain one, else one made now and kept."""
    state: dict[str, Any] = scope["state"]
    if _KEY not in state:
        sent = header(scope, b"x-request-id")
        state[_KEY] = sent.decode() if sent is not None and _PATTERN.fullmatch(sent) else new_id()
    return state[_KEY]


def header(scope: Scope | HTTPScope, name: bytes) -> bytes | None:
    """The first header of this name, which is in lower case as ASGI gives it."""
    return next((value for key, value in scope["headers"] if key == name), None)
