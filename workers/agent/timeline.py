"""What happened in a turn and when, as rows for people. Pure: events in, rows out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.contract import events as e

LONGEST = 40  # characters of a call's arguments


@dataclass(slots=True)
class Row:
    """`at` and `took` are in seconds; `took` is None for what has no end, or has not ended.

    `depth` is how many tasks it stands in; `good` is None for what can neither succeed nor fail.
    """

    at: float
    what: str
    depth: int = 0
    took: float | None = None
    said: str = ""
    good: bool | None = None


def timeline(began_at: datetime, events: Sequence[e.ServerEvent]) -> list[Row]:
    """The turn as a tree, in the order in which things began; `began_at` is when its message was accepted."""
    drawn = _Timeline(began_at)
    for event in events:
        drawn.add(event)
    return drawn.rows


def _brief(parameters: dict[str, Any]) -> str:
    """The values that tell one call from another."""
    told = [each for each in parameters.values() if isinstance(each, str | int | float)]
    said = " ".join(str(each) for each in told if not isinstance(each, bool))
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


class _Timeline:
    def __init__(self, began_at: datetime) -> None:
        self.rows: list[Row] = []
        self._began_at = began_at
        self._root = ""
        self._open: dict[str, Row] = {}
        self._begun: dict[str, Row] = {}

    def add(self, event: e.ServerEvent) -> None:
        match event:
            case e.AgentTaskStart():
                self._root = self._root or event.task_id
                self._begin(event.task_id, event.timestamp, event.task_name, event.parent_task_id or "")
            case e.AgentTaskComplete():
                self._end(event.task_id, event.timestamp, None)
            case e.AgentTaskError():
                self._end(event.task_id, event.timestamp, event.error)
            case e.AgentStatusUpdate():
                said = f"agent {event.status}" + (f": {event.current_task}" if event.current_task else "")
                row = Row(self._since(event.timestamp), said)
                self._place(row, self._root if self._root in self._open else "")
            case e.ToolCallApprovalRequired() | e.ToolCallStart() | e.ToolCallComplete() | e.ToolCallError():
                self._call(event)
            case _:
                pass

    def _call(
        self, event: e.ToolCallApprovalRequired | e.ToolCallStart | e.ToolCallComplete | e.ToolCallError
    ) -> None:
        call, wait = str(event.tool_call_id), f"{event.tool_call_id} waits"
        task = event.task_id or ""
        match event:
            case e.ToolCallApprovalRequired():
                self._begin(wait, event.timestamp, f"{event.tool_name} waits for a decision", task)
            case e.ToolCallStart():
                self._end(wait, event.timestamp, None)
                self._begin(call, event.timestamp, f"{event.tool_name} {_brief(event.parameters)}", task)
            case e.ToolCallComplete():
                self._end(call, event.timestamp, None)
            case e.ToolCallError():
                self._end(call if call in self._open else wait, event.timestamp, event.error)

    def _begin(self, name: str, moment: datetime, what: str, parent: str) -> None:
        self._begun[name] = self._open[name] = Row(self._since(moment), what)
        self._place(self._begun[name], parent)

    def _place(self, row: Row, parent: str) -> None:
        """Below everything else that stands in the same task."""
        task, place = self._begun.get(parent), len(self.rows)
        if task is not None:
            row.depth = task.depth + 1
            place = next(number for number, each in enumerate(self.rows) if each is task) + 1
            while place < len(self.rows) and self.rows[place].depth > task.depth:
                place += 1
        self.rows.insert(place, row)

    def _end(self, name: str, moment: datetime, error: e.ErrorBody | None) -> None:
        row = self._open.pop(name, None)
        if row is not None:
            row.took = self._since(moment) - row.at
            row.said, row.good = error.message if error else "done", error is None

    def _since(self, moment: datetime) -> float:
        return (moment - self._began_at).total_seconds()
