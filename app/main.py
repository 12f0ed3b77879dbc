"""The gateway as an ASGI application: `litestar --app app.main:app run`, or `tripsage gateway`."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from litestar import Litestar
from litestar.datastructures import State

from app.api import api_routes, api_settings
from app.domain.connection import Server
from app.gateway.draining import drain_on_signal
from app.gateway.hub import Hub
from app.gateway.lapses import tell_lapses
from app.gateway.presence import Rooms
from app.gateway.route import gateway
from app.gateway.shared import Shared
from app.metrics import Metrics
from app.settings import Settings, load
from app.wiring import FEATURES, VERSION, authenticator, new_id, services


def create_app(settings: Settings) -> Litestar:
    """The application for these settings. Redis is not needed to make it, nor to start it."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncGenerator[None]:
        async with services(settings) as parts:
            shared = Shared(
                services=parts,
                authenticator=app.state["authenticator"],
                server=Server(VERSION, FEATURES),
                metrics=app.state["metrics"],
                new_id=new_id,
                rooms=Rooms(parts.trip_presence, parts.subscriber, settings.limits.presence_seconds),
            )
            hub = Hub(shared)
            app.state.update({"services": parts, "hub": hub})
            ticking = asyncio.gather(hub.tick_forever(), tell_lapses(parts.trip_conflicts, parts.subscriber))
            try:
                with drain_on_signal(hub.empty):
                    yield
            finally:
                hub.drain()
                await shared.background.settle()
                ticking.cancel()
                with suppress(asyncio.CancelledError):
                    await ticking

    return Litestar(
        route_handlers=[gateway, *api_routes(settings)],
        lifespan=[lifespan],
        state=State({"settings": settings, "authenticator": authenticator(settings), "metrics": Metrics()}),
        **api_settings(settings),
    )


def __getattr__(name: str) -> Litestar:
    """`app` is made when it is first asked for, from the environment: importing this module reads nothing."""
    if name != "app":
        raise AttributeError(name)
    made = create_app(load(os.environ))
    globals()["app"] = made
    return made
