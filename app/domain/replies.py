"""How a client is told that something went wrong."""

from datetime import datetime

from msgspec import UNSET

from app.contract import events as e
from app.contract.errors import ErrorCode, TripSageError


def error(failure: TripSageError, in_reply_to: str | None, event_id: str, now: datetime) -> e.Error:
    """The event for a frame that was refused, or for none in particular."""
    body = e.ErrorBody(
        code=failure.code,
        message=failure.message,
        retryable=failure.retryable,
        details=failure.details or UNSET,
    )
    return e.Error(id=event_id, timestamp=now, error=body, in_reply_to=in_reply_to or UNSET)


def not_authenticated(reason: str, message: str, event_id: str, now: datetime) -> e.ConnectionFailed:
    """The last event but the close of a connection without a valid token."""
    body = e.ErrorBody(
        code=ErrorCode.AUTHENTICATION_FAILED,
        message=message,
        retryable=False,
        details={"token_type": "jwt", "reason": reason},
    )
    return e.ConnectionFailed(id=event_id, timestamp=now, error=body)
