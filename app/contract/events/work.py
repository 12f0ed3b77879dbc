"""What the agent does: its status, its tasks and the tools it calls."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta

from app.contract.events.base import Added, ErrorBody, Failure, Fraction, Maybe, Number, TurnEvent

AgentStatus = Literal["thinking", "active", "waiting", "idle", "error"]


class ToolEvent(TurnEvent, kw_only=True):
    tool_name: Annotated[str, Meta(description="Which tool is called.")]
    tool_call_id: Annotated[Added[str], Meta(description="The call: the same from its start to its end.")] = (
        UNSET
    )
    task_id: Annotated[Added[str], Meta(description="The task that the call is made for.")] = UNSET


class ToolCallApprovalRequired(ToolEvent, kw_only=True, tag="tool_call_approval_required"):
    """A call waits for a `tool_call_decision`: approved it starts, rejected or stopped it ends with an error."""

    parameters: Annotated[dict[str, Any], Meta(description="The validated arguments, as it would be made.")]
    summary: Annotated[Maybe[str], Meta(description="What the call would do, in a sentence.")] = UNSET
    error: Annotated[
        Maybe[ErrorBody],
        Meta(description="Sent again: why the changed parameters of the last decision cannot be used."),
    ] = UNSET


class ToolCallStart(ToolEvent, kw_only=True, tag="tool_call_start"):
    """A tool call began; it ends with one `tool_call_complete` or `tool_call_error`."""

    parameters: Annotated[dict[str, Any], Meta(description="The validated arguments.")]


class ToolCallProgress(ToolEvent, kw_only=True, tag="tool_call_progress"):
    """How far a tool call is."""

    progress: Annotated[Fraction, Meta(description="How much is done.")]
    message: Annotated[str, Meta(description="What is being done; a retry of the call says so here.")]


class ToolCallComplete(ToolEvent, kw_only=True, tag="tool_call_complete"):
    """A tool call succeeded."""

    result: Annotated[dict[str, Any], Meta(description="A summary of what the tool returned.")]


class ToolCallError(ToolEvent, kw_only=True, tag="tool_call_error"):
    """A tool call failed, or was cancelled (`CANCELLED`)."""

    error: Failure


class AgentStatusUpdate(TurnEvent, kw_only=True, tag="agent_status_update"):
    """What the agent is doing: sent at once when a turn begins, and at each change."""

    agent_id: Annotated[str, Meta(description="Which agent it is.")]
    status: Annotated[AgentStatus, Meta(description="The last event of a turn says `idle` or `error`.")]
    current_task: Annotated[str | None, Meta(description="In words.")] = None
    progress: Annotated[Fraction | None, Meta(description="Of the whole turn.")] = None


class TaskEvent(TurnEvent, kw_only=True):
    task_id: Annotated[str, Meta(description="The task: the same from its start to its end.")]
    parent_task_id: Annotated[
        Added[str], Meta(description="The task that this one is part of; the root task of a turn has none.")
    ] = UNSET


class AgentTaskStart(TaskEvent, kw_only=True, tag="agent_task_start"):
    """A task began; it ends with one `agent_task_complete` or `agent_task_error`."""

    task_name: Annotated[str, Meta(description="In a word or two.")]
    description: Annotated[str, Meta(description="In a sentence.")]
    estimated_duration: Annotated[Number, Meta(description="In seconds.")]


class AgentTaskProgress(TaskEvent, kw_only=True, tag="agent_task_progress"):
    """How far a task is."""

    progress: Annotated[Fraction, Meta(description="It never falls.")]
    message: Annotated[str, Meta(description="What has just been done, in words.")]


class AgentTaskComplete(TaskEvent, kw_only=True, tag="agent_task_complete"):
    """A task succeeded."""

    result: Annotated[Any, Meta(description="What it came to; of the root task the turn's `TurnResult`.")]


class AgentTaskError(TaskEvent, kw_only=True, tag="agent_task_error"):
    """A task failed, or was cancelled (`CANCELLED`)."""

    error: Failure
