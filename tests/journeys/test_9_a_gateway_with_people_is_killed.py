"""A gateway with people on a trip is killed: at the other gateway they are gone after a while, once."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.ports import free_port
from tests.support.system import System, until_answers
from tests.support.wire import Wire, open_wire

pytestmark = pytest.mark.slow

LEAVE = "trip_collaboration_leave"


async def test_a_killed_gateway_leaves_no_ghosts(make_system: Callable[..., System]) -> None:
    system = make_system(TRIPSAGE_PRESENCE_SECONDS="3")
    await system.start()
    port = free_port()
    environ = {**system.environ, "TRIPSAGE_PORT": str(port)}
    other = subprocess.Popen([sys.executable, "-m", "app.cli", "gateway"], env=environ)  # noqa: ASYNC220
    try:
        url = f"http://127.0.0.1:{port}"
        await until_answers(f"{url}/readyz")
        await _share(system)
        async with await _joined(system, system.url, "alice") as alice:
            async with await _joined(system, url, "bob") as bob, await _joined(system, url, "bob"):
                await bob.send("trip_field_editing_start", trip_id="t1", field_name="notes", field_value="He")
                await alice.until(lambda frame: _people(frame).get("bob", {}).get("current_field") == "notes")
                other.kill()
                left = await alice.until_type(LEAVE)
                assert (left["user_id"], left["reason"]) == ("bob", "user_disconnected")
                await alice.until(lambda frame: set(_people(frame)) == {"alice"})
        stops = [frame["field_name"] for frame in alice.seen if frame["type"] == "trip_field_editing_stop"]
        assert stops == ["notes"]
        page = await system.get("/api/trips/t1/events?after=0&limit=100")
        left = [event["user_id"] for event in page["events"] if event["type"] == LEAVE]
        assert left.count("bob") == 1
    finally:
        other.kill()
        other.wait()


def _people(frame: dict[str, Any]) -> dict[str, Any]:
    return {person["user_id"]: person for person in frame.get("collaborators", [])}


async def _joined(system: System, url: str, user: str) -> Wire:
    wire = await open_wire(url)
    await wire.authenticate(system.token(user))
    await wire.send("trip_collaboration_join", trip_id="t1")
    await wire.until_type("stream_subscribed")
    return wire


async def _share(system: System) -> None:
    async with system.client() as client:
        (await client.post("/api/trips/t1", json={"name": "Spring"})).raise_for_status()
        order = {"user_id": "bob", "permissions": ["read", "write"]}
        (await client.post("/api/trips/t1/collaborators", json=order)).raise_for_status()
