"""The reference of every frame, as a page for people who write clients."""

import json
from collections.abc import Sequence
from typing import cast

from app.cli.type_words import type_words
from app.contract.catalogue import COMMANDS, EVENT_GROUPS, EVENTS, CommandInfo, EventInfo, meaning, wire_type
from app.contract.commands import MAX_CONTENT, Command
from app.contract.errors import CLOSE_CODES, ERRORS
from app.contract.events import Ack, Event
from app.contract.examples import example
from app.contract.schema import Schema, frame_schemas
from app.settings import Limits, Retention

_INTRODUCTION = """\
<!-- Generated from app/contract by `make docs`: edits here are lost. -->

# Events and commands

Everything goes over one WebSocket, `/ws`. The server sends *events*, a client sends *commands*; each is one
JSON object with a `type`. The same in other forms: [asyncapi.json](asyncapi.json) (AsyncAPI 3, also served
at `/schema/asyncapi.json`) and [schema.json](schema.json) (JSON Schema).

```js
const socket = new WebSocket("ws://127.0.0.1:8000/ws", "tripsage.v1.json");
const send = (command) => socket.send(JSON.stringify({ id: crypto.randomUUID(), ...command }));
socket.onopen = () => send({ type: "connection_authenticate", token, session_id, streams });
socket.onmessage = ({ data }) => {
  const event = JSON.parse(data);
  handle(event); // pass over types and fields that you do not know: more will come
  if (event.stream) remember(event.stream, event.seq); // the cursor to resume after
};
```

- **Kept** events belong to a stream and carry `stream` and `seq`, which counts from 1 without a gap. Give the
  last `seq` back as `after`, with the stream's `epoch`: the server sends everything since, then goes on live,
  each event once and in order.
- **Passing** events (typing, presence, editing) have neither, and are dropped first when a client is slow.
- Every command has an `id` made by the client. Send it again after a lost connection: a repeat is answered
  `duplicate` and has no second effect.
- A command that is refused is answered by [`error`](#error) with its id in `in_reply_to`; the connection
  lives on.
- With the subprotocol `tripsage.v1.msgpack` the same objects travel as MessagePack in binary frames.
- **+** marks what this protocol adds to the events guide. Times are RFC 3339 in UTC.
"""

_COMMON = """\
## What every event has

| Field | Type | Sent | Meaning |
|---|---|---|---|
| `type` | string | always | Which event it is. |
| `id` | string | always | Its own id, the same however often it is sent. |
| + `stream` | string | if kept | The stream it belongs to: `session:ID`, `trip:ID`, `user:ID` or `system`. |
| + `seq` | integer ≥ 1 | if kept | Its place in that stream, counted from 1 without a gap: the cursor. |
"""


_STREAM_NAMES = {"session": "session:ID", "trip": "trip:ID", "user": "user:ID", "system": "system"}
_PAYLOAD_WIDTH = 100


def events_page(limits: Limits, retention: Retention) -> str:
    """The whole page in Markdown."""
    schemas = frame_schemas("#/{name}")
    parts = [_INTRODUCTION, _contents(), _COMMON]
    for group, events in EVENT_GROUPS.items():
        parts.append(f"## {group}\n")
        parts += [_event(event, info, schemas[event.__name__]) for event, info in events.items()]
    parts.append("## Commands\n")
    parts += [_command(command, info, schemas[command.__name__]) for command, info in COMMANDS.items()]
    parts.append("## Shapes\n\nWhat fields of the frames above are made of.\n")
    frames = {struct.__name__ for struct in (*EVENTS, *COMMANDS)}
    parts += [_shape(name, schema) for name, schema in schemas.items() if name not in frames]
    return "\n".join([*parts, _error_codes(), _close_codes(), _limits(limits, retention)])


def _contents() -> str:
    events = [
        (_marked(_link(wire_type(event)), info.added), _kept(info), meaning(event))
        for event, info in EVENTS.items()
    ]
    commands = [
        (_marked(_link(wire_type(command), "send-"), info.added), meaning(command))
        for command, info in COMMANDS.items()
    ]
    more = "[Shapes](#shapes) · [Error codes](#error-codes) · [Close codes](#close-codes) · [Limits](#limits)"
    return "\n".join(
        [
            "## Contents\n",
            _table(("Event", "Stream", "Meaning"), events),
            _table(("Command", "Meaning"), commands),
            more + "\n",
        ]
    )


def _event(event: type[Event], info: EventInfo, schema: Schema) -> str:
    kind = wire_type(event)
    facts = f"{_destination(info)}{_added(info.added)}"
    if kind in map(wire_type, COMMANDS):
        facts += f" Clients [send it too](#send-{kind})."
    described = {"type", "id", "stream"} if event is Ack else {"type", "id", "stream", "seq"}
    return _section(f"`{kind}`", [meaning(event), facts, _fields(schema, described)], example("events", kind))


