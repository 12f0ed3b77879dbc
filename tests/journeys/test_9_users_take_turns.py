"""One user sends fifty messages; another one's single message does not wait for them."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import pytest

from app.client.client import Client
from app.contract import events as e
from tests.support.system import LISBON, System

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

SESSIONS = 25
EACH = 2


async def test_fifty_messages_of_one_user_do_not_keep_another_waiting(
    make_system: Callable[..., System],
) -> None:
    system = make_system(TRIPSAGE_AGENT_JOBS="1")
    await system.start()
    await system.tell_sandbox("hold", {"provider": "duffel"})
    async with system.client("alice") as alice:
        created = [(await alice.post("/api/sessions", json={})).json() for _ in range(SESSIONS)]
        sessions = [each["session_id"] for each in created]
        for session in sessions * EACH:
            said = await alice.post(f"/api/sessions/{session}/messages", json={"content": LISBON})
            said.raise_for_status()
    async with Client(system.url, token=system.token("bob"), patience=30) as bob:
        asked = await bob.say("How much is 200 USD in EUR?")
        await system.tell_sandbox("release", {})
        async with asyncio.timeout(60):
            events = [event async for event in asked.events()]
    began = next(event.timestamp for event in events if isinstance(event, e.AgentStatusUpdate))
    earlier = [begun for session in sessions for begun in await _begun(system, session) if begun < began]
    assert len(earlier) == 1, "alice's first turn had the only slot when bob came"


async def _begun(system: System, session: str) -> list[datetime]:
    """When the turns of a session of alice's began."""
    page = await system.get(f"/api/sessions/{session}/events?after=0&limit=1000")
    firsts = (frame for frame in page["events"] if frame["id"].endswith(".status.1"))
    return [datetime.fromisoformat(frame["timestamp"]) for frame in firsts]
