"""What every answer carries, and which pages may ask: the same allow-list as the WebSocket's."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app.api.identifiers import HEADER, header, request_id
from app.contract.errors import ErrorCode, TripSageError
from app.settings import Settings, origin_allowed

METHODS = "GET, POST, PUT, PATCH, DELETE"
HEADERS = "Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, X-Request-ID"
EXPOSED = "ETag, Location, Retry-After, X-Request-ID"
PREFLIGHT_SECONDS = "600"


class OriginCheck:
    """Refuses pages that are not on the list before anything is read of their requests."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            origin = header(scope, b"origin")
            if origin is not None and not _allowed(scope, origin):
                raise TripSageError(ErrorCode.FORBIDDEN, "Pages of this origin may not use this server.")
        await self._app(scope, receive, send)


async def finish(message: Message, scope: Scope) -> None:
    """Adds to each response its request's id and, for a page that may ask, what its browser wants to see."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    headers[HEADER] = request_id(scope)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cache-Control"] = "no-store"
    origin = header(scope, b"origin")
    if origin is None:
        return
    headers.add("Vary", "Origin")
    if not _allowed(scope, origin):
        return
    headers["Access-Control-Allow-Origin"] = origin.decode("latin-1")
    headers["Access-Control-Expose-Headers"] = EXPOSED
    if scope["type"] == "http" and scope["method"] == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = METHODS
        headers["Access-Control-Allow-Headers"] = HEADERS
        headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS


def _allowed(scope: Scope, origin: bytes) -> bool:
    settings: Settings = scope["litestar_app"].state["settings"]
    return origin_allowed(origin.decode("latin-1"), settings)
