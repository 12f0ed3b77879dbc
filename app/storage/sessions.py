"""Sessions: whose they are, their messages, and the turns that wait, run and are done."""

from datetime import datetime
from typing import cast

import msgspec
from msgspec import Struct

from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.contract.turn import PastTurn, TurnRequest, TurnResult
from app.domain.ports import CLOSED, Clock
from app.storage.pages import as_text, from_text, places_after
from app.streams.commands import Commands
from app.streams.keys import SessionKeys, UserKeys

DAY = 24 * 3600
NO_SUCH_SESSION = "There is no such session, or it is not yours."


class Session(Struct, kw_only=True):
    """A conversation of one user. A deleted one keeps its id, so that nobody else can take it up."""

    session_id: str
    user_id: str
    created_at: datetime
    deleted: bool = False


class Snapshot(Struct, kw_only=True):
    """The messages of a session, oldest first, as of `seq`: follow the stream from there."""

    messages: list[msgspec.Raw]
    epoch: str
    seq: int


class _Message(Struct):
    """What is read of a message's frame."""

    turn_id: str
    role: str = "user"
    content: str = ""


_message_decoder = msgspec.json.Decoder(_Message)
_session_decoder = msgspec.json.Decoder(Session)
_request_decoder = msgspec.json.Decoder(TurnRequest)
_result_decoder = msgspec.json.Decoder(TurnResult)


