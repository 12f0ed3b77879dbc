"""A connection's machine as tests drive it: opened, given frames, and its effects read."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from app.contract import events as e
from app.domain.allowance import Rules
from app.domain.connection import Connection, Server
from app.domain.effects import Attach, Disconnect, Effect, Send, Verify

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EXPIRES = NOW + timedelta(hours=1)
STREAMS = [e.StreamCursor(stream="session:s1", epoch="x", seq=0, recovered=True)]


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def connect(*, token: str | None = None, msgpack: bool = False, **rules: float) -> Connection:
    counter = itertools.count(1)
    return Connection(
        "connection-1",
        Rules(**rules),  # type: ignore[arg-type]
        Server("1.0.0", ("chat",)),
        lambda: f"server-{next(counter)}",
        NOW,
        token=token,
        msgpack=msgpack,
    )


def opened(**rules: float) -> Connection:
    connection = connect(**rules)
    (verify,) = connection.received(frame("connection_authenticate", token="t"), NOW)
    assert isinstance(verify, Verify)
    (attach,) = connection.verified(verify.command, "alice", "Alice", EXPIRES, NOW)
    assert isinstance(attach, Attach)
    connection.attached("s1", STREAMS, NOW)
    return connection


_ids = itertools.count(1)


def frame(kind: str, **fields: Any) -> str:
    return json.dumps({"id": f"f{next(_ids)}", "type": kind, **fields})


def sent(effects: list[Effect]) -> list[e.ServerEvent]:
    return [effect.event for effect in effects if isinstance(effect, Send)]


def error_of(effects: list[Effect]) -> e.Error:
    (event,) = sent(effects)
    assert isinstance(event, e.Error)
    return event


def close_of(effects: list[Effect]) -> int:
    assert isinstance(effects[-1], Disconnect)
    return effects[-1].code


MESSAGE = {"session_id": "s1", "content": "Lisbon please"}