def _command(command: type[Command], info: CommandInfo, schema: Schema) -> str:
    kind = wire_type(command)
    ignored = [name for name, described in schema["properties"].items() if "x-ignored" in described]
    paragraphs = [
        meaning(command),
        f"By {info.who}; answered by {info.answer}.{_added(info.added)}",
        _fields(schema, {"type", "id", *ignored}, always="required"),
        f"Accepted and ignored: {', '.join(f'`{name}`' for name in ignored)}.",
    ]
    return _section(f"Send `{kind}`", paragraphs, example("commands", kind))


def _shape(name: str, schema: Schema) -> str:
    ignored = {name for name, described in schema["properties"].items() if "x-ignored" in described}
    return f"### {name}\n\n{schema['description']}\n\n{_fields(schema, ignored)}"


def _section(title: str, paragraphs: Sequence[str], payload: Schema) -> str:
    body = "\n\n".join(paragraph.rstrip("\n") for paragraph in paragraphs if paragraph)
    return f"### {title}\n\n{body}\n\n```json\n{_payload(payload)}\n```\n"


def _fields(schema: Schema, left_out: set[str], *, always: str = "always") -> str:
    rows = [
        (
            _marked(f"`{name}`", "x-added" in described),
            type_words(described),
            always if name in schema["required"] else "optional",
            _field_meaning(described),
        )
        for name, described in schema["properties"].items()
        if name not in left_out
    ]
    return _table(("Field", "Type", "Sent", "Meaning"), rows) if rows else ""


def _field_meaning(described: Schema) -> str:
    words = described.get("description", "")
    return f"{words} Default: `{described['default']}`.".lstrip() if described.get("default") else words


def _payload(payload: Schema) -> str:
    """JSON with one field a line; what fits on a line is not broken up."""
    lines = [f"  {json.dumps(name)}: {_value(value, '  ')}" for name, value in payload.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def _value(value: object, indent: str) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= _PAYLOAD_WIDTH or not isinstance(value, dict | list):
        return text
    inner = indent + "  "
    if isinstance(value, list):
        lines = [f"{inner}{_value(item, inner)}" for item in cast("list[object]", value)]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    fields = cast("dict[str, object]", value)
    lines = [f"{inner}{json.dumps(name)}: {_value(item, inner)}" for name, item in fields.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _destination(info: EventInfo) -> str:
    if info.stream is None:
        return "Sent to one connection alone."
    how = "Kept in" if info.durable else "Passing, on"
    return f"{how} the stream `{_STREAM_NAMES[info.stream]}`."


def _kept(info: EventInfo) -> str:
    if info.stream is None:
        return "–"
    return f"{info.stream}, kept" if info.durable else f"{info.stream}, passing"


def _error_codes() -> str:
    rows = [
        (f"`{code}`", "yes" if error.retryable else "no", error.meaning) for code, error in ERRORS.items()
    ]
    return "## Error codes\n\n" + _table(("Code", "Retry", "Meaning"), rows)


def _close_codes() -> str:
    rows = [(str(close.code), close.meaning, close.client) for close in CLOSE_CODES]
    return "## Close codes\n\n" + _table(("Code", "Meaning", "The client"), rows)


def _limits(limits: Limits, retention: Retention) -> str:
    rows = [
        ("A frame", f"{limits.frame_bytes // 1024} KiB", "close 1009"),
        ("`content` of a message", f"{MAX_CONTENT:,} characters", "`VALIDATION_ERROR`"),
        (
            "Frames a connection",
            f"{limits.frames_per_minute} a minute, bursts of {limits.frame_burst}",
            "`RATE_LIMITED`, then close 4029",
        ),
        ("Chat messages a user", f"{limits.messages_per_minute} a minute", "`RATE_LIMITED`"),
        ("Refused frames a connection", f"{limits.bad_frames_per_minute} a minute", "close 4002"),
        ("Streams a connection", str(limits.streams_per_connection), "`LIMIT_EXCEEDED`"),
        ("Connections a user", str(limits.connections_per_user), "close 4009"),
        ("Waiting to be sent", f"{limits.queue_bytes // 2**20} MiB", "close 4008"),
        ("Time to authenticate", f"{limits.authenticate_within:g} s", "close 4001"),
        (
            "Kept of a stream",
            f"{retention.events:,} events and {retention.seconds // 86_400} days",
            "`recovered: false`",
        ),
    ]
    text = (
        "Defaults; some are settings. Heartbeats do not count as frames, cursor moves have their own limit."
    )
    return f"## Limits\n\n{text}\n\n" + _table(("What", "At most", "Beyond it"), rows)


def _added(added: bool) -> str:
    return " Added to the guide by this protocol." if added else ""


def _marked(text: str, added: bool) -> str:
    return f"+ {text}" if added else text


def _link(kind: str, prefix: str = "") -> str:
    return f"[`{kind}`](#{prefix}{kind})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
