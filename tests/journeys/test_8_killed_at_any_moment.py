"""kill -9 of any process at 50 seeded moments of a turn: it ends with the same result as without."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest

from app.client.client import Client
from app.contract import events as e
from tests.support.system import LISBON, System
from tests.support.turn_rules import check_turn
from tests.support.waiting import waiting_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

MOMENTS = 10
SEEDS = range(5)
"""As many systems, each killed at so many moments."""
VICTIMS = ("agents", "tools", "gateway", "valkey")


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_turn_ends_the_same_whatever_is_killed_whenever(
    make_system: Callable[..., System], seed: int
) -> None:
    system = make_system()
    await system.start()
    whole = await turn(system)
    rng = random.Random(seed)
    for number in range(MOMENTS):
        victim, moment = rng.choice(VICTIMS), rng.randrange(1, whole.count)
        ended = await turn(system, victim, moment)
        told = f"moment {number}: {victim} killed after event {moment} of {whole.count}"
        assert ended.result == whole.result, told
        if not ended.attempted_again:
            assert ended.calls == whole.calls, told
        if victim in ("agents", "gateway"):
            assert not ended.attempted_again, told


class Ended:
    """`result` is what of a turn's result has to be the same, `calls` how many reached the travel APIs.

    `attempted_again` are the tool calls whose worker was gone before they had ended.
    """

    def __init__(self, events: list[e.ServerEvent], result: Any, calls: int) -> None:
        self.count = len(events)
        self.result = result
        self.calls = calls
        self.attempted_again = [
            event.tool_call_id
            for event in events
            if isinstance(event, e.ToolCallProgress) and event.message.startswith("Interrupted")
        ]


async def turn(system: System, victim: str = "", moment: int = 0) -> Ended:
    """One turn in a session of its own; the victim dies when the client has seen so many events."""
    await system.tell_sandbox("reset")
    async with Client(system.url, token=system.token(), patience=30) as client:
        asked = await client.say(LISBON)
        events: list[e.ServerEvent] = []
        async with waiting_for("the end of the turn", lambda: f"{events[-3:]}\n{system.output[-3000:]}"):
            async for event in asked.events():
                events.append(event)
                if len(events) == moment:
                    system.kill(victim)
        own = [event for event in events if event.id != asked.id]
        check_turn(own, asked.id)
        failed = [(event.tool_name, event.error) for event in own if isinstance(event, e.ToolCallError)]
        assert not failed, f"{victim} killed after event {moment}"
        await until_everything_runs(system)
        page = await system.get(f"/api/sessions/{client.session_id}/events?after=0&limit=1000")
        stored = [frame["id"] for frame in page["events"]]
        assert stored == [event.id for event in events], "the client saw the stream, each event once"
        result = await system.get(f"/api/sessions/{client.session_id}/turns/{asked.id}")
    kept = {
        "outcome": result["outcome"],
        "text": result["response"]["text"],
        "days": result["plan"]["days"],
        "cost": result["plan"]["cost"],
        "calls": sorted(
            (call["name"], str(call["parameters"]), call["status"]) for call in result["tool_calls"]
        ),
    }
    async with system.sandbox() as sandbox:
        journal = (await sandbox.get("/__admin/requests")).json()
    return Ended(events, kept, len(journal))


async def until_everything_runs(system: System) -> None:
    await system.until_ready()
    for part in VICTIMS:
        async with waiting_for(part, lambda: system.output[-3000:]):
            while not runs(system, part):
                await asyncio.sleep(0.02)


def runs(system: System, part: str) -> bool:
    try:
        return bool(system.pid(part))
    except LookupError:
        return False
