"""What a turn says of its tool calls, under ids that every attempt gives them alike."""

from datetime import datetime

from app.contract import events as e
from app.contract.ids import derived
from app.contract.turn import TurnRequest
from workers.agent.model import Call


class CallEvents:
    def __init__(self, request: TurnRequest) -> None:
        self._request = request

    def call_id(self, call: Call) -> str:
        return derived(self._request.turn_id, "call", call.key)

    def approval_required(
        self, call: Call, task_id: str, number: int, error: e.ErrorBody | None, now: datetime
    ) -> e.ToolCallApprovalRequired:
        """`number` counts the times that people are asked about the call, from 1."""
        call_id = self.call_id(call)
        return e.ToolCallApprovalRequired(
            id=derived(call_id, "approval", number),
            timestamp=now,
            session_id=self._request.session_id,
            turn_id=self._request.turn_id,
            tool_name=call.tool,
            tool_call_id=call_id,
            task_id=task_id,
            parameters=call.arguments,
            summary=call.summary or e.UNSET,
            error=error or e.UNSET,
        )

    def start(self, call: Call, task_id: str, now: datetime) -> e.ToolCallStart:
        call_id = self.call_id(call)
        return e.ToolCallStart(
            id=derived(call_id, "start"),
            timestamp=now,
            session_id=self._request.session_id,
            turn_id=self._request.turn_id,
            tool_name=call.tool,
            tool_call_id=call_id,
            task_id=task_id,
            parameters=call.arguments,
        )

    def revoked(self, call: Call, task_id: str, error: e.ErrorBody, now: datetime) -> e.ToolCallError:
        call_id = self.call_id(call)
        return e.ToolCallError(
            id=derived(call_id, "end"),
            timestamp=now,
            session_id=self._request.session_id,
            turn_id=self._request.turn_id,
            tool_name=call.tool,
            tool_call_id=call_id,
            task_id=task_id,
            error=error,
        )
