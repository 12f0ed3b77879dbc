"""JSON Schema (2020-12) of everything on the wire, derived from the structs: the source of types elsewhere.

Beside the standard keywords: `x-added` marks a field that the events guide does not have, `x-ignored` one
that the server accepts from clients and ignores, `x-plain` a value with the bounds that `plain.py` states.
"""

from collections.abc import Iterable
from typing import Any, cast

import msgspec
from msgspec import Struct

from app.contract.catalogue import COMMANDS, EVENTS, EventInfo, wire_type
from app.contract.events import Ack
from app.contract.turn import TurnResult

Schema = dict[str, Any]

DEFINITIONS = "#/$defs/{name}"


def json_schema() -> Schema:
    """One document: it defines `ServerEvent`, `ClientCommand`, `TurnResult` and all they are made of."""
    unions = {"ServerEvent": _union(EVENTS), "ClientCommand": _union(COMMANDS)}
    found = {**unions, **frame_schemas(DEFINITIONS), **_parts([TurnResult], DEFINITIONS)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "TripSage",
        "description": "Frames of the WebSocket, and the result of a turn.",
        "$defs": dict(sorted(found.items())),
    }


def frame_schemas(reference: str) -> dict[str, Schema]:
    """The schema of each event, each command and what they are made of, by name in alphabetical order.

    `reference` is how one names another: a template like `#/$defs/{name}`.
    """
    events = _parts(EVENTS, reference)
    for event, info in EVENTS.items():
        _place(event, info, events[event.__name__])
    for schema in events.values():
        _as_sent(schema)
    return dict(sorted({**events, **_parts(COMMANDS, reference)}.items()))


def _parts(structs: Iterable[type[Struct]], reference: str) -> dict[str, Schema]:
    _, found = msgspec.json.schema_components(tuple(structs), ref_template=reference)
    return cast("dict[str, Schema]", _with_numbers(found))


def _union(structs: Iterable[type[Struct]]) -> Schema:
    by_type = {wire_type(struct): DEFINITIONS.format(name=struct.__name__) for struct in structs}
    return {
        "oneOf": [{"$ref": reference} for reference in by_type.values()],
        "discriminator": {"propertyName": "type", "mapping": by_type},
    }


def _place(event: type[Struct], info: EventInfo, schema: Schema) -> None:
    """Leaves `stream` and `seq` to the events that have a place in a stream."""
    if info.durable:
        return
    del schema["properties"]["stream"]
    if event is Ack:
        schema["properties"]["seq"]["description"] = "That of the durable event it made, if it made one."
    else:
        del schema["properties"]["seq"]


def _as_sent(schema: Schema) -> None:
    """The server always writes a field that has a default: to who reads, it is required."""
    properties: dict[str, Schema] = schema["properties"]
    required = set(schema["required"])
    schema["required"] = [
        name for name, described in properties.items() if name in required or "default" in described
    ]
    for described in properties.values():
        described.pop("default", None)


def _with_numbers(value: Any) -> Any:
    """Decimals are written as JSON numbers (`codec.py`), where msgspec's schemas say text."""
    if isinstance(value, list):
        return [_with_numbers(item) for item in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    schema = cast("Schema", value)
    if schema.get("format") == "decimal":
        return {**schema, "type": "number", "format": "decimal"}
    return {key: _with_numbers(inner) for key, inner in schema.items()}
