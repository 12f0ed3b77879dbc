"""What one turn may use: what it has used against the limits, without I/O."""

from app.contract.errors import ERRORS, ErrorCode
from app.contract.events import ErrorBody
from app.contract.turn import Usage
from app.settings import TurnLimits


def reached(limits: TurnLimits, used: Usage) -> ErrorBody | None:
    """Why the turn may go no further; None while it may.

    `used.seconds` is the time that it was worked on: waiting for people is left out.
    """
    cents = used.model_cost * 100
    if used.steps >= limits.steps:
        return _error("steps", f"This took more than the {limits.steps} steps that one turn may take")
    if used.tool_calls > limits.tool_calls:
        return _error(
            "tool_calls", f"This took more than the {limits.tool_calls} tool calls that one turn may make"
        )
    if used.model_tokens_in + used.model_tokens_out >= limits.model_tokens:
        return _error("model_tokens", "This took all the text that a model may read and write for one turn")
    if cents >= limits.cost:
        return _error("cost", "This took all that one turn may cost")
    if used.seconds >= limits.seconds:
        return _error("seconds", f"This took longer than the {limits.seconds} s that one turn may take")
    return None


def _error(limit: str, sentence: str) -> ErrorBody:
    code = ErrorCode.LIMIT_EXCEEDED
    return ErrorBody(
        code=code,
        message=f"{sentence}, so it ends here.",
        retryable=ERRORS[code].retryable,
        details={"limit": limit},
    )
