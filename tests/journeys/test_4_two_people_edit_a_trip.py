"""Two people on one trip: both see every edit, a conflict is settled, and access ends when it is taken away."""

from typing import Any

from tests.support.system import System
from tests.support.wire import Frame, Wire, open_wire

TRIP = "two-people"
PATH = f"/api/trips/{TRIP}"


def update_of(field: str, value: Any) -> Any:
    def is_it(frame: Frame) -> bool:
        return frame["type"] == "trip_update_broadcast" and any(
            (change["field"], change["new_value"]) == (field, value) for change in frame["changes"]
        )

    return is_it


async def joined(system: System, wire: Wire, user: str) -> Frame:
    await wire.authenticate(system.token(user))
    await wire.send("trip_collaboration_join", trip_id=TRIP)
    return await wire.until_type("trip_update_broadcast")


async def test_two_people_edit_a_trip(system: System) -> None:
    async with (
        system.client("alice") as alice,
        system.client("bob") as bob,
        await open_wire(system.url) as alices,
        await open_wire(system.url) as bobs,
    ):
        made = await alice.post(PATH, json={"name": "Spring", "destinations": ["Paris"], "budget": 3000})
        assert made.status_code == 201, made.text
        assert (await bob.get(PATH)).status_code == 404
        order = {"user_id": "bob", "permissions": ["read", "write"]}
        assert (await alice.post(f"{PATH}/collaborators", json=order)).status_code == 201

        await joined(system, alices, "alice")
        snapshot = await joined(system, bobs, "bob")
        assert snapshot["full_trip_data"]["destinations"] == ["Paris"]
        await alices.until(lambda f: f["type"] == "trip_collaboration_join" and f["user_id"] == "bob")

        await bobs.send("trip_field_editing_start", trip_id=TRIP, field_name="budget", field_value=3000)
        assert (await alices.until_type("trip_field_editing_start"))["user_id"] == "bob"
        seen = snapshot["field_versions"]["budget"]
        assert (await alice.patch(PATH, json={"budget": 3500})).status_code == 200
        for wire in (alices, bobs):
            await wire.until(update_of("budget", 3500))

        stale = {"changes": [{"field": "budget", "value": 3200, "base_version": seen}]}
        refused = await bob.patch(PATH, json=stale)
        assert refused.status_code == 409
        conflict = await bobs.until_type("trip_conflict_detected")
        assert conflict["conflict_id"] == refused.json()["details"]["conflict_id"]
        settled = await bob.post(
            f"{PATH}/conflicts/{conflict['conflict_id']}/resolve",
            json={"strategy": "manual", "value": 3350, "base_version": conflict["current_version"]},
        )
        assert settled.status_code == 200
        for wire in (alices, bobs):
            await wire.until(update_of("budget", 3350))

        assert (await alice.delete(f"{PATH}/collaborators/bob")).status_code == 204
        assert (await bob.patch(PATH, json={"budget": 1})).status_code == 404
        lost = await bobs.until_type("trip_permission_change")
        assert (lost["user_id"], lost["new_permissions"]) == ("bob", [])

        log = (await alice.get(f"{PATH}/events")).json()["events"]
        assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
        budgets = [
            c["new_value"] for event in log for c in event.get("changes", []) if c["field"] == "budget"
        ]
        assert budgets == [3000, 3500, 3350]
