"""Requests beside the socket: one at a time, and what became of each."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol, Self, cast

import msgspec

from app.client.address import is_loopback, rest_address
from app.contract.events import ErrorBody

if TYPE_CHECKING:
    import httpx

ANSWER_SECONDS = 10.0
_MAYBE = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


@dataclass(frozen=True, slots=True)
class Done:
    """The server did it."""

    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """The server did not do it, and never will as it was asked."""

    error: ErrorBody


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Whether the server did it is not known: ask again. `after` is when, in seconds, if the server said so."""

    after: float | None = None


Reply = Done | Refused | Unanswered


class Bearer(Protocol):
    async def __call__(self, *, renewed: bool) -> str: ...


class Rest:
    """The REST API beside a socket. Use it as an async context manager.

    `bearer` is asked for a token, and for a new one (`renewed=True`) where the last has run out.
    """

    def __init__(self, url: str, bearer: Bearer) -> None:
        self._url = url
        self._bearer = bearer

    async def __aenter__(self) -> Self:
        import httpx  # slow to load, and the socket does without

        self._problem = httpx.HTTPError
        self._http: httpx.AsyncClient = httpx.AsyncClient(
            base_url=rest_address(self._url),
            timeout=ANSWER_SECONDS,
            trust_env=not is_loopback(self._url),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def ask(self, method: str, path: str, body: bytes = b"") -> Reply:
        answer = await self._answer(method, path, body)
        return Unanswered() if answer is None else _reply(answer)

    async def fetch(self, path: str) -> bytes | Refused | Unanswered:
        """A file as it is, or why there is none."""
        answer = await self._answer("GET", path, b"")
        if answer is not None and answer.is_success:
            return answer.content
        reply = Unanswered() if answer is None else _reply(answer)
        assert not isinstance(reply, Done)
        return reply

    async def _answer(self, method: str, path: str, body: bytes) -> "httpx.Response | None":
        answer = await self._send(method, path, body, await self._bearer(renewed=False))
        if answer is not None and answer.status_code == HTTPStatus.UNAUTHORIZED:
            return await self._send(method, path, body, await self._bearer(renewed=True))
        return answer

    async def _send(self, method: str, path: str, body: bytes, token: str) -> "httpx.Response | None":
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            return await self._http.request(method, path, content=body, headers=headers)
        except self._problem:
            return None


def _reply(answer: "httpx.Response") -> Reply:
    if answer.status_code == HTTPStatus.NO_CONTENT:
        return Done({})
    if answer.status_code in _MAYBE or answer.is_server_error:
        return Unanswered(_seconds(answer.headers.get("retry-after")))
    try:
        body: object = msgspec.json.decode(answer.content)
    except msgspec.DecodeError:
        body = None
    if not isinstance(body, dict):
        return Unanswered()  # something between us and the server
    found = cast("dict[str, Any]", body)
    if answer.is_success:
        return Done(found)
    error = ErrorBody(
        code=str(found.get("code", "INTERNAL_ERROR")),
        message=str(found.get("detail") or found.get("title") or f"HTTP {answer.status_code}"),
        retryable=False,
        details=found.get("details") or {},
    )
    return Refused(error)


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdigit() else None
