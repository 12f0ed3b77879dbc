"""A real gateway in the test's own loop: uvicorn, the whole application, a port of its own."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

from app.gateway.hub import Hub
from app.gateway.server import server_config
from app.main import create_app
from app.services.auth import issue_token
from app.settings import Limits, Settings
from app.wiring import Services
from tests.support.wire import Wire, open_wire

SECRET = "a secret that is long enough for HS256 to take"


@dataclass
class Gateway:
    url: str
    hub: Hub
    services: Services

    def token(self, user: str = "alice", *, seconds: int = 3600, secret: str = SECRET) -> str:
        """A token of this gateway's key; `seconds` may be negative."""
        return issue_token(secret, user, user.title(), datetime.now(UTC), seconds)


@asynccontextmanager
async def gateway(
    redis_url: str, *, direct: bool = True, limits: Limits | None = None
) -> AsyncGenerator[Gateway, None]:
    """`direct=False` serves it as `litestar run` does, with uvicorn's own WebSocket protocol."""
    settings = Settings(
        data_dir=Path("."),
        events_url=redis_url,
        queue_url=redis_url,
        auth="jwt",
        jwt_secret=SECRET,
        allowed_origins=("https://trips.example.com",),
        limits=limits or Limits(),
    )
    application = create_app(settings)
    config = server_config(settings, application)
    config.port = 0
    if not direct:
        config.ws = "websockets-sansio"
    server = uvicorn.Server(config)
    server.capture_signals = _leave_signals_alone  # type: ignore[method-assign,assignment]
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0)
        if serving.done():
            serving.result()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Gateway(f"http://127.0.0.1:{port}", application.state["hub"], application.state["services"])
    finally:
        server.should_exit = True
        await serving


async def connected(at: Gateway, user: str = "alice", session: str | None = None, **fields: Any) -> Wire:
    wire = await open_wire(at.url)
    await wire.authenticate(at.token(user), session, **fields)
    return wire


@contextmanager
def _leave_signals_alone() -> Generator[None, None, None]:
    yield


def with_limits(**limits: float) -> Limits:
    return replace(Limits(), **limits)  # type: ignore[arg-type]
