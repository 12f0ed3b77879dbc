"""How a process of TripSage reaches Redis: one address, read the way redis-py reads it."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import (
    AbstractConnection,
    Connection,
    SSLConnection,
    UnixDomainSocketConnection,
    parse_url,
)
from redis.connection import HiredisRespSerializer
from redis.exceptions import ClusterDownError, ConnectionError, ReadOnlyError, TimeoutError, TryAgainError

AWAY: tuple[type[Exception], ...] = (
    OSError,
    ConnectionError,
    TimeoutError,
    ReadOnlyError,
    ClusterDownError,
    TryAgainError,
)
"""What is raised while the server is away, loading or failing over: asking again may succeed."""


_packed = cast(Callable[..., list[bytes]], cast(Any, HiredisRespSerializer)().pack)


def make_client(url: str, *, connections: int = 32, timeout: float = 5.0) -> Redis:
    """A client for commands and scripts; not for blocking reads, which `timeout` would cut off.

    `connections` is the most it opens; callers beyond that wait. `timeout` (s) bounds each wait for the
    server, so that a server that hangs is noticed like one that is gone. Values are bytes.
    """
    options: dict[str, Any] = {
        "max_connections": connections,
        "timeout": 20,
        "socket_timeout": timeout,
        "socket_connect_timeout": timeout,
        **parse_url(url),
    }
    options["connection_class"] = _CANCELLABLE[options.get("connection_class", Connection)]
    return Redis.from_pool(cast(Any, BlockingConnectionPool)(**options))  # its arguments have no types


class _Cancellable(AbstractConnection):
    """redis-py bounds sending with `asyncio.wait_for`, and that of Python 3.11 swallows a cancellation which
    comes as the sending ends: a task that was told to stop would go on. `asyncio.timeout` does not.

    It packs commands in Python; hiredis, which its connections without asyncio use, takes a fifth of the time.
    """

    def pack_command(self, *args: Any) -> list[bytes]:
        return _packed(*args)

    async def send_packed_command(self, command: Any, check_health: bool = True) -> None:
        timeout, self.socket_timeout = self.socket_timeout, None
        try:
            async with asyncio.timeout(timeout):
                await super().send_packed_command(command, check_health)
        finally:
            self.socket_timeout = timeout


class _CancellableTcp(_Cancellable, Connection):
    pass


class _CancellableTls(_Cancellable, SSLConnection):
    pass


class _CancellableSocket(_Cancellable, UnixDomainSocketConnection):
    pass


_CANCELLABLE: dict[type[AbstractConnection], type[_Cancellable]] = {
    Connection: _CancellableTcp,
    SSLConnection: _CancellableTls,
    UnixDomainSocketConnection: _CancellableSocket,
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server is and how to log in there. Neither its repr nor `str` shows the password."""

    host: str = "localhost"
    port: int = 6379
    path: str | None = None
    database: int = 0
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> "Endpoint":
        """Raises `ValueError` for what is no address of a Redis."""
        options: dict[str, Any] = dict(parse_url(url))
        context = None
        if options.get("connection_class") is SSLConnection:
            tls_options = {name: value for name, value in options.items() if name.startswith("ssl_")}
            context = SSLConnection(**tls_options).ssl_context.get()
        return cls(
            host=options.get("host", "localhost"),
            port=options.get("port", 6379),
            path=options.get("path"),
            database=options.get("db", 0),
            tls=context,
            username=options.get("username"),
            password=options.get("password"),
        )

    def __str__(self) -> str:
        return self.path or f"{self.host}:{self.port}"
