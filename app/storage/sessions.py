"""Sessions: whose they are, their messages, and the turns that wait, run and are done."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any, cast

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.contract.ids import session_stream
from app.contract.turn import TurnRequest, TurnResult
from app.domain.ports import Clock
from app.streams import keys

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


_session_decoder = msgspec.json.Decoder(Session)
_request_decoder = msgspec.json.Decoder(TurnRequest)
_result_decoder = msgspec.json.Decoder(TurnResult)


class Sessions:
    """Every method raises `TripSageError` (`NOT_FOUND`) for a session that is not the caller's."""

    def __init__(self, redis: "Redis[bytes]", clock: Clock) -> None:
        self._redis = redis
        self._clock = clock

    async def open(self, session_id: str, user_id: str) -> Session:
        """The caller's session of this id, made now if nobody has it."""
        now = self._clock()
        fresh = Session(session_id=session_id, user_id=user_id, created_at=now)
        key = keys.session(session_id)
        # Listed first: a listed session that was never made is skipped by `list`, the other way round is lost.
        known = await self._redis.get(key)
        if known is None:
            await self._redis.zadd(keys.user_sessions(user_id), {session_id: now.timestamp()}, nx=True)
            known = await self._redis.set(key, encode(fresh), nx=True, get=True)
        return fresh if known is None else self._owned(cast(bytes, known), user_id)

    async def get(self, session_id: str, user_id: str) -> Session:
        known = await self._redis.get(keys.session(session_id))
        if known is None:
            raise TripSageError(ErrorCode.NOT_FOUND, NO_SUCH_SESSION)
        return self._owned(known, user_id)

    async def list(self, user_id: str, offset: int, limit: int) -> list[Session]:
        """The caller's sessions, newest first."""
        listed = keys.user_sessions(user_id)
        ids = [member.decode() for member in await self._redis.zrevrange(listed, offset, offset + limit - 1)]
        if not ids:
            return []
        records = await self._redis.mget([keys.session(session_id) for session_id in ids])
        sessions = [_session_decoder.decode(record) for record in records if record is not None]
        return [session for session in sessions if session.user_id == user_id and not session.deleted]

    async def delete(self, session_id: str, user_id: str) -> None:
        """Deletes everything that was said and done in the session."""
        session = await self.get(session_id, user_id)
        session.deleted = True
        stream = session_stream(session_id)
        await self._redis.set(keys.session(session_id), encode(session))
        await self._redis.zrem(keys.user_sessions(user_id), session_id)
        pattern = keys.everything_of(stream)
        doomed = [key async for key in self._redis.scan_iter(match=pattern, count=1000)]
        doomed = [key for key in doomed if key != keys.session(session_id).encode()]
        if doomed:
            await self._redis.unlink(*doomed)

    async def snapshot(self, session_id: str) -> Snapshot:
        """The session's messages and the place in its stream that they are current to, read at once."""
        stream = session_stream(session_id)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.lrange(keys.messages(stream), 0, -1)
            pipe.hmget(keys.meta(stream), ["epoch", "seq"])
            frames, (epoch, seq) = await pipe.execute()
        return Snapshot(
            messages=[msgspec.Raw(frame) for frame in frames],
            epoch=epoch.decode() if epoch else "",
            seq=int(seq or 0),
        )

    async def turn_request(self, session_id: str, turn_id: str) -> TurnRequest | None:
        found = await self._redis.get(keys.turn_request(session_stream(session_id), turn_id))
        return None if found is None else _request_decoder.decode(found)

    async def turn_result(self, session_id: str, turn_id: str) -> bytes | None:
        """The JSON of the turn's result; None while there is none."""
        return await self._redis.get(keys.turn_result(session_stream(session_id), turn_id))

    async def previous_result(self, session_id: str) -> TurnResult | None:
        """The result of the last turn that ended in the session."""
        stream = session_stream(session_id)
        turn_id = await self._redis.get(keys.last_turn(stream))
        if turn_id is None:
            return None
        found = await self.turn_result(session_id, turn_id.decode())
        return None if found is None else _result_decoder.decode(found)

    async def running_turn(self, session_id: str) -> str | None:
        """The turn at the head of the session's queue: the one that runs, or is the next to."""
        head = await cast(Awaitable[Any], self._redis.lindex(keys.turns(session_stream(session_id)), 0))
        return None if head is None else head.decode()

    async def has_turn(self, session_id: str, turn_id: str) -> bool:
        """Whether the turn waits or runs."""
        found = await cast(Awaitable[Any], self._redis.lpos(keys.turns(session_stream(session_id)), turn_id))
        return found is not None

    @staticmethod
    def _owned(record: bytes, user_id: str) -> Session:
        session = _session_decoder.decode(record)
        if session.user_id != user_id or session.deleted:
            raise TripSageError(ErrorCode.NOT_FOUND, NO_SUCH_SESSION)
        return session
