"""Whatever can be said survives both formats, and is what the schema promises."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.contract.catalogue import COMMANDS, EVENTS, wire_type
from app.contract.codec import encode, to_builtins
from app.contract.commands import ClientCommand
from app.contract.decode import decode_command
from app.contract.events import ServerEvent, decode_event
from app.contract.plain import MAX_DEPTH, plain_problem
from app.contract.schema import json_schema
from tests.support.contract_values import json_values, structs

EVENT_VALUES = st.one_of([structs(event) for event in EVENTS])
COMMAND_VALUES = st.one_of([structs(command) for command in COMMANDS])
DEFINITIONS = json_schema()["$defs"]
VALIDATORS = {
    wire: Draft202012Validator({"$ref": f"#/$defs/{struct.__name__}", "$defs": DEFINITIONS})
    for wire, struct in ((wire_type(event), event) for event in EVENTS)
}
COMMAND_VALIDATOR = Draft202012Validator({"$ref": "#/$defs/ClientCommand", "$defs": DEFINITIONS})


@given(EVENT_VALUES)
def test_events_survive_json(event: ServerEvent) -> None:
    assert decode_event(encode(event)) == event


@given(EVENT_VALUES)
def test_events_survive_json_turned_into_messagepack(event: ServerEvent) -> None:
    frame = msgspec.msgpack.encode(to_builtins(event))
    assert msgspec.msgpack.decode(frame, type=ServerEvent) == event


@given(EVENT_VALUES)
def test_every_event_that_is_written_fits_the_schema_of_its_type(event: ServerEvent) -> None:
    written = to_builtins(event)
    assert list(VALIDATORS[written["type"]].iter_errors(written)) == []


@given(COMMAND_VALUES)
def test_every_command_that_fits_the_structs_is_accepted_in_both_formats(command: ClientCommand) -> None:
    written = to_builtins(command)
    by_json = decode_command(encode(command), msgpack=False)
    by_msgpack = decode_command(msgspec.msgpack.encode(written), msgpack=True)
    assert by_json == by_msgpack
    assert by_json.id == command.id
    assert list(COMMAND_VALIDATOR.iter_errors(written)) == []


@given(json_values)
def test_plain_values_survive_every_format(value: Any) -> None:
    assert plain_problem(value) is None
    assert msgspec.json.decode(encode(value)) == value
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(value)) == value


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (2**64, "64 bits"),
        (-(2**63) - 1, "64 bits"),
        ([{"a": float("nan")}], "not finite"),
        (float("-inf"), "not finite"),
        ({"a": b"x"}, "JSON does not have"),
        ({1: "x"}, "not text"),
        ((1, 2), "JSON does not have"),
    ],
)
def test_what_is_not_plain_is_said(value: object, problem: str) -> None:
    assert problem in (plain_problem(value) or "")


@given(st.integers(0, 2 * MAX_DEPTH), st.booleans())
def test_nesting_counts_lists_and_objects_alike(depth: int, objects: bool) -> None:
    value: Any = 1
    for _ in range(depth):
        value = {"a": value} if objects else [value]
    assert (plain_problem(value) is None) is (depth <= MAX_DEPTH)
