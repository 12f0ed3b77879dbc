"""What a turn has come to so far, folded from its events. Pure: no clock, no socket."""

from dataclasses import dataclass, field
from typing import Any, Literal, cast

from app.contract import events as e

State = Literal["waiting", "running", "complete", "error", "cancelled"]


@dataclass(slots=True)
class Call:
    """A tool call. `progress` is from 0 to 1; `waiting` is one that somebody has to approve."""

    id: str
    name: str
    parameters: dict[str, Any]
    state: State = "running"
    progress: float = 0.0
    message: str = ""
    result: dict[str, Any] | None = None
    error: e.ErrorBody | None = None


@dataclass(slots=True)
class Task:
    """A task with the calls and tasks below it, in the order of their start."""

    id: str
    name: str
    description: str
    state: State = "running"
    progress: float = 0.0
    message: str = ""
    result: Any = None
    error: e.ErrorBody | None = None
    tasks: list["Task"] = field(default_factory=list["Task"])
    calls: list[Call] = field(default_factory=list[Call])


class Transcript:
    """The state of one turn. Events may be added in the order of the stream, each once."""

    def __init__(self, turn_id: str) -> None:
        self.turn_id = turn_id
        self.status: e.AgentStatus | None = None
        self.current_task = ""
        self.roots: list[Task] = []
        self.loose_calls: list[Call] = []
        """Calls that belong to no task that was seen."""
        self.text = ""
        self.finish_reason: e.FinishReason | None = None
        self._message_id: str | None = None
        self._tasks: dict[str, Task] = {}
        self._calls: dict[str, Call] = {}

    @property
    def ended(self) -> bool:
        return self.status in ("idle", "error")

    @property
    def waiting(self) -> list[Call]:
        """The calls that somebody has to approve, in the order in which they were asked about."""
        return [call for call in self._calls.values() if call.state == "waiting"]

    @property
    def result(self) -> dict[str, Any] | None:
        """The turn's result: that of its root task."""
        result = self.roots[0].result if self.roots else None
        return cast("dict[str, Any]", result) if isinstance(result, dict) else None

    @property
    def error(self) -> e.ErrorBody | None:
        """Why the turn failed, where it did."""
        return self.roots[0].error if self.roots else None

    def task_name(self, task_id: str) -> str:
        """The name of a task that was seen; its id otherwise."""
        return self._tasks[task_id].name if task_id in self._tasks else task_id

    def conclude(self, result: dict[str, Any]) -> None:
        """Ends the turn with a result that was read elsewhere, where its last events are gone."""
        root = self.roots[0] if self.roots else Task(self.turn_id, "", "")
        self.roots[:1] = [root]
        root.state, root.progress, root.result = "complete", 1.0, result
        response: Any = result.get("response")
        if isinstance(response, dict):
            self.text = str(cast("dict[str, Any]", response).get("text", self.text))
        self.status = "error" if result.get("error") else "idle"
        self.finish_reason = "error" if result.get("error") else "stop"

    def add(self, event: e.ServerEvent) -> None:
        match event:
            case e.AgentStatusUpdate():
                self.status = event.status
                self.current_task = event.current_task or ""
            case e.AgentTaskStart() | e.AgentTaskProgress() | e.AgentTaskComplete() | e.AgentTaskError():
                self._add_task(event)
            case e.ToolCallApprovalRequired():
                self._ask(event)
            case e.ToolCallStart() | e.ToolCallProgress() | e.ToolCallComplete() | e.ToolCallError():
                self._add_call(event)
            case e.ChatMessageChunk() | e.ChatMessageComplete():
                self._add_text(event)
            case e.ChatMessage() if event.role == "assistant":
                self.text = event.content
            case _:
                pass

    def _add_task(
        self, event: e.AgentTaskStart | e.AgentTaskProgress | e.AgentTaskComplete | e.AgentTaskError
    ) -> None:
        if isinstance(event, e.AgentTaskStart):
            task = self._tasks[event.task_id] = Task(event.task_id, event.task_name, event.description)
            parent = self._tasks.get(event.parent_task_id) if event.parent_task_id else None
            (parent.tasks if parent else self.roots).append(task)
            return
        task = self._tasks.get(event.task_id)
        if task is None:
            return
        match event:
            case e.AgentTaskProgress():
                task.progress, task.message = event.progress, event.message
            case e.AgentTaskComplete():
                task.state, task.progress, task.result = "complete", 1.0, event.result
            case e.AgentTaskError():
                task.state, task.error = _failed(event.error), event.error

    def _add_call(
        self, event: e.ToolCallStart | e.ToolCallProgress | e.ToolCallComplete | e.ToolCallError
    ) -> None:
        call_id = event.tool_call_id or event.tool_name
        if isinstance(event, e.ToolCallStart):
            call = self._begun(call_id, event)
            call.state, call.message, call.parameters = "running", "", event.parameters
            return
        call = self._calls.get(call_id)
        if call is None:
            return
        match event:
            case e.ToolCallProgress():
                call.progress, call.message = event.progress, event.message
            case e.ToolCallComplete():
                call.state, call.progress, call.result = "complete", 1.0, event.result
            case e.ToolCallError():
                call.state, call.error = _failed(event.error), event.error

    def _ask(self, event: e.ToolCallApprovalRequired) -> None:
        call = self._begun(event.tool_call_id or event.tool_name, event)
        call.state, call.parameters = "waiting", event.parameters
        call.message = event.error.message if event.error else event.summary or ""

    def _begun(self, call_id: str, event: e.ToolCallStart | e.ToolCallApprovalRequired) -> Call:
        """The call, known from when somebody was asked about it, or new."""
        if call_id not in self._calls:
            self._calls[call_id] = Call(call_id, event.tool_name, event.parameters)
            task = self._tasks.get(event.task_id) if event.task_id else None
            (task.calls if task else self.loose_calls).append(self._calls[call_id])
        return self._calls[call_id]

    def _add_text(self, event: e.ChatMessageChunk | e.ChatMessageComplete) -> None:
        if isinstance(event, e.ChatMessageComplete):
            self.text = event.full_content
            self.finish_reason = event.finish_reason or "stop"
            return
        message_id = event.message_id or None
        if message_id != self._message_id:
            # An answer that had to begin again takes the place of the half one.
            self.text, self._message_id = "", message_id
        self.text += event.chunk


def _failed(error: e.ErrorBody) -> State:
    return "cancelled" if error.code == "CANCELLED" else "error"
