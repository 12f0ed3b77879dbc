"""A turn written down as far as it is known, and the step that is new in it.

A flow writes its whole script again each time it is asked, from the outcomes that there are by then. What it
wrote before it writes again in the same way, only more of it; `after` leaves out what earlier steps did. So a
flow keeps no state of its own, may be run by any worker, and gets its calls made in parallel simply by
naming them before it needs the first result, where `Waiting` ends the run.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from app.contract.events import ErrorBody
from app.contract.turn import TurnResult
from workers.agent.links import without_links
from workers.agent.model import Call, CallOutcome, Step, Task, TaskEnd


class Waiting(Exception):
    """A flow needs the outcome of a call that has not ended: it goes no further for now."""


class ScriptChanged(Exception):
    """The script no longer begins with what was said: it was not written by a pure function."""


class Script:
    """Everything of one turn, in the order in which it is to happen."""

    def __init__(self, outcomes: Mapping[str, CallOutcome]) -> None:
        self._outcomes = outcomes
        self._tasks: dict[str, Task] = {}
        self._text = ""
        self._awaited: tuple[str, ...] = ()
        self._calls: dict[str, Call] = {}
        self._ended: dict[str, TaskEnd] = {}
        self._status: str | None = None
        self._end: tuple[TurnResult, Literal["stop", "error", "limit"]] | None = None

    @property
    def text(self) -> str:
        return self._text

    @property
    def waiting(self) -> bool:
        """Whether a call that was asked for has not ended."""
        return any(key not in self._outcomes for key in self._calls)

    def goes_on_with(self, outcomes: Mapping[str, CallOutcome]) -> bool:
        """Whether it would say more with these outcomes: until all that it waits for are there it would not."""
        return all(key in outcomes for key in self._awaited)

    def task(self, key: str, name: str, description: str) -> None:
        self._tasks.setdefault(key, Task(key=key, name=name, description=description))

    def status(self, text: str) -> None:
        """What the user sees as being done; the last one counts."""
        self._status = text

    def say(self, text: str) -> None:
        """Append to the answer. What is said may rest on ended calls only, and never on which end first.

        Names come from providers, so it is said without links.
        """
        self._text += without_links(text)

    def call(
        self, key: str, task: str, tool: str, arguments: dict[str, Any], summary: str | None = None
    ) -> CallOutcome | None:
        """Ask for a call, once however often it is named; its outcome when it has ended.

        `summary` tells a person who has to approve it what it would do.
        """
        call = Call(key=key, task=task, tool=tool, arguments=arguments, summary=summary)
        self._calls.setdefault(key, call)
        return self._outcomes.get(key)

    def outcomes(self, keys: Sequence[str]) -> list[CallOutcome]:
        """How these calls ended, which are all asked for. Raises `Waiting` until every one of them has."""
        if any(key not in self._outcomes for key in keys):
            self._awaited = tuple(keys)
            raise Waiting
        return [self._outcomes[key] for key in keys]

    def end(self, key: str, result: Any = None, error: ErrorBody | None = None) -> None:
        self._ended.setdefault(key, TaskEnd(key=key, result=result, error=error))

    def finish(self, result: TurnResult, reason: Literal["stop", "error", "limit"] = "stop") -> None:
        """The turn is over as soon as no call is open any more."""
        self._end = (result, reason)

    def after(self, steps: Sequence[Step]) -> Step:
        """What remains to be done when these steps are.

        Raises `ScriptChanged` when what they said is not how this script begins.
        """
        said = "".join(step.say for step in steps)
        if not self._text.startswith(said):
            raise ScriptChanged(f"{len(said)} characters were said that the script does not begin with")
        begun = {task.key for step in steps for task in step.tasks}
        asked = {call.key for step in steps for call in step.calls}
        ended = {end.key for step in steps for end in step.ended}
        shown = next((step.status for step in reversed(steps) if step.status is not None), None)
        result, reason = self._end if self._end and not self.waiting else (None, "stop")
        return Step(
            tasks=tuple(task for key, task in self._tasks.items() if key not in begun),
            say=self._text[len(said) :],
            calls=tuple(call for key, call in self._calls.items() if key not in asked),
            ended=tuple(end for key, end in self._ended.items() if key not in ended),
            status=None if result or self._status == shown else self._status,
            result=result,
            finish_reason=reason,
        )
