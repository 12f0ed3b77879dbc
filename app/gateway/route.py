"""`GET /ws`: the upgrade, and everything that is decided before the first frame."""

from collections.abc import Sequence
from typing import Any

from litestar import WebSocket, websocket
from litestar.datastructures import Headers, State
from litestar.types import Scope

from app.contract.errors import Close
from app.contract.ids import JSON_PROTOCOL, MSGPACK_PROTOCOL
from app.gateway.hub import Hub
from app.services.auth import bearer_token
from app.settings import origin_allowed


@websocket("/ws")
async def gateway(socket: WebSocket[Any, Any, State], state: State) -> None:
    hub: Hub = state["hub"]
    subprotocol = choose_protocol(socket.scope["subprotocols"])
    await socket.accept(subprotocols=subprotocol)
    origin, authorization = read_headers(socket.scope, "origin", "authorization")
    if origin is not None and not origin_allowed(origin, state["settings"]):
        await socket.close(Close.ACCESS_REVOKED, "origin refused")
        return
    token = bearer_token(authorization)
    await hub.serve(socket.scope, socket.receive, socket.send, token, msgpack=subprotocol == MSGPACK_PROTOCOL)


def choose_protocol(offered: Sequence[str]) -> str | None:
    """The client's first choice of those spoken here; none where it offered none."""
    return next((each for each in offered if each in (JSON_PROTOCOL, MSGPACK_PROTOCOL)), None)


def read_headers(scope: Scope, *names: str) -> list[str | None]:
    """The first value of each name. `socket.headers` would keep all of them for the life of the connection."""
    parsed = Headers(scope["headers"])
    return [parsed.get(name) for name in names]
