"""The guide's payloads and our own examples are what the structs say, and between them leave nothing out."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pytest
from msgspec import NODEFAULT, UNSET, Struct
from msgspec.structs import FieldInfo, fields

from app.contract.catalogue import COMMANDS, EVENT_GROUPS, EVENTS, wire_type
from app.contract.codec import encode
from app.contract.commands import ClientCommand
from app.contract.decode import decode_command
from app.contract.events import Ack, Event, ServerEvent, decode_event
from app.contract.examples import example
from app.contract.ids import split_stream
from app.contract.schema import frame_schemas
from tests.support.contract_values import examples
from tests.support.guide import PAYLOADS

STRUCTS = {wire_type(event): event for event in EVENTS}
EVENT_EXAMPLES = examples("events")
COMMAND_EXAMPLES = examples("commands")


def added_fields(event: type[Event]) -> set[str]:
    properties = frame_schemas("{name}")[event.__name__]["properties"]
    return {name for name, described in properties.items() if "x-added" in described}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_the_guides_payload_is_written_as_it_was_read(payload: dict[str, Any]) -> None:
    event = decode_event(json.dumps(payload))
    assert json.loads(encode(event)) == payload


@pytest.mark.parametrize("payload", EVENT_EXAMPLES.values(), ids=EVENT_EXAMPLES)
def test_our_example_is_written_as_it_was_read(payload: dict[str, Any]) -> None:
    event = decode_event(json.dumps(payload))
    assert json.loads(encode(event)) == payload


def test_the_guide_and_what_the_catalogue_says_was_added_are_all_events() -> None:
    added = {wire_type(event) for event, info in EVENTS.items() if info.added}
    assert len(PAYLOADS) == 28
    assert not added & set(PAYLOADS)
    assert added | set(PAYLOADS) == set(STRUCTS)


@pytest.mark.parametrize("kind", PAYLOADS)
def test_a_field_is_marked_as_added_exactly_when_the_guide_does_not_have_it(kind: str) -> None:
    names = {"type", *(field.encode_name for field in fields(STRUCTS[kind]))}
    assert names - added_fields(STRUCTS[kind]) - {"stream", "seq"} == set(PAYLOADS[kind])


def test_catalogue_unions_and_examples_name_the_same_frames() -> None:
    assert set(get_args(ServerEvent)) == set(EVENTS)
    assert set(get_args(ClientCommand)) == set(COMMANDS)
    assert set(EVENT_EXAMPLES) == set(STRUCTS)
    assert set(COMMAND_EXAMPLES) == {wire_type(command) for command in COMMANDS}
    assert len(STRUCTS) == len(EVENTS) == sum(map(len, EVENT_GROUPS.values()))


def inner_structs(value: object) -> Iterator[Struct]:
    if isinstance(value, Struct):
        yield value
        for field in fields(value):
            yield from inner_structs(getattr(value, field.name))
    elif isinstance(value, list):
        for item in value:
            yield from inner_structs(item)


def is_default(field: FieldInfo, value: object) -> bool:
    if field.default_factory is not NODEFAULT:
        return value == field.default_factory()
    return value is UNSET if field.default is UNSET else value == field.default


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_the_example_sets_every_field(event: type[Event]) -> None:
    value = decode_event(json.dumps(example("events", wire_type(event))))
    info = EVENTS[event]
    absent = set() if info.durable else {"stream"} if event is Ack else {"stream", "seq"}
    unset = {(event, name) for name in absent}
    seen: set[tuple[type, str]] = set()
    expected: set[tuple[type, str]] = set()
    for struct in inner_structs(value):
        expected |= {(type(struct), field.name) for field in fields(struct)}
        seen |= {
            (type(struct), field.name)
            for field in fields(struct)
            if not is_default(field, getattr(struct, field.name))
        }
    assert expected - seen == unset
    if info.durable:
        assert split_stream(str(value.stream))[0] == info.stream


def test_only_what_goes_to_one_connection_has_no_stream_and_only_streams_keep_events() -> None:
    for event, info in EVENTS.items():
        assert info.stream is not None or not info.durable, event
    kept = {info.stream for info in EVENTS.values() if info.durable}
    assert kept == {"session", "trip", "user", "system"}


@pytest.mark.parametrize("payload", COMMAND_EXAMPLES.values(), ids=COMMAND_EXAMPLES)
def test_the_example_of_a_command_is_one_with_every_field_that_counts(payload: dict[str, Any]) -> None:
    command = decode_command(json.dumps(payload), msgpack=False)
    assert decode_command(msgspec.msgpack.encode(payload), msgpack=True) == command
    properties = frame_schemas("{name}")[type(command).__name__]["properties"]
    counts = {name for name, described in properties.items() if "x-ignored" not in described}
    given = {
        field.encode_name for field in fields(command) if not is_default(field, getattr(command, field.name))
    }
    assert {"type", *given} == set(payload) == counts


def test_fields_that_a_client_does_not_know_are_no_obstacle() -> None:
    for payload in (*PAYLOADS.values(), *EVENT_EXAMPLES.values()):
        later = {**payload, "from_a_later_version": {"a": [1]}}
        assert decode_event(json.dumps(later)) == decode_event(json.dumps(payload))


def test_an_event_of_no_known_type_or_with_a_wrong_field_is_no_event() -> None:
    for wrong in ({"type": "chat_cancel"}, {"timestamp": "yesterday"}, {"timestamp": "2026-11-22T09:30:00"}):
        with pytest.raises(msgspec.ValidationError):
            decode_event(json.dumps({**PAYLOADS["chat_message"], **wrong}))
