"""Turns on a real server: whole, crashed at every write, cancelled anywhere, one after another."""

import asyncio

import pytest
from msgspec import structs

from app.contract import events as e
from app.contract.errors import TripSageError
from app.contract.jobs import TurnJob
from app.streams.keys import PENDING_TURNS
from tests.support.crashing import Crash, CrashingLog
from tests.support.stage import SESSION, USER, ScriptedPlanner, Stage, stage, workers
from tests.support.turn_rules import check_turn
from workers.agent.journal import Superseded
from workers.agent.model import Step, View
from workers.agent.runner import run_turn

M1 = TurnJob(session_id=SESSION, turn_id="m1")


async def test_a_message_becomes_a_turn_by_the_rules(valkey_url: str) -> None:
    async with stage(valkey_url) as on, workers(on):
        await on.say("m1")
        await on.until_over("m1")
        first, *turn = await on.events()
        assert isinstance(first, e.ChatMessage)
        assert (first.id, first.role) == ("m1", "user")
        check_turn(turn, "m1")
        assert sorted(on.gate.calls) == ["echo 0", "echo 1", "echo 2"]
        result = await on.shared.sessions.turn_result(SESSION, "m1")
        assert result is not None
        ended = [event for event in turn if isinstance(event, e.AgentTaskComplete)]
        assert ended[-1].result["response"]["text"] == "First. Second. Found 3."
        snapshot = await on.shared.sessions.snapshot(SESSION)
        assert [e.decode_event(frame).id for frame in snapshot.messages] == ["m1", "m1.answer"]
        assert snapshot.seq == len(turn) + 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_turn_that_crashes_at_any_write_ends_once(valkey_url: str, after: bool) -> None:
    for at in range(1, 40):
        async with stage(valkey_url) as on, workers(on, ["tools"]):
            await on.shared.redis.execute_command("FLUSHALL")
            await on.shared.sessions.open(SESSION, USER)
            await on.say("m1")
            crashing = on.with_parts(log=CrashingLog(on.shared.log, at, after=after))
            try:
                await run_turn(crashing, M1)
            except Crash:
                await run_turn(on.agent, M1)
            else:
                assert at > 15, "the crash comes in the middle of the turn"
                return
            check_turn(await on.turn_events("m1"), "m1")
            assert sorted(on.gate.calls) == ["echo 0", "echo 1", "echo 2"], f"crash at write {at}"
            assert await on.shared.sessions.running_turn(SESSION) is None
    pytest.fail("a turn has fewer writes than that")


class MoodyPlanner(ScriptedPlanner):
    """Says something else each time that it is asked, as a language model does."""

    asked = 0

    def next(self, view: View) -> Step:
        self.asked += 1
        step = super().next(view)
        return structs.replace(step, say=f"{step.say}({self.asked}) " if step.say else "")


async def test_a_decision_that_was_made_is_not_made_anew(valkey_url: str) -> None:
    for at in range(5, 30):
        async with stage(valkey_url, MoodyPlanner()) as on, workers(on, ["tools"]):
            await on.shared.redis.execute_command("FLUSHALL")
            await on.shared.sessions.open(SESSION, USER)
            await on.say("m1")
            try:
                await run_turn(on.with_parts(log=CrashingLog(on.shared.log, at, after=True)), M1)
            except Crash:
                await run_turn(on.agent, M1)
            else:
                return
            check_turn(await on.turn_events("m1"), "m1")


async def test_a_turn_that_has_to_wait_does_nothing(valkey_url: str) -> None:
    async with stage(valkey_url) as on:
        await on.say("m1")
        await on.say("m2")
        await run_turn(on.agent, TurnJob(session_id=SESSION, turn_id="m2"))
        assert [event.id for event in await on.events()] == ["m1", "m2"]


