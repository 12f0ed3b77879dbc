"""The names of things on the wire: which characters they may have and how one is made from another.

Clients make ids of `A-Za-z0-9_-` only. Whatever the server derives from a client's id joins its parts
with a dot, so a derived id can never meet one that a client chose.

The patterns end in `$(?!\\n)`: to Python alone `$` also matches before a last newline, and JSON Schema
has no `\\Z`.
"""

from typing import Annotated, Literal

from msgspec import Meta

CLIENT_ID_PATTERN = r"^[A-Za-z0-9_-]{1,64}$(?!\n)"
USER_ID_PATTERN = r"^[A-Za-z0-9_.@|+-]{1,128}$(?!\n)"
CALL_ID_PATTERN = r"^[A-Za-z0-9_.-]{1,256}$(?!\n)"
AGENT_ID = "agent:planner"
"""Who writes the plans into trips; no user can have this id, but trips are shared with it as with a user."""
COLLABORATOR_ID_PATTERN = r"^(agent:planner|[A-Za-z0-9_.@|+-]{1,128})$(?!\n)"
STREAM_PATTERN = r"^(system|(session|trip):[A-Za-z0-9_-]{1,64}|user:[A-Za-z0-9_.@|+-]{1,128})$(?!\n)"

ClientId = Annotated[str, Meta(pattern=CLIENT_ID_PATTERN, description="An id made by the client.")]
StreamName = Annotated[
    str,
    Meta(pattern=STREAM_PATTERN, description="`session:ID`, `trip:ID`, `user:ID` or `system`."),
]

JSON_PROTOCOL = "tripsage.v1.json"
MSGPACK_PROTOCOL = "tripsage.v1.msgpack"
PROTOCOL_VERSION = "1.0.0"

StreamKind = Literal["session", "trip", "user", "system"]


def session_stream(session_id: str) -> str:
    return f"session:{session_id}"


def trip_stream(trip_id: str) -> str:
    return f"trip:{trip_id}"


def user_stream(user_id: str) -> str:
    return f"user:{user_id}"


def split_stream(stream: str) -> tuple[StreamKind, str]:
    """A stream's kind and the id of what it belongs to (empty for `system`).

    Expects a name that matches `STREAM_PATTERN`.
    """
    kind, _, owner = stream.partition(":")
    return kind, owner  # pyright: ignore[reportReturnType]  # the pattern admits these four only


def derived(owner_id: str, *parts: str | int) -> str:
    """The id of something that belongs to `owner_id`: the same parts give the same id on every attempt."""
    return ".".join((owner_id, *map(str, parts)))
