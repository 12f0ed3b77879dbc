"""One event as it is sent: encoded once, whatever the number of connections it goes to."""

from typing import Any, cast

import msgspec

from app.contract.errors import ErrorCode, TripSageError

TEXT = 0x1
BINARY = 0x2

MAX_EVENT_BYTES = 256 * 1024
"""The most that one event may weigh as JSON.

Redis drops a subscriber that has 32 MB waiting, so a few large events must not be able to do it; and
no reader of the log should have to hold more than a page of this.
"""

_float = msgspec.json.Decoder(float_hook=float)


class Frame:
    """An event's JSON and, made when first asked for, what else is sent of it.

    A frame is shared by every connection of the process, so each form is made once an event.
    `seq` is 0 for a passing event, whose `origin` is the connection that it comes from.
    """

    __slots__ = ("_msgpack", "_websocket_binary", "_websocket_text", "json", "origin", "seq")

    def __init__(self, seq: int, json: bytes, origin: str | None = None) -> None:
        self.seq = seq
        self.json = json
        self.origin = origin
        self._msgpack: bytes | None = None
        self._websocket_text: bytes | None = None
        self._websocket_binary: bytes | None = None

    @property
    def msgpack(self) -> bytes:
        """The same event in MessagePack."""
        if self._msgpack is None:
            self._msgpack = transcode(self.json)
        return self._msgpack

    @property
    def websocket_text(self) -> bytes:
        """The JSON as a server's WebSocket frame, header included."""
        if self._websocket_text is None:
            self._websocket_text = websocket_frame(TEXT, self.json)
        return self._websocket_text

    @property
    def websocket_binary(self) -> bytes:
        """The MessagePack as a server's WebSocket frame, header included."""
        if self._websocket_binary is None:
            self._websocket_binary = websocket_frame(BINARY, self.msgpack)
        return self._websocket_binary


def websocket_frame(opcode: int, payload: bytes) -> bytes:
    """An unfragmented, unmasked WebSocket frame (RFC 6455 section 5.2), as a server sends it."""
    size = len(payload)
    first = 0x80 | opcode
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65536:
        return bytes((first, 126)) + size.to_bytes(2, "big") + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload


def transcode(json: bytes) -> bytes:
    """MessagePack of a JSON value.

    Numbers that MessagePack cannot hold become the nearest double, which is what a JSON client in
    JavaScript reads as well.
    """
    try:
        return msgspec.msgpack.encode(msgspec.json.decode(json))
    except (OverflowError, msgspec.DecodeError):
        return msgspec.msgpack.encode(_without_wide_integers(_float.decode(json)))


def _without_wide_integers(value: Any) -> Any:
    if isinstance(value, dict):
        items = cast(dict[str, Any], value)
        return {key: _without_wide_integers(item) for key, item in items.items()}
    if isinstance(value, list):
        return [_without_wide_integers(item) for item in cast(list[Any], value)]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return float(
            str(value)
        )  # by way of its digits, since what no double can hold is infinite, not an error
    return value


def checked_size(json: bytes) -> bytes:
    """The same bytes. Raises `PAYLOAD_TOO_LARGE` when they are more than an event may have."""
    if len(json) > MAX_EVENT_BYTES:
        raise TripSageError(
            ErrorCode.PAYLOAD_TOO_LARGE,
            f"An event of {len(json)} bytes is over the {MAX_EVENT_BYTES} that one may have.",
        )
    return json
