"""The one table of what can go wrong: error codes and WebSocket close codes.

Edges translate from here: `app/api` to HTTP status codes, `app/gateway` to close frames.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ErrorCode(StrEnum):
    INVALID_MESSAGE = "INVALID_MESSAGE"
    UNKNOWN_TYPE = "UNKNOWN_TYPE"
    VALIDATION_ERROR = "VALIDATION_ERROR"
    AUTHENTICATION_FAILED = "AUTHENTICATION_FAILED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    RATE_LIMITED = "RATE_LIMITED"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    SESSION_BUSY = "SESSION_BUSY"
    EXTERNAL_API_ERROR = "EXTERNAL_API_ERROR"
    TOOL_TIMEOUT = "TOOL_TIMEOUT"
    TOOL_NOT_FOUND = "TOOL_NOT_FOUND"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    CANCELLED = "CANCELLED"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    INTERNAL_ERROR = "INTERNAL_ERROR"


@dataclass(frozen=True, slots=True)
class ErrorMeaning:
    """What a code says to a client: `retryable` is whether sending the same again may succeed."""

    retryable: bool
    meaning: str


ERRORS: dict[ErrorCode, ErrorMeaning] = {
    ErrorCode.INVALID_MESSAGE: ErrorMeaning(
        False, "The frame is not JSON (or MessagePack), or is no object with a type."
    ),
    ErrorCode.UNKNOWN_TYPE: ErrorMeaning(False, "No frame of this type is understood by the server."),
    ErrorCode.VALIDATION_ERROR: ErrorMeaning(
        False, "A field is missing, unknown or has a wrong value; details.field names it."
    ),
    ErrorCode.AUTHENTICATION_FAILED: ErrorMeaning(
        False, "The token is missing, malformed, forged or expired; details.reason says which."
    ),
    ErrorCode.FORBIDDEN: ErrorMeaning(False, "The caller may see this but not change it."),
    ErrorCode.NOT_FOUND: ErrorMeaning(False, "There is no such thing, or the caller may not see it."),
    ErrorCode.CONFLICT: ErrorMeaning(
        False, "It has changed since it was read, or the id was used before for something else."
    ),
    ErrorCode.RATE_LIMITED: ErrorMeaning(
        True, "Too many requests; details.retry_after says in seconds when to try again."
    ),
    ErrorCode.PAYLOAD_TOO_LARGE: ErrorMeaning(False, "The frame or body is larger than the server takes."),
    ErrorCode.SESSION_BUSY: ErrorMeaning(True, "A turn is running and the message asked not to wait for it."),
    ErrorCode.EXTERNAL_API_ERROR: ErrorMeaning(
        True, "A travel provider failed or answered with something unexpected."
    ),
    ErrorCode.TOOL_TIMEOUT: ErrorMeaning(True, "A tool did not answer in time."),
    ErrorCode.TOOL_NOT_FOUND: ErrorMeaning(False, "The agent asked for a tool that is not installed."),
    ErrorCode.OUTCOME_UNKNOWN: ErrorMeaning(
        False, "It may have been done or not, and is not tried again; the message says what to check."
    ),
    ErrorCode.CANCELLED: ErrorMeaning(False, "It was stopped on request."),
    ErrorCode.LIMIT_EXCEEDED: ErrorMeaning(
        False, "A limit was reached: streams a connection, steps a turn, or the like."
    ),
    ErrorCode.INTERNAL_ERROR: ErrorMeaning(
        True, "The server failed; details.request_id finds it in the logs."
    ),
}


class TripSageError(Exception):
    """A failure that has a code in the table; its message is written for the person who reads it.

    `message` and `details` go to clients: they never hold a secret, a path or a traceback.
    """

    def __init__(self, code: ErrorCode, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details: dict[str, Any] = details

    @property
    def retryable(self) -> bool:
        return ERRORS[self.code].retryable


class Gone(TripSageError):
    """It was there, the caller could see it, and it was deleted."""

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(ErrorCode.NOT_FOUND, message, **details)


class Moved(TripSageError):
    """It is no longer the version that the caller asked to change."""

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(ErrorCode.CONFLICT, message, **details)


@dataclass(frozen=True, slots=True)
class CloseMeaning:
    code: int
    meaning: str
    client: str


class Close:
    """Every code with which the server ends a WebSocket."""

    DONE = 1000
    GOING_AWAY = 1001
    FRAME_TOO_LARGE = 1009
    NOT_AUTHENTICATED = 4001
    PROTOCOL_BROKEN = 4002
    ACCESS_REVOKED = 4003
    TOO_SLOW = 4008
    TOO_MANY_CONNECTIONS = 4009
    LOST_PLACE = 4011
    DRAINING = 4012
    RATE_LIMITED = 4029


CLOSE_CODES: tuple[CloseMeaning, ...] = (
    CloseMeaning(Close.DONE, "Done.", "stays away"),
    CloseMeaning(Close.GOING_AWAY, "The server or the page goes away.", "reconnects"),
    CloseMeaning(Close.FRAME_TOO_LARGE, "A frame over 256 KiB.", "does not resend it"),
    CloseMeaning(
        Close.NOT_AUTHENTICATED, "Not authenticated, or the token expired.", "gets a new token first"
    ),
    CloseMeaning(Close.PROTOCOL_BROKEN, "It keeps breaking the protocol.", "stops"),
    CloseMeaning(Close.ACCESS_REVOKED, "Access revoked, or the origin was refused.", "stops"),
    CloseMeaning(Close.TOO_SLOW, "Too slow: over 1 MiB waits to be sent.", "reconnects and resumes"),
    CloseMeaning(Close.TOO_MANY_CONNECTIONS, "Too many connections for this user.", "stops"),
    CloseMeaning(Close.LOST_PLACE, "The server lost its place in a stream.", "reconnects and resumes"),
    CloseMeaning(
        Close.DRAINING,
        "The server is draining; connection_close came first.",
        "waits reconnect_after with jitter, resumes",
    ),
    CloseMeaning(Close.RATE_LIMITED, "Over the rate limit, after warnings.", "waits"),
)
