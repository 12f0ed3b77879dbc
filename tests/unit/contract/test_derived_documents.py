"""Schema, AsyncAPI document and pages: complete, consistent and fresh."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.cli.docs import ROOT, generated, write_docs
from app.cli.type_words import type_words
from app.contract.asyncapi import asyncapi_document
from app.contract.catalogue import COMMANDS, EVENTS, wire_type
from app.contract.errors import CLOSE_CODES, ErrorCode
from app.contract.schema import frame_schemas, json_schema
from app.contract.turn import TurnResult
from tests.support.contract_values import examples
from tests.support.guide import PAYLOADS

SCHEMA = json_schema()
DOCUMENT = asyncapi_document("9.9.9")
PAGE = generated()["docs/events.md"]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield inner
            elif key == "mapping":
                yield from inner.values()
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def resolve(document: dict[str, Any], reference: str) -> Any:
    assert reference.startswith("#/")
    found: Any = document
    for step in reference[2:].split("/"):
        found = found[step]
    return found


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


@pytest.mark.parametrize("document", [SCHEMA, DOCUMENT], ids=["schema", "asyncapi"])
def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = list(references(document))
    assert len(found) > 50
    for reference in found:
        # An AsyncAPI operation refers to a message of the channel, which refers to the message itself.
        assert isinstance(resolve(document, reference), dict)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    names = {struct.__name__ for struct in (*EVENTS, *COMMANDS, TurnResult)}
    assert names | {"ServerEvent", "ClientCommand"} <= set(SCHEMA["$defs"])


def test_the_schema_is_in_a_stable_order() -> None:
    assert list(SCHEMA["$defs"]) == sorted(SCHEMA["$defs"])
    assert json.dumps(json_schema()) == json.dumps(SCHEMA)


def test_the_guides_payloads_and_all_examples_fit() -> None:
    for payload in (*PAYLOADS.values(), *examples("events").values()):
        assert list(validator("ServerEvent").iter_errors(payload)) == []
    for payload in examples("commands").values():
        assert list(validator("ClientCommand").iter_errors(payload)) == []


def test_the_schema_refuses_in_commands_what_the_server_refuses() -> None:
    for payload in examples("commands").values():
        for wrong in ({**payload, "unknown": 1}, {**payload, "id": "a.b"}, {**payload, "id": "a\n"}):
            assert list(validator("ClientCommand").iter_errors(wrong))


def test_only_kept_events_have_a_place_in_a_stream() -> None:
    schemas = frame_schemas("{name}")
    for event, info in EVENTS.items():
        properties = schemas[event.__name__]["properties"]
        assert ("stream" in properties) is info.durable
        assert ("seq" in properties) is (info.durable or wire_type(event) == "ack")


def test_readers_can_count_on_what_is_always_written() -> None:
    schemas = frame_schemas("{name}")
    assert {"metadata", "tool_calls"} <= set(schemas["ChatMessage"]["required"])
    assert "turn_id" not in schemas["ChatMessage"]["required"]
    assert schemas["SendChatMessage"]["required"] == ["type", "id", "session_id", "content"]


def test_money_is_a_number() -> None:
    assert SCHEMA["$defs"]["Money"]["properties"]["amount"] == {"type": "number", "format": "decimal"}


def test_every_field_says_what_it_means() -> None:
    for name, schema in frame_schemas("{name}").items():
        assert schema["description"], name
        for field, described in schema["properties"].items():
            assert field == "type" or described.get("description"), f"{name}.{field}"


def test_asyncapi_has_every_message_on_the_one_channel_in_its_direction() -> None:
    events = {f"event.{wire_type(event)}" for event in EVENTS}
    commands = {f"command.{wire_type(command)}" for command in COMMANDS}
    channel = DOCUMENT["channels"]["ws"]
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert DOCUMENT["info"]["version"] == "9.9.9"
    assert channel["address"] == "/ws"
    assert set(channel["messages"]) == set(DOCUMENT["components"]["messages"]) == events | commands
    by_action = {each["action"]: each["messages"] for each in DOCUMENT["operations"].values()}
    assert {each["$ref"].rpartition("/")[2] for each in by_action["send"]} == events
    assert {each["$ref"].rpartition("/")[2] for each in by_action["receive"]} == commands


def test_asyncapi_says_of_each_message_what_it_is_and_shows_one() -> None:
    for message in DOCUMENT["components"]["messages"].values():
        payload = message["examples"][0]["payload"]
        schema = resolve(DOCUMENT, message["payload"]["$ref"])
        found = Draft202012Validator({**schema, "components": DOCUMENT["components"]}).iter_errors(payload)
        assert list(found) == []
        assert message["name"] == payload["type"]
        assert message["summary"]


def test_asyncapi_has_the_tables_and_the_subprotocols() -> None:
    assert set(DOCUMENT["x-error-codes"]) == {code.value for code in ErrorCode}
    assert set(DOCUMENT["x-close-codes"]) == {str(close.code) for close in CLOSE_CODES}
    headers = DOCUMENT["channels"]["ws"]["bindings"]["ws"]["headers"]["properties"]
    assert headers["Sec-WebSocket-Protocol"]["enum"] == ["tripsage.v1.json", "tripsage.v1.msgpack"]
    assert DOCUMENT["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_the_page_has_a_section_for_every_frame_and_a_row_for_every_code() -> None:
    lines = PAGE.splitlines()
    for event in EVENTS:
        assert lines.count(f"### `{wire_type(event)}`") == 1
    for command in COMMANDS:
        assert lines.count(f"### Send `{wire_type(command)}`") == 1
    for code in ErrorCode:
        assert sum(line.startswith(f"| `{code.value}` |") for line in lines) == 1
    for close in CLOSE_CODES:
        assert sum(line.startswith(f"| {close.code} |") for line in lines) == 1


def test_every_link_of_the_page_leads_to_one_heading() -> None:
    headings = [
        re.sub(r"[^\w -]", "", line.lstrip("# ")).lower().replace(" ", "-")
        for line in PAGE.splitlines()
        if line.startswith("#")
    ]
    links = re.findall(r"\]\(#([^)]*)\)", PAGE)
    assert len(links) > 60
    assert all(headings.count(link) == 1 for link in links)
    files = re.findall(r"\]\(([\w.]+)\)", PAGE)
    assert all(f"docs/{name}" in generated() for name in files)


def test_the_tables_of_the_page_are_whole() -> None:
    width = 0
    for line in PAGE.splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        width = width or line.count("|")
        assert line.count("|") == width, line


def test_the_files_in_the_repository_are_fresh() -> None:
    assert write_docs(check=True) == 0


def test_stale_files_are_named_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert write_docs(check=True, root=tmp_path) == 1
    assert set(re.findall(r"docs/\S+", capsys.readouterr().out)) == set(generated())
    assert not list(tmp_path.iterdir())
    assert write_docs(check=False, root=tmp_path) == 0
    assert write_docs(check=True, root=tmp_path) == 0
    capsys.readouterr()
    (tmp_path / "docs" / "schema.json").write_text("{}")
    assert write_docs(check=True, root=tmp_path) == 1
    assert "docs/schema.json is stale" in capsys.readouterr().out
    assert (tmp_path / "docs" / "schema.json").read_text() == "{}"
    for path in generated():
        assert (ROOT / path).is_file()


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({}, "any"),
        ({"$ref": "#/StreamCursor"}, "[StreamCursor](#streamcursor)"),
        ({"anyOf": [{"type": "integer"}, {"type": "number"}]}, "number"),
        (
            {"anyOf": [{"type": "string", "maxLength": 256}, {"type": "null"}]},
            "string, at most 256 characters or `null`",
        ),
        ({"enum": ["stop", "error"]}, "`stop` or `error`"),
        ({"type": "string", "format": "date-time"}, "time"),
        ({"type": "string", "minLength": 1, "maxLength": 32768}, "string, 1 to 32,768 characters"),
        ({"type": "integer", "minimum": 0, "maximum": 2**53 - 1}, "integer ≥ 0"),
        ({"type": "number", "minimum": 0, "maximum": 1}, "number, 0 to 1"),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 64}, "list of string, at most 64"),
        ({"type": "array", "maxItems": 0}, "empty list"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "object of integer"),
        ({"type": "boolean"}, "boolean"),
    ],
)
def test_types_are_said_in_words(schema: dict[str, Any], words: str) -> None:
    assert type_words(schema) == words
