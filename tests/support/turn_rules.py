"""The rules of a turn (protocol section 4), checked on the events of one turn in the order of their stream."""

import itertools
from collections.abc import Sequence

from app.contract import events as e

TURN_EVENTS = (
    e.AgentStatusUpdate,
    e.AgentTaskStart,
    e.AgentTaskProgress,
    e.AgentTaskComplete,
    e.AgentTaskError,
    e.ToolCallApprovalRequired,
    e.ToolCallStart,
    e.ToolCallProgress,
    e.ToolCallComplete,
    e.ToolCallError,
    e.ChatMessageChunk,
    e.ChatMessageComplete,
    e.ChatMessage,
)


def check_turn(events: Sequence[e.ServerEvent], turn_id: str) -> None:
    """Raises `AssertionError` for the first rule that these events of one turn break.

    The user's own message is not among them.
    """
    for event in events:
        assert isinstance(event, TURN_EVENTS), event
        assert event.turn_id == turn_id, event
    assert len({event.id for event in events}) == len(events), "an event appears twice"
    _check_statuses(events)
    _check_tasks(events)
    _check_calls(events)
    _check_answer(events)


def _check_statuses(events: Sequence[e.ServerEvent]) -> None:
    first, last = events[0], events[-1]
    assert isinstance(first, e.AgentStatusUpdate), first
    assert isinstance(last, e.AgentStatusUpdate), last
    assert last.status in ("idle", "error")
    statuses = [event for event in events if isinstance(event, e.AgentStatusUpdate)]
    assert all(event.status not in ("idle", "error") for event in statuses[:-1])


def _check_tasks(events: Sequence[e.ServerEvent]) -> None:
    progress: dict[str, float] = {}
    ended: set[str] = set()
    for event in events:
        match event:
            case e.AgentTaskStart():
                assert event.task_id not in progress, "a task starts twice"
                parent = event.parent_task_id
                assert parent is e.UNSET or parent in progress, "a task starts before its parent"
                progress[event.task_id] = 0.0
            case e.AgentTaskProgress():
                assert event.task_id not in ended, "progress after the end"
                assert event.progress >= progress[event.task_id], "progress fell"
                progress[event.task_id] = event.progress
            case e.AgentTaskComplete() | e.AgentTaskError():
                assert event.task_id in progress, "an end without a start"
                assert event.task_id not in ended, "a task ends twice"
                ended.add(event.task_id)
            case _:
                pass
    assert ended == set(progress), f"tasks without an end: {set(progress) - ended}"
    assert progress, "a turn has at least its root task"


def _check_calls(events: Sequence[e.ServerEvent]) -> None:
    started: dict[str, object] = {}
    begun: set[str] = set()
    ended: set[str] = set()
    open_tasks: set[str] = set()
    for event in events:
        match event:
            case e.AgentTaskStart():
                open_tasks.add(event.task_id)
            case e.AgentTaskComplete() | e.AgentTaskError():
                open_tasks.discard(event.task_id)
            case e.ToolCallApprovalRequired():
                assert event.tool_call_id not in begun, "approval is asked for before a call begins"
                started[str(event.tool_call_id)] = event.task_id
            case e.ToolCallStart():
                assert event.tool_call_id not in begun, "a call starts twice"
                assert event.task_id in open_tasks, "a call outside of its task"
                begun.add(str(event.tool_call_id))
                started[str(event.tool_call_id)] = event.task_id
            case e.ToolCallProgress() | e.ToolCallComplete() | e.ToolCallError():
                call_id = str(event.tool_call_id)
                assert call_id in started, "an end without a start"
                assert started[call_id] == event.task_id
                assert call_id not in ended, "something after the end of a call"
                if not isinstance(event, e.ToolCallProgress):
                    ended.add(call_id)
            case _:
                pass
    assert ended == set(started), f"calls without an end: {set(started) - ended}"


def _check_answer(events: Sequence[e.ServerEvent]) -> None:
    chunks = [event for event in events if isinstance(event, e.ChatMessageChunk)]
    completes = [event for event in events if isinstance(event, e.ChatMessageComplete)]
    messages = [event for event in events if isinstance(event, e.ChatMessage)]
    assert len(completes) == 1
    assert len(messages) == 1
    complete, message = completes[0], messages[0]
    _check_beginnings(chunks)
    own = [chunk for chunk in chunks if chunk.message_id == complete.message_id]
    assert complete.full_content == "".join(chunk.chunk for chunk in own)
    assert complete.total_chunks == len(own)
    assert complete.finish_reason in ("stop", "cancelled", "error", "limit")
    assert message.id == complete.message_id
    assert message.role == "assistant"
    assert message.content == complete.full_content
    assert message.content.strip(), "the user reads something"
    position = {event.id: number for number, event in enumerate(events)}
    assert chunks[-1] is own[-1], "a piece comes after the last one"
    assert position[own[-1].id] < position[complete.id] < position[message.id]
    _check_calls_named(events, message)


def _check_beginnings(chunks: Sequence[e.ChatMessageChunk]) -> None:
    """An answer that begins again names the one before, which has no end and no more pieces.

    Of the first one there may be none: its attempt died before it had said anything.
    """
    before: object = None
    for message_id, together in itertools.groupby(chunks, lambda chunk: chunk.message_id):
        begun = list(together)
        assert [chunk.sequence for chunk in begun] == list(range(1, len(begun) + 1)), "a gap, or a mix"
        (replaces,) = {chunk.replaces for chunk in begun}
        assert before is None or replaces == before
        last = begun[-1] is chunks[-1]
        assert [chunk.is_complete for chunk in begun] == [False] * (len(begun) - 1) + [last]
        before = message_id


def _check_calls_named(events: Sequence[e.ServerEvent], message: e.ChatMessage) -> None:
    ended = [event for event in events if isinstance(event, e.ToolCallComplete | e.ToolCallError)]
    calls = {call.id: call.status for call in message.tool_calls}
    for end in ended:
        expected = (
            "complete"
            if isinstance(end, e.ToolCallComplete)
            else "cancelled"
            if end.error.code == "CANCELLED"
            else "error"
        )
        assert calls[str(end.tool_call_id)] == expected
    assert len(calls) == len(ended)
