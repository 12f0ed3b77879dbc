"""Trips on Redis: read at one moment, written in one step with the event that tells of it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
from redis.asyncio import Redis

from app.contract import trip as t
from app.contract.codec import encode
from app.contract.events import TripUpdateBroadcast
from app.domain import trip_fields as f
from app.domain.roles import Role
from app.domain.trip_fields import Snapshot
from app.settings import Retention
from app.storage.trip_answers import ANSWER_LIFE, Kept, unpacked
from app.streams.commands import Commands
from app.streams.keys import TripKeys, UserKeys
from app.streams.log import Script, persist, shared_script

_NO_VALUES = b'"full_trip_data":{}'
_DERIVED = "destinations/"
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of a trip, as one user finds it. `role` is None where the user has none.

    `json` is the trip as clients read it; `answer` is fingerprint and answer of the write that was asked for.
    """

    status: Literal["found", "gone", "not_found"]
    role: Role | None
    answer: Kept | None
    snapshot: Snapshot
    json: bytes
    seq: int
    updated_by: str
    updated_at: float
    """In seconds since the Unix epoch."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One write. `checks` are the versions that must still be, and `epoch` is theirs; `version` likewise that of
    the whole trip.
    `conflict_id` is of the conflict that it settles, which must be open. `on_behalf_of` has to be allowed to
    write as well, and owns the trip that is made.

    `event` is the update without the trip, which the script puts in.
    """

    user_id: str
    on_behalf_of: str
    mutation_id: str
    fingerprint: str
    event: TripUpdateBroadcast
    writes: Mapping[str, bytes | None]
    at: float
    creating: bool = False
    epoch: str = ""
    version: int | None = None
    undoes: int | None = None
    checks: Mapping[str, int] = field(default_factory=dict[str, int])
    conflict_id: str | None = None


@dataclass(frozen=True, slots=True)
class Committed:
    """`answered`: this mutation was answered before. `moved`: a version that was to be is no more.

    `version` is what a write made of the version `previous`.
    """

    status: Literal[
        "written", "answered", "moved", "not_found", "forbidden", "gone", "taken", "too_large", "over"
    ]
    answer: bytes = b""
    fingerprint: str = ""
    previous: int = 0
    version: int = 0


class Trips:
    """Methods raise what the event log raises when the server is away; each may be repeated."""

    def __init__(self, client: Redis, retention: Retention) -> None:
        self._redis = cast(Commands, client)
        folder = Path(__file__).parent
        shared = shared_script() + (folder / "trip.lua").read_text()
        self._read, self._commit = (
            cast(Script, client.register_script(shared + (folder / name).read_text()))
            for name in ("read_trip.lua", "commit_trip.lua")
        )
        self._kept = (retention.events, retention.seconds * 1000)
        self._writes_kept = retention.trip_writes

    async def read(self, trip_id: str, user_id: str, mutation_id: str | None = None) -> Stored:
        """With a mutation's id, for a write: the answer that it has had, and no JSON."""
        keys = TripKeys.of(trip_id)
        names = [
            keys.meta,
            keys.log,
            keys.record,
            keys.roles,
            keys.values,
            keys.versions,
            keys.joined,
            keys.answer(user_id, mutation_id or "."),
        ]
        reply: Any = await self._read(names, [trip_id, user_id, new_epoch(), int(mutation_id is None)])
        status, role, answer, version, json, values, versions, epoch, seq, by, at = reply
        stored = {name: value for name, value in _pairs(values).items() if not name.startswith(_DERIVED)}
        numbers = {name: int(number) for name, number in _pairs(versions).items()}
        return Stored(
            status=status.decode(),
            role=role.decode() or None,
            answer=unpacked(answer) if answer else None,
            snapshot=Snapshot(int(version), stored, numbers, epoch.decode()),
            json=json,
            seq=int(seq),
            updated_by=by.decode(),
            updated_at=float(at),
        )

    async def commit(self, trip_id: str, commit: Commit) -> Committed:
        """All or nothing, once: a call that is repeated after a lost reply is `answered`."""
        keys = TripKeys.of(trip_id)
        if commit.creating:  # a listed trip that was never made is passed over, the other way round is lost
            await self._redis.zadd(UserKeys(commit.on_behalf_of).trips, {trip_id: commit.at}, nx=True)
        names = [
            keys.meta,
            keys.log,
            keys.live,
            keys.record,
            keys.roles,
            keys.values,
            keys.versions,
            keys.joined,
            keys.answer(commit.user_id, commit.mutation_id),
            keys.history,
            *keys.orders,
        ]
        names += [] if commit.conflict_id is None else [keys.conflict(commit.conflict_id)]
        arguments = self._arguments(trip_id, keys.stream, commit)
        status, answer, previous, version = await persist(lambda: self._commit(names, arguments))
        if status == b"answered":
            fingerprint, answer = unpacked(answer)
            return Committed("answered", answer, fingerprint)
        return Committed(status.decode(), answer, previous=int(previous), version=int(version))

    def _arguments(self, trip_id: str, stream: str, commit: Commit) -> list[str | bytes | int | float]:
        # The last of these is ours: nothing after it can hold such text.
        head, _, tail = encode(commit.event).rpartition(b"," + _NO_VALUES)
        end = b'%b,"stream":"%b","seq":' % (tail[:-1], stream.encode())
        arguments: list[str | bytes | int | float] = [
            trip_id,
            commit.user_id,
            commit.fingerprint,
            "create" if commit.creating else "write",
            commit.epoch,
            "" if commit.version is None else commit.version,
            head,
            end,
            new_epoch(),
            *self._kept,
            ANSWER_LIFE // _MS,
            commit.at,
            t.MAX_ITEMS,
            t.MAX_TRIP_BYTES,
            commit.on_behalf_of,
            self._writes_kept,
            "" if commit.undoes is None else commit.undoes,
            len(commit.checks),
        ]
        for name, version in commit.checks.items():
            arguments += [name, version]
        for name, value in commit.writes.items():
            arguments += _write(name, value)
        return arguments


def _write(name: str, value: bytes | None) -> list[str | bytes | float]:
    if value is None:
        return [name, "drop", b"", "", b""]
    place = f.position(name, value) or 0.0 if f.is_item(name) else ""
    stop = encode(msgspec.json.decode(value, type=t.Stop).name) if name.startswith("stops/") else b""
    return [name, "set", value, place, stop]


def _pairs(flat: Sequence[bytes]) -> dict[str, bytes]:
    return {name.decode(): value for name, value in zip(flat[::2], flat[1::2], strict=True)}


def new_epoch() -> str:
    return secrets.token_urlsafe(9)
