"""Saying something in a session, and stopping what it set off."""

import logging
from dataclasses import dataclass
from typing import Literal

from app.contract import events as e
from app.contract.codec import encode
from app.contract.errors import ErrorCode, TripSageError
from app.contract.jobs import TurnJob
from app.contract.turn import TurnRequest
from app.domain.ports import Clock, EventLog, Last, Write
from app.services.limits import MessageLimit
from app.storage.sessions import Sessions
from app.streams.client import AWAY
from app.streams.commands import Commands
from app.streams.keys import PENDING_TURNS, SessionKeys
from app.streams.queue import Queue

logger = logging.getLogger("tripsage.chat")

CANCEL_SECONDS = 24 * 3600
CANCELLED_BY = b"cancel:"
DECIDED_ABOUT = b"decided:"
STOPS = b"0 cancel "
"""Before the turn that it stops: how a frame that stops one is marked among the ids that were used."""


@dataclass(frozen=True, slots=True)
class Received:
    """`seq` is that of the message's event, also when it had been accepted before (`duplicate`)."""

    status: Literal["accepted", "duplicate"]
    seq: int


class Chat:
    """Messages in, turns out. The queue is told after the log: a message that was accepted is never lost.

    Before the message is appended its session is marked as one with turns to do, and the message enters the
    session's list of turns in the same step as its event. Whatever dies afterwards, the sweep
    (`Chat.recover`) finds the mark, reads the list and enqueues the turn at its head.
    """

    def __init__(
        self,
        log: EventLog,
        redis: Commands,
        sessions: Sessions,
        queue: Queue,
        limit: MessageLimit,
        clock: Clock,
    ) -> None:
        self._log = log
        self._redis = redis
        self._sessions = sessions
        self._queue = queue
        self._limit = limit
        self._clock = clock

    async def say(
        self, user_id: str, session_id: str, message_id: str, content: str, when_busy: str = "enqueue"
    ) -> Received:
        """Accepts a message: it is on the session's stream and its turn will end, whatever happens next.

        What it does to turns that have not ended is decided in the step that accepts it: `interrupt` stops them
        all, and `reject` has none beside it. Raises `TripSageError`: `NOT_FOUND`, `RATE_LIMITED`, `SESSION_BUSY`
        (`when_busy` is `reject`), `CONFLICT` for an id that was used before with other content.
        """
        await self._sessions.get(session_id, user_id)
        await self._limit.count(user_id)
        request = TurnRequest(
            turn_id=message_id,
            session_id=session_id,
            user_id=user_id,
            content=content,
            accepted_at=self._clock(),
            when_busy=when_busy,
        )
        received, stopped = await self._accept(request)
        try:
            # Of the turns that are stopped the first may have begun to wait for people, so it is told.
            await (self.go_on(session_id, stopped[0]) if stopped else self.start_next(session_id))
        except AWAY as error:
            # The message is accepted all the same: `recover` finds its turn.
            logger.warning("the turn %s is not queued yet: %s", message_id, error)
        return received

    async def cancel(
        self, user_id: str, session_id: str, message_id: str | None, frame_id: str
    ) -> Literal["accepted", "duplicate"]:
        """Asks the running turn, or the one of `message_id`, to stop. Nothing to stop is no error."""
        await self._sessions.get(session_id, user_id)
        if message_id is not None and await self._sessions.turn_request(session_id, message_id) is None:
            raise TripSageError(ErrorCode.NOT_FOUND, "No message of this id was said in the session.")
        keys = SessionKeys.of(session_id)
        turn_id = message_id or await self._sessions.running_turn(session_id) or ""
        mark = STOPS + turn_id.encode()
        before = await self._redis.set(keys.event(frame_id), mark, nx=True, get=True, ex=CANCEL_SECONDS)
        if isinstance(before, bytes):
            # Once more: who marked it may have died before the turn was told. It stops the same turn as then.
            turn_id = before.removeprefix(STOPS).decode() if before.startswith(STOPS) else ""
        if turn_id:
            await self._stop(session_id, turn_id)
        return "duplicate" if isinstance(before, bytes) else "accepted"

    async def start_next(self, session_id: str) -> bool:
        """Enqueues the turn at the head of the session's list; true when it was not on the queue yet.

        A turn that waits for people has no job until they have decided, or stop it.
        """
        head = await self._sessions.running_turn(session_id)
        if head is None or await self._is_parked(session_id, head):
            return False
        return await self._enqueue(session_id, head)

    async def mark_pending(self, session_id: str) -> None:
        """Has the sweep look at the session; call it before what gives a turn something to do."""
        await self._redis.zadd(PENDING_TURNS, {session_id: self._clock().timestamp()})

    async def go_on(self, session_id: str, turn_id: str) -> None:
        """Tells a turn that there is something new for it, wherever it is: with a worker, or with none."""
        control = SessionKeys.of(session_id).control
        await self._redis.execute_command("SPUBLISH", control, DECIDED_ABOUT + turn_id.encode())
        try:
            # Again, since its job may be about to end: it had begun to wait for people.
            await self._enqueue(session_id, turn_id, again=True)
        except AWAY as error:
            logger.warning("the turn %s is not queued yet: %s", turn_id, error)

    async def recover(self, older_than: float) -> int:
        """Enqueues turns whose message was accepted but whose job is lost; answers how many there were.

        Looks at sessions marked more than `older_than` seconds ago and takes the mark off those with nothing
        to do.
        """
        now = self._clock().timestamp()
        due = await self._redis.zrangebyscore(PENDING_TURNS, "-inf", now - older_than, start=0, num=256)
        recovered = 0
        for member in due:
            session_id = member.decode()
            if not await self._has_to_run(session_id):
                await self._redis.zrem(PENDING_TURNS, member)
                # What came in between has set the mark again, or sets it before it is written.
                if not await self._has_to_run(session_id):
                    continue
            await self._redis.zadd(PENDING_TURNS, {session_id: now})
            recovered += await self.start_next(session_id)
        return recovered

    async def _enqueue(self, session_id: str, turn_id: str, *, again: bool = False) -> bool:
        owner = await self._sessions.owner(session_id)
        job = TurnJob(session_id=session_id, turn_id=turn_id)
        return await self._queue.enqueue(job, again=again, owner=owner)

    async def _has_to_run(self, session_id: str) -> bool:
        head = await self._sessions.running_turn(session_id)
        return head is not None and not await self._is_parked(session_id, head)

    async def _is_parked(self, session_id: str, turn_id: str) -> bool:
        return bool(await self._redis.exists(SessionKeys.of(session_id).turn_parked(turn_id)))

    async def _accept(self, request: TurnRequest) -> tuple[Received, list[str]]:
        """Also answers which turns the message stops."""
        keys = SessionKeys.of(request.session_id)
        await self.mark_pending(request.session_id)
        event = e.ChatMessage(
            id=request.turn_id,
            timestamp=request.accepted_at,
            session_id=request.session_id,
            turn_id=request.turn_id,
            role="user",
            content=request.content,
            metadata={"user_id": request.user_id, "message_type": "text", "attachments": []},
        )
        writes = (
            Write("SET", keys.turn_request(request.turn_id), (encode(request),)),
            Write("RPUSH", keys.messages, frame=True),
            Write("RPUSH", keys.turns, (request.turn_id,)),
        )
        while True:
            interrupts = request.when_busy == "interrupt"
            stopped = await self._sessions.turns(request.session_id) if interrupts else []
            last = Last(keys.turns, stopped[-1] if stopped else None)
            appended = await self._log.append(
                keys.stream,
                event,
                last=None if request.when_busy == "enqueue" else last,
                writes=[*writes, *(write for turn_id in stopped for write in _stops(keys, turn_id))],
            )
            if appended.status == "appended":
                return Received("accepted", appended.seq), stopped
            if appended.status == "duplicate":
                return await self._accepted_before(request, appended.seq), []
            if request.when_busy == "reject":
                raise TripSageError(
                    ErrorCode.SESSION_BUSY, "A turn is running; wait for its end, or send when_busy: enqueue."
                )

    async def _accepted_before(self, request: TurnRequest, seq: int) -> Received:
        before = await self._sessions.turn_request(request.session_id, request.turn_id)
        if before is None or (before.user_id, before.content) != (request.user_id, request.content):
            raise TripSageError(
                ErrorCode.CONFLICT, "This id was used before for something else; make a new one."
            )
        return Received("duplicate", seq)

    async def _stop(self, session_id: str, turn_id: str) -> None:
        keys = SessionKeys.of(session_id)
        await self._redis.set(keys.turn_cancel(turn_id), b"1", ex=CANCEL_SECONDS)
        await self._redis.execute_command("SPUBLISH", keys.control, CANCELLED_BY + turn_id.encode())
        if await self._is_parked(session_id, turn_id):
            await self.mark_pending(session_id)
            await self._redis.execute_command("DEL", keys.turn_parked(turn_id))
            await self.go_on(session_id, turn_id)


def _stops(keys: SessionKeys, turn_id: str) -> tuple[Write, ...]:
    """The order to stop a turn, as part of an append; a turn that waits for people goes on to obey it."""
    return (
        Write("SET", keys.turn_cancel(turn_id), (b"1", "EX", CANCEL_SECONDS)),
        Write("DEL", keys.turn_parked(turn_id)),
        Write("SPUBLISH", keys.control, (CANCELLED_BY + turn_id.encode(),)),
    )
