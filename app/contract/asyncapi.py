"""The AsyncAPI 3.0 document of the WebSocket, derived from the structs and the tables beside them."""

from collections.abc import Iterable

from app.contract.catalogue import COMMANDS, EVENTS, CommandInfo, EventInfo, meaning, wire_type
from app.contract.commands import Command
from app.contract.errors import CLOSE_CODES, ERRORS
from app.contract.events import Event
from app.contract.examples import example
from app.contract.ids import JSON_PROTOCOL, MSGPACK_PROTOCOL
from app.contract.schema import Schema, frame_schemas

_DESCRIPTION = """\
One WebSocket carries everything: chat, the agent's work as it happens, and trips that several people edit.

Frames are JSON text (`tripsage.v1.json`, the default) or MessagePack (`tripsage.v1.msgpack`) of the same
shape. Authenticate with a bearer token on the upgrade or in the first frame, `connection_authenticate`.
Durable events carry `stream` and `seq`; give them back as a cursor to resume without gap or repeat."""


def asyncapi_document(version: str) -> Schema:
    """The document, ready for JSON; `version` is the server's. From the server's side: it *sends* events."""
    events = {f"event.{wire_type(event)}": _event(event, info) for event, info in EVENTS.items()}
    commands = {f"command.{wire_type(each)}": _command(each, info) for each, info in COMMANDS.items()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "TripSage", "version": version, "description": _DESCRIPTION},
        "defaultContentType": "application/json",
        "channels": {"ws": _channel([*events, *commands])},
        "operations": {
            "sendEvents": {
                "action": "send",
                "channel": {"$ref": "#/channels/ws"},
                "summary": "What the server says.",
                "messages": _of_channel(events),
            },
            "receiveCommands": {
                "action": "receive",
                "channel": {"$ref": "#/channels/ws"},
                "summary": "What a client may say.",
                "security": [{"$ref": "#/components/securitySchemes/bearer"}],
                "messages": _of_channel(commands),
            },
        },
        "components": {
            "schemas": frame_schemas("#/components/schemas/{name}"),
            "messages": {**events, **commands},
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "On the upgrade, or in `connection_authenticate`. Never in the URL.",
                }
            },
        },
        "x-error-codes": {
            code.value: {"retryable": error.retryable, "meaning": error.meaning}
            for code, error in ERRORS.items()
        },
        "x-close-codes": {
            str(close.code): {"meaning": close.meaning, "client": close.client} for close in CLOSE_CODES
        },
    }


def _channel(messages: list[str]) -> Schema:
    offered = {"type": "string", "enum": [JSON_PROTOCOL, MSGPACK_PROTOCOL]}
    headers = {"type": "object", "properties": {"Sec-WebSocket-Protocol": offered}}
    return {
        "address": "/ws",
        "description": "The one endpoint.",
        "messages": {key: {"$ref": f"#/components/messages/{key}"} for key in messages},
        "bindings": {"ws": {"method": "GET", "headers": headers, "bindingVersion": "0.1.0"}},
    }


def _of_channel(keys: Iterable[str]) -> list[dict[str, str]]:
    return [{"$ref": f"#/channels/ws/messages/{key}"} for key in keys]


def _event(event: type[Event], info: EventInfo) -> Schema:
    return {
        **_message(event, example("events", wire_type(event))),
        "x-stream": info.stream,
        "x-durable": info.durable,
        "x-added": info.added,
    }


def _command(command: type[Command], info: CommandInfo) -> Schema:
    return {
        **_message(command, example("commands", wire_type(command))),
        "x-who": info.who,
        "x-answer": info.answer,
        "x-added": info.added,
    }


def _message(struct: type[Event] | type[Command], payload: Schema) -> Schema:
    return {
        "name": wire_type(struct),
        "title": struct.__name__,
        "summary": meaning(struct),
        "payload": {"$ref": f"#/components/schemas/{struct.__name__}"},
        "examples": [{"payload": payload}],
    }
