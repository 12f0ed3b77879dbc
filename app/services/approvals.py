"""What people decide about tool calls that wait for them; the turn goes on from there."""

from typing import Literal

from app.contract.commands import DecideToolCall
from app.contract.errors import ErrorCode, TripSageError
from app.services.chat import Chat
from app.storage.approvals import Approvals, Decided
from app.storage.sessions import Sessions


class ToolCallDecisions:
    """A decision is kept before the turn is told: it holds, whatever dies afterwards."""

    def __init__(self, approvals: Approvals, sessions: Sessions, chat: Chat) -> None:
        self._approvals = approvals
        self._sessions = sessions
        self._chat = chat

    async def decide(self, user_id: str, command: DecideToolCall) -> Literal["accepted", "duplicate"]:
        """Approves, rejects or changes a call that waits.

        Raises `TripSageError`: `NOT_FOUND` for a call that waits for nobody, `CONFLICT` for one that was decided
        or is over, `VALIDATION_ERROR` unless `parameters` come with `change` and only with it. Whether they fit the
        tool is found out by the turn, which asks again if they do not.
        """
        session_id, parameters = command.session_id, command.parameters
        await self._sessions.get(session_id, user_id)
        if (command.decision == "change") != (parameters is not None):
            raise TripSageError(
                ErrorCode.VALIDATION_ERROR,
                "`parameters` go with `change`, and only with it.",
                field="parameters",
            )
        asked = await self._approvals.asked(session_id, command.tool_call_id)
        if asked is None:
            raise TripSageError(ErrorCode.NOT_FOUND, "No tool call of this id waits in the session.")
        decided = Decided(id=command.id, user_id=user_id, decision=command.decision, parameters=parameters)
        await self._chat.mark_pending(session_id)
        kept = await self._approvals.keep(session_id, asked, decided)
        await self._chat.go_on(session_id, asked.turn_id)
        return "accepted" if kept else "duplicate"
