"""The payloads of the WebSocket Events Guide, as they stand there."""

import json
from pathlib import Path
from typing import Any

TEXTS = {
    path.stem: path.read_text()
    for path in sorted((Path(__file__).parents[1] / "data" / "events").glob("*.json"))
}
PAYLOADS: dict[str, Any] = {name: json.loads(text) for name, text in TEXTS.items()}
FROM_CLIENTS_TOO = (
    "chat_message",
    "chat_typing_start",
    "chat_typing_stop",
    "connection_heartbeat",
    "trip_collaboration_join",
    "trip_collaboration_leave",
    "trip_field_editing_start",
    "trip_field_editing_stop",
)
"""Events that clients send as well."""
