"""Any process is killed in the middle of a turn. The turn ends all the same, once, by the rules."""

import asyncio
import signal
from collections.abc import Callable

import pytest

from app.client.client import Client
from app.client.notices import Notice
from tests.journeys.test_1_a_first_trip import events_of
from tests.support.system import LISBON, System
from tests.support.turn_rules import check_turn
from tests.support.waiting import waiting_for
from tests.support.wire import Wire, open_wire

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("victim", ["agents", "tools"])
async def test_a_killed_worker_delays_the_turn_and_changes_nothing_else(
    make_system: Callable[..., System], victim: str
) -> None:
    system = make_system()
    await system.start()
    await system.tell_sandbox("hold", {"provider": "duffel"})
    async with await open_wire(system.url) as wire:
        session = (await wire.authenticate(system.token()))["session_id"]
        turn = await wire.send("chat_message", session_id=session, content=LISBON)
        await _until_the_sandbox_holds(system)
        system.kill(victim)
        await system.tell_sandbox("release", {})
        await wire.until_turn_over(turn)
        await _nothing_more_comes(wire)
    check_turn(events_of(wire.seen, turn), turn)
    result = await system.get(f"/api/sessions/{session}/turns/{turn}")
    assert result["outcome"] == "plan"
    completed = [frame["tool_call_id"] for frame in wire.seen if frame["type"] == "tool_call_complete"]
    assert len(completed) == len(set(completed))
    if victim == "tools":
        notes = [frame["message"] for frame in wire.seen if frame["type"] == "tool_call_progress"]
        assert any("attempt 2" in note for note in notes)


async def test_valkey_killed_and_started_again_in_the_middle_of_a_turn(
    make_system: Callable[..., System],
) -> None:
    system = make_system()
    await system.start()
    await system.tell_sandbox("hold", {"provider": "duffel"})
    async with Client(system.url, token=system.token()) as client:
        turn = await client.say(LISBON)
        await _until_the_sandbox_holds(system)
        system.kill("valkey")
        await system.tell_sandbox("release", {})
        events = [event async for event in turn.events()]
    check_turn([event for event in events if event.id != turn.id], turn.id)
    page = await system.get(f"/api/sessions/{client.session_id}/events?after=0&limit=1000")
    assert [event["seq"] for event in page["events"]] == list(range(1, len(page["events"]) + 1))
    check_turn(events_of(page["events"], turn.id), turn.id)


async def test_a_killed_gateway_is_started_again_and_clients_resume(
    make_system: Callable[..., System],
) -> None:
    system = make_system()
    await system.start()
    await system.tell_sandbox("hold", {"provider": "duffel"})
    notices: list[Notice] = []
    async with Client(system.url, token=system.token(), on_notice=notices.append) as client:
        turn = await client.say(LISBON)
        await _until_the_sandbox_holds(system)
        system.kill("gateway")
        await system.until_ready()
        await system.tell_sandbox("release", {})
        events = [event async for event in turn.events()]
    assert notices, "the client says that it lost and found the server"
    check_turn([event for event in events if event.id != turn.id], turn.id)


async def test_everything_survives_a_restart(make_system: Callable[..., System]) -> None:
    system = make_system()
    await system.start()
    await system.tell_sandbox("hold", {"provider": "duffel"})
    async with await open_wire(system.url) as wire:
        established = await wire.authenticate(system.token())
        session, epoch = established["session_id"], established["streams"][0]["epoch"]
        turn = await wire.send("chat_message", session_id=session, content=LISBON)
        await _until_the_sandbox_holds(system)
        stopping = asyncio.create_task(system.stop(signal.SIGTERM))
        assert await wire.close_code() == 4012
        assert await stopping == 0
    await system.start()
    async with await open_wire(system.url) as again:
        cursor = {"stream": f"session:{session}", "after": 0, "epoch": epoch}
        await again.authenticate(system.token(), session, streams=[cursor])
        await again.until_turn_over(turn)
    check_turn(events_of(again.seen, turn), turn)
    assert (await system.get(f"/api/sessions/{session}/turns/{turn}"))["outcome"] == "plan"


async def _until_the_sandbox_holds(system: System) -> None:
    """Until a call of the turn waits in the sandbox: the turn is in its middle."""
    async with waiting_for("a call in the sandbox"), system.sandbox() as sandbox:
        while not (await sandbox.get("/__admin/state")).json()["held"]:
            await asyncio.sleep(0.01)


async def _nothing_more_comes(wire: Wire) -> None:
    """Long enough for what a second attempt would send: a round trip over the same connection."""
    marker = await wire.send("connection_heartbeat", sequence=4711)
    assert marker
    await wire.until(lambda frame: frame.get("sequence") == 4711)
