"""The least that a gateway in Python can do: picows for the sockets, redis-py for the subscription.

No authentication, no sequence, no limits, no framework. A client names its session in the first frame.
"""

import asyncio
import json
import sys
from collections import defaultdict
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_create_server
from redis.asyncio import Redis

from benchmarks.processes import Handler, answer_requests


def channel_of(session_id: str) -> str:
    return f"floor:{session_id}"


class Server:
    def __init__(self, url: str) -> None:
        self._pubsub: Any = Redis.from_url(url).pubsub()
        self._clients: defaultdict[bytes, list[WSTransport]] = defaultdict(list)
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, port: int) -> None:
        await self._pubsub.subscribe(channel_of("nobody"))
        self._in_background(self._read())
        await ws_create_server(lambda _: Listener(self), "127.0.0.1", port)

    def join(self, transport: WSTransport, session_id: str) -> None:
        self._in_background(self._join(transport, channel_of(session_id)))

    async def _join(self, transport: WSTransport, channel: str) -> None:
        self._clients[channel.encode()].append(transport)
        await self._pubsub.subscribe(channel)
        transport.send(WSMsgType.TEXT, b"{}")

    async def _read(self) -> None:
        async for message in self._pubsub.listen():
            if message["type"] == "message":
                for transport in self._clients[message["channel"]]:
                    transport.send(WSMsgType.TEXT, message["data"])

    def _in_background(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Listener(WSListener):
    def __init__(self, server: Server) -> None:
        self._server = server

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            self._server.join(transport, json.loads(frame.get_payload_as_bytes())["session_id"])


def main(url: str, port: str) -> None:
    async def prepare() -> Handler:
        await Server(url).serve(int(port))

        async def nothing(request: dict[str, Any]) -> None:
            """To know that it is ready."""

        return nothing

    answer_requests(prepare)


if __name__ == "__main__":
    main(*sys.argv[1:])
