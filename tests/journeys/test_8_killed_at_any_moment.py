"""kill -9 of any process at 50 seeded moments of a turn: it ends with the same result as without."""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from app.contract import events as e
from app.contract.codec import encode
from tests.support.provider_requests import RequestCounts, requests_of_call, requests_of_journal
from tests.support.raw_session import RawSession
from tests.support.system import LISBON, System
from tests.support.turn_rules import check_turn
from tests.support.waiting import waiting_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

MOMENTS = 10
SEEDS = range(5)
"""As many systems, each killed at so many moments while a turn runs."""
MOST_TOO_LATE = 10
"""So many kills of a system may come when the turn has just ended; they do not count as moments."""
VICTIMS = ("agents", "tools", "gateway", "valkey")
"""Every process but the sandbox, which stands for the APIs of others, and the one that starts them."""


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_turn_ends_the_same_whatever_is_killed_whenever(
    make_system: Callable[..., System], seed: int
) -> None:
    system = make_system()
    await system.start()
    whole = await turn(system, "whole")
    requests = {key: await requests_of_call(*call) for key, call in whole.calls.items()}
    once = together(requests, dict.fromkeys(requests, 1))
    assert whole.requests == once, "what the calls alone would make"
    rng = random.Random(seed)
    victims = list(itertools.islice(itertools.cycle(VICTIMS), MOMENTS))
    rng.shuffle(victims)
    too_late = 0
    while victims:
        victim, moment = victims[0], rng.randrange(1, len(whole.events))
        ended = await turn(system, f"turn-{len(victims)}-{too_late}", victim, moment)
        told = f"{victim} killed after event {moment} of {len(whole.events)}"
        assert ended.result == whole.result, told
        assert ended.calls == whole.calls, told
        if victim in ("agents", "gateway"):
            assert set(ended.attempts.values()) == {1}, told
        assert once <= ended.requests <= together(requests, ended.attempts), told
        if ended.was_running:
            victims.pop(0)
        else:
            too_late += 1
    assert too_late <= MOST_TOO_LATE


@dataclass
class Ended:
    """A turn that was over; `result` is what of it has to be the same."""

    events: list[e.ServerEvent]
    result: Any
    calls: dict[str, tuple[str, dict[str, Any]]]
    """Tool and parameters of each call."""
    requests: RequestCounts
    """Those that the travel APIs had."""
    was_running: bool
    """Something of the turn happened after the victim was dead."""

    @property
    def attempts(self) -> dict[str, int]:
        """How often each call was attempted: its reports are numbered within the attempt that makes them."""
        attempts = dict.fromkeys(self.calls, 1)
        for event in self.events:
            if isinstance(event, e.ToolCallProgress):
                call_id = str(event.tool_call_id)
                attempt, _ = event.id.removeprefix(f"{call_id}.").split(".")
                attempts[call_key(event)] = max(attempts[call_key(event)], int(attempt))
        return attempts


def together(requests: dict[str, RequestCounts], attempts: dict[str, int]) -> RequestCounts:
    """The requests of so many attempts at each call, all of them made to their end."""
    made: RequestCounts = Counter()
    for call, counted in requests.items():
        made.update({request: count * attempts[call] for request, count in counted.items()})
    return made


async def turn(system: System, session_id: str, victim: str = "", moment: int = 0) -> Ended:
    """One turn in a session of its own; the victim dies when so many events have come over the wire."""
    await system.tell_sandbox("reset")
    session = RawSession(system.url, system.token(), session_id)
    turn_id = f"{session_id}-asked"
    events: list[e.ServerEvent] = []
    died_at = datetime.max.replace(tzinfo=UTC)
    async with waiting_for("the end of the turn", lambda: f"{events[-3:]}\n{system.output[-3000:]}"):
        async for frame in session.turn(turn_id, LISBON):
            events.append(e.decode_event(encode(frame)))
            if len(events) == moment:
                system.kill(victim)
                died_at = datetime.now(UTC)
    assert session.seqs == list(range(1, len(events) + 1)), "each event once over the wire, in order"
    own = [event for event in events if event.id != turn_id]
    check_turn(own, turn_id)
    failed = [(event.tool_name, event.error) for event in own if isinstance(event, e.ToolCallError)]
    assert not failed, f"{victim} killed after event {moment}"
    await until_everything_runs(system)
    page = await system.get(f"/api/sessions/{session_id}/events?after=0&limit=1000")
    assert [frame["id"] for frame in page["events"]] == [event.id for event in events]
    result = await system.get(f"/api/sessions/{session_id}/turns/{turn_id}")
    async with system.sandbox() as sandbox:
        journal = (await sandbox.get("/__admin/requests")).json()
    return Ended(
        events=events,
        result=what_must_be_the_same(result),
        calls={
            call_key(event): (event.tool_name, event.parameters)
            for event in own
            if isinstance(event, e.ToolCallStart)
        },
        requests=requests_of_journal(journal),
        was_running=own[-1].timestamp > died_at,
    )


def call_key(event: e.ToolCallStart | e.ToolCallProgress) -> str:
    """The call's id without that of its turn."""
    return str(event.tool_call_id).removeprefix(f"{event.turn_id}.")


def what_must_be_the_same(result: Any) -> Any:
    return {
        "outcome": result["outcome"],
        "text": result["response"]["text"],
        "days": result["plan"]["days"],
        "cost": result["plan"]["cost"],
        "calls": sorted(
            (call["name"], str(call["parameters"]), call["status"]) for call in result["tool_calls"]
        ),
    }


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
