"""What events are made of."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from app.contract.errors import TripSageError

T = TypeVar("T")
Maybe = T | UnsetType
Added = Annotated[T | UnsetType, Meta(extra_json_schema={"x-added": True})]
"""A field that the guide does not have: left out when unset."""

Fraction = Annotated[float, Meta(ge=0, le=1)]
Number = int | float
Count = Annotated[int, Meta(ge=0)]
Permission = Literal["read", "write", "admin"]
Moment = Annotated[datetime, Meta(tz=True)]
Time = Annotated[Moment, Meta(description="When it happened, on the server's clock, in UTC.")]
SessionId = Annotated[str, Meta(description="The session it belongs to.")]
UserId = Annotated[str, Meta(description="Who it is about.")]
TurnId = Annotated[Added[str], Meta(description="The turn it belongs to: the id of the user's message.")]


class Event(Struct, kw_only=True, tag_field="type"):
    """What all events share. `stream` and `seq` are on durable events alone."""

    id: Annotated[str, Meta(description="Its own id, the same however often it is sent.")]
    stream: Annotated[Added[str], Meta(description="The stream it belongs to.")] = UNSET
    seq: Annotated[
        Added[int],
        Meta(description="Its place in the stream, from 1 without a gap: the cursor to resume after."),
    ] = UNSET


class TimedEvent(Event, kw_only=True):
    timestamp: Time


class TurnEvent(TimedEvent, kw_only=True):
    """An event of one turn."""

    session_id: SessionId
    turn_id: TurnId = UNSET


class ErrorBody(Struct, kw_only=True):
    """What went wrong."""

    code: Annotated[str, Meta(description="One of the table of error codes.")]
    message: Annotated[str, Meta(description="A sentence that may be shown to a person.")]
    retryable: Annotated[
        Maybe[bool], Meta(description="Whether sending the same again later may succeed.")
    ] = UNSET
    details: Annotated[
        Maybe[dict[str, Any]],
        Meta(description="What else is known: `field`, `retry_after` (seconds), `reason`, `request_id` …"),
    ] = UNSET


def error_body(error: TripSageError) -> ErrorBody:
    """What an event says of this error."""
    return ErrorBody(
        code=error.code,
        message=error.message,
        retryable=error.retryable,
        details=error.details or UNSET,
    )


Failure = Annotated[ErrorBody, Meta(description="What went wrong.")]
