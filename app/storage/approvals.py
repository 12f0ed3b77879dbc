"""Tool calls that wait for people, and what people decided about them."""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from app.contract.codec import encode
from app.contract.commands import Decision
from app.contract.errors import ErrorCode, TripSageError
from app.domain.ports import Write
from app.settings import Retention
from app.streams.commands import Commands
from app.streams.keys import SessionKeys

DAY = 24 * 3600
MARGIN = 3600
"""Seconds by which a call stops waiting before the first events of its turn are forgotten."""


class Asked(Struct, kw_only=True, frozen=True):
    """A call of a turn that waits; `number` counts how often people were asked about it, from 1."""

    turn_id: str
    call_key: str
    number: int = 1

    @property
    def field(self) -> str:
        """Under which a decision about it is kept."""
        return f"{self.number}:{self.call_key}"


class Decided(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """`id` is the frame's; `parameters` come with `change`."""

    id: str
    user_id: str
    decision: Decision
    parameters: dict[str, Any] | None = None


_asked = msgspec.json.Decoder(Asked)
_decided = msgspec.json.Decoder(Decided)


def waits_for(retention: Retention) -> int:
    """How long a call may wait, in milliseconds: while a repeat of its turn's events is recognised."""
    return (max(retention.seconds, DAY) - MARGIN) * 1000


def keep_asked(session_id: str, tool_call_id: str, asked: Asked, retention: Retention) -> tuple[Write, Write]:
    """The writes that let a call be decided; they belong into one step with the event that asks for it."""
    key = SessionKeys.of(session_id).approvals
    life = waits_for(retention)
    return Write("HSET", key, (tool_call_id, encode(asked))), Write("PEXPIRE", key, (life,))


class Approvals:
    def __init__(self, redis: Commands, retention: Retention) -> None:
        self._redis = redis
        self._life = waits_for(retention)
        self._decide = redis.register_script((Path(__file__).parent / "decide.lua").read_text())

    async def asked(self, session_id: str, tool_call_id: str) -> Asked | None:
        """What was asked last about this call; None when it never waited for anybody."""
        found = await self._redis.hget(SessionKeys.of(session_id).approvals, tool_call_id)
        return None if found is None else _asked.decode(found)

    async def keep(self, session_id: str, asked: Asked, decided: Decided) -> bool:
        """False when this very decision was kept before.

        Raises `CONFLICT` when somebody decided otherwise, or the call is over.
        """
        keys = SessionKeys.of(session_id)
        names = [
            keys.turn_decisions(asked.turn_id),
            keys.turn_outcomes(asked.turn_id),
            keys.turn_parked(asked.turn_id),
        ]
        arguments = [asked.field, encode(decided), asked.call_key, self._life]
        status, *before = await self._decide(names, arguments)
        if status == b"kept":
            return True
        if before and _decided.decode(before[0]) == decided:
            return False
        raise TripSageError(ErrorCode.CONFLICT, "This call was decided before, or its turn was stopped.")

    async def decisions(self, session_id: str, turn_id: str) -> dict[str, Decided]:
        """What was decided about the calls of a turn, by `Asked.field`."""
        found = await self._redis.hgetall(SessionKeys.of(session_id).turn_decisions(turn_id))
        return {field.decode(): _decided.decode(decided) for field, decided in found.items()}
