"""What a task is expected to take is learnt from the turns before, and the same on every attempt."""

import pytest

from app.contract import events as e
from app.contract.jobs import TurnJob
from app.storage.durations import LONGEST_NAME, MOST_TASKS
from tests.support.crashing import Crash, CrashingLog
from tests.support.replayed import replayed
from tests.support.stage import SESSION, Stage, stage, workers
from workers import ops
from workers.agent.runner import run_turn
from workers.agent.tasks import TASK_SECONDS


async def expected(on: Stage, turn_id: str) -> dict[str, float]:
    started = [event for event in await on.turn_events(turn_id) if isinstance(event, e.AgentTaskStart)]
    return {event.task_name: event.estimated_duration for event in started}


async def test_the_mean_moves_towards_what_was_seen(valkey_url: str) -> None:
    async with stage(valkey_url) as on:
        durations = on.shared.durations
        assert await durations.read() == {}
        await durations.learn({"Flights": 10, "x" * (LONGEST_NAME + 1): 1})
        await durations.learn({"Flights": 20, "Stays": 3})
        assert await durations.read() == {"Flights": 11, "Stays": 3}
        await durations.learn({f"task {number}": 1 for number in range(MOST_TASKS)})
        assert len(await durations.read()) == MOST_TASKS


async def test_a_turn_expects_what_turns_before_it_took(valkey_url: str) -> None:
    async with stage(valkey_url) as on, workers(on):
        await on.say("m1")
        await on.until_over("m1")
        assert (await expected(on, "m1"))["Flights"] == TASK_SECONDS
        assert set(await on.shared.durations.read()) == {"Trip", "Flights"}
        await on.shared.redis.execute_command("DEL", "tripsage:task-seconds")
        await on.shared.durations.learn({"Flights": 7.5})
        await on.say("m2")
        await on.until_over("m2")
        assert (await expected(on, "m2"))["Flights"] == 7.5


async def test_another_attempt_expects_the_same(valkey_url: str) -> None:
    async with stage(valkey_url) as on, workers(on, ["tools"]):
        await on.shared.durations.learn({"Trip": 4, "Flights": 7.5})
        await on.say("m1")
        job = TurnJob(session_id=SESSION, turn_id="m1")
        with pytest.raises(Crash):
            await run_turn(on.with_parts(log=CrashingLog(on.shared.log, 1, after=True)), job)
        await on.shared.durations.learn({"Trip": 1000, "Flights": 1000})
        await run_turn(on.agent, job)
        assert await expected(on, "m1") == {"Trip": 4, "Flights": 7.5}
        code, said = await replayed(on)
        assert code == ops.SAME, said
