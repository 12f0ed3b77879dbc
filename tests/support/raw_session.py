"""A session's stream as it comes over the wire, connection after connection, with nothing sorted out.

The Python client drops what it has seen before; whoever wants to know whether a server sends something twice
has to read what comes.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from websockets.exceptions import WebSocketException

from tests.support.wire import Frame, Wire, open_wire

RETRY_SECONDS = 0.02


class RawSession:
    """One session of one user. `seqs` are those of all frames of its stream, in the order in which they came."""

    def __init__(self, url: str, token: str, session_id: str) -> None:
        self.session_id = session_id
        self.seqs: list[int] = []
        self._url = url
        self._token = token
        self._cursor: dict[str, Any] = {"stream": f"session:{session_id}", "after": 0}

    async def turn(self, message_id: str, content: str) -> AsyncIterator[Frame]:
        """Says something until it is accepted; every frame of the stream, until the turn has ended."""
        message: Frame | None = {
            "id": message_id,
            "type": "chat_message",
            "session_id": self.session_id,
            "content": content,
        }
        ended = False
        while True:
            try:
                async with await open_wire(self._url) as wire:
                    await self._resume(wire)
                    if message is not None:
                        await wire.send_raw(json.dumps(message))
                    while not ended:
                        frame = await wire.receive()
                        if frame.get("in_reply_to") == message_id and frame["type"] == "ack":
                            message = None
                        if self._is_of_stream(frame):
                            yield frame
                        ended = _ends(frame, message_id)
                    async for late in self._until_answered(wire):
                        yield late
                    return
            except (OSError, WebSocketException):
                await asyncio.sleep(RETRY_SECONDS)  # the server is away, or in the middle of its start

    async def _resume(self, wire: Wire) -> None:
        await wire.send(
            "connection_authenticate", token=self._token, session_id=self.session_id, streams=[self._cursor]
        )
        first = await wire.receive()
        if first["type"] != "connection_established":
            raise ConnectionError(first)  # it cannot tell now
        [cursor] = [each for each in first["streams"] if each["stream"] == self._cursor["stream"]]
        assert cursor["recovered"], cursor
        self._cursor["epoch"] = cursor["epoch"]

    async def _until_answered(self, wire: Wire) -> AsyncIterator[Frame]:
        """What was on its way behind the end: a round trip over the same connection."""
        await wire.send("connection_heartbeat", sequence=4711)
        while (frame := await wire.receive()).get("sequence") != 4711:
            if self._is_of_stream(frame):
                yield frame

    def _is_of_stream(self, frame: Frame) -> bool:
        if frame.get("stream") != self._cursor["stream"]:
            return False
        self.seqs.append(frame["seq"])
        self._cursor["after"] = frame["seq"]
        return True


def _ends(frame: Frame, turn_id: str) -> bool:
    return (
        frame["type"] == "agent_status_update"
        and frame["turn_id"] == turn_id
        and frame["status"] in ("idle", "error")
    )
