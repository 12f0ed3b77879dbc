"""Client frames into commands: whatever arrives is a command or a refusal that says what is wrong with it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, cast

import msgspec
from msgspec import Raw, Struct, inspect

from app.contract.catalogue import COMMANDS, wire_type
from app.contract.commands import ClientCommand, Command, MessageMetadata, SendChatMessage
from app.contract.errors import ErrorCode, TripSageError
from app.contract.explain import explain, quote
from app.contract.ids import CLIENT_ID_PATTERN
from app.contract.plain import plain_problem


class CommandRefused(TripSageError):
    """A frame that is no command.

    `field` is the path of the field at fault (`streams[0].after`), also in `details`. `in_reply_to` is the
    frame's id, where it had a valid one.
    """

    def __init__(
        self, code: ErrorCode, message: str, *, field: str | None = None, in_reply_to: str | None = None
    ) -> None:
        super().__init__(code, message, **({} if field is None else {"field": field}))
        self.field = field
        self.in_reply_to = in_reply_to


class _Envelope(Struct):
    """What can be read of a frame whose command cannot: the rest is skipped unread."""

    id: Raw = Raw(b"")
    type: Raw = Raw(b"")


@dataclass(frozen=True, slots=True)
class _Format:
    name: str
    command: Callable[[bytes], ClientCommand]
    envelope: Callable[[bytes], _Envelope]
    text: Callable[[Raw], str]


_JSON = _Format(
    "JSON",
    msgspec.json.Decoder(ClientCommand).decode,
    msgspec.json.Decoder(_Envelope).decode,
    msgspec.json.Decoder(str).decode,
)
_MSGPACK = _Format(
    "MessagePack",
    msgspec.msgpack.Decoder(ClientCommand).decode,
    msgspec.msgpack.Decoder(_Envelope).decode,
    msgspec.msgpack.Decoder(str).decode,
)
_UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)


def _describe(struct: type[Struct]) -> inspect.StructType:
    return cast("inspect.StructType", inspect.type_info(struct))


_TYPES: dict[str, type[Command]] = {wire_type(command): command for command in COMMANDS}


def _marked(mark: str) -> dict[type[Struct], tuple[str, ...]]:
    """The fields of each struct whose type carries this mark (`commands.Ignored`, `commands.PlainValue`)."""
    return {
        struct: tuple(
            field.name
            for field in _describe(struct).fields
            if isinstance(field.type, inspect.Metadata)
            and mark in cast("dict[str, Any]", field.type.extra_json_schema or {})
        )
        for struct in (*_TYPES.values(), MessageMetadata)
    }


_IGNORED = _marked("x-ignored")
_PLAIN = _marked("x-plain")


def decode_command(data: bytes | str, *, msgpack: bool) -> ClientCommand:
    """The command in one client frame: JSON text, or MessagePack where the connection agreed on it.

    Fields that are accepted and ignored are None in it. Raises `CommandRefused` and nothing else:
    `INVALID_MESSAGE` for what cannot be read or has no type, `UNKNOWN_TYPE` and `VALIDATION_ERROR`.
    """
    if msgpack and isinstance(data, str):
        raise CommandRefused(
            ErrorCode.INVALID_MESSAGE, "This connection speaks MessagePack: send binary frames."
        )
    form = _MSGPACK if msgpack else _JSON
    frame = data.encode(errors="surrogatepass") if isinstance(data, str) else data
    try:
        command = form.command(frame)
    except _UNREADABLE as error:
        _refuse(frame, form, error)
    for name in _PLAIN[type(command)]:
        problem = plain_problem(getattr(command, name))
        if problem is not None:
            raise CommandRefused(
                ErrorCode.VALIDATION_ERROR, f"`{name}` {problem}.", field=name, in_reply_to=command.id
            )
    _forget(command)
    if isinstance(command, SendChatMessage):
        _forget(command.metadata)
    return command


def _forget(struct: Struct) -> None:
    """Drop what is ignored, so that nobody trusts it and a repeat with another timestamp is the same."""
    for name in _IGNORED[type(struct)]:
        setattr(struct, name, None)


def _refuse(frame: bytes, form: _Format, error: Exception) -> NoReturn:
    try:
        envelope = form.envelope(frame)
    except msgspec.ValidationError as wrong:
        raise CommandRefused(
            ErrorCode.INVALID_MESSAGE, "A frame has to be an object with names that are text."
        ) from wrong
    except _UNREADABLE as wrong:
        raise _unreadable(frame, form, wrong) from wrong
    frame_id = _valid_id(_text(envelope.id, form))
    kind = _text(envelope.type, form)
    if kind is None:
        code, message, field = ErrorCode.INVALID_MESSAGE, "A frame has to have a `type`, which is text.", None
    elif kind not in _TYPES:
        code, message, field = ErrorCode.UNKNOWN_TYPE, f"No frame of type `{quote(kind)}` is known.", None
    elif isinstance(error, msgspec.ValidationError):
        code = ErrorCode.VALIDATION_ERROR
        message, field = explain(str(error), _TYPES[kind])
    else:
        raise _unreadable(frame, form, error, frame_id) from error
    raise CommandRefused(code, message, field=field, in_reply_to=frame_id) from error


def _text(raw: Raw, form: _Format) -> str | None:
    try:
        return form.text(raw)
    except _UNREADABLE:
        return None


def _valid_id(value: object) -> str | None:
    return value if isinstance(value, str) and re.search(CLIENT_ID_PATTERN, value) else None


def _unreadable(frame: bytes, form: _Format, error: Exception, frame_id: str | None = None) -> CommandRefused:
    if isinstance(error, RecursionError):
        message = "The frame is nested too deeply."
    elif isinstance(error, UnicodeError):
        message = "The frame holds text that is not UTF-8."
    else:
        problem = str(error).removeprefix(f"{form.name} is malformed: ")
        message = f"The frame is not {form.name}: {problem}."
        if form is _JSON and (lenient := _lenient(frame)) is not None:
            message = "The frame is not JSON: it holds NaN, Infinity or one half of a surrogate pair."
            frame_id = _valid_id(lenient.get("id"))
    return CommandRefused(ErrorCode.INVALID_MESSAGE, message, in_reply_to=frame_id)


def _lenient(frame: bytes) -> dict[str, Any] | None:
    """An object that breaks JSON in the ways of honest clients: an emoji cut in two, NaN."""
    try:
        value: object = json.loads(frame.decode())
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None
