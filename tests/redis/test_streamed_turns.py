"""Turns whose text is streamed: shown as it comes, crashed at every write, withdrawn, stopped in the middle."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from app.contract import events as e
from app.contract.jobs import TurnJob
from app.contract.turn import TurnResult
from tests.support.crashing import Crash, CrashingJournal, CrashingLog
from tests.support.replayed import replayed
from tests.support.stage import SESSION, USER, Stage, stage, workers
from tests.support.turn_rules import check_turn
from workers import ops
from workers.agent.model import BeginAgain, Call, Step, Task, TaskEnd, Told, View
from workers.agent.runner import run_turn

M1 = TurnJob(session_id=SESSION, turn_id="m1")
WHOLE = "Let me look. Take a coat, and a hat."


class Talker:
    """Streams a sentence with a call, then one that it withdraws, then the answer; it names its attempt.

    Between two pieces it waits until it is let (`wait`), so that no two of them become one.
    """

    def __init__(self, tool: str = "echo") -> None:
        self.tool = tool
        self.held = asyncio.Event()
        self.let = asyncio.Event()
        self.let.set()
        self.stopped = False

    async def next(self, view: View) -> AsyncGenerator[Told, None]:
        if not view.steps:
            for piece in ("Let me ", "look. "):
                yield piece
                await self.pause()
            call = Call(key="c0", task="t", tool=self.tool, arguments={"number": 0})
            task = Task(key="t", name="Weather", description="Look at the sky")
            yield Step(tasks=(task,), say="Let me look. ", calls=(call,))
            return
        for piece in ("Take your ", "skis"):
            yield piece
            await self.pause()
        yield BeginAgain()
        for piece in ("Take ", "a coat, "):
            yield piece
            await self.pause()
        end = (TaskEnd(key="t"),)
        yield Step(say="Take a coat, and a hat.", ended=end, result=TurnResult(outcome="answer"))

    async def pause(self) -> None:
        self.held.set()
        try:
            await self.let.wait()
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.stopped = True
            raise


def answer_of(turn: list[e.ServerEvent]) -> e.ChatMessageComplete:
    (complete,) = [event for event in turn if isinstance(event, e.ChatMessageComplete)]
    return complete


def chunks_of(turn: list[e.ServerEvent]) -> list[e.ChatMessageChunk]:
    return [event for event in turn if isinstance(event, e.ChatMessageChunk)]


async def test_text_is_shown_before_its_step_is_decided_on(valkey_url: str) -> None:
    planner = Talker()
    planner.let.clear()
    async with stage(valkey_url, planner) as on, workers(on):
        await on.say("m1")
        chunk = await on.until(lambda event: isinstance(event, e.ChatMessageChunk))
        assert isinstance(chunk, e.ChatMessageChunk)
        assert (chunk.chunk, chunk.replaces) == ("Let me ", e.UNSET)
        planner.let.set()
        await on.until_over("m1")
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        assert answer_of(turn).full_content == WHOLE
        code, said = await replayed(on)
        assert code == ops.SAME, said


async def test_what_is_withdrawn_is_replaced_by_what_stands(valkey_url: str) -> None:
    async with stage(valkey_url, Talker()) as on, workers(on):
        await on.say("m1")
        await on.until_over("m1")
        turn = await on.turn_events("m1")
        withdrawn = [chunk.chunk for chunk in chunks_of(turn) if chunk.message_id == "m1.answer"]
        stands = [chunk for chunk in chunks_of(turn) if chunk.message_id != "m1.answer"]
        assert "".join(withdrawn) == "Let me look. Take your skis"
        assert "".join(chunk.chunk for chunk in stands) == WHOLE
        assert {chunk.replaces for chunk in stands} == {"m1.answer"}
        assert answer_of(turn).message_id == "m1.answer.2"
        snapshot = await on.shared.sessions.snapshot(SESSION)
        assert [e.decode_event(frame).id for frame in snapshot.messages] == ["m1", "m1.answer.2"]


async def crashed_and_over(on: Stage, crashing: dict[str, object]) -> bool:
    """Whether the first attempt crashed; the turn is over by then."""
    await on.shared.redis.execute_command("FLUSHALL")
    await on.shared.sessions.open(SESSION, USER)
    await on.say("m1")
    try:
        await run_turn(on.with_parts(**crashing), M1)
    except Crash:
        await run_turn(on.agent, M1)
        return True
    return False


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("part", ["log", "journal"])
async def test_a_streamed_turn_that_crashes_at_any_write_ends_once(
    valkey_url: str, part: str, after: bool
) -> None:
    async with stage(valkey_url, Talker()) as on, workers(on, ["tools"]):
        for at in range(1, 40):
            crashing: dict[str, object] = (
                {"log": CrashingLog(on.shared.log, at, after=after)}
                if part == "log"
                else {"redis": CrashingJournal(on.shared.redis, at, after=after)}
            )
            if not await crashed_and_over(on, crashing):
                assert at > (18 if part == "log" else 5), "the crash comes in the middle of the turn"
                return
            assert on.gate.calls == ["echo 0"]
            on.gate.calls.clear()
            turn = await on.turn_events("m1")
            check_turn(turn, "m1")
            assert answer_of(turn).full_content == WHOLE, f"crash at {part} {at}"
            code, said = await replayed(on)
            assert code == ops.SAME, said
    pytest.fail("a turn has fewer writes than that")


async def test_a_later_attempt_takes_back_what_it_does_not_know_the_end_of(valkey_url: str) -> None:
    async with stage(valkey_url, Talker()) as on, workers(on, ["tools"]):
        await on.say("m1")
        crashing = CrashingJournal(
            on.shared.redis, 2, after=False
        )  # with the text out, the step not yet decided
        with pytest.raises(Crash):
            await run_turn(on.with_parts(redis=crashing), M1)
        assert [chunk.chunk for chunk in chunks_of(await on.turn_events("m1"))] == ["Let me ", "look. "]
        await run_turn(on.agent, M1)
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        begun = {chunk.message_id: chunk.replaces for chunk in chunks_of(turn)}
        assert begun == {"m1.answer": e.UNSET, "m1.answer.2": "m1.answer", "m1.answer.3": "m1.answer.2"}
        assert answer_of(turn).full_content == WHOLE


async def test_cancelled_in_the_middle_of_its_text_it_keeps_it(valkey_url: str) -> None:
    planner = Talker()
    planner.let.clear()
    async with stage(valkey_url, planner) as on, workers(on):
        await on.say("m1")
        await on.until(lambda event: isinstance(event, e.ChatMessageChunk))
        await on.shared.chat.cancel(USER, SESSION, None, "f1")
        await on.until_over("m1")
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        assert (answer_of(turn).full_content, answer_of(turn).finish_reason) == ("Let me ", "cancelled")
        assert planner.stopped
        assert (await replayed(on))[0] == ops.SAME
        planner.let.set()
        await on.say("m2")
        await on.until_over("m2")
        check_turn(await on.turn_events("m2"), "m2")
        snapshot = await on.shared.sessions.snapshot(SESSION)
        said = [e.decode_event(frame) for frame in snapshot.messages]
        assert [each.content for each in said if isinstance(each, e.ChatMessage)] == [
            "hello",
            "Let me ",
            "hello",
            WHOLE,
        ]


async def test_cancelled_while_no_worker_lives_it_takes_back_what_nobody_knows_the_end_of(
    valkey_url: str,
) -> None:
    async with stage(valkey_url, Talker()) as on:
        await on.say("m1")
        with pytest.raises(Crash):
            await run_turn(on.with_parts(redis=CrashingJournal(on.shared.redis, 2, after=False)), M1)
        await on.shared.chat.cancel(USER, SESSION, "m1", "f1")
        await run_turn(on.agent, M1)
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        assert answer_of(turn).finish_reason == "cancelled"


async def test_a_planner_that_ends_without_a_step_ends_the_turn_with_a_sentence(valkey_url: str) -> None:
    class Mumbler:
        async def next(self, view: View) -> AsyncGenerator[Told, None]:
            yield "Well, "

    async with stage(valkey_url, Mumbler()) as on, workers(on):
        await on.say("m1")
        await on.until_over("m1")
        turn = await on.turn_events("m1")
        check_turn(turn, "m1")
        assert answer_of(turn).finish_reason == "error"
        assert answer_of(turn).full_content.startswith("Well, \n\nSomething went wrong")
