"""What goes in and out of the core: requests, responses and faults, without any I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import msgspec

_encoder = msgspec.json.Encoder()
_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Request:
    """`path` begins with a slash and has no query; header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection breaks before an answer."""


@dataclass(frozen=True, slots=True)
class Truncated:
    """The answer begins and breaks off after `keep` bytes of its body."""

    response: Response
    keep: int


@dataclass(frozen=True, slots=True)
class Slow:
    """The head comes at once, the body in `PIECES` equal parts over so many seconds."""

    response: Response
    seconds: float

    PIECES: ClassVar[int] = 10

    @property
    def pause(self) -> float:
        """Seconds before each part."""
        return self.seconds / self.PIECES


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer ever comes."""


@dataclass(frozen=True, slots=True)
class Held:
    """The answer is kept back until `/__admin/release`; `ticket` names what it waits for."""

    ticket: int
    response: "Response | Reset | Truncated | Silence"


Fault = Reset | Truncated | Slow | Silence | Held


@dataclass(frozen=True, slots=True)
class Delayed:
    """The answer or fault comes after so many seconds."""

    seconds: float
    outcome: "Response | Fault"


def json_response(status: int, value: Any, headers: Mapping[str, str] = _HEADERS) -> Response:
    return Response(status, _encoder.encode(value), headers)


def parse_query(text: str) -> dict[str, str]:
    """The last value of each parameter."""
    return dict(parse_qsl(text, keep_blank_values=True))
