"""Stands between a client and a server on TCP, and cuts connections as a bad network does."""

import asyncio
from types import TracebackType
from urllib.parse import urlsplit


class Relay:
    """Cuts each of the first `cuts` connections that bring more than `after` bytes from the server."""

    def __init__(self, upstream_url: str, *, cuts: int = 0, after: int = 0) -> None:
        self._upstream = urlsplit(upstream_url)
        self._cuts = cuts
        self._after = after
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self.cut = 0

    def cut_all(self) -> None:
        """End all connections that there are."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    @property
    def port(self) -> int:
        return self._server.sockets[0].getsockname()[1]

    async def __aenter__(self) -> "Relay":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(self._upstream.hostname, self._upstream.port)
        self._writers += [writer, up_writer]
        for source, sink, down in ((reader, up_writer, False), (up_reader, writer, True)):
            task = asyncio.create_task(self._pass_on(source, sink, down))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, down: bool) -> None:
        passed = 0
        try:
            while data := await source.read(4096):
                passed += len(data)
                sink.write(data)
                if down and passed > self._after and self.cut < self._cuts:
                    self.cut += 1
                    sink.transport.abort()
                    return
            sink.close()
        except OSError:
            sink.transport.abort()
