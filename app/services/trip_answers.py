"""What is kept of a write's answer, and how a repeat of the request is known."""

from hashlib import sha256
from typing import Any

import msgspec

from app.contract import trip as t
from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.domain import trip_fields as f

CREATION = ".create"
"""The mutation id of a creation that has none of its own; no client can send it."""


class _Kept(msgspec.Struct):
    """What is kept of a write's answer."""

    version: int
    written: list[str]


def repeated(trip_id: str, mutation_id: str, fingerprint: str, kept: str, answer: bytes) -> t.Written:
    if kept == fingerprint:
        return written(trip_id, mutation_id, answer)
    if mutation_id == CREATION:
        raise TripSageError(ErrorCode.CONFLICT, "You have a trip of this id already.", field="id")
    raise f.wrong("mutation_id", "This id was used before for another write; make a new one.")


def written(trip_id: str, mutation_id: str, answer: bytes) -> t.Written:
    kept = msgspec.json.decode(answer, type=_Kept)
    return t.Written(trip_id=trip_id, mutation_id=mutation_id, version=kept.version, written=kept.written)


def fingerprint_of(kind: str, body: Any) -> str:
    """Of what is asked for, so that an id that is used again for something else is noticed."""
    return sha256(kind.encode() + encode(body)).hexdigest()[:32]
