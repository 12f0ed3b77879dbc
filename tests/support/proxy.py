"""Stands between a client and a server, and does to their connection what networks do."""

import asyncio
import ssl
import tempfile
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit


class Proxy:
    """Each test says what goes wrong; everything else passes.

    It listens on a unix socket, or with TLS on a port of the loopback address.
    """

    def __init__(self, upstream_url: str, *, tls: ssl.SSLContext | None = None) -> None:
        self._upstream = urlsplit(upstream_url).path
        self._directory = tempfile.TemporaryDirectory(prefix="tripsage-")
        self._path = str(Path(self._directory.name) / "proxy.sock")
        self._tls = tls
        self.url = f"unix://{self._path}"
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._drop_replies = 0
        self._frozen = False
        self._refusing = False
        self.replies_dropped = 0
        self.connections = 0

    def drop_next_reply(self) -> None:
        """Let the next command reach the server, and end its connection instead of passing the reply."""
        self._drop_replies += 1

    def freeze(self) -> None:
        """Pass nothing any more on connections that stand, and keep them open."""
        self._frozen = True

    def thaw_new_connections(self) -> None:
        """New connections pass everything; frozen ones stay so."""
        self._frozen = False

    def refuse(self) -> None:
        """End all connections, and new ones as soon as they are made."""
        self._refusing = True
        self.cut()

    def accept(self) -> None:
        self._refusing = False

    def cut(self) -> None:
        """End all connections."""
        for writer in self._writers:
            if not writer.is_closing():  # before Python 3.11.3 closed TLS cannot be aborted
                writer.transport.abort()
        self._writers.clear()

    async def __aenter__(self) -> "Proxy":
        if self._tls is None:
            self._server = await asyncio.start_unix_server(self._serve, self._path)
        else:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
            self.url = f"rediss://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._directory.cleanup()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refusing:
            writer.transport.abort()
            return
        self.connections += 1
        up_reader, up_writer = await asyncio.open_unix_connection(self._upstream)
        self._writers += [writer, up_writer]
        for source, sink, down in ((reader, up_writer, False), (up_reader, writer, True)):
            task = asyncio.create_task(self._pass_on(source, sink, down))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, down: bool) -> None:
        frozen = False
        try:
            while data := await source.read(65536):
                frozen = frozen or self._frozen
                if frozen:
                    continue
                if down and self._drop_replies:
                    self._drop_replies -= 1
                    self.replies_dropped += 1
                    sink.transport.abort()
                    return
                sink.write(data)
            sink.close()
        except OSError:
            sink.transport.abort()
