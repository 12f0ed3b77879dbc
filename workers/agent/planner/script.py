"""A turn written down as far as it is known, and the step that is new in it.

A flow is a coroutine that writes a script: it names its calls and awaits their outcomes, side by side simply by
naming them before it awaits the first. It is resumed with the outcomes that there are by then, and it may be begun
again by any worker at any time: what it wrote before it writes again in the same way, only more of it. `after`
leaves out what earlier steps did.
"""

from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from types import coroutine
from typing import Any, Generic, Literal, TypeVar, cast

from app.contract.events import ErrorBody
from app.contract.turn import TurnResult
from workers.agent.links import without_links
from workers.agent.model import Call, CallOutcome, Step, Task, TaskEnd

T = TypeVar("T")


class ScriptChanged(Exception):
    """The script no longer begins with what was said: it was not written by a pure function."""


@coroutine
def _pause() -> Generator[None, None, None]:
    """Give way to whoever runs the flow, until there are more outcomes."""
    yield


class Aside(Generic[T]):
    """A part of a flow that goes on beside it, as far as the outcomes allow. It says nothing."""

    def __init__(self, flow: Coroutine[Any, Any, T]) -> None:
        self._flow = flow
        self._result: list[T] = []

    def go_on(self) -> None:
        if self._result:
            return
        try:
            self._flow.send(None)
        except StopIteration as end:
            self._result.append(end.value)

    async def result(self) -> T:
        while not self._result:
            await _pause()
        return self._result[0]


class Script:
    """Everything of one turn, in the order in which it is to happen."""

    def __init__(self) -> None:
        self._outcomes: Mapping[str, CallOutcome] = {}
        self._tasks: dict[str, Task] = {}
        self._text = ""
        self._calls: dict[str, Call] = {}
        self._asides: dict[str, Aside[Any]] = {}
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

    def learn(self, outcomes: Mapping[str, CallOutcome]) -> None:
        """The calls that have ended by now, and what goes on beside with them; no outcome is ever another one."""
        self._outcomes = outcomes
        for aside in list(self._asides.values()):
            aside.go_on()

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
    ) -> None:
        """Ask for a call, once however often it is named.

        `summary` tells a person who has to approve it what it would do.
        """
        call = Call(key=key, task=task, tool=tool, arguments=arguments, summary=summary)
        self._calls.setdefault(key, call)

    def beside(self, key: str, flow: Callable[[], Coroutine[Any, Any, T]]) -> Aside[T]:
        """Have a specialist do its work side by side with what comes next, once however often it is named.

        So its task ends when its own work is done, whatever else is still out.
        """
        if key not in self._asides:
            self._asides[key] = Aside(flow())
            self._asides[key].go_on()
        return cast(Aside[T], self._asides[key])

    async def outcomes(self, keys: Sequence[str]) -> list[CallOutcome]:
        """How these calls ended, which are all asked for, as soon as every one of them has."""
        while any(key not in self._outcomes for key in keys):
            await _pause()
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


class Writing:
    """A script and the flow that writes it, as far as the outcomes allow that it was given so far."""

    def __init__(self, script: Script, flow: Coroutine[Any, Any, None]) -> None:
        self._script = script
        self._flow = flow
        self._is_written = False

    def with_outcomes(self, outcomes: Mapping[str, CallOutcome]) -> Script:
        """The script with what these outcomes add to it; every one that it was given before is among them."""
        self._script.learn(outcomes)
        if not self._is_written:
            try:
                self._flow.send(None)
            except StopIteration:
                self._is_written = True
        return self._script
