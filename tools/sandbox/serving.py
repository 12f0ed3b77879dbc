"""An application on a port until SIGINT or SIGTERM."""

import argparse
import asyncio
import logging
import socket
import struct
from collections.abc import Awaitable, Callable

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from .asgi import ABORT, Receive, Scope, Send

logger = logging.getLogger("sandbox")
KEEP_ALIVE = 75
"""Seconds that an idle connection is kept: longer than clients keep one, as the suppliers' own servers do it.

A request sent on a connection that is just being closed is lost, and a search is not sent again.
"""
_NO_LINGER = struct.pack("ii", 1, 0)
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def server_arguments(parser: argparse.ArgumentParser, *, inherited: bool = False) -> None:
    """`inherited` ones may have been given before the command's name, too."""
    host, port = (argparse.SUPPRESS, argparse.SUPPRESS) if inherited else ("127.0.0.1", 8001)
    parser.add_argument("--host", default=host, help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=port, help="0 for any free one (default: 8001)")


def serve(app: App, host: str, port: int, title: str, note: str = "") -> int:
    """Returns the exit status: 2 when the port is taken, with one line why."""
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        logger.error("The sandbox cannot listen on %s:%d: %s", host, port, error.strerror)
        return 2
    host, port = listener.getsockname()[:2]
    logger.info("%s on http://%s:%d%s", title, host, port, note)
    uvicorn.Server(server_config(app)).run(sockets=[listener])
    return 0


def server_config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BreakableProtocol,
        log_config=None,
        log_level="critical",  # broken connections are what it is for; no complaints about them
        access_log=False,
        date_header=False,  # the sandbox has a clock of its own
        lifespan="off",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=KEEP_ALIVE,
    )


class BreakableProtocol(AutoHTTPProtocol):
    """HTTP whose connections the application can reset: `ABORT` in a request's scope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]  # as uvicorn's own
        super().connection_made(transport)
        inner: App = self.app

        async def breakable(scope: Scope, receive: Receive, send: Send) -> None:
            await inner({**scope, ABORT: reset}, receive, send)

        def reset() -> None:
            """Nothing lingers, so the other side hears of a reset and not of an end."""
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            transport.abort()

        self.app = breakable
