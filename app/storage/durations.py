"""How long each task took in turns before, by its name: a mean in which older turns count less and less."""

from collections.abc import Mapping
from pathlib import Path

from app.streams.commands import Commands, Value
from app.streams.keys import TASK_SECONDS

NEWEST = 0.1
"""The weight of the newest turn: what was 22 turns ago counts a tenth of it."""

MOST_TASKS = 500
LONGEST_NAME = 100  # characters; a model may name tasks as it likes


class Durations:
    def __init__(self, redis: Commands) -> None:
        self._redis = redis
        self._learn = redis.register_script((Path(__file__).parent / "learn.lua").read_text())

    async def read(self) -> dict[str, float]:
        """Mean seconds by task name."""
        found = await self._redis.hgetall(TASK_SECONDS)
        return {name.decode(): float(seconds) for name, seconds in found.items()}

    async def learn(self, took: Mapping[str, float]) -> None:
        """Counts what the tasks of one turn took, in seconds."""
        arguments: list[Value] = [NEWEST, MOST_TASKS]
        for name, seconds in took.items():
            if len(name) <= LONGEST_NAME:
                arguments += (name, f"{seconds:.3f}")
        await self._learn([TASK_SECONDS], arguments)
