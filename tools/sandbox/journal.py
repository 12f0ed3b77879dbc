"""What was called: the journal's entries, and what a test expects of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from .faults import ProviderName
from .wire import Fault, Request, Response

_QUOTED_BODY = 4000
_SECRET_HEADERS = frozenset({"authorization", "x-api-key", "cookie"})
_SECRET_PARAMETERS = frozenset({"apikey"})


class Entry(Struct, frozen=True):
    """A call that was made. Keys are left out; `outcome` is a status or the name of a fault."""

    at: datetime
    provider: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str
    outcome: str


class Expected(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Calls whose path begins with `path`: exactly `times`, or `at_least` (1 unless told) and `at_most`."""

    provider: ProviderName = "*"
    method: Annotated[str, Meta(max_length=20)] | None = None
    path: Annotated[str, Meta(max_length=200)] = ""
    contains: Annotated[str, Meta(max_length=1000)] = ""  # text in the body that was sent
    times: Annotated[int, Meta(ge=0)] | None = None
    at_least: Annotated[int, Meta(ge=0)] = 1
    at_most: Annotated[int, Meta(ge=0)] | None = None


class Verdict(Struct, frozen=True):
    verified: bool
    calls: int
    message: str


def entry(at: datetime, provider: str, request: Request, outcome: Response | Fault) -> Entry:
    status = str(outcome.status) if isinstance(outcome, Response) else type(outcome).__name__.lower()
    headers = {name: value for name, value in request.headers.items() if name not in _SECRET_HEADERS}
    query = {name: value for name, value in request.query.items() if name.lower() not in _SECRET_PARAMETERS}
    body = request.body[:_QUOTED_BODY].decode(errors="replace")
    return Entry(at, provider, request.method, request.path, query, headers, body, status)


def verify(expected: Expected, entries: Iterable[Entry]) -> Verdict:
    made = list(entries)
    calls = sum(1 for one in made if _is_meant(expected, one))
    fewest = expected.at_least if expected.times is None else expected.times
    most = expected.at_most if expected.times is None else expected.times
    if calls >= fewest and (most is None or calls <= most):
        return Verdict(True, calls, "as expected")
    wanted = f"exactly {fewest}" if fewest == most else f"{fewest} to {'any' if most is None else most}"
    what = f"{expected.method or 'any'} call of {expected.provider} {expected.path}".rstrip()
    others = ", ".join(f"{one.method} {one.provider} {one.path} ({one.outcome})" for one in made[-10:])
    return Verdict(False, calls, f"{what}: expected {wanted}, made {calls}. Last calls: {others or 'none'}")


def _is_meant(expected: Expected, one: Entry) -> bool:
    return (
        expected.provider in ("*", one.provider)
        and expected.method in (None, one.method)
        and one.path.startswith(expected.path)
        and expected.contains in one.body
    )
