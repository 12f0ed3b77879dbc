"""What the OpenAPI document says of an operation's answers, derived from the table of errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example, Operation, RequestBody

from app.api.problems import AWAY_STATUS, MEDIA_TYPE, NARROWER, STATUS, Problem, problem_type
from app.contract.codec import to_builtins
from app.contract.errors import ERRORS, ErrorCode, Gone, Moved, TripSageError

EVERYWHERE = (ErrorCode.FORBIDDEN, ErrorCode.INTERNAL_ERROR)
OF_CALLERS = (ErrorCode.AUTHENTICATION_FAILED, *EVERYWHERE)

ON_ONE_SESSION = (*OF_CALLERS, ErrorCode.NOT_FOUND, ErrorCode.VALIDATION_ERROR)
ON_ONE_TRIP = (*ON_ONE_SESSION, Gone)
WITH_BODY = (ErrorCode.INVALID_MESSAGE, ErrorCode.PAYLOAD_TOO_LARGE)

JSON = "application/json"


Documented = ErrorCode | type[TripSageError]
"""A code, or an error that has a status of its own."""


@dataclass
class ApiOperation(Operation):
    """Without the 400 that Litestar documents of its own: parameters that are wrong are a 422 here."""

    def __post_init__(self) -> None:
        documented = self.responses or {}
        answer: Any = documented.get("400")
        if answer is not None and MEDIA_TYPE not in (answer.content or {}):
            del documented["400"]


@dataclass
class BodyOptional(ApiOperation):
    """Takes no body for an empty one."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.request_body, RequestBody):
            self.request_body.required = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that is no error; `content` is the type of its body."""

    status: int
    content: Any
    description: str
    example: Any = None
    media_type: str = JSON


def answers(
    *expected: Answer, problems: Sequence[Documented] = (), body: type[Operation] = ApiOperation
) -> dict[str, Any]:
    """Arguments for a route decorator: its answers, the first of them its usual one, and its problems."""
    return {
        "status_code": expected[0].status,
        "operation_class": body,
        "responses": {each.status: _expected(each) for each in expected} | _problems(problems),
    }


def _expected(answer: Answer) -> ResponseSpec:
    shown = None if answer.example is None else [Example(value=to_builtins(answer.example))]
    return ResponseSpec(
        answer.content,
        generate_examples=False,
        description=answer.description,
        media_type=answer.media_type,
        examples=shown,
    )


def _problems(documented_errors: Sequence[Documented]) -> dict[int, ResponseSpec]:
    codes = [each for each in documented_errors if isinstance(each, ErrorCode)]
    by_status: dict[int, list[ErrorCode]] = {}
    for code in codes:
        by_status.setdefault(STATUS[code], []).append(code)
    for error in documented_errors:
        if not isinstance(error, ErrorCode):
            by_status[NARROWER[error]] = [_NARROWER_CODES[error]]
    documented = {status: _problem(status, together) for status, together in sorted(by_status.items())}
    if ErrorCode.AUTHENTICATION_FAILED in codes:  # who is let in is looked up, so the store is needed
        documented[AWAY_STATUS] = _problem(AWAY_STATUS, [ErrorCode.INTERNAL_ERROR])
    return documented


def _problem(status: int, codes: list[ErrorCode]) -> ResponseSpec:
    meanings = [f"`{code}`: {_HERE.get(code, ERRORS[code].meaning)}" for code in codes]
    if status == AWAY_STATUS:
        meanings = ["The store cannot be reached now; the same may be sent again after `Retry-After`."]
    return ResponseSpec(
        Problem,
        generate_examples=False,
        description=" ".join(meanings),
        media_type=MEDIA_TYPE,
        examples=[Example(summary=code, value=to_builtins(_example(code, status))) for code in codes],
    )


def _example(code: ErrorCode, status: int) -> Problem:
    return Problem(
        type=problem_type(code),
        title=ERRORS[code].meaning,
        status=status,
        detail=ERRORS[code].meaning,
        instance="/api/sessions/lisbon-in-may",
        code=code,
        retryable=ERRORS[code].retryable,
        request_id="pqXrYgWNqbLZTFPFpWfW",
        details=_DETAILS.get(code, {}),
    )


_NARROWER_CODES: dict[type[TripSageError], ErrorCode] = {Gone: ErrorCode.NOT_FOUND, Moved: ErrorCode.CONFLICT}

_HERE = {
    ErrorCode.FORBIDDEN: "A browser asks for a page whose origin is not on this server's list, "
    "or the caller may see this but not change it."
}
"""Where an error has a narrower meaning over REST than in the table."""

_DETAILS: dict[ErrorCode, dict[str, Any]] = {
    ErrorCode.VALIDATION_ERROR: {"field": "content"},
    ErrorCode.AUTHENTICATION_FAILED: {"token_type": "jwt", "reason": "expired"},
    ErrorCode.RATE_LIMITED: {"retry_after": 12.5},
}
