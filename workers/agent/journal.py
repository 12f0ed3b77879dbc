"""The journal of a turn: what was decided, in order, and how each tool call ended.

Entries are written before anything of them is done. A later attempt reads them and repeats the same
decisions, so it finds everything that was done already under the same ids.
"""

from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from app.contract import events as e
from app.contract.codec import encode
from app.contract.turn import TurnRequest
from app.domain.ports import Fence, Write
from app.streams.commands import Commands
from app.streams.keys import SessionKeys
from workers.agent.model import CallOutcome, ModelUsage, Step
from workers.agent.transitions import Decided, Kept, Planned, Speaks, Withdrawn

JOURNAL_MS = 7 * 24 * 3600 * 1000


class Superseded(Exception):
    """A later attempt runs this turn: whatever this one still wants to do is refused."""


class Stop(Struct, kw_only=True, frozen=True):
    """The decision to end the turn early; `usage` is what a step took that was not followed because of it."""

    reason: e.FinishReason
    error: e.ErrorBody
    usage: ModelUsage | None = None


class Verdict(Struct, kw_only=True, frozen=True):
    """What a person's decision about a call means: it is made with `arguments`, or asked about again."""

    key: str
    arguments: dict[str, Any]
    error: e.ErrorBody | None = None


class Entry(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One decision, made after the call `after` had ended (None: after nothing new), or what became of the
    trip that was decided.

    `worked` is how long the turn had been worked on until then, in seconds, over all attempts. `text` tells of
    the step to come: that its text begins to be said, or is withdrawn. The step, or the stop in its place,
    has the `pieces` that were said, as they were cut; an attempt that dies before leaves none.
    """

    after: str | None = None
    worked: float = 0.0
    text: Literal["begins", "withdrawn"] | None = None
    pieces: tuple[str, ...] = ()
    step: Step | None = None
    stop: Stop | None = None
    verdict: Verdict | None = None
    kept: Kept | None = None

    @property
    def decided(self) -> Planned | Decided | Speaks | Withdrawn | Kept | None:
        """What it is to the turn; None for a stop, which takes the outcomes of calls that were open."""
        if self.text is not None:
            return Speaks() if self.text == "begins" else Withdrawn()
        if self.verdict is not None:
            return Decided(self.verdict.key, self.verdict.arguments, self.verdict.error)
        return self.kept if self.step is None else Planned(self.step)


_entry_decoder = msgspec.json.Decoder(Entry)
_outcome_decoder = msgspec.json.Decoder(CallOutcome)


class Journal:
    """Writes are refused (`Superseded`) once a later attempt has begun."""

    def __init__(self, redis: Commands, request: TurnRequest, fence: Fence) -> None:
        self._redis = redis
        self._add = redis.register_script((Path(__file__).parent / "journal.lua").read_text())
        self._park = redis.register_script((Path(__file__).parent / "park.lua").read_text())
        self._keys = SessionKeys.of(request.session_id)
        self._turn_id = request.turn_id
        self._fence = fence

    async def entries(self) -> list[Entry]:
        key = self._keys.turn_journal(self._turn_id)
        found = await self._redis.lrange(key, 0, -1)
        return [_entry_decoder.decode(entry) for entry in found]

    async def add(self, entry: Entry) -> None:
        """A retry after a lost answer may write an entry twice, so nothing here retries: the queue does."""
        names = [self._keys.fence(self._fence.scope), self._keys.turn_journal(self._turn_id)]
        if not await self._add(names, [self._fence.token, encode(entry), JOURNAL_MS]):
            raise Superseded(self._turn_id)

    async def park(self, decisions: int) -> bool:
        """Lets the turn wait for people without a worker.

        False when it has something to do: it is to stop, or more than these decisions were made.
        """
        keys = self._keys
        names = [
            keys.fence(self._fence.scope),
            keys.turn_parked(self._turn_id),
            keys.turn_cancel(self._turn_id),
            keys.turn_decisions(self._turn_id),
        ]
        parked = await self._park(names, [self._fence.token, decisions, JOURNAL_MS])
        if parked < 0:
            raise Superseded(self._turn_id)
        return bool(parked)

    async def attempted(self, key: str) -> bool:
        """Whether this call may have done what must not be done twice."""
        return await self._redis.hexists(self._keys.turn_attempted(self._turn_id), key)

    async def durations(self) -> dict[str, float] | None:
        """What was known of how long tasks take when the turn began; None before its first event."""
        found = await self._redis.get(self._keys.turn_durations(self._turn_id))
        return None if found is None else msgspec.json.decode(found, type=dict[str, float])

    def keep_durations(self, durations: dict[str, float]) -> tuple[Write, Write]:
        """The writes that go with the first event of the turn."""
        key = self._keys.turn_durations(self._turn_id)
        return Write("SET", key, (encode(durations),)), Write("PEXPIRE", key, (JOURNAL_MS,))

    async def outcomes(self) -> dict[str, CallOutcome]:
        """How each call that is over ended, by its key."""
        key = self._keys.turn_outcomes(self._turn_id)
        found = await self._redis.hgetall(key)
        outcomes = map(_outcome_decoder.decode, found.values())
        return {outcome.key: outcome for outcome in outcomes}


def keep_outcome(session_id: str, turn_id: str, outcome: CallOutcome) -> tuple[Write, Write]:
    """The writes that keep how a call ended; they belong into one step with the event of its end."""
    key = SessionKeys.of(session_id).turn_outcomes(turn_id)
    return Write("HSET", key, (outcome.key, encode(outcome))), Write("PEXPIRE", key, (JOURNAL_MS,))
