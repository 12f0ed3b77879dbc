"""Serves the gateway with uvicorn: uvloop and ready-made frames."""

import logging
import socket

import uvicorn
from litestar import Litestar

from app.gateway.protocol import DirectWebSocketProtocol
from app.settings import Settings, SettingsError

BACKLOG = 2048
KEEP_ALIVE = 75
"""Seconds that an idle connection of REST is kept: longer than balancers keep one (60 s is common), so that none
sends a request on a connection that is just being closed.
"""


def serve(settings: Settings, application: Litestar) -> None:
    """Serves until a signal. Raises `SettingsError` when the address cannot be used."""
    with _listen(settings) as listening:
        uvicorn.Server(server_config(settings, application)).run(sockets=[listening])


def server_config(settings: Settings, application: Litestar) -> uvicorn.Config:
    """How uvicorn serves the gateway, whatever the address."""
    return uvicorn.Config(
        application,
        http="httptools",
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
        timeout_keep_alive=KEEP_ALIVE,
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
