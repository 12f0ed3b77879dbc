"""What a tool call came to: its result as a struct, or the error in words that a user may read."""

from typing import TypeVar

import msgspec

from app.contract.errors import ErrorCode
from app.contract.events import ErrorBody
from workers.agent.model import CallOutcome

T = TypeVar("T", bound=msgspec.Struct)


def read_outcome(outcome: CallOutcome, kind: type[T]) -> T | ErrorBody:
    """The result of a call that has ended. A result that does not fit its struct is an error like any."""
    if outcome.status == "complete":
        try:
            return msgspec.json.decode(outcome.result, type=kind)
        except msgspec.DecodeError:
            return ErrorBody(
                code=ErrorCode.EXTERNAL_API_ERROR,
                message="A tool answered with something that is not its result.",
                retryable=True,
            )
    return outcome.error or ErrorBody(
        code=ErrorCode.INTERNAL_ERROR, message="A tool call ended without a result.", retryable=True
    )
