"""Serves the gateway with uvicorn: uvloop, ready-made frames, and a drain before the stop."""

import asyncio
import logging
import signal
import socket
from types import FrameType

import uvicorn
from litestar import Litestar

from app.gateway.hub import Hub
from app.gateway.protocol import DirectWebSocketProtocol
from app.settings import Settings, SettingsError

BACKLOG = 2048
DRAIN_SECONDS = 1.0
"""How long clients have to take their connection_close before the listening stops."""


class DrainingServer(uvicorn.Server):
    """On a first signal tells the clients first; on a second it stops at once, as uvicorn does."""

    def __init__(self, config: uvicorn.Config, application: Litestar) -> None:
        super().__init__(config)
        self._application = application

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        hub: Hub | None = self._application.state.get("hub")
        if hub is None or hub.draining or sig not in (signal.SIGINT, signal.SIGTERM):
            super().handle_exit(sig, frame)
            return
        loop = asyncio.get_running_loop()
        loop.call_soon_threadsafe(self._drain, hub, sig)

    def _drain(self, hub: Hub, sig: int) -> None:
        hub.drain()
        asyncio.get_running_loop().call_later(DRAIN_SECONDS, super().handle_exit, sig, None)


def serve(settings: Settings, application: Litestar) -> None:
    """Serves until a signal. Raises `SettingsError` when the address cannot be used."""
    with _listen(settings) as listening:
        DrainingServer(server_config(settings, application), application).run(sockets=[listening])


def server_config(settings: Settings, application: Litestar) -> uvicorn.Config:
    """How uvicorn serves the gateway, whatever the address."""
    return uvicorn.Config(
        application,
        ws=DirectWebSocketProtocol,
        ws_max_size=settings.limits.frame_bytes,
        ws_per_message_deflate=False,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        loop="uvloop",
        lifespan="on",
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(settings.drain_seconds),
    )


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"TRIPSAGE_HOST={settings.host} TRIPSAGE_PORT={settings.port} cannot be listened on: {error.strerror}"
        ) from error
    listening.listen(BACKLOG)
    return listening
