"""The tasks of a turn as its events tell them: begun once, never falling, ended once, nested under a root."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.contract import events as e
from app.contract.ids import derived
from app.contract.turn import TurnRequest, TurnResult
from workers.agent.model import Task, TaskEnd

ROOT = "trip"
ROOT_SECONDS = 5
TASK_SECONDS = 2
MAX_DESCRIPTION = 200


@dataclass(slots=True)
class _Standing:
    task: Task
    calls: int = 0
    calls_ended: int = 0
    progress: float = 0.0
    reports: int = 0
    ended: bool = False
    began_at: datetime | None = None


class TaskBook:
    """Every task of one turn. Methods answer with the events to append, in order."""

    def __init__(self, request: TurnRequest, durations: Mapping[str, float]) -> None:
        self._request = request
        self._durations = durations
        self.took: dict[str, float] = {}
        """Seconds that each task took that succeeded, by its name; of several the longest."""
        root = Task(key=ROOT, name="Trip", description=request.content[:MAX_DESCRIPTION])
        self._root = _Standing(root)
        self._tasks: dict[str, _Standing] = {}

    @property
    def known(self) -> list[str]:
        """The tasks that have begun, and the root."""
        return [ROOT, *self._tasks]

    @property
    def open(self) -> list[str]:
        """The tasks that have begun and not ended, the root not among them."""
        return [key for key, standing in self._tasks.items() if not standing.ended]

    @property
    def root_progress(self) -> float:
        return round(self._root.progress, 3)

    def task_id(self, key: str) -> str:
        return derived(self._request.turn_id, key)

    def begin_root(self, now: datetime) -> e.AgentTaskStart:
        return self._start(self._root, ROOT_SECONDS, now)

    def begin(self, task: Task, now: datetime) -> e.AgentTaskStart:
        self._tasks[task.key] = _Standing(task)
        return self._start(self._tasks[task.key], TASK_SECONDS, now)

    def call_began(self, key: str) -> None:
        self._tasks[key].calls += 1

    def call_ended(self, key: str, now: datetime) -> list[e.ServerEvent]:
        standing = self._tasks[key]
        standing.calls_ended += 1
        if standing.ended:
            return []
        share = standing.calls_ended / standing.calls
        message = f"{standing.calls_ended} of {standing.calls} calls are back"
        return self._report(standing, share, message, now)

    def end(self, end: TaskEnd, now: datetime) -> list[e.ServerEvent]:
        """The end of a task and what it means for the root. A task that has ended stays as it is."""
        standing = self._tasks[end.key]
        if standing.ended:
            return []
        standing.ended = True
        ended = sum(each.ended for each in self._tasks.values())
        share = ended / (len(self._tasks) + 1)  # one more for the answer itself
        closing: e.ServerEvent = (
            self._complete(standing, end.result, now)
            if end.error is None
            else self._error(standing, end.error, now)
        )
        report = self._report(self._root, share, f"{ended} of {len(self._tasks)} parts are done", now)
        return [closing, *report]

    def end_root(
        self, result: TurnResult, error: e.ErrorBody | None, now: datetime
    ) -> e.AgentTaskComplete | e.AgentTaskError:
        if error is not None:
            return self._error(self._root, error, now)
        return self._complete(self._root, result, now)

    def _start(self, standing: _Standing, seconds: int, now: datetime) -> e.AgentTaskStart:
        task = standing.task
        standing.began_at = now
        known = self._durations.get(task.name)
        return e.AgentTaskStart(
            id=derived(self.task_id(task.key), "start"),
            timestamp=now,
            session_id=self._request.session_id,
            turn_id=self._request.turn_id,
            task_id=self.task_id(task.key),
            parent_task_id=self._parent(standing),
            task_name=task.name,
            description=task.description,
            estimated_duration=seconds if known is None else round(known, 1),
        )

    def _report(self, standing: _Standing, share: float, message: str, now: datetime) -> list[e.ServerEvent]:
        if share <= standing.progress:
            return []
        standing.progress = share
        standing.reports += 1
        task_id = self.task_id(standing.task.key)
        return [
            e.AgentTaskProgress(
                id=derived(task_id, "progress", standing.reports),
                timestamp=now,
                session_id=self._request.session_id,
                turn_id=self._request.turn_id,
                task_id=task_id,
                parent_task_id=self._parent(standing),
                progress=round(share, 3),
                message=message,
            )
        ]

    def _complete(self, standing: _Standing, result: object, now: datetime) -> e.AgentTaskComplete:
        task_id = self.task_id(standing.task.key)
        if standing.began_at is not None:
            seconds = (now - standing.began_at).total_seconds()
            self.took[standing.task.name] = max(seconds, self.took.get(standing.task.name, 0.0))
        return e.AgentTaskComplete(
            id=derived(task_id, "end"),
            timestamp=now,
            session_id=self._request.session_id,
            turn_id=self._request.turn_id,
            task_id=task_id,
            parent_task_id=self._parent(standing),
            result=result,
        )

    def _error(self, standing: _Standing, error: e.ErrorBody, now: datetime) -> e.AgentTaskError:
        task_id = self.task_id(standing.task.key)
        return e.AgentTaskError(
            id=derived(task_id, "end"),
            timestamp=now,
            session_id=self._request.session_id,
            turn_id=self._request.turn_id,
            task_id=task_id,
            parent_task_id=self._parent(standing),
            error=error,
        )

    def _parent(self, standing: _Standing) -> e.Maybe[str]:
        if standing is self._root:
            return e.UNSET
        return self.task_id(standing.task.parent or ROOT)