class Sessions:
    """Every method raises `TripSageError` (`NOT_FOUND`) for a session that is not the caller's."""

    def __init__(self, redis: Commands, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock

    async def open(self, session_id: str, user_id: str) -> Session:
        """The caller's session of this id, made now if nobody has it."""
        now = self._clock()
        fresh = Session(session_id=session_id, user_id=user_id, created_at=now)
        key = SessionKeys.of(session_id).record
        # Listed first: a listed session that was never made is skipped by `list`, the other way round is lost.
        known = await self._redis.get(key)
        if known is None:
            await self._redis.zadd(UserKeys(user_id).sessions, {session_id: now.timestamp()}, nx=True)
            known = await self._redis.set(key, encode(fresh), nx=True, get=True)
        return fresh if known is None else self._owned(cast(bytes, known), user_id)

    async def get(self, session_id: str, user_id: str) -> Session:
        known = await self._redis.get(SessionKeys.of(session_id).record)
        if known is None:
            raise TripSageError(ErrorCode.NOT_FOUND, NO_SUCH_SESSION)
        return self._owned(known, user_id)

    async def page(self, user_id: str, after: str | None, limit: int) -> tuple[list[Session], str | None]:
        """The caller's sessions, newest first, and the `after` of the page behind it, if there is one.

        Raises `VALIDATION_ERROR` for an `after` that no page has answered.
        """
        places = await places_after(
            self._redis, UserKeys(user_id).sessions, from_text(after), limit + 1
        )  # one more than asked for: so it is known whether there is more
        more, places = len(places) > limit, places[:limit]
        if not places:
            return [], None
        records = await self._redis.mget([SessionKeys.of(each.id).record for each in places])
        sessions = [_session_decoder.decode(record) for record in records if record is not None]
        theirs = [session for session in sessions if session.user_id == user_id and not session.deleted]
        return theirs, as_text(places[-1]) if more else None

    async def owner(self, session_id: str) -> str:
        """Whose session it is, whoever asks; nobody's (empty) when it was never opened."""
        record = await self._redis.get(SessionKeys.of(session_id).record)
        return "" if record is None else _session_decoder.decode(record).user_id

    async def delete(self, session_id: str, user_id: str) -> None:
        """Deletes everything that was said and done in the session; a turn that runs can write no more."""
        session = await self.get(session_id, user_id)
        session.deleted = True
        keys = SessionKeys.of(session_id)
        turns = [turn.decode() for turn in await self._redis.lrange(keys.turns, 0, -1)]
        said = [
            _message_decoder.decode(frame).turn_id for frame in await self._redis.lrange(keys.messages, 0, -1)
        ]
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(keys.record, encode(session))
            for turn_id in turns:
                pipe.set(keys.fence(turn_id), CLOSED, ex=DAY)
                pipe.set(keys.turn_cancel(turn_id), b"1", ex=DAY)
            pipe.unlink(keys.log, keys.meta, keys.messages, keys.turns, keys.approvals)
            pipe.unlink(keys.ended_turns, keys.plan_turn)
            for turn_id in {*turns, *said}:
                pipe.unlink(*keys.all_of_turn(turn_id))
            await pipe.execute()
        await self._redis.zrem(UserKeys(user_id).sessions, session_id)

    async def snapshot(self, session_id: str) -> Snapshot:
        """The session's messages and the place in its stream that they are current to, read at once."""
        keys = SessionKeys.of(session_id)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.lrange(keys.messages, 0, -1)
            pipe.hmget(keys.meta, ["epoch", "seq"])
            frames, (epoch, seq) = await pipe.execute()
        return Snapshot(
            messages=[msgspec.Raw(frame) for frame in frames],
            epoch=epoch.decode() if epoch else "",
            seq=int(seq or 0),
        )

    async def turn_request(self, session_id: str, turn_id: str) -> TurnRequest | None:
        found = await self._redis.get(SessionKeys.of(session_id).turn_request(turn_id))
        return None if found is None else _request_decoder.decode(found)

    async def turn_result(self, session_id: str, turn_id: str) -> bytes | None:
        """The JSON of the turn's result; None while there is none."""
        return await self._redis.get(SessionKeys.of(session_id).turn_result(turn_id))

    async def recent_results(self, session_id: str, most: int) -> list[TurnResult]:
        """The results of the turns that ended last in the session, newest first.

        That of the turn that made the last plan is among them, however long ago that was.
        """
        keys = SessionKeys.of(session_id)
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.lrange(keys.ended_turns, -most, -1)
            pipe.get(keys.plan_turn)
            ended, planned = await pipe.execute()
        turns = [turn_id.decode() for turn_id in reversed(ended)]
        if planned is not None and planned.decode() not in turns:
            turns.append(planned.decode())
        if not turns:
            return []
        found = await self._redis.mget([keys.turn_result(turn_id) for turn_id in turns])
        return [_result_decoder.decode(result) for result in found if result is not None]

    async def history(self, session_id: str, most: int) -> list[PastTurn]:
        """What was said in the turns that ended last in the session, newest first."""
        keys = SessionKeys.of(session_id)
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.lrange(keys.ended_turns, -most, -1)
            pipe.lrange(keys.messages, -2 * most, -1)
            ended, frames = await pipe.execute()
        said: dict[str, dict[str, str]] = {}
        for message in map(_message_decoder.decode, frames):
            said.setdefault(message.turn_id, {})[message.role] = message.content
        turns = [said.get(turn_id.decode(), {}) for turn_id in reversed(ended)]
        return [
            PastTurn(asked=each.get("user", ""), answered=each.get("assistant", "")) for each in turns if each
        ]

    async def running_turn(self, session_id: str) -> str | None:
        """The turn at the head of the session's queue: the one that runs, or is the next to."""
        head = await self._redis.lindex(SessionKeys.of(session_id).turns, 0)
        return None if head is None else head.decode()

    async def turns(self, session_id: str) -> list[str]:
        """The turns that have not ended, the one that runs or is the next to first."""
        found = await self._redis.lrange(SessionKeys.of(session_id).turns, 0, -1)
        return [turn_id.decode() for turn_id in found]

    async def has_turn(self, session_id: str, turn_id: str) -> bool:
        """Whether the turn waits or runs."""
        found = await self._redis.lpos(SessionKeys.of(session_id).turns, turn_id)
        return found is not None

    @staticmethod
    def _owned(record: bytes, user_id: str) -> Session:
        session = _session_decoder.decode(record)
        if session.user_id != user_id or session.deleted:
            raise TripSageError(ErrorCode.NOT_FOUND, NO_SUCH_SESSION)
        return session
