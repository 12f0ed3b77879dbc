"""What the agent does: its status, its tasks and the tools it calls."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta

from app.contract.events.base import Added, ErrorBody, Fraction, Number, TurnEvent

AgentStatus = Literal["thinking", "active", "waiting", "idle", "error"]


class ToolEvent(TurnEvent, kw_only=True):
    tool_name: str
    tool_call_id: Annotated[Added[str], Meta(description="The call: the same from its start to its end.")] = (
        UNSET
    )
    task_id: Annotated[Added[str], Meta(description="The task that the call is made for.")] = UNSET


class ToolCallStart(ToolEvent, kw_only=True, tag="tool_call_start"):
    """A tool call began; it ends with one `tool_call_complete` or `tool_call_error`."""

    parameters: Annotated[dict[str, Any], Meta(description="The validated arguments.")]


class ToolCallProgress(ToolEvent, kw_only=True, tag="tool_call_progress"):
    """How far a tool call is."""

    progress: Fraction
    message: Annotated[str, Meta(description="What is being done; a retry of the call says so here.")]


class ToolCallComplete(ToolEvent, kw_only=True, tag="tool_call_complete"):
    """A tool call succeeded."""

    result: Annotated[dict[str, Any], Meta(description="A summary of what the tool returned.")]


class ToolCallError(ToolEvent, kw_only=True, tag="tool_call_error"):
    """A tool call failed, or was cancelled (`CANCELLED`)."""

    error: ErrorBody


class AgentStatusUpdate(TurnEvent, kw_only=True, tag="agent_status_update"):
    """What the agent is doing: sent at once when a turn begins, and at each change."""

    agent_id: str
    status: Annotated[AgentStatus, Meta(description="The last event of a turn says `idle` or `error`.")]
    current_task: str | None = None
    progress: Annotated[Fraction | None, Meta(description="Of the whole turn, from 0 to 1.")] = None


class TaskEvent(TurnEvent, kw_only=True):
    task_id: str
    parent_task_id: Annotated[
        Added[str], Meta(description="The task that this one is part of; the root task of a turn has none.")
    ] = UNSET


class AgentTaskStart(TaskEvent, kw_only=True, tag="agent_task_start"):
    """A task began; it ends with one `agent_task_complete` or `agent_task_error`."""

    task_name: str
    description: str
    estimated_duration: Annotated[Number, Meta(description="In seconds.")]


class AgentTaskProgress(TaskEvent, kw_only=True, tag="agent_task_progress"):
    """How far a task is."""

    progress: Annotated[Fraction, Meta(description="From 0 to 1; it never falls.")]
    message: str


class AgentTaskComplete(TaskEvent, kw_only=True, tag="agent_task_complete"):
    """A task succeeded."""

    result: Annotated[Any, Meta(description="What it came to; of the root task the turn's `TurnResult`.")]


class AgentTaskError(TaskEvent, kw_only=True, tag="agent_task_error"):
    """A task failed, or was cancelled (`CANCELLED`)."""

    error: ErrorBody
