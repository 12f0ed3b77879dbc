"""What users of other agent back ends complain about most, a test each."""

import asyncio
from dataclasses import replace

import pytest

from app.contract import events as e
from app.contract.ids import session_stream
from app.contract.jobs import TurnJob
from app.settings import TurnLimits
from app.streams.keys import UserKeys
from tests.support.crashing import Crash, CrashingLog
from tests.support.gateway import connected, gateway
from tests.support.stage import SESSION, USER, ScriptedPlanner, Stage, stage, workers
from tests.support.turn_rules import check_turn
from workers.agent.model import Call, Step, Task, View
from workers.agent.runner import run_turn

M1 = TurnJob(session_id=SESSION, turn_id="m1")


async def stopped(on: Stage) -> list[e.ServerEvent]:
    """A turn that was stopped in the middle of its calls."""
    await on.say("m1")
    return await stopped_now(on)


async def stopped_now(on: Stage) -> list[e.ServerEvent]:
    await on.gate.started.wait()
    await on.shared.chat.cancel(USER, SESSION, None, "f1")
    await on.until_over("m1")
    turn = await on.turn_events("m1")
    check_turn(turn, "m1")
    return turn


async def answer_of(on: Stage, turn_id: str) -> e.ChatMessageComplete:
    await on.until_over(turn_id)
    turn = await on.turn_events(turn_id)
    check_turn(turn, turn_id)
    return next(event for event in turn if isinstance(event, e.ChatMessageComplete))


async def test_1_a_cancelled_tool_leaves_no_open_call_and_the_history_is_valid(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await stopped(on)
        on.gate.open.set()
        await on.say("m2")
        assert (await answer_of(on, "m2")).finish_reason == "stop"
        snapshot = await on.shared.sessions.snapshot(SESSION)
        assert len(snapshot.messages) == 4


async def test_2_stop_stops_the_work_and_not_only_the_stream(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await stopped(on)
        while len(on.gate.stopped) < 2:
            await asyncio.sleep(0)
        assert await on.shared.sessions.running_turn(SESSION) is None


async def test_3_a_refresh_goes_on_and_only_stop_stops(valkey_url: str) -> None:
    async with (
        stage(valkey_url, ScriptedPlanner("held")) as on,
        workers(on),
        gateway(valkey_url) as at,
    ):
        wire = await connected(at, USER, SESSION)
        await wire.send("chat_message", id="m1", session_id=SESSION, content="hello")
        await wire.until_type("tool_call_start")
        wire.cut()
        while await on.shared.redis.execute_command("ZCARD", UserKeys(USER).connections):
            await asyncio.sleep(0)  # the gateway has noticed
        async with await connected(at, USER, SESSION) as refreshed:
            on.gate.open.set()
            assert (await answer_of(on, "m1")).finish_reason == "stop"
            on.gate.open.clear()
            on.gate.started.clear()
            await refreshed.send("chat_message", id="m2", session_id=SESSION, content="hello")
            await on.gate.started.wait()
            await refreshed.send("chat_cancel", session_id=SESSION)
            assert (await answer_of(on, "m2")).finish_reason == "cancelled"


async def test_4_a_refresh_loses_nothing_of_the_stream(valkey_url: str) -> None:
    async with stage(valkey_url) as on, workers(on):
        await on.say("m1")
        await on.until_over("m1")
        whole = await on.shared.log.read(session_stream(SESSION), 0, limit=1000)
        for after in range(whole.seq):
            page = await on.shared.log.read(session_stream(SESSION), after, epoch=whole.epoch, limit=1000)
            assert page.recovered
            assert page.frames == whole.frames[after:]


async def test_5_a_tool_tells_its_progress(valkey_url: str) -> None:
    async with stage(valkey_url) as on, workers(on):
        await on.say("m1")
        await on.until_over("m1")
        told = [event for event in await on.turn_events("m1") if isinstance(event, e.ToolCallProgress)]
        assert [(event.progress, event.message) for event in told] == [(0.5, "half of it")] * 3


async def test_6_a_crash_leaves_no_ghost(valkey_url: str) -> None:
    async with stage(valkey_url) as on, workers(on, ["tools"]):
        await on.say("m1")
        with pytest.raises(Crash):
            await run_turn(on.with_parts(log=CrashingLog(on.shared.log, 9, after=True)), M1)
        assert await on.shared.sessions.running_turn(SESSION) == "m1"
        await run_turn(on.agent, M1)
        assert (await answer_of(on, "m1")).finish_reason == "stop"
        assert await on.shared.sessions.running_turn(SESSION) is None


async def test_7_a_resumed_turn_repeats_no_side_effect(valkey_url: str) -> None:
    async with stage(valkey_url) as on, workers(on, ["tools"]):
        await on.say("m1")
        for at in (8, 12, 16):
            with pytest.raises(Crash):
                await run_turn(on.with_parts(log=CrashingLog(on.shared.log, at, after=False)), M1)
        await run_turn(on.agent, M1)
        await answer_of(on, "m1")
        assert sorted(on.gate.calls) == ["echo 0", "echo 1", "echo 2"]


async def test_8_limits_are_hard(valkey_url: str) -> None:
    async with stage(valkey_url) as on, workers(on, ["tools"]):
        settings = replace(on.agent.settings, turn_limits=TurnLimits(steps=2))
        await on.say("m1")
        await run_turn(on.with_parts(settings=settings), M1)
        assert (await answer_of(on, "m1")).finish_reason == "limit"
        assert "echo 2" not in on.gate.calls


async def test_9_what_was_said_stays_when_a_turn_is_stopped(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await stopped(on)
        said = await answer_of(on, "m1")
        assert (said.finish_reason, said.full_content) == ("cancelled", "First. ")
        snapshot = await on.shared.sessions.snapshot(SESSION)
        assert b"First. " in bytes(snapshot.messages[-1])


async def test_10_a_running_turn_can_be_steered(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await on.say("m1")
        await on.gate.started.wait()
        await on.say("m2", "no, to Porto", when_busy="interrupt")
        assert (await answer_of(on, "m1")).finish_reason == "cancelled"
        on.gate.open.set()
        assert (await answer_of(on, "m2")).finish_reason == "stop"


class HalfDone:
    """A call that answers at once beside one that does not."""

    def next(self, view: View) -> Step:
        if view.steps:
            return Step()
        tools = {"done": "echo", "open": "held"}
        calls = [Call(key=key, task="t", tool=name, arguments={"number": 7}) for key, name in tools.items()]
        task = Task(key="t", name="Flights", description="Look for flights")
        return Step(tasks=(task,), say="First. ", calls=tuple(calls))


async def test_11_completed_work_is_not_thrown_away_by_stopping(valkey_url: str) -> None:
    async with stage(valkey_url, HalfDone()) as on, workers(on):
        await on.say("m1")
        await on.until(lambda event: isinstance(event, e.ToolCallComplete))
        turn = await stopped_now(on)
        (done,) = [event for event in turn if isinstance(event, e.ToolCallComplete)]
        assert done.result == {"number": 7}
        (result,) = await on.shared.sessions.recent_results(SESSION, 1)
        assert [call.status for call in result.tool_calls] == ["complete", "cancelled"]
