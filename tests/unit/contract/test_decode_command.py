"""Every client frame is a command or a refusal that names what is wrong with it."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contract.commands import Authenticate, ClientCommand, SendChatMessage, StartEditingField
from app.contract.decode import CommandRefused, decode_command
from app.contract.errors import ErrorCode
from tests.support.guide import FROM_CLIENTS_TOO, PAYLOADS

MESSAGE: dict[str, Any] = {"id": "m-1", "type": "chat_message", "session_id": "s-1", "content": "Hello"}
SUBSCRIBE: dict[str, Any] = {"id": "s-1", "type": "stream_subscribe", "streams": [{"stream": "trip:t"}]}
EDITING: dict[str, Any] = {
    "id": "e-1",
    "type": "trip_field_editing_start",
    "trip_id": "t-1",
    "field_name": "budget",
}


def refusal(frame: bytes | str, *, msgpack: bool = False) -> CommandRefused:
    with pytest.raises(CommandRefused) as caught:
        decode_command(frame, msgpack=msgpack)
    return caught.value


def both_ways(frame: dict[str, Any]) -> list[ClientCommand]:
    return [
        decode_command(json.dumps(frame), msgpack=False),
        decode_command(json.dumps(frame).encode(), msgpack=False),
        decode_command(msgspec.msgpack.encode(frame), msgpack=True),
    ]


@pytest.mark.parametrize("name", FROM_CLIENTS_TOO)
def test_the_guides_bidirectional_payloads_are_commands_as_they_stand(name: str) -> None:
    payload = PAYLOADS[name]
    for command in both_ways(payload):
        assert msgspec.to_builtins(command)["type"] == name
        assert command.id == payload["id"]


def test_what_the_server_owns_is_dropped() -> None:
    payload = PAYLOADS["chat_message"]
    first, second, _ = both_ways(payload)
    assert isinstance(first, SendChatMessage)
    assert (first.role, first.timestamp, first.tool_calls, first.metadata.user_id) == (None, None, None, None)
    again = decode_command(json.dumps({**payload, "timestamp": "later", "role": "assistant"}), msgpack=False)
    assert again == first == second


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"hello",
        b"{",
        b'{"id":"a",}',
        b"[1, 2]",
        b'"text"',
        b"5",
        b"null",
        b'{"id":"m-1"} x',
        b"\xff\xfe",
    ],
)
def test_what_is_no_json_object_is_an_invalid_message(frame: bytes) -> None:
    error = refusal(frame)
    assert (error.code, error.field, error.in_reply_to) == (ErrorCode.INVALID_MESSAGE, None, None)


@pytest.mark.parametrize(
    "frame", [b"", b"\xc1", b"\x93\x01", b"\x05", b"\x81\x01\x02", b"\x81\x81\x01\x02\x03"]
)
def test_what_is_no_messagepack_object_is_an_invalid_message(frame: bytes) -> None:
    assert refusal(frame, msgpack=True).code is ErrorCode.INVALID_MESSAGE


def test_text_on_a_messagepack_connection_is_refused() -> None:
    error = refusal(json.dumps(MESSAGE), msgpack=True)
    assert error.code is ErrorCode.INVALID_MESSAGE
    assert "binary" in error.message


@pytest.mark.parametrize("kind", [{}, {"type": 5}, {"type": None}, {"type": ["chat_message"]}])
def test_a_frame_without_a_type_is_an_invalid_message_and_keeps_its_id(kind: dict[str, Any]) -> None:
    error = refusal(json.dumps({"id": "f-1", **kind}))
    assert (error.code, error.in_reply_to) == (ErrorCode.INVALID_MESSAGE, "f-1")
    assert "`type`" in error.message


@pytest.mark.parametrize("kind", ["chat_massage", "ack", "tool_call_start", "", "x" * 5000])
def test_an_unknown_type_says_so_shortly(kind: str) -> None:
    error = refusal(json.dumps({"id": "f-1", "type": kind}))
    assert (error.code, error.in_reply_to) == (ErrorCode.UNKNOWN_TYPE, "f-1")
    assert kind[:60] in error.message
    assert len(error.message) < 200


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({**MESSAGE, "content": ""}, "content", "length >= 1"),
    ({**MESSAGE, "content": "x" * 32_769}, "content", "length <= 32768"),
    ({**MESSAGE, "content": 5}, "content", "expected `str`, got `int`"),
    ({**MESSAGE, "session_id": "a.b"}, "session_id", "A-Z, a-z, 0-9, _ and -"),
    ({**MESSAGE, "session_id": "s\n"}, "session_id", "A-Z, a-z, 0-9, _ and -"),
    ({**MESSAGE, "metadata": {"when_busy": "later"}}, "metadata.when_busy", "enqueue, interrupt, reject"),
    ({**MESSAGE, "metadata": {"attachments": [1]}}, "metadata.attachments", "length <= 0"),
    ({**MESSAGE, "metadata": {"colour": 1}}, "metadata.colour", "is not a known field"),
    ({**MESSAGE, "contnet": "x"}, "contnet", "is not a known field"),
    ({key: MESSAGE[key] for key in ("id", "type", "content")}, "session_id", "is missing"),
    ({**SUBSCRIBE, "streams": []}, "streams", "length >= 1"),
    ({**SUBSCRIBE, "streams": [{"stream": "system"}] * 65}, "streams", "length <= 64"),
    ({**SUBSCRIBE, "streams": [{"stream": "system"}, {}]}, "streams[1].stream", "is missing"),
    ({**SUBSCRIBE, "streams": [{"stream": "system", "after": -1}]}, "streams[0].after", ">= 0"),
    ({**SUBSCRIBE, "streams": [{"stream": "system", "after": 2**53}]}, "streams[0].after", "<="),
    ({**SUBSCRIBE, "streams": [{"stream": "system", "after": 10**400}]}, "streams[0].after", "<="),
    ({**SUBSCRIBE, "streams": [{"stream": "system", "before": 1}]}, "streams[0].before", "known field"),
    ({**SUBSCRIBE, "streams": [{"stream": "Trip:t"}]}, "streams[0].stream", "session:ID"),
    ({"id": "c", "type": "trip_cursor_move", "trip_id": "t", "x": 1e8, "y": 0}, "x", "<= 1"),
    ({"id": "h", "type": "connection_heartbeat", "sequence": 1.5}, "sequence", "expected `int`"),
    ({**EDITING, "field_value": [[[]]] * 2 + [10**30]}, "field_value", "64 bits"),
]


@pytest.mark.parametrize(("frame", "field", "says"), WRONG, ids=[f"{f} {s}" for _, f, s in WRONG])
def test_a_wrong_field_is_named(frame: dict[str, Any], field: str, says: str) -> None:
    error = refusal(json.dumps(frame))
    assert (error.code, error.field, error.in_reply_to) == (ErrorCode.VALIDATION_ERROR, field, frame["id"])
    assert error.details == {"field": field}
    assert says in error.message


@pytest.mark.parametrize("frame_id", ["", "a.b", "a b", "x" * 65, "a\n", 7, None, {}, "é"])
def test_a_bad_id_is_named_and_not_repeated(frame_id: object) -> None:
    error = refusal(json.dumps({**MESSAGE, "id": frame_id}))
    assert (error.code, error.field, error.in_reply_to) == (ErrorCode.VALIDATION_ERROR, "id", None)


def test_a_huge_unknown_name_does_not_come_back_whole() -> None:
    error = refusal(json.dumps({**MESSAGE, "x" * 200_000: 1}))
    assert error.code is ErrorCode.VALIDATION_ERROR
    assert len(error.message) < 200
    assert error.field is not None
    assert len(error.field) < 100


def test_a_value_that_cannot_be_sent_on_in_every_format_is_refused() -> None:
    for value in (float("nan"), float("inf"), b"raw", {1: 2}, msgspec.msgpack.Ext(5, b"x"), 2**64 - 1):
        frame = msgspec.msgpack.encode({**EDITING, "field_value": value})
        if value == 2**64 - 1:
            command = decode_command(frame, msgpack=True)
            assert isinstance(command, StartEditingField)
            assert command.field_value == value
        else:
            assert refusal(frame, msgpack=True).field == "field_value"


def nested(depth: int) -> str:
    return json.dumps(EDITING)[:-1] + ', "field_value": ' + "[" * depth + "]" * depth + "}"


def test_nesting_is_bounded() -> None:
    assert decode_command(nested(32), msgpack=False).id == "e-1"
    assert refusal(nested(33)).field == "field_value"
    for depth in (900, 5_000, 100_000):
        assert refusal(nested(depth)).code in (ErrorCode.VALIDATION_ERROR, ErrorCode.INVALID_MESSAGE)
    assert refusal(b"\x91" * 100_000, msgpack=True).code is ErrorCode.INVALID_MESSAGE


def test_half_a_surrogate_pair_is_refused_with_the_frames_id() -> None:
    for frame in (
        '{"id":"m-1","type":"chat_message","content":"\\ud83d"}',
        json.dumps(MESSAGE)[:-1] + ',"x":NaN}',
    ):
        error = refusal(frame)
        assert (error.code, error.in_reply_to) == (ErrorCode.INVALID_MESSAGE, "m-1")
        assert "surrogate" in error.message
    assert refusal(f'{{"id":"{chr(0xD83D)}"}}').code is ErrorCode.INVALID_MESSAGE


def test_text_that_is_not_utf8_is_refused_with_the_frames_id() -> None:
    frame = json.dumps({**MESSAGE, "content": "?"}).encode().replace(b"?", b"\xff")
    error = refusal(frame)
    assert (error.code, error.in_reply_to) == (ErrorCode.INVALID_MESSAGE, "m-1")
    assert "UTF-8" in error.message


def test_of_a_repeated_name_the_last_counts_and_the_type_may_not_change() -> None:
    command = decode_command('{"id":"a","id":"b","type":"connection_heartbeat"}', msgpack=False)
    assert command.id == "b"
    error = refusal('{"id":"a","type":"connection_heartbeat","type":"chat_message"}')
    assert (error.code, error.field) == (ErrorCode.VALIDATION_ERROR, "type")


def test_a_token_is_not_shown() -> None:
    command = decode_command('{"id":"a","type":"connection_authenticate","token":"secret"}', msgpack=False)
    assert isinstance(command, Authenticate)
    assert command.token == "secret"
    assert "secret" not in repr(command)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
field_names = st.sampled_from(
    [
        "id",
        "type",
        "session_id",
        "content",
        "metadata",
        "streams",
        "trip_id",
        "x",
        "y",
        "field_value",
        "token",
    ]
)
kinds = st.sampled_from(["chat_message", "stream_subscribe", "trip_cursor_move", "connection_authenticate"])
near_frames = st.fixed_dictionaries(
    {}, optional={"id": st.just("f-1") | json_values, "type": kinds | json_values}
).flatmap(
    lambda head: st.dictionaries(field_names, json_values, max_size=5).map(lambda rest: {**rest, **head})
)


def is_decided(frame: bytes | str, *, msgpack: bool) -> bool:
    """Whether decoding gives a command or a refusal that can be sent; anything else is raised."""
    try:
        return isinstance(decode_command(frame, msgpack=msgpack), ClientCommand)
    except CommandRefused as error:
        msgspec.json.encode([error.message, error.details, error.in_reply_to])
        return len(error.message) < 500


@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_raise_anything_else(frame: bytes, msgpack: bool) -> None:
    assert is_decided(frame, msgpack=msgpack)


@given(st.text(st.characters(), max_size=200))
def test_no_text_raises_anything_else(frame: str) -> None:
    assert is_decided(frame, msgpack=False)


@given(near_frames)
def test_no_frame_that_is_nearly_right_raises_anything_else(frame: dict[str, Any]) -> None:
    assert is_decided(json.dumps(frame), msgpack=False)


@given(near_frames, st.data())
def test_no_damaged_frame_raises_anything_else(frame: dict[str, Any], data: st.DataObject) -> None:
    text = bytearray(json.dumps(frame).encode())
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] = data.draw(st.integers(0, 255))
    assert is_decided(bytes(text), msgpack=False)


@given(st.dictionaries(field_names, json_values | st.binary(max_size=9), max_size=6), kinds)
def test_no_messagepack_frame_raises_anything_else(frame: dict[str, Any], kind: str) -> None:
    try:
        encoded = msgspec.msgpack.encode({"id": "f-1", **frame, "type": kind})
    except OverflowError:  # MessagePack has no such whole number, so no client can send it
        return
    assert is_decided(encoded, msgpack=True)


@given(st.text(max_size=80))
def test_the_id_of_a_refused_frame_comes_back_only_when_it_is_valid(frame_id: str) -> None:
    error = refusal(json.dumps({"id": frame_id, "type": "nothing"}))
    valid = 0 < len(frame_id) <= 64 and all(c.isascii() and (c.isalnum() or c in "_-") for c in frame_id)
    assert error.in_reply_to == (frame_id if valid else None)
