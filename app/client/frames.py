"""Frames as the wire has them, in both formats that the protocol speaks.

Reading is lenient: an event type or field that this client does not know is passed on as it came.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from app.contract.commands import ClientCommand
from app.contract.events import Maybe, ServerEvent


class _Envelope(Struct):
    """What every frame of the server has, known or not."""

    type: str
    id: str
    stream: Maybe[str] = UNSET
    seq: Maybe[int] = UNSET
    turn_id: Maybe[str | None] = UNSET


@dataclass(frozen=True, slots=True)
class Received:
    """One frame of the server. `event` is None for a type or shape that this client does not know.

    Durable events have a `stream` and a `seq`.
    """

    type: str
    id: str
    stream: str | None
    seq: int | None
    turn_id: str | None
    event: ServerEvent | None
    frame: str | bytes

    def json(self) -> str:
        """The frame as one line of JSON, with every field it came with."""
        if isinstance(self.frame, str):
            return self.frame
        return msgspec.json.encode(msgspec.msgpack.decode(self.frame)).decode()


class NotAFrame(Exception):
    """The server sent something that no version of the protocol has."""


@dataclass(frozen=True, slots=True)
class Format:
    """One of the two formats: its subprotocol, and how to write and read it."""

    subprotocol: str
    _encode: Callable[[Any], bytes]
    _envelope: Callable[[str | bytes], _Envelope]
    _event: Callable[[str | bytes], ServerEvent]
    _text: bool

    def encode(self, command: ClientCommand) -> str | bytes:
        """The command without the fields that are not set."""
        fields: dict[str, Any] = msgspec.to_builtins(command)
        data = self._encode({name: value for name, value in fields.items() if value is not None})
        return data.decode() if self._text else data

    def decode(self, frame: str | bytes) -> Received:
        """Raises `NotAFrame`."""
        try:
            envelope = self._envelope(frame)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise NotAFrame(str(error)) from error
        try:
            event = self._event(frame)
        except msgspec.ValidationError:
            event = None
        return Received(
            type=envelope.type,
            id=envelope.id,
            stream=envelope.stream or None,
            seq=None if envelope.seq is UNSET else envelope.seq,
            turn_id=envelope.turn_id or None,
            event=event,
            frame=frame,
        )


JSON = Format(
    "tripsage.v1.json",
    msgspec.json.encode,
    msgspec.json.Decoder(_Envelope).decode,
    msgspec.json.Decoder(ServerEvent).decode,
    True,
)
MSGPACK = Format(
    "tripsage.v1.msgpack",
    msgspec.msgpack.encode,
    msgspec.msgpack.Decoder(_Envelope).decode,  # pyright: ignore[reportArgumentType]  # frames are bytes there
    msgspec.msgpack.Decoder(ServerEvent).decode,  # pyright: ignore[reportArgumentType]
    False,
)
