"""The guide's collaboration events, each seen on a real socket for the reason that the guide gives."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.guide import PAYLOADS
from tests.support.system import System
from tests.support.wire import Frame, Wire, open_wire

WRITER = ["read", "write"]


@dataclass
class Scene:
    """A trip of Alice's that Bob may write; both have a socket, and Alice has joined."""

    trip: str
    alice: Wire
    bob: Wire
    alices_rest: httpx.AsyncClient
    bobs_rest: httpx.AsyncClient

    @property
    def path(self) -> str:
        return f"/api/trips/{self.trip}"

    async def bob_joins(self) -> None:
        await self.bob.send("trip_collaboration_join", trip_id=self.trip)
        await self.bob.until_type("stream_subscribed")

    async def write(self, rest: httpx.AsyncClient, body: dict[str, Any]) -> httpx.Response:
        return await rest.patch(self.path, json=body)


@pytest.fixture
async def scene(system: System) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        rests = [
            await stack.enter_async_context(
                httpx.AsyncClient(base_url=system.url, headers=system.headers(user))
            )
            for user in ("alice", "bob")
        ]
        wires = [await stack.enter_async_context(await open_wire(system.url)) for _ in rests]
        for wire, user in zip(wires, ("alice", "bob"), strict=True):
            await wire.authenticate(system.token(user))
        scene = Scene(uuid4().hex, *wires, *rests)
        trip = {"name": "European Adventure", "budget": 3000, "destinations": ["Paris", "Rome"]}
        assert (await rests[0].post(scene.path, json=trip)).status_code == 201
        order = {"user_id": "bob", "permissions": WRITER}
        assert (await rests[0].post(f"{scene.path}/collaborators", json=order)).status_code == 201
        await scene.alice.send("trip_collaboration_join", trip_id=scene.trip)
        await scene.alice.until_type("stream_subscribed")
        yield scene


async def user_joins(scene: Scene) -> list[Frame]:
    await scene.bob_joins()
    seen = await scene.alice.until(lambda frame: is_of(frame, "trip_collaboration_join", "bob"))
    assert (seen["user_name"], seen["permissions"]) == ("Bob", WRITER)
    return [seen]


async def user_leaves(scene: Scene) -> list[Frame]:
    await scene.bob_joins()
    scene.bob.cut()
    seen = await scene.alice.until_type("trip_collaboration_leave")
    assert (seen["user_id"], seen["reason"]) == ("bob", "user_disconnected")
    return [seen]


async def user_starts_editing(scene: Scene) -> list[Frame]:
    await scene.bob_joins()
    field = {"trip_id": scene.trip, "field_name": "destinations"}
    await scene.bob.send("trip_field_editing_start", **field, field_value="Paris, France")
    seen = await scene.alice.until_type("trip_field_editing_start")
    assert (seen["user_id"], seen["field_name"], seen["field_value"]) == (
        "bob",
        "destinations",
        "Paris, France",
    )
    return [seen]


async def user_stops_editing(scene: Scene) -> list[Frame]:
    await user_starts_editing(scene)
    field = {"trip_id": scene.trip, "field_name": "destinations"}
    await scene.bob.send("trip_field_editing_stop", **field, final_value="Paris, France")
    seen = await scene.alice.until_type("trip_field_editing_stop")
    assert (seen["user_id"], seen["final_value"]) == ("bob", "Paris, France")
    return [seen]


async def trip_data_is_updated(scene: Scene) -> list[Frame]:
    await scene.bob_joins()
    assert (await scene.write(scene.bobs_rest, {"budget": 3500})).status_code == 200
    seen = [
        await wire.until(lambda frame: frame["type"] == "trip_update_broadcast" and frame["changes"] != [])
        for wire in (scene.alice, scene.bob)
    ]
    assert seen[0] == seen[1], "all collaborators, its author included"
    (change,) = seen[0]["changes"]
    assert (change["field"], change["old_value"], change["new_value"]) == ("budget", 3000, 3500)
    assert (seen[0]["updated_by"], seen[0]["full_trip_data"]["budget"]) == ("bob", 3500)
    return seen


