"""A supplier is slow, then down, then back: what a user is told, and what an operator sees in `/metrics`."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.test_1_a_first_trip import events_of
from tests.support.system import LISBON, System
from tests.support.turn_rules import check_turn
from tests.support.wire import Frame, open_wire

PAGE = (Path(__file__).parents[2] / "docs" / "mock-travel-apis.md").read_text(encoding="utf-8")
SCENARIO = PAGE.split("```yaml\n# outage.yaml\n")[1].split("```")[0]
HOUR = {"advance": 3600}
CLOSED, OPEN = 0, 2


@pytest.mark.slow
async def test_slow_then_down_then_back(make_system: Callable[..., System]) -> None:
    system = make_system()
    await system.start()
    async with system.sandbox() as sandbox:
        (await sandbox.post("/__admin/scenario", content=SCENARIO)).raise_for_status()

    # Slow, and one call is lost: it is made again, which is said, and the plan comes all the same.
    result, frames = await _turn(system)
    notes = [frame["message"] for frame in frames if frame["type"] == "tool_call_progress"]
    assert any("Duffel answered 503; trying again" in note for note in notes)
    assert result["outcome"] == "plan"
    assert await _metric(system, "tripsage_provider_breaker_changes_total", state="open") == 0

    # Down: what failed is named and may be tried again later, and no flight is made up.
    await system.tell_sandbox("clock", HOUR)
    result, frames = await _turn(system)
    errors = [frame["error"] for frame in frames if frame["type"] == "tool_call_error"]
    assert {(error["code"], error["retryable"]) for error in errors} == {("EXTERNAL_API_ERROR", True)}
    assert {error["details"]["provider"] for error in errors} == {"Duffel"}
    assert result["plan"] is None
    answer = next(frame["full_content"] for frame in frames if frame["type"] == "chat_message_complete")
    assert "The flight search failed: Duffel" in answer
    assert "€" not in answer.split("failed")[1]
    assert await _metric(system, "tripsage_provider_breaker") == OPEN

    # Back: once the pause is over that the errors named, one call is the trial, and it closes the breaker.
    await system.tell_sandbox("clock", HOUR)
    await asyncio.sleep(max(error["details"].get("retry_after", 0) for error in errors))
    result, _ = await _turn(system)
    assert result["outcome"] == "plan"
    assert await _metric(system, "tripsage_provider_breaker") == CLOSED
    assert await _metric(system, "tripsage_provider_breaker_changes_total", state="closed") == 1


async def _turn(system: System) -> tuple[Any, list[Frame]]:
    """A turn in a session of its own: its result and all that was seen of it."""
    async with await open_wire(system.url) as wire:
        session = (await wire.authenticate(system.token()))["session_id"]
        turn = await wire.send("chat_message", session_id=session, content=LISBON)
        await wire.until_turn_over(turn)
    check_turn(events_of(wire.seen, turn), turn)
    return await system.get(f"/api/sessions/{session}/turns/{turn}"), wire.seen


async def _metric(system: System, name: str, **labels: str) -> float:
    """A value of Duffel's that any gateway shows; 0 for what never happened."""
    async with system.client() as client:
        text = (await client.get("/metrics")).text
    wanted = ",".join(f'{key}="{value}"' for key, value in {"provider": "Duffel", **labels}.items())
    found = re.search(rf"^{name}{{{wanted}}} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0
