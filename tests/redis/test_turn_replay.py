"""Every turn can be made again from its journal, and a journal that tells another story is found out."""

import pytest

from app.contract import events as e
from app.contract.jobs import TurnJob
from app.streams.keys import SessionKeys
from tests.support.crashing import Crash, CrashingLog
from tests.support.replayed import replayed
from tests.support.stage import SESSION, USER, ScriptedPlanner, stage, workers
from workers import ops
from workers.agent.runner import run_turn

M1 = TurnJob(session_id=SESSION, turn_id="m1")


async def test_a_whole_turn_is_made_again_and_told(valkey_url: str) -> None:
    async with stage(valkey_url) as on, workers(on):
        await on.say("m1")
        await on.until_over("m1")
        code, said = await replayed(on)
        assert code == ops.SAME, said
        assert "the turn is ended. They are those on the stream." in said
        assert [line.split()[4] for line in said.splitlines() if "echo" in line] == ["echo"] * 3
        assert "agent thinking: Reading the request" in said
        assert all("━" in line for line in said.splitlines() if "echo" in line), "when each was is drawn"


@pytest.mark.parametrize("at", [3, 9, 14])
async def test_so_is_one_that_crashed(valkey_url: str, at: int) -> None:
    async with stage(valkey_url) as on, workers(on, ["tools"]):
        await on.say("m1")
        with pytest.raises(Crash):
            await run_turn(on.with_parts(log=CrashingLog(on.shared.log, at, after=True)), M1)
        await run_turn(on.agent, M1)
        code, said = await replayed(on)
        assert code == ops.SAME, said


async def test_so_is_one_that_was_cancelled(valkey_url: str) -> None:
    async with stage(valkey_url, ScriptedPlanner("held")) as on, workers(on):
        await on.say("m1")
        await on.until(lambda event: isinstance(event, e.ToolCallStart))
        await on.shared.chat.cancel(USER, SESSION, None, "f1")
        await on.until_over("m1")
        code, said = await replayed(on)
        assert code == ops.SAME, said


async def test_a_journal_that_is_not_the_turns_is_found_out(valkey_url: str) -> None:
    async with stage(valkey_url) as on, workers(on):
        for turn in ("m1", "m2"):
            await on.say(turn)
            await on.until_over(turn)
        keys = SessionKeys.of(SESSION)
        journal = keys.turn_journal("m1")
        entries = await on.shared.redis.lrange(journal, 0, -1)
        forged = entries[0].replace(b"First. ", b"Else. ")
        assert forged != entries[0]
        await on.shared.redis.execute_command("LSET", journal, 0, forged)
        code, said = await replayed(on)
        assert code == ops.DIFFERENT
        assert "made differently: m1.answer.chunk.1" in said
        await on.shared.redis.execute_command("DEL", journal)
        assert (await replayed(on))[0] == ops.NOT_FOUND
        assert (await replayed(on, "m2", SESSION))[0] == ops.SAME
        assert (await replayed(on, "m3"))[0] == ops.NOT_FOUND
