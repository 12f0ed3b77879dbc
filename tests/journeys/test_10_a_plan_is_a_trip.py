"""A plan is a trip that people edit; the next message changes it while they look on, and leaves what they wrote."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, STDOUT
from typing import Any

from icalendar import Calendar

from tests.support.system import LISBON, System
from tests.support.wire import Wire, open_wire


async def planned(system: System, wire: Wire, session: str, content: str) -> dict[str, Any]:
    turn = await wire.send("chat_message", session_id=session, content=content)
    await wire.until_turn_over(turn)
    return await system.get(f"/api/sessions/{session}/turns/{turn}")


async def test_a_plan_is_a_trip(system: System) -> None:
    async with await open_wire(system.url) as chat, await open_wire(system.url) as editor:
        session = (await chat.authenticate(system.token()))["session_id"]
        plan = (await planned(system, chat, session, LISBON))["plan"]
        trip_id = plan["trip_id"]

        trip = await system.get(f"/api/trips/{trip_id}")
        assert (trip["name"], trip["travellers"], trip["budget"]) == ("Lisbon", 2, 1500)
        assert [trip["start_date"], trip["end_date"]] == plan["date_range"]
        assert plan["legs"][0]["source_offer_id"] in trip["offers"]
        assert [day["date"] for day in trip["days"]] == [day["date"] for day in plan["days"]]

        await editor.authenticate(system.token())
        await editor.send("trip_collaboration_join", trip_id=trip_id)
        await editor.until_type("trip_update_broadcast")
        async with system.client() as client:
            changed = await client.patch(f"/api/trips/{trip_id}", json={"name": "Spring", "end_date": None})
        assert changed.status_code == 200, changed.text

        longer = await planned(system, chat, session, "a day longer")
        seen = await editor.until(
            lambda frame: frame["type"] == "trip_update_broadcast" and frame["updated_by"] == "agent:planner"
        )
        assert longer["plan"]["trip_id"] == trip_id
        assert longer["plan"]["nights"] == plan["nights"] + 1
        assert len(seen["full_trip_data"]["days"]) == len(plan["days"]) + 1
        assert (seen["full_trip_data"]["name"], seen["full_trip_data"]["end_date"]) == ("Spring", None)
        assert "end_date" in longer["warnings"][-1]


async def run(system: System, *words: str) -> tuple[int, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", "trip", *words, env=system.environ, stdout=PIPE, stderr=STDOUT
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output


async def test_a_trip_is_looked_back_on_and_taken_elsewhere_in_a_terminal(system: System) -> None:
    _, made = await run(system, "new", "Spring")
    trip = made.decode().strip()
    async with system.client() as client:
        for change in ({"budget": 3000}, {"budget": 3500}):
            assert (await client.patch(f"/api/trips/{trip}", json=change)).status_code == 200
    _, history = await run(system, "history", trip)
    for told in ("alice", "set budget to 3000", "set budget to 3500", "made the trip"):
        assert told in history.decode()
    code, said = await run(system, "undo", trip)
    assert (code, said) == (0, b"Taken back version 3: the trip is at version 4 now\n")
    code, said = await run(system, "undo", trip, "9")
    assert (code, said) == (1, b"tripsage: The trip has no version 9 yet.\n")
    assert "3,500 EUR" in (await run(system, "at", trip, "3"))[1].decode()
    _, copied = await run(system, "duplicate", trip, "--name", "Autumn")
    copy = copied.decode().strip()
    file = system.directory / "autumn.ics"
    assert await run(system, "export", copy, "--output", str(file)) == (0, b"")
    assert str(Calendar.from_ical(file.read_bytes())["X-WR-CALNAME"]) == "Autumn"
    exported = json.loads((await run(system, "export", copy, "--as", "json"))[1])
    assert (exported["name"], exported["budget"]) == ("Autumn", 3000)
