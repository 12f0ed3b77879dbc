"""A turn that is stopped after any of its writes ends, keeps what was done and said, and the next one goes on."""

import asyncio
from typing import Any

import pytest

from app.contract import events as e
from app.contract.jobs import TurnJob
from app.streams.keys import SessionKeys
from tests.redis.test_streamed_turns import Talker
from tests.support.replayed import replayed
from tests.support.stage import SESSION, USER, ScriptedPlanner, Stage, stage, workers
from tests.support.turn_rules import check_turn
from workers import ops
from workers.agent.runner import run_turn


class StoppingLog:
    """The real log; somebody stops the turn after its n-th append, and the turn has heard of it."""

    def __init__(self, on: Stage, at: int) -> None:
        self.appended: list[e.ServerEvent] = []
        self._on = on
        self._at = at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._on.shared.log, name)

    async def append(self, stream: str, event: e.ServerEvent, **named: Any) -> Any:
        appended = await self._on.shared.log.append(stream, event, **named)
        self.appended.append(event)
        if len(self.appended) == self._at:
            await self._stop()
        return appended

    async def _stop(self) -> None:
        heard, channel = asyncio.Event(), SessionKeys.of(SESSION).control

        def hear(message: bytes) -> None:
            heard.set()

        await self._on.shared.subscriber.subscribe(channel, hear)
        await self._on.shared.chat.cancel(USER, SESSION, None, "stop")
        await heard.wait()
        self._on.shared.subscriber.unsubscribe(channel, hear)


async def turn(on: Stage, stopped_at: int = 0) -> tuple[list[e.ServerEvent], e.ChatMessageComplete]:
    """What the agent itself wrote, and how the answer ended."""
    await on.shared.redis.execute_command("FLUSHALL")
    await on.shared.sessions.open(SESSION, USER)
    log = StoppingLog(on, stopped_at)
    await on.say("m1")
    await run_turn(on.with_parts(log=log), TurnJob(session_id=SESSION, turn_id="m1"))
    events = await on.turn_events("m1")
    check_turn(events, "m1")
    return log.appended, next(event for event in events if isinstance(event, e.ChatMessageComplete))


@pytest.mark.parametrize("planner", [ScriptedPlanner(), Talker()], ids=["at once", "streamed"])
async def test_it_ends_keeps_what_was_said_and_the_next_turn_goes_on(valkey_url: str, planner: Any) -> None:
    async with stage(valkey_url, planner) as on, workers(on, ["tools"]):
        written, whole = await turn(on)
        decided = next(n for n, event in enumerate(written) if isinstance(event, e.AgentTaskComplete))
        assert decided > 10, "there is something to stop before the last step is decided on"
        for at in range(1, len(written)):
            own, answer = await turn(on, at)
            said = _said(own[:at])
            if at <= decided:
                assert answer.finish_reason == "cancelled", f"stopped after write {at}"
                assert answer.full_content.startswith(said), f"stopped after write {at}"
            else:
                assert (answer.finish_reason, answer.full_content) == ("stop", whole.full_content)
            code, told = await replayed(on)
            assert code == ops.SAME, told
            await on.say("m2")
            await run_turn(on.agent, TurnJob(session_id=SESSION, turn_id="m2"))
            check_turn(await on.turn_events("m2"), "m2")
            snapshot = await on.shared.sessions.snapshot(SESSION)
            assert len(snapshot.messages) == 4, "the history is whole"


def _said(events: list[e.ServerEvent]) -> str:
    """The answer as it stood on the screen after these."""
    chunks = [event for event in events if isinstance(event, e.ChatMessageChunk)]
    return "".join(chunk.chunk for chunk in chunks if chunk.message_id == chunks[-1].message_id)
