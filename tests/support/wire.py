"""The wire as any client sees it: plain WebSocket frames, nothing of ours in between."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.support.waiting import waiting_for

Frame = dict[str, Any]
_numbers = itertools.count(1)


class Wire:
    """One WebSocket. Frames that `until` passes over stay in `seen`."""

    def __init__(self, connection: ClientConnection, binary: bool = False) -> None:
        self._connection = connection
        self._binary = binary
        self.seen: list[Frame] = []

    async def __aenter__(self) -> "Wire":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()

    async def send(self, kind: str, **fields: Any) -> str:
        """Sends a frame; answers its id."""
        frame = {"id": f"frame-{next(_numbers)}", "type": kind, **fields}
        await self.send_raw(msgspec.msgpack.encode(frame) if self._binary else json.dumps(frame))
        return frame["id"]

    async def send_raw(self, data: str | bytes) -> None:
        await self._connection.send(data)

    async def receive(self) -> Frame:
        async with waiting_for("a frame", lambda: f"Before it came {self.seen[-5:]}"):
            data = await self._connection.recv()
        frame = json.loads(data) if isinstance(data, str) else msgspec.msgpack.decode(data)
        self.seen.append(frame)
        return frame

    async def until(self, condition: Callable[[Frame], bool]) -> Frame:
        """The first frame from here on that the condition holds for."""
        while True:
            frame = await self.receive()
            if condition(frame):
                return frame

    async def until_type(self, kind: str) -> Frame:
        return await self.until(lambda frame: frame["type"] == kind)

    async def reply_to(self, frame_id: str) -> Frame:
        """The ack or error of a frame."""
        return await self.until(
            lambda frame: frame.get("in_reply_to") == frame_id and frame["type"] in ("ack", "error")
        )

    async def until_turn_over(self, turn_id: str) -> Frame:
        return await self.until(
            lambda frame: (
                frame["type"] == "agent_status_update"
                and frame["turn_id"] == turn_id
                and frame["status"] in ("idle", "error")
            )
        )

    async def authenticate(self, token: str, session_id: str | None = None, **fields: Any) -> Frame:
        """Authenticates with the first frame; answers `connection_established`."""
        await self.send("connection_authenticate", token=token, session_id=session_id, **fields)
        established = await self.receive()
        assert established["type"] == "connection_established", established
        return established

    async def close_code(self) -> int:
        """Reads on until the server closes."""
        try:
            while True:
                await self.receive()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the connection was cut without a close frame"
            return closed.rcvd.code

    def pause_reading(self) -> None:
        """Stops taking anything off the socket, as a client does that hangs."""
        self._connection.transport.pause_reading()

    def resume_reading(self) -> None:
        self._connection.transport.resume_reading()

    def cut(self) -> None:
        """Drops the connection without a word, as a lost network does."""
        self._connection.transport.abort()


async def open_wire(
    url: str, *, token: str | None = None, msgpack: bool = False, origin: str | None = None, **options: Any
) -> Wire:
    """Connects to `/ws` of a server at `http://…`; `token` goes into the header."""
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    connection = await connect(
        url.replace("http", "ws", 1) + "/ws",
        additional_headers=headers,
        origin=origin,  # type: ignore[arg-type]
        subprotocols=[Subprotocol("tripsage.v1.msgpack" if msgpack else "tripsage.v1.json")],
        max_size=None,
        proxy=None,
        close_timeout=1,  # a test that leaves frames unread need not wait for a polite goodbye
        **options,
    )
    return Wire(connection, msgpack)
