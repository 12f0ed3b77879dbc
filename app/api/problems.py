"""Failures as RFC 9457 problem details. HTTP status codes of errors live here and nowhere else."""

import logging
import re
from math import ceil
from typing import Any, cast
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from msgspec import Struct

from app.api.identifiers import request_id
from app.contract.codec import encode
from app.contract.errors import ERRORS, ErrorCode, Gone, Moved, TripSageError
from app.contract.explain import explain
from app.streams.client import AWAY

logger = logging.getLogger("tripsage.api")

MEDIA_TYPE = "application/problem+json"
AWAY_STATUS = 503
AWAY_RETRY_AFTER = 1  # seconds

_NO_INTEGER = re.compile(r"Expected `int( \| null)?`, got `str`")
_PLACEHOLDER = re.compile(r"\\\{.*?\\\}")  # of an escaped path, `/api/sessions/\{session_id\}`

STATUS: dict[ErrorCode, int] = {
    ErrorCode.INVALID_MESSAGE: 400,
    ErrorCode.UNKNOWN_TYPE: 405,
    ErrorCode.VALIDATION_ERROR: 422,
    ErrorCode.AUTHENTICATION_FAILED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.CONFLICT: 409,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.PAYLOAD_TOO_LARGE: 413,
    ErrorCode.SESSION_BUSY: 409,
    ErrorCode.EXTERNAL_API_ERROR: 502,
    ErrorCode.TOOL_TIMEOUT: 504,
    ErrorCode.TOOL_NOT_FOUND: 500,
    ErrorCode.OUTCOME_UNKNOWN: 502,
    ErrorCode.CANCELLED: 409,
    ErrorCode.LIMIT_EXCEEDED: 429,
    ErrorCode.INTERNAL_ERROR: 500,
}


NARROWER: dict[type[TripSageError], int] = {Gone: 410, Moved: 412}
"""Errors for which HTTP has a status of their own within their code."""


class Problem(Struct, kw_only=True):
    """What went wrong (RFC 9457). `code` is of the same table as the errors on the WebSocket."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: ErrorCode
    retryable: bool
    request_id: str
    details: dict[str, Any] = {}


def problem_type(code: ErrorCode) -> str:
    return f"urn:tripsage:error:{code}"


def exception_handlers() -> dict[type[Exception], Any]:
    return {
        TripSageError: _known,
        HTTPException: _of_framework,
        **dict.fromkeys(AWAY, _away),
        Exception: _unexpected,
    }


def _known(request: Request[Any, Any, Any], error: TripSageError) -> Response[bytes]:
    if error.code is ErrorCode.INTERNAL_ERROR:
        _log(request, error)
    return _response(request, error, NARROWER.get(type(error), STATUS[error.code]), _headers(error))


def _of_framework(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    if isinstance(error, ValidationException):
        return _known(request, _invalid(error))
    if isinstance(error, NotFoundException):
        return _known(request, TripSageError(ErrorCode.NOT_FOUND, "There is nothing at this address."))
    if isinstance(error, MethodNotAllowedException):
        allowed = ", ".join(allowed_methods(request))
        known = TripSageError(ErrorCode.UNKNOWN_TYPE, f"This address takes {allowed}.")
        return _response(request, known, error.status_code, {"Allow": allowed})
    if error.status_code == STATUS[ErrorCode.PAYLOAD_TOO_LARGE]:
        return _known(request, TripSageError(ErrorCode.PAYLOAD_TOO_LARGE, "The body is too large."))
    if error.status_code < 500:
        known = TripSageError(ErrorCode.INVALID_MESSAGE, "The request cannot be read.")
        return _response(request, known, error.status_code, {})
    return _unexpected(request, error)


def _away(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Redis does not answer: nothing is wrong with the request, and it may be sent again."""
    logger.warning(
        "%s %r: Redis is away: %s (request_id %s)",
        request.method,
        request.scope["path"],
        error,
        request_id(request.scope),
    )
    known = TripSageError(ErrorCode.INTERNAL_ERROR, "The store cannot be reached now; send the same again.")
    return _response(request, known, AWAY_STATUS, {"Retry-After": str(AWAY_RETRY_AFTER)})


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    _log(request, error)
    known = TripSageError(
        ErrorCode.INTERNAL_ERROR, "The server failed; its log has more under this request_id."
    )
    return _response(request, known, STATUS[known.code], {})


def _log(request: Request[Any, Any, Any], error: Exception) -> None:
    logger.error(
        "%s %r failed (request_id %s)",
        request.method,
        request.scope["path"],
        request_id(request.scope),
        exc_info=error,
    )


def _response(
    request: Request[Any, Any, Any], error: TripSageError, status: int, headers: dict[str, str]
) -> Response[bytes]:
    problem = Problem(
        type=problem_type(error.code),
        title=ERRORS[error.code].meaning,
        status=status,
        detail=error.message,
        instance=quote(request.scope["path"]),
        code=error.code,
        retryable=error.retryable,
        request_id=request_id(request.scope),
        details=error.details,
    )
    return Response(encode(problem), status_code=status, media_type=MEDIA_TYPE, headers=headers)


def _headers(error: TripSageError) -> dict[str, str]:
    if error.code is ErrorCode.AUTHENTICATION_FAILED:
        challenge = 'Bearer realm="tripsage"'
        if error.details.get("reason") != "missing":
            challenge += f', error="invalid_token", error_description="{error.message}"'
        return {"WWW-Authenticate": challenge}
    if error.code is ErrorCode.RATE_LIMITED and "retry_after" in error.details:
        return {"Retry-After": str(ceil(error.details["retry_after"]))}
    return {}


def _invalid(error: ValidationException) -> TripSageError:
    """The first parameter that is wrong, named as a field of a body is."""
    found = cast(list[dict[str, str]], error.extra or [])
    if not found or "key" not in found[0]:
        return TripSageError(ErrorCode.VALIDATION_ERROR, "A parameter is missing or wrong.")
    if found[0]["key"] == "data":  # what handlers call the body, which is empty
        return TripSageError(ErrorCode.INVALID_MESSAGE, "The body has to be a JSON object.")
    problem = _NO_INTEGER.sub("Expected a whole number", found[0]["message"])
    message, field = explain(f"{problem} - at `$.{found[0]['key']}`", Problem)
    return TripSageError(ErrorCode.VALIDATION_ERROR, message, field=field)


def allowed_methods(request: Request[Any, Any, Any]) -> list[str]:
    """What an address answers to; RFC 9110 wants it said with a 405."""
    path = request.scope["path"].rstrip("/") or "/"
    return sorted(
        {
            method
            for route in request.app.routes
            for method in getattr(route, "methods", ())
            if re.fullmatch(_PLACEHOLDER.sub("[^/]+", re.escape(route.path_format)), path)
        }
    )
