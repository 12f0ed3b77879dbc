"""Calls that wait for people: decided at once or after everything was restarted, and never made twice."""

import asyncio
from typing import Any

import pytest

from app.contract import events as e
from app.contract.commands import DecideToolCall
from app.contract.errors import TripSageError
from app.contract.jobs import TURN_QUEUE, ToolJob, TurnJob
from app.streams.keys import PENDING_TURNS, SessionKeys
from app.streams.queue import Depth
from tests.support.booking import Booking
from tests.support.stage import SESSION, USER, Stage, stage, workers
from tests.support.turn_rules import check_turn
from workers.agent.runner import run_turn
from workers.tool_calls import run_tool_call

M1 = TurnJob(session_id=SESSION, turn_id="m1")
HOLD = "m1.call.hold"


async def decide(on: Stage, decision: Any, frame: str = "d1", **parameters: Any) -> str:
    given = parameters or None
    return await on.shared.decisions.decide(USER, order(HOLD, decision, given, frame))


def order(call: str, decision: Any, parameters: Any, frame: str) -> DecideToolCall:
    return DecideToolCall(
        id=frame, session_id=SESSION, tool_call_id=call, decision=decision, parameters=parameters
    )


async def until_parked(on: Stage) -> None:
    """Until the turn waits, and no worker has anything of it."""
    while not await on.shared.redis.exists(SessionKeys.of(SESSION).turn_parked("m1")) or (
        await on.shared.queue.depth(TURN_QUEUE) != Depth(0, 0, 0)
    ):
        await asyncio.sleep(0.005)


async def answer(on: Stage) -> str:
    await on.until_over("m1")
    turn = await on.turn_events("m1")
    check_turn(turn, "m1")
    return next(event.content for event in turn if isinstance(event, e.ChatMessage))


async def test_a_turn_waits_without_a_worker_and_goes_on_when_it_was_approved(valkey_url: str) -> None:
    async with stage(valkey_url, Booking(beside=2)) as on:
        on.gate.open.set()
        async with workers(on):
            await on.say("m1")
            await until_parked(on)
        asked = await on.until(lambda event: isinstance(event, e.ToolCallApprovalRequired))
        assert isinstance(asked, e.ToolCallApprovalRequired)
        assert (asked.tool_call_id, asked.parameters, asked.summary) == (HOLD, {"number": 1}, "Hold it.")
        last = (await on.turn_events("m1"))[-1]
        assert isinstance(last, e.AgentStatusUpdate)
        assert last.status == "waiting"
        assert sorted(on.gate.calls) == ["echo 0", "echo 1"]
        assert await decide(on, "approve") == "accepted"
        async with workers(on):
            assert await answer(on) == "One moment. It is complete."
        assert on.gate.calls.count("booked 1") == 1
        assert await decide(on, "approve") == "duplicate"


async def test_a_decision_that_comes_at_once_needs_no_second_job(valkey_url: str) -> None:
    async with stage(valkey_url, Booking()) as on, workers(on):
        on.gate.open.set()
        await on.say("m1")
        await on.until(lambda event: isinstance(event, e.ToolCallApprovalRequired))
        await decide(on, "approve")
        assert await answer(on) == "One moment. It is complete."


async def test_what_was_rejected_is_not_made(valkey_url: str) -> None:
    async with stage(valkey_url, Booking()) as on, workers(on):
        await on.say("m1")
        await until_parked(on)
        await decide(on, "reject")
        assert await answer(on) == "One moment. It is cancelled."
        turn = await on.turn_events("m1")
        errors = [event.error for event in turn if isinstance(event, e.ToolCallError)]
        assert [(error.code, error.details) for error in errors] == [("CANCELLED", {"reason": "rejected"})]
        assert not any(isinstance(event, e.ToolCallStart) for event in turn)
        assert on.gate.calls == []


async def test_changed_parameters_are_validated_and_used(valkey_url: str) -> None:
    async with stage(valkey_url, Booking()) as on, workers(on):
        on.gate.open.set()
        await on.say("m1")
        await until_parked(on)
        await decide(on, "change", "d1", number="seven")
        again = await on.until(
            lambda event: isinstance(event, e.ToolCallApprovalRequired) and event.error is not e.UNSET
        )
        assert isinstance(again, e.ToolCallApprovalRequired)
        assert isinstance(again.error, e.ErrorBody)
        assert (again.error.code, again.error.details) == ("VALIDATION_ERROR", {"field": "number"})
        await decide(on, "change", "d2", number=7)
        assert await answer(on) == "One moment. It is complete."
        assert on.gate.calls == ["booked 7"]
        result = (await on.shared.sessions.recent_results(SESSION, 1))[0]
        assert result.tool_calls[0].parameters == {"number": 7}


async def test_who_decides_what_cannot_be_decided_is_told_so(valkey_url: str) -> None:
    async with stage(valkey_url, Booking()) as on, workers(on):
        on.gate.open.set()
        await on.say("m1")
        await until_parked(on)
        decisions = on.shared.decisions

        async def refusal(user: str, call: str, decision: Any, parameters: Any, frame: str) -> str:
            with pytest.raises(TripSageError) as refused:
                await decisions.decide(user, order(call, decision, parameters, frame))
            return refused.value.code

        assert await refusal("mallory", HOLD, "approve", None, "d1") == "NOT_FOUND"
        assert await refusal(USER, "m1.call.other", "approve", None, "d1") == "NOT_FOUND"
        assert await refusal(USER, HOLD, "change", None, "d1") == "VALIDATION_ERROR"
        assert await refusal(USER, HOLD, "approve", {"number": 2}, "d1") == "VALIDATION_ERROR"
        await decide(on, "approve", "d1")
        assert await refusal(USER, HOLD, "reject", None, "d1") == "CONFLICT"
        assert await refusal(USER, HOLD, "approve", None, "d2") == "CONFLICT"
        await answer(on)


