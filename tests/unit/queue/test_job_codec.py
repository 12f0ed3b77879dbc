"""What is stored as a job: readable by arq's tools, never code, refused with words when it is not ours."""

import asyncio
import pickle
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from arq.jobs import deserialize_job, deserialize_result, serialize_job, serialize_result
from arq.worker import JobExecutionFailed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.contract.jobs import PAYLOAD_VERSION, RUN_TOOL_CALL, RUN_TURN, ToolJob, TurnJob
from app.streams.job_codec import (
    MAX_JOB_BYTES,
    Call,
    JobNotEncodable,
    UnknownJobVersion,
    UnreadableJob,
    decode_call,
    decode_job,
    deserialize,
    encode_job,
    serialize,
)

# The first text that is ever drawn builds a table of all characters.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

TURN = TurnJob(session_id="s1", turn_id="t1")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def tool_job(arguments: dict[str, Any]) -> ToolJob:
    return ToolJob(
        session_id="s1",
        turn_id="t1",
        task_id="t1.flights",
        call_key="flights",
        tool_call_id="t1.flights.search",
        tool_name="flight_search",
        arguments=arguments,
        today="2026-05-01",
    )


def test_a_turn_job_comes_back_as_it_was():
    call = decode_call(encode_job(TURN, 1_790_000_000_000))
    assert call == Call(RUN_TURN, [msgspec.to_builtins(TURN)], {}, 1_790_000_000_000)
    assert decode_job(call.args[0], TurnJob) == TURN


@UNTIMED
@given(st.dictionaries(st.text(), json_values, max_size=5))
def test_whatever_a_tool_is_called_with_comes_back(arguments: dict[str, Any]):
    job = tool_job(arguments)
    call = decode_call(encode_job(job, 1))
    assert call.function == RUN_TOOL_CALL
    assert decode_job(call.args[0], ToolJob) == job


@pytest.mark.parametrize(
    "arguments",
    [
        {"set": object()},
        {"number": 2**70},
        {"text": "\ud800"},
        {"text": "x" * MAX_JOB_BYTES},
        {"error": KeyboardInterrupt},
    ],
    ids=["an object", "a number over 64 bits", "half a character", "too long", "a class"],
)
def test_what_cannot_be_stored_is_refused_before_it_is(arguments: dict[str, Any]):
    with pytest.raises(JobNotEncodable, match=r"^job s1:t1\.flights\.search "):
        encode_job(tool_job(arguments), 1)


def test_arguments_nested_without_end_are_refused():
    arguments: dict[str, Any] = {}
    arguments["again"] = arguments
    with pytest.raises(JobNotEncodable):
        encode_job(tool_job(arguments), 1)


class Trap:
    """Unpickling it would be noticed."""

    sprung = False

    def __reduce__(self):
        return (setattr, (Trap, "sprung", True))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_is_refused_and_not_run(protocol: int):
    payload = pickle.dumps({"t": None, "f": RUN_TURN, "a": (Trap(),), "k": {}, "et": 1}, protocol)
    with pytest.raises(UnreadableJob):
        decode_call(payload)
    with pytest.raises(msgspec.DecodeError):
        deserialize(payload)
    assert not Trap.sprung


@UNTIMED
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_unreadable(payload: bytes):
    try:
        call = decode_call(payload)
    except UnreadableJob:
        return
    assert isinstance(call, Call)


@UNTIMED
@given(json_values.map(msgspec.msgpack.encode))
def test_no_value_raises_anything_but_unreadable(payload: bytes):
    try:
        call = decode_call(payload)
    except UnreadableJob:
        return
    assert isinstance(call, Call)


def test_nesting_without_end_is_unreadable():
    deep = b"\x91" * 100_000 + b"\xc0"
    with pytest.raises(UnreadableJob):
        decode_call(deep)


@pytest.mark.parametrize(
    "argument",
    [
        None,
        [],
        {},
        {"session_id": "s1", "turn_id": 1, "version": PAYLOAD_VERSION},
        {"session_id": "s1", "turn_id": "t1", "version": "1"},
        {"session_id": "s1", "turn_id": "t1", "version": 0},
        {"session_id": "s1", "turn_id": "t1", "version": True},
    ],
    ids=["nothing", "a list", "empty", "a wrong type", "a version in words", "version 0", "version true"],
)
def test_what_is_no_job_is_unreadable(argument: Any):
    with pytest.raises(UnreadableJob):
        decode_job(argument, TurnJob)


def test_a_newer_version_is_told_apart_from_what_is_unreadable():
    argument = {"conversation": "s1", "version": PAYLOAD_VERSION + 1}
    with pytest.raises(UnknownJobVersion, match=rf"version {PAYLOAD_VERSION + 1}; {PAYLOAD_VERSION} is"):
        decode_job(argument, TurnJob)


def test_arq_reads_what_we_write():
    job = deserialize_job(encode_job(TURN, 1_790_000_000_000), deserializer=deserialize)
    assert job.function == RUN_TURN
    assert list(job.args) == [{"session_id": "s1", "turn_id": "t1", "version": PAYLOAD_VERSION}]
    assert job.enqueue_time == datetime.fromtimestamp(1_790_000_000, UTC)


def test_we_read_what_arq_writes():
    payload = serialize_job(RUN_TURN, (TURN,), {}, None, 7, serializer=serialize)
    assert decode_job(decode_call(payload).args[0], TurnJob) == TURN


def stored_result(result: Any, success: bool) -> Any:
    payload = serialize_result(
        RUN_TURN, (), {}, 1, 1, success, result, 2, 3, "ref", "queue", "id", serializer=serialize
    )
    assert payload is not None
    return deserialize_result(payload, deserializer=deserialize).result


def test_cancellation_is_still_one_after_reading():
    error = stored_result(asyncio.CancelledError("on request"), success=False)
    assert type(error) is asyncio.CancelledError
    assert error.args == ("on request",)


def test_any_other_exception_keeps_its_name_and_words():
    error = stored_result(LookupError("no flights"), success=False)
    assert error == JobExecutionFailed("LookupError: no flights")


def test_an_exception_type_is_never_chosen_by_what_is_stored():
    payload = msgspec.msgpack.encode(
        {"r": msgspec.msgpack.Ext(1, msgspec.msgpack.encode(["SystemExit", "0"]))}
    )
    assert deserialize(payload)["r"] == JobExecutionFailed("SystemExit: 0")


def test_an_extension_that_is_not_ours_is_refused():
    payload = msgspec.msgpack.encode({"r": msgspec.msgpack.Ext(7, b"")})
    with pytest.raises(msgspec.DecodeError):
        deserialize(payload)
