"""How jobs look in Redis: arq's own fields in MessagePack, so that reading one never runs code.

arq's default is pickle, which hands the process to whoever can write to Redis. `serialize` and
`deserialize` are what arq's own tools need to read and write our jobs.
"""

import asyncio
from typing import Any, TypeVar

import msgspec
from arq.worker import JobExecutionFailed

from app.contract.jobs import (
    PAYLOAD_VERSION,
    RUN_TOOL_CALL,
    RUN_TURN,
    TOOL_QUEUE,
    TURN_QUEUE,
    ToolJob,
    TurnJob,
)

Job = TurnJob | ToolJob
J = TypeVar("J", TurnJob, ToolJob)

MAX_JOB_BYTES = 1024 * 1024

_ERROR = 1  # MessagePack extension type of an exception that a job ended with
_FUNCTIONS: dict[type[Job], str] = {TurnJob: RUN_TURN, ToolJob: RUN_TOOL_CALL}
_QUEUES: dict[type[Job], str] = {TurnJob: TURN_QUEUE, ToolJob: TOOL_QUEUE}


class JobNotEncodable(ValueError):
    """The job holds something that MessagePack cannot say, or too much of it."""


class UnreadableJob(ValueError):
    """What is stored as a job is none. Trying again cannot help."""


class UnknownJobVersion(ValueError):
    """The job was made by a newer release; a worker of that release can run it."""


class Call(msgspec.Struct, rename={"function": "f", "args": "a", "kwargs": "k", "enqueued_ms": "et"}):
    """Which function a job calls and with what, under arq's names for the fields."""

    function: str
    args: list[Any]
    kwargs: dict[str, Any]
    enqueued_ms: int


def queue_of(job: Job) -> str:
    return _QUEUES[type(job)]


def encode_job(job: Job, enqueued_ms: int) -> bytes:
    """The stored form of a job that was enqueued at `enqueued_ms` (Unix time).

    Raises `JobNotEncodable`.
    """
    try:
        payload = serialize({"t": None, "f": _FUNCTIONS[type(job)], "a": [job], "k": {}, "et": enqueued_ms})
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise JobNotEncodable(f"job {job.job_id} cannot be encoded: {error}") from error
    if len(payload) > MAX_JOB_BYTES:
        raise JobNotEncodable(f"job {job.job_id} has {len(payload)} bytes; {MAX_JOB_BYTES} are allowed")
    return payload


def decode_call(payload: bytes) -> Call:
    """Raises `UnreadableJob` for anything that `encode_job` or arq with `serialize` did not write."""
    try:
        return _call_decoder.decode(payload)
    except (msgspec.DecodeError, RecursionError) as error:
        raise UnreadableJob(str(error)) from error


def decode_job(argument: Any, kind: type[J]) -> J:
    """The job that a job function was called with.

    Raises `UnknownJobVersion` and `UnreadableJob`.
    """
    if not isinstance(argument, dict):
        raise UnreadableJob(f"a {kind.__name__} is an object")
    version: object = argument.get("version")  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]  # a dict of anything
    if isinstance(version, int) and version > PAYLOAD_VERSION:
        raise UnknownJobVersion(
            f"{kind.__name__} has version {version}; {PAYLOAD_VERSION} is the newest known"
        )
    try:
        job = msgspec.convert(argument, kind, strict=True)
    except msgspec.ValidationError as error:
        raise UnreadableJob(f"{kind.__name__}: {error}") from error
    if job.version < 1:
        raise UnreadableJob(f"{kind.__name__} has version {job.version}")
    return job


def serialize(fields: dict[str, Any]) -> bytes:
    """For arq's `job_serializer`. An exception among the values keeps its type's name and message."""
    return _encoder.encode(fields)


def deserialize(payload: bytes) -> dict[str, Any]:
    """For arq's `job_deserializer`. Raises `msgspec.DecodeError` for anything but a MessagePack object."""
    return _fields_decoder.decode(payload)


def _encode_exception(value: Any) -> Any:
    if isinstance(value, BaseException):
        return msgspec.msgpack.Ext(_ERROR, _encoder.encode((type(value).__name__, str(value))))
    raise TypeError(f"{type(value).__name__} is not supported")


def _decode_exception(code: int, data: memoryview) -> Any:
    """Only cancellation keeps its type; a name in Redis never chooses which class is made here."""
    if code != _ERROR:
        raise msgspec.ValidationError(f"MessagePack extension {code} is not known")
    name, message = _error_decoder.decode(data)
    if name == asyncio.CancelledError.__name__:
        return asyncio.CancelledError(message)
    return JobExecutionFailed(f"{name}: {message}")


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode_exception)
_error_decoder = msgspec.msgpack.Decoder(tuple[str, str])
_fields_decoder = msgspec.msgpack.Decoder(dict[str, Any], ext_hook=_decode_exception)
_call_decoder = msgspec.msgpack.Decoder(Call, ext_hook=_decode_exception)