async def test_a_superseded_attempt_can_write_nothing(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on, ["tools"]):
        await on.say("m1")
        old = asyncio.create_task(run_turn(on.agent, M1))
        await on.gate.started.wait()
        new = asyncio.create_task(run_turn(on.agent, M1))
        await on.until(lambda event: isinstance(event, e.ToolCallStart))
        while int((await on.shared.redis.get(_fence("m1"))) or 0) < 2:
            await asyncio.sleep(0)
        on.gate.open.set()
        with pytest.raises(Superseded):
            await old
        await new
        check_turn(await on.turn_events("m1"), "m1")
        assert sorted(on.gate.calls) == ["held 0", "held 1", "held 2"]


def _fence(scope: str) -> str:
    return "{session:" + SESSION + "}:fence:" + scope


async def test_a_cancelled_turn_stops_its_calls_and_says_so(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await on.say("m1")
        await on.gate.started.wait()
        assert await on.shared.chat.cancel(USER, SESSION, None, "f1") == "accepted"
        assert await on.shared.chat.cancel(USER, SESSION, None, "f1") == "duplicate"
        await on.until_over("m1")
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        errors = [event.error.code for event in turn if isinstance(event, e.ToolCallError)]
        assert errors == ["CANCELLED", "CANCELLED"]
        complete = next(event for event in turn if isinstance(event, e.ChatMessageComplete))
        assert (complete.finish_reason, complete.full_content) == ("cancelled", "First. ")
        while len(on.gate.stopped) < 2:
            await asyncio.sleep(0)
        assert await on.shared.redis.lindex("{session:s1}:turns", 0) is None


async def test_a_turn_cancelled_while_no_worker_lives_ends_cancelled(valkey_url: str) -> None:
    async with stage(valkey_url) as on:
        await on.say("m1")
        await on.shared.chat.cancel(USER, SESSION, "m1", "f1")
        async with workers(on):
            await on.until_over("m1")
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        assert on.gate.calls == []


async def test_messages_wait_their_turn(valkey_url: str) -> None:
    async with stage(valkey_url) as on, workers(on):
        for message_id in ("m1", "m2", "m3"):
            await on.say(message_id)
        await on.until_over("m3")
        events = await on.events()
        order = [event.turn_id for event in events if isinstance(event, e.AgentStatusUpdate)]
        assert order == sorted(order)
        for message_id in ("m1", "m2", "m3"):
            check_turn(await on.turn_events(message_id), message_id)


async def test_a_message_may_refuse_to_wait(valkey_url: str) -> None:
    async with stage(valkey_url) as on:
        await on.say("m1")
        with pytest.raises(TripSageError) as refusal:
            await on.say("m2", when_busy="reject")
        assert refusal.value.code == "SESSION_BUSY"
        assert [event.id for event in await on.events()] == ["m1"]


async def test_a_message_may_interrupt(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await on.say("m1")
        await on.gate.started.wait()
        await on.say("m2", when_busy="interrupt")
        await on.until_over("m1")
        on.gate.open.set()
        await on.until_over("m2")
        complete = [event for event in await on.events() if isinstance(event, e.ChatMessageComplete)]
        assert [event.finish_reason for event in complete] == ["cancelled", "stop"]


async def test_the_same_message_again_changes_nothing(valkey_url: str) -> None:
    async with stage(valkey_url) as on, workers(on):
        first = await on.shared.chat.say(USER, SESSION, "m1", "hello")
        again = await on.shared.chat.say(USER, SESSION, "m1", "hello")
        await on.until_over("m1")
        after = await on.shared.chat.say(USER, SESSION, "m1", "hello")
        assert (first.status, again.status, after.status) == ("accepted", "duplicate", "duplicate")
        assert first.seq == again.seq == after.seq == 1
        with pytest.raises(TripSageError) as conflict:
            await on.shared.chat.say(USER, SESSION, "m1", "something else")
        assert conflict.value.code == "CONFLICT"
        check_turn(await on.turn_events("m1"), "m1")
        assert len(on.gate.calls) == 3


@pytest.mark.parametrize("when_busy", ["interrupt", "reject"])
async def test_a_message_that_comes_again_does_nothing_to_the_turn_after_it(
    valkey_url: str, when_busy: str
) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        on.gate.open.set()
        await on.say("m1", when_busy=when_busy)
        await on.until_over("m1")
        on.gate.open.clear()
        on.gate.started.clear()
        await on.say("m2")
        await on.gate.started.wait()
        again = await on.shared.chat.say(USER, SESSION, "m1", "hello", when_busy)
        assert (again.status, again.seq) == ("duplicate", 1)
        on.gate.open.set()
        await on.until_over("m2")
        complete = [event for event in await on.events() if isinstance(event, e.ChatMessageComplete)]
        assert [event.finish_reason for event in complete] == ["stop", "stop"]


async def test_a_failing_planner_ends_the_turn_with_a_sentence(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner(fail_at=2)) as on, workers(on):
        await on.say("m1")
        await on.until_over("m1")
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        assert isinstance(turn[-1], e.AgentStatusUpdate)
        assert turn[-1].status == "error"
        complete = next(event for event in turn if isinstance(event, e.ChatMessageComplete))
        assert complete.finish_reason == "error"
        assert "try again" in complete.full_content
        assert "defect" not in str(turn)


async def test_a_failing_tool_is_an_outcome_with_its_error(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("broken")) as on, workers(on):
        await on.say("m1")
        await on.until_over("m1")
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        errors = [event.error for event in turn if isinstance(event, e.ToolCallError)]
        assert [(error.code, error.retryable) for error in errors] == [("EXTERNAL_API_ERROR", True)] * 3


async def test_an_accepted_message_without_a_job_is_found(valkey_url: str) -> None:
    async with stage(valkey_url) as on:
        await on.say("m1")
        await on.shared.redis.execute_command("DEL", "tripsage:agents", "arq:job:s1:m1")
        assert await on.shared.chat.recover(older_than=3600) == 0
        assert await on.shared.chat.recover(older_than=-1) == 1
        assert await on.shared.chat.recover(older_than=-1) == 0
        async with workers(on):
            await on.until_over("m1")
        check_turn(await on.turn_events("m1"), "m1")
        await on.shared.chat.recover(older_than=-1)
        assert await on.shared.redis.exists(PENDING_TURNS) == 0


async def test_another_users_session_is_not_found(valkey_url: str) -> None:
    async with stage(valkey_url) as on:
        for attempt in (
            on.shared.chat.say("mallory", SESSION, "m1", "hello"),
            on.shared.chat.cancel("mallory", SESSION, None, "f1"),
            on.shared.sessions.open(SESSION, "mallory"),
            on.shared.sessions.delete(SESSION, "mallory"),
            on.shared.access.check("mallory", f"session:{SESSION}"),
            on.shared.access.check("mallory", f"user:{USER}"),
        ):
            with pytest.raises(TripSageError) as refusal:
                await attempt
            assert refusal.value.code == "NOT_FOUND"
        assert await on.events() == []


async def test_a_deleted_session_is_gone_and_its_id_is_nobodys(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await on.say("m1")
        await on.gate.started.wait()
        await on.shared.sessions.delete(SESSION, USER)
        on.gate.open.set()
        for user in (USER, "mallory"):
            with pytest.raises(TripSageError):
                await on.shared.sessions.open(SESSION, user)
        assert await on.shared.sessions.page(USER, None, 10) == ([], None)
        assert await on.shared.sessions.turn_request(SESSION, "m1") is None


async def test_messages_are_limited_a_user_and_minute(valkey_url: str) -> None:
    async with stage(valkey_url) as on:
        limit = on.shared.settings.limits.messages_per_minute
        with pytest.raises(TripSageError) as refusal:
            await _say_many(on, 2 * limit + 1)
        assert refusal.value.code == "RATE_LIMITED"
        assert 0 < refusal.value.details["retry_after"] <= 60
        assert limit <= len(await on.events()) <= 2 * limit


async def _say_many(on: Stage, count: int) -> None:
    for number in range(count):
        await on.say(f"m{number}")
