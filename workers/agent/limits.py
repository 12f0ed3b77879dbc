"""What one turn may use: what it has used against the limits, without I/O."""

from collections.abc import Sequence
from decimal import Decimal

from app.contract.errors import ERRORS, ErrorCode
from app.contract.events import ErrorBody
from app.contract.turn import Usage
from app.settings import TurnLimits
from workers.agent.model import ModelUsage, Step

NO_USAGE = ModelUsage()


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


def used(steps: Sequence[Step], seconds: float, unfollowed: ModelUsage = NO_USAGE) -> Usage:
    """What these steps, and deciding on one that was not followed, took together."""
    usages = [unfollowed, *(step.usage for step in steps if step.usage is not None)]
    return Usage(
        steps=len(steps),
        tool_calls=sum(len(step.calls) for step in steps),
        model_tokens_in=sum(usage.tokens_in for usage in usages),
        model_tokens_out=sum(usage.tokens_out for usage in usages),
        model_cost=sum((usage.cost for usage in usages), Decimal(0)),
        seconds=round(seconds, 3),
    )


def _error(limit: str, sentence: str) -> ErrorBody:
    code = ErrorCode.LIMIT_EXCEEDED
    return ErrorBody(
        code=code,
        message=f"{sentence}, so it ends here.",
        retryable=ERRORS[code].retryable,
        details={"limit": limit},
    )
