"""An ASGI application on a real port, for the length of a test."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import uvicorn

from tools.sandbox.serving import server_config


@contextlib.asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """Its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(server_config(app))
    server.capture_signals = contextlib.nullcontext  # the signals are pytest's
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        listener.close()
