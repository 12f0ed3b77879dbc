"""A scenario: how the suppliers fare, written in YAML and played step by step."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import yaml
from msgspec import Meta, Struct

from .complaint import complaint
from .conditions import Latency, Limit
from .faults import MAX_RULES, Provider, ProviderName, Rule

Latencies = dict[Provider, Annotated[float, Meta(ge=0, le=3600)] | Latency]
Limits = dict[Provider, Limit]
Rules = Annotated[tuple[Rule, ...], Meta(max_length=MAX_RULES)]


class ScenarioError(ValueError):
    """The text is no scenario; the message is one line and says where it is wrong."""


class Step(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Begins so many calls or seconds after the step before, and ends what that one put on."""

    after_calls: Annotated[int, Meta(ge=1)] | None = None
    provider: ProviderName = "*"  # whose calls `after_calls` counts
    after_seconds: Annotated[float, Meta(gt=0, le=1e9)] | None = None
    latency: Latencies = {}
    limits: Limits = {}
    faults: Rules = ()

    def __post_init__(self) -> None:
        if self.after_calls is not None and self.after_seconds is not None:
            raise ValueError("a step begins after_calls or after_seconds, not both")

    @property
    def begins_at_once(self) -> bool:
        return self.after_calls is None and self.after_seconds is None


class Scenario(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What holds all the time, and steps. Without `seed` and clock the sandbox's own stay."""

    seed: Annotated[int, Meta(ge=-(2**62), le=2**62)] | None = None
    today: date | None = None
    now: Annotated[datetime, Meta(tz=True)] | None = None
    latency: Latencies = {}
    limits: Limits = {}
    faults: Rules = ()
    steps: Annotated[tuple[Step, ...], Meta(max_length=100)] = ()

    def __post_init__(self) -> None:
        if any(step.begins_at_once for step in self.steps[1:]):
            raise ValueError("every step but the first needs after_calls or after_seconds")


CALM = Scenario()


class Course:
    """Where a scenario's steps have got to. Times are the sandbox's."""

    def __init__(self, steps: Sequence[Step], now: datetime) -> None:
        self._steps = steps
        self._calls: Counter[str] = Counter()
        self._began = now
        self.position = 0  # steps that have begun
        self.step = Step()

    def follow(self, now: datetime) -> bool:
        """Begin the steps that are due; whether any did."""
        before = self.position
        while self.position < len(self._steps):
            following = self._steps[self.position]
            if not self._is_due(following, now):
                break
            # Seconds are counted from when a step was due, so that a leap of the clock passes several.
            waited = following.after_seconds
            self._began = now if waited is None else self._began + timedelta(seconds=waited)
            self._calls.clear()
            self.position += 1
            self.step = following
        return self.position > before

    def count(self, provider: str) -> None:
        self._calls.update((provider, "*"))

    def _is_due(self, step: Step, now: datetime) -> bool:
        if step.after_calls is not None:
            return self._calls[step.provider] >= step.after_calls
        return (now - self._began).total_seconds() >= (step.after_seconds or 0)


def parse(text: str | bytes) -> Scenario:
    """Of YAML, or JSON, which is YAML. Raises `ScenarioError`."""
    try:
        document = yaml.safe_load(text)
        return msgspec.convert({} if document is None else document, Scenario)
    except yaml.YAMLError as error:
        raise ScenarioError(" ".join(str(error).split())) from None
    except (msgspec.ValidationError, ValueError, RecursionError) as error:  # a day that does not exist is one
        raise ScenarioError(complaint(error)) from None


def read(path: Path) -> Scenario:
    """Raises `ScenarioError`, also when the file cannot be read."""
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise ScenarioError(f"{path}: {error.strerror}") from None
    except ScenarioError as error:
        raise ScenarioError(f"{path}: {error}") from None