async def test_a_turn_that_waits_is_cancelled_at_once_and_its_call_is_over(valkey_url: str) -> None:
    async with stage(valkey_url, Booking()) as on, workers(on):
        await on.say("m1")
        await until_parked(on)
        await on.shared.chat.cancel(USER, SESSION, None, "f1")
        await on.until_over("m1")
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        with pytest.raises(TripSageError) as refused:
            await decide(on, "approve")
        assert refused.value.code == "CONFLICT"
        assert on.gate.calls == []


@pytest.mark.parametrize(("when_busy", "first"), [("interrupt", "cancelled"), ("enqueue", "stop")])
async def test_a_second_message_while_a_turn_waits(valkey_url: str, when_busy: str, first: str) -> None:
    async with stage(valkey_url, Booking()) as on, workers(on):
        on.gate.open.set()
        await on.say("m1")
        await until_parked(on)
        await on.say("m2", when_busy=when_busy)
        if when_busy == "enqueue":
            assert await on.shared.queue.depth(TURN_QUEUE) == Depth(0, 0, 0)
            await decide(on, "approve")
        await on.until(
            lambda event: (
                isinstance(event, e.ToolCallApprovalRequired) and event.tool_call_id == "m2.call.hold"
            )
        )
        complete = [event for event in await on.events() if isinstance(event, e.ChatMessageComplete)]
        assert [event.finish_reason for event in complete] == [first]


async def test_the_sweep_leaves_a_turn_that_waits_alone_and_finds_its_decision(valkey_url: str) -> None:
    async with stage(valkey_url, Booking()) as on:
        async with workers(on):
            await on.say("m1")
            await until_parked(on)
        assert await on.shared.chat.recover(older_than=-1) == 0
        assert await on.shared.redis.exists(PENDING_TURNS) == 0
        await decide(on, "reject")
        await on.shared.redis.execute_command("DEL", TURN_QUEUE, "arq:job:s1:m1")
        assert await on.shared.chat.recover(older_than=-1) == 1
        async with workers(on):
            assert await answer(on) == "One moment. It is cancelled."


async def test_waiting_wears_no_attempt_out(valkey_url: str) -> None:
    async with stage(valkey_url, Booking()) as on, workers(on):
        on.gate.open.set()
        await on.say("m1")
        for number in range(12):
            await until_parked(on)
            await decide(on, "change", f"d{number}", number="wrong")
            asked = f"{HOLD}.approval.{number + 2}"
            await on.until(lambda event, asked=asked: event.id == asked)
        await until_parked(on)
        await decide(on, "approve", "last")
        assert await answer(on) == "One moment. It is complete."
        assert ("recoveries",) not in await on.shared.counters.read()


async def test_a_booking_whose_worker_dies_in_the_middle_is_not_made_again(valkey_url: str) -> None:
    async with stage(valkey_url, Booking()) as on, workers(on, ["agents"]):
        await on.say("m1")
        await until_parked(on)
        await decide(on, "approve")
        await on.until(lambda event: isinstance(event, e.ToolCallStart))
        dying = asyncio.create_task(run_tool_call(on.tool, booking_job()))
        await on.gate.started.wait()
        dying.cancel()
        await asyncio.wait([dying])
        on.gate.open.set()
        await run_tool_call(on.tool, booking_job())
        assert await answer(on) == "One moment. It is error."
        errors = [event.error for event in await on.turn_events("m1") if isinstance(event, e.ToolCallError)]
        assert [(error.code, error.retryable) for error in errors] == [("OUTCOME_UNKNOWN", False)]
        assert on.gate.calls == ["booked 1"]


async def test_a_booking_that_is_stopped_in_the_middle_says_that_nobody_knows(valkey_url: str) -> None:
    async with stage(valkey_url, Booking()) as on, workers(on):
        await on.say("m1")
        await until_parked(on)
        await decide(on, "approve")
        await on.gate.started.wait()
        await on.shared.chat.cancel(USER, SESSION, None, "f1")
        await on.until_over("m1")
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        codes = [event.error.code for event in turn if isinstance(event, e.ToolCallError)]
        assert codes == ["OUTCOME_UNKNOWN"]


async def test_a_turn_that_crashes_at_any_moment_of_waiting_asks_once(valkey_url: str) -> None:
    """Attempts after each other, each of which finds the turn as the one before left it."""
    async with stage(valkey_url, Booking()) as on, workers(on, ["tools"]):
        on.gate.open.set()
        await on.say("m1")
        for _ in range(3):
            await run_turn(on.agent, M1)
        await decide(on, "approve")
        for _ in range(3):
            await run_turn(on.agent, M1)
        assert await answer(on) == "One moment. It is complete."
        assert on.gate.calls == ["booked 1"]


def booking_job() -> ToolJob:
    return ToolJob(
        session_id=SESSION,
        turn_id="m1",
        task_id="m1.flights",
        tool_call_id=HOLD,
        call_key="hold",
        tool_name="booked",
        arguments={"number": 1},
        today="2026-11-22",
    )
