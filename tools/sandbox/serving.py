"""An application on a port until SIGINT or SIGTERM."""

import argparse
import logging
import socket
from collections.abc import Awaitable, Callable

import uvicorn

from .asgi import Receive, Scope, Send

logger = logging.getLogger("sandbox")
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def server_arguments(parser: argparse.ArgumentParser, *, inherited: bool = False) -> None:
    """`inherited` ones may have been given before the command's name, too."""
    host, port = (argparse.SUPPRESS, argparse.SUPPRESS) if inherited else ("127.0.0.1", 8001)
    parser.add_argument("--host", default=host)
    parser.add_argument("--port", type=int, default=port, help="0 for any free one")


def serve(app: App, host: str, port: int, title: str, note: str = "") -> int:
    """Returns the exit status: 2 when the port is taken, with one line why."""
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        logger.error("The sandbox cannot listen on %s:%d: %s", host, port, error.strerror)
        return 2
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="critical",  # broken connections are what it is for; no complaints about them
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    host, port = listener.getsockname()[:2]
    logger.info("%s on http://%s:%d%s", title, host, port, note)
    uvicorn.Server(config).run(sockets=[listener])
    return 0
