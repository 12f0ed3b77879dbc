"""What all of Duffel's endpoints share: their headers, and what a refusal says."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import Struct

from app.contract.errors import ErrorCode, TripSageError
from tools.providers.http import HttpClient
from tools.providers.outcome import Answer

NOTHING: Mapping[str, str] = MappingProxyType({})


class _Source(Struct):
    field: str = ""


class _Problem(Struct):
    type: str = ""
    title: str = ""
    message: str = ""
    code: str = ""
    source: Any = None


class _Problems(Struct):
    errors: list[_Problem] = []


def headers(key: str | None) -> dict[str, str]:
    return {
        "authorization": f"Bearer {key}",
        "duffel-version": "v2",
        "accept": "application/json",
        "content-type": "application/json",
    }


def refused(
    http: HttpClient, answer: Answer, *, verb: str = "search for", stale: Mapping[str, str] = NOTHING
) -> TripSageError:
    """`VALIDATION_ERROR` with the field for what Duffel cannot do, or else `EXTERNAL_API_ERROR`.

    `stale` has sentences for codes that mean that something is no longer as it was: a `CONFLICT`.
    """
    try:
        problems = msgspec.json.decode(answer.body, type=_Problems).errors
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Features that are not enabled for an account are refused in plain text.
        return http.refused(answer, answer.body[:1000].decode(errors="replace"))
    reason = "; ".join(f"{problem.code}: {problem.message or problem.title}" for problem in problems[:3])
    first = problems[0] if problems else _Problem()
    if answer.status < 500 and first.code in stale:
        return http.error(stale[first.code], answer, reason=reason, code=ErrorCode.CONFLICT)
    if answer.status == 422 and first.type == "validation_error":
        return http.error(
            f"Duffel cannot {verb} that.",
            answer,
            reason=reason,
            code=ErrorCode.VALIDATION_ERROR,
            field=_field(first),
        )
    return http.refused(answer, reason)


def _field(problem: _Problem) -> str:
    """`source` is an object for validation errors and a text for airlines' errors."""
    try:
        return msgspec.convert(problem.source, _Source).field[:100]
    except msgspec.ValidationError:
        return ""