async def collaborators_are_active(scene: Scene) -> list[Frame]:
    await scene.bob_joins()
    where = {"x": 150, "y": 200, "element_id": "day-1-activity-1"}
    await scene.bob.send("trip_cursor_move", trip_id=scene.trip, **where)
    await scene.bob.send("trip_field_editing_start", trip_id=scene.trip, field_name="notes")

    def fits(frame: Frame) -> bool:
        return any(
            (each["user_id"], each["current_field"], each["cursor_position"], each["status"])
            == ("bob", "notes", where, "active")
            for each in frame.get("collaborators", ())
        )

    seen = await scene.alice.until(fits)
    assert [each["user_name"] for each in seen["collaborators"]] == ["Alice", "Bob"]
    return [seen]


async def two_edit_at_once(scene: Scene) -> list[Frame]:
    await scene.bob_joins()
    seen_at = (await scene.bobs_rest.get(scene.path)).json()["field_versions"]["budget"]
    await scene.write(scene.alices_rest, {"budget": 3500})
    stale = {"changes": [{"field": "budget", "value": 3200, "base_version": seen_at}]}
    assert (await scene.write(scene.bobs_rest, stale)).status_code == 409
    seen = await scene.bob.until_type("trip_conflict_detected")
    sides = [(side["user_id"], side["value"]) for side in seen["conflicting_changes"]]
    assert sides == [("alice", 3500), ("bob", 3200)]
    assert (seen["field_name"], seen["resolution_required"]) == ("budget", True)
    return [seen]


async def permissions_change(scene: Scene) -> list[Frame]:
    await scene.bob_joins()
    order = {"permissions": ["read"]}
    assert (await scene.alices_rest.patch(f"{scene.path}/collaborators/bob", json=order)).status_code == 200
    seen = [await wire.until_type("trip_permission_change") for wire in (scene.alice, scene.bob)]
    for each in seen:
        assert (each["user_id"], each["changed_by"]) == ("bob", "alice")
        assert (each["old_permissions"], each["new_permissions"]) == (WRITER, ["read"])
    return seen


GUIDE: list[tuple[str, str, Callable[[Scene], Awaitable[list[Frame]]]]] = [
    ("trip_collaboration_join", "User joins a trip collaboration session.", user_joins),
    ("trip_collaboration_leave", "User leaves a trip collaboration session.", user_leaves),
    ("trip_field_editing_start", "User starts editing a specific trip field.", user_starts_editing),
    ("trip_field_editing_stop", "User stops editing a specific trip field.", user_stops_editing),
    ("trip_update_broadcast", "Real-time trip data update broadcast to all.", trip_data_is_updated),
    ("trip_collaborator_presence", "Presence of active collaborators.", collaborators_are_active),
    ("trip_conflict_detected", "Conflict detected during concurrent editing.", two_edit_at_once),
    ("trip_permission_change", "Trip collaboration permission levels changed.", permissions_change),
]


@pytest.mark.parametrize(("event", "reason", "happens"), GUIDE, ids=[event for event, _, _ in GUIDE])
async def test_an_event_is_seen_for_its_reason(
    scene: Scene, event: str, reason: str, happens: Callable[[Scene], Awaitable[list[Frame]]]
) -> None:
    shown = PAYLOADS[event]
    for seen in await happens(scene):
        assert seen["type"] == event, reason
        assert seen.keys() >= shown.keys()
        assert seen["trip_id"] == scene.trip


def test_every_collaboration_event_of_the_guide_is_here() -> None:
    assert {event for event, _, _ in GUIDE} == {name for name in PAYLOADS if name.startswith("trip_")}


def is_of(frame: Frame, event: str, user: str) -> bool:
    return (frame["type"], frame.get("user_id")) == (event, user)
