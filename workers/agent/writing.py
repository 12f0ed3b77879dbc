"""What one attempt at a turn writes into its session: every write is fenced."""

from collections.abc import Sequence

from app.contract import events as e
from app.contract.codec import encode
from app.contract.ids import session_stream
from app.contract.turn import TurnRequest
from app.domain.ports import Fence, Write
from app.storage.approvals import Asked, keep_asked
from app.streams.keys import SessionKeys
from workers.agent.journal import Superseded
from workers.agent.transitions import AskPeople, Finish
from workers.parts import AgentParts


class Writing:
    """Methods raise `Superseded` once a later attempt has begun."""

    def __init__(self, parts: AgentParts, request: TurnRequest, fence: Fence) -> None:
        self._parts = parts
        self._request = request
        self._fence = fence
        self._stream = session_stream(request.session_id)
        self._with_first: Sequence[Write] = ()

    def with_first(self, writes: Sequence[Write]) -> None:
        """These are written in the same step as the next event."""
        self._with_first = writes

    async def append(self, event: e.ServerEvent, *writes: Write) -> None:
        first, self._with_first = self._with_first, ()
        await self._append(event, self._fence, *first, *writes)

    async def ask_people(self, asking: AskPeople, call_id: str) -> None:
        request = self._request
        asked = Asked(turn_id=request.turn_id, call_key=asking.call.key, number=asking.number)
        kept = keep_asked(request.session_id, call_id, asked, self._parts.settings.retention)
        await self.append(asking.event, *kept)

    async def keep_result(self, finish: Finish) -> None:
        keys, turn_id = SessionKeys.of(self._request.session_id), self._request.turn_id
        await self.append(finish.message, Write("RPUSH", keys.messages, frame=True))
        await self.append(
            finish.root_end,
            Write("SET", keys.turn_result(turn_id), (encode(finish.result),)),
            Write("RPUSH", keys.ended_turns, (turn_id,)),
            *([Write("SET", keys.plan_turn, (turn_id,))] if finish.result.plan else []),
        )

    async def close(self, finish: Finish) -> None:
        """The last event; with it the turn leaves the session's list, and no attempt writes any more."""
        turns = SessionKeys.of(self._request.session_id).turns
        fence = Fence(self._fence.scope, self._fence.token, closes=True)
        await self._append(finish.status, fence, Write("LREM", turns, (0, self._request.turn_id)))

    async def _append(self, event: e.ServerEvent, fence: Fence, *writes: Write) -> None:
        appended = await self._parts.log.append(self._stream, event, fence=fence, writes=writes)
        if appended.status == "fenced":
            raise Superseded(self._request.turn_id)
