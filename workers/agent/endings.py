"""The errors with which the engine itself ends turns and calls."""

from app.contract.errors import ErrorCode
from app.contract.events import ErrorBody

FAILED = ErrorBody(
    code=ErrorCode.INTERNAL_ERROR,
    message="Something went wrong on our side while this was being planned. Please try again.",
    retryable=True,
)
CANCELLED = ErrorBody(code=ErrorCode.CANCELLED, message="The turn was stopped.", retryable=False)
REJECTED = ErrorBody(
    code=ErrorCode.CANCELLED,
    message="It was not done, since it was not approved.",
    retryable=False,
    details={"reason": "rejected"},
)
