"""Frames as a client without a socket is given them."""

from typing import Any

import msgspec

from app.client.frames import JSON, Received
from app.contract import events as e
from tests.support.lisbon_turn import AT

SESSION = "session:s1"


def received(event: e.ServerEvent | dict[str, Any]) -> Received:
    return JSON.decode(msgspec.json.encode(event).decode())


def durable(stream: str, seq: int) -> dict[str, Any]:
    return {"type": "system_message", "id": f"{stream}.{seq}", "stream": stream, "seq": seq}


def established(cursors: list[e.StreamCursor]) -> e.ConnectionEstablished:
    return e.ConnectionEstablished(
        id="e",
        timestamp=AT,
        user_id="alice",
        session_id="s1",
        server_version="1",
        features=[],
        streams=cursors,
    )
