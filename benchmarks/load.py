"""The clients: many picows connections in one process, which note when each event came.

Requests: `{"connect": n}` until there are n connections, `{"begin": true}` forgets what was counted,
`{"end": n}` waits for n events and answers `{"p50", "p95", "p99"}` of their delays in ms.
"""

import asyncio
import json
import sys
import time
from array import array
from dataclasses import asdict
from pathlib import Path
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from app.services.auth import issue_token
from app.settings import dev_secret
from app.wiring import utc_now
from benchmarks.measure import Spread
from benchmarks.processes import Handler, answer_requests

AT_ONCE = 32
LATE = 10.0  # seconds
STAMP = b'"chunk":"'
STAMP_DIGITS = 19
"""An event's text begins with the `time.monotonic_ns()` of its publishing, which all processes of a machine share."""


class Clients:
    def __init__(self, url: str, secret: str) -> None:
        self._delays = array("q")
        self._awaited = 0
        self._all_arrived = asyncio.Event()
        self._url = url
        self._secret = secret
        self._clients: list[Client] = []
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def handle(self, request: dict[str, Any]) -> Any:
        if "connect" in request:
            numbers = range(len(self._clients), request["connect"])
            self._clients += await asyncio.gather(*map(self._connect, numbers))
            return len(self._clients)
        if "begin" in request:
            self._delays = array("q")
            self._awaited = 0
            self._all_arrived.clear()
            return None
        await self._events(request["end"])
        return asdict(Spread.of(delay / 1e6 for delay in self._delays))

    def arrived(self, delay: int) -> None:
        """`delay` is in ns."""
        self._delays.append(delay)
        if len(self._delays) == self._awaited:
            self._all_arrived.set()

    async def _events(self, count: int) -> None:
        self._awaited = count
        if len(self._delays) < count:
            async with asyncio.timeout(LATE):
                await self._all_arrived.wait()
        if len(self._delays) > count or any(client.lost for client in self._clients):
            raise RuntimeError(f"{len(self._delays)} events instead of {count}, or a connection was lost")

    async def _connect(self, number: int) -> "Client":
        user = session_id = f"bench-{number}"
        token = issue_token(self._secret, user, None, utc_now(), 3600)
        async with self._turn:
            client = Client(self)
            transport, _ = await ws_connect(lambda: client, self._url, websocket_handshake_timeout=30)
            hello = {
                "type": "connection_authenticate",
                "id": "hello",
                "token": token,
                "session_id": session_id,
            }
            transport.send(WSMsgType.TEXT, json.dumps(hello).encode())
            await client.established
        return client


class Client(WSListener):
    def __init__(self, clients: Clients) -> None:
        self.established: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost = False
        self._clients = clients

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        now = time.monotonic_ns()
        payload = frame.get_payload_as_bytes()
        at = payload.find(STAMP) + len(STAMP)
        if at >= len(STAMP):
            self._clients.arrived(now - int(payload[at : at + STAMP_DIGITS]))
        elif not self.established.done():
            self.established.set_result(None)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.lost = True


def main(url: str, data_dir: str) -> None:
    async def prepare() -> Handler:
        return Clients(url, dev_secret(Path(data_dir))).handle

    answer_requests(prepare)


if __name__ == "__main__":
    main(*sys.argv[1:])
