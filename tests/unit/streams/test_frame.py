"""Frames: made once, whatever is asked of them, and right to the byte."""

import json
import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame as ParsedFrame
from websockets.streams import StreamReader

from app.contract.errors import ErrorCode, TripSageError
from app.streams.frame import BINARY, MAX_EVENT_BYTES, TEXT, Frame, checked_size, transcode, websocket_frame

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def parsed(data: bytes) -> ParsedFrame:
    """What a WebSocket client makes of it; raises if anything is left over or missing."""
    reader = StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    parser = ParsedFrame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as done:
        next(parser)
    with pytest.raises(StopIteration) as rest:
        next(reader.at_eof())
    assert rest.value.value is True
    return done.value.value


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, MAX_EVENT_BYTES])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_a_websocket_client_reads_the_frame(opcode: int, size: int) -> None:
    frame = parsed(websocket_frame(opcode, b"x" * size))
    assert (frame.opcode, frame.fin, len(frame.data)) == (opcode, True, size)


def test_a_frame_carries_one_event_in_each_form() -> None:
    frame = Frame(7, b'{"type":"system_message","seq":7}')
    assert parsed(frame.websocket_text).data == frame.json
    binary = parsed(frame.websocket_binary)
    assert binary.opcode == BINARY
    assert msgspec.msgpack.decode(bytes(binary.data)) == json.loads(frame.json)


def test_each_form_is_made_once() -> None:
    frame = Frame(7, b'{"seq":7}')
    assert frame.websocket_text is frame.websocket_text
    assert frame.websocket_binary is frame.websocket_binary
    assert frame.msgpack is frame.msgpack


@given(JSON_VALUES)
def test_messagepack_says_the_same_as_json(value: Any) -> None:
    text = msgspec.json.encode(value)
    assert msgspec.msgpack.decode(transcode(text)) == msgspec.json.decode(text)


@given(st.integers(min_value=2**64) | st.integers(max_value=-(2**63) - 1))
def test_an_integer_too_wide_for_messagepack_becomes_the_nearest_double(value: int) -> None:
    text = b'{"in":[{"a":%d}],"b":1}' % value
    assert msgspec.msgpack.decode(transcode(text)) == {"in": [{"a": float(value)}], "b": 1}


@pytest.mark.parametrize("number", [b"1e999", b"1" + b"0" * 400])
def test_a_number_beyond_a_double_does_not_stop_the_event(number: bytes) -> None:
    assert msgspec.msgpack.decode(transcode(b'{"a":%b,"b":-%b}' % (number, number))) == {
        "a": math.inf,
        "b": -math.inf,
    }


def test_an_event_over_the_limit_is_refused_with_its_code() -> None:
    fits = b"x" * MAX_EVENT_BYTES
    assert checked_size(fits) is fits
    with pytest.raises(TripSageError) as refused:
        checked_size(fits + b"x")
    assert refused.value.code == ErrorCode.PAYLOAD_TOO_LARGE
