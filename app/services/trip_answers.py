"""What is kept of an answer, and how a repeat of the request is known: it has the same one, whatever has become
of the trip meanwhile.

What rests on the trip as it stands is kept, refusals as well: a request that is late on its way must not be
done after its author was told that it was not. Who may not do it is told so each time.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct

from app.contract import trip as t
from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.domain import trip_fields as f
from app.storage.trip_answers import Kept, TripAnswers, packed
from app.storage.trip_roles import Answer

CREATION = ".create"
"""The mutation id of a creation that has none of its own; no client can send it."""

AnswerT = TypeVar("AnswerT")


class _Refusal(Struct):
    code: ErrorCode
    message: str
    details: dict[str, Any]


class _Answer(Struct, omit_defaults=True):
    """What is kept of a write's answer. `trip` is that of one that was made."""

    version: int = 0
    written: list[str] = []
    trip: Raw = Raw()
    refused: _Refusal | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A trip that was made, as clients read it: as it was then, for a repeat as well."""

    version: int
    json: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A request about the people of a trip that its user may repeat; `key` is the user's own name for it."""

    trip_id: str
    user_id: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, trip_id: str, user_id: str, key: str | None, kind: str, body: Any) -> "Asked | None":
        """None without a key: then the same again is another request."""
        return None if key is None else cls(trip_id, user_id, key, fingerprint_of(kind, body))


class Nothing(Struct):
    """The answer to what is only done."""


class Answers:
    """Answers to requests about the people of trips."""

    def __init__(self, answers: TripAnswers) -> None:
        self._answers = answers

    async def before(self, asked: Asked | None, kind: type[AnswerT]) -> AnswerT | None:
        """What the same request was answered. Raises `VALIDATION_ERROR` for a key that was another's."""
        if asked is None:
            return None
        found = await self._answers.get(asked.trip_id, asked.user_id, asked.key)
        if found is None:
            return None
        if found[0] != asked.fingerprint:
            raise f.wrong("Idempotency-Key", "This key was used before for another request; make a new one.")
        return msgspec.json.decode(found[1], type=kind)

    async def keep(self, asked: Asked | None, answer: Struct) -> None:
        if asked is not None:
            answered = (asked.fingerprint, encode(answer))
            await self._answers.keep(asked.trip_id, asked.user_id, asked.key, answered)


def kept(asked: Asked | None, answer: Struct) -> Answer | None:
    """For the step that does what was asked."""
    return None if asked is None else Answer(asked.key, packed(asked.fingerprint, encode(answer)))


def repeated(trip_id: str, mutation_id: str, fingerprint: str, kept: Kept) -> t.Written:
    """Raises what the request was refused for, and `VALIDATION_ERROR` for an id that was another's."""
    _check_same(mutation_id, fingerprint, kept)
    return written(trip_id, mutation_id, kept[1])


def written(trip_id: str, mutation_id: str, answer: bytes) -> t.Written:
    kept = _decoded(answer)
    return t.Written(trip_id=trip_id, mutation_id=mutation_id, version=kept.version, written=kept.written)


def made(mutation_id: str, fingerprint: str, kept: Kept) -> Made:
    """Raises `CONFLICT` where another trip was made of this id."""
    _check_same(mutation_id, fingerprint, kept)
    answer = _decoded(kept[1])
    return Made(answer.version, bytes(answer.trip))


def unchanged(version: int) -> bytes:
    return encode(_Answer(version=version))


def refused(error: TripSageError) -> bytes:
    return encode(_Answer(refused=_Refusal(error.code, error.message, error.details)))


def fingerprint_of(kind: str, body: Any) -> str:
    """Of what is asked for, so that an id that is used again for something else is noticed."""
    return sha256(kind.encode() + encode(body)).hexdigest()[:32]


def _decoded(answer: bytes) -> _Answer:
    kept = msgspec.json.decode(answer, type=_Answer)
    if kept.refused is not None:
        raise TripSageError(kept.refused.code, kept.refused.message, **kept.refused.details)
    return kept


def _check_same(mutation_id: str, fingerprint: str, kept: Kept) -> None:
    if kept[0] == fingerprint:
        return
    if mutation_id == CREATION:
        raise TripSageError(ErrorCode.CONFLICT, "You have a trip of this id already.", field="id")
    raise f.wrong("mutation_id", "This id was used before for another write; make a new one.")
