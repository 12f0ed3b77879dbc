"""Trips on the socket: joining, what the others see, and losing access."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from msgspec import Raw

from app.contract import trip as t
from app.services.trip_commits import Call
from app.wiring import new_id
from tests.support.gateway import Gateway, gateway, with_limits
from tests.support.wire import Frame, Wire, open_wire

STREAM = "trip:t1"
PATIENT = with_limits(frames_per_minute=1_000_000, frame_burst=1_000_000, bad_frames_per_minute=1_000_000)


@pytest.fixture
async def at(valkey_url: str) -> AsyncIterator[Gateway]:
    async with gateway(valkey_url, limits=PATIENT) as running:
        await running.services.trips.create("alice", "t1", t.Trip(name="Spring"))
        yield running


async def share(at: Gateway, user: str, *permissions: Any) -> None:
    order = t.CollaboratorOrder(permissions=list(permissions))
    await at.services.trip_sharing.grant("alice", "t1", user, order)


async def write(at: Gateway, notes: str) -> None:
    mutation = t.Mutation(changes=[t.Change(field="notes", value=Raw(b'"%b"' % notes.encode()))])
    await at.services.trips.write("t1", Call("alice", new_id()), mutation)


async def connected(at: Gateway, stack: AsyncExitStack, user: str) -> Wire:
    wire = await stack.enter_async_context(await open_wire(at.url))
    await wire.authenticate(at.token(user))
    return wire


async def join(wire: Wire, **cursor: Any) -> Frame:
    await wire.send("trip_collaboration_join", trip_id="t1", **cursor)
    return await wire.until_type("stream_subscribed")


async def test_who_joins_gets_the_trip_and_the_others_hear_of_it(at: Gateway) -> None:
    await share(at, "bob", "read", "write")
    async with AsyncExitStack() as stack:
        alice, bob = await connected(at, stack, "alice"), await connected(at, stack, "bob")
        place = (await join(alice))["streams"][0]
        assert (place["stream"], place["recovered"]) == (STREAM, True)
        whole = await alice.until_type("trip_update_broadcast")
        assert (whole["changes"], whole["full_trip_data"]["name"], whole["version"]) == ([], "Spring", 1)
        await join(bob)
        heard = await alice.until(lambda f: f["type"] == "trip_collaboration_join" and f["user_id"] == "bob")
        assert (heard["permissions"], heard["user_name"]) == (["read", "write"], "Bob")
        await write(at, "Hello")
        for wire in (alice, bob):
            update = await wire.until(lambda f: f["type"] == "trip_update_broadcast" and f["changes"])
            assert update["full_trip_data"]["notes"] == "Hello"
            assert update["seq"] == update["version"] == update["field_versions"]["notes"]
        await bob.send("trip_collaboration_leave", trip_id="t1")
        assert (await alice.until_type("trip_collaboration_leave"))["reason"] == "user_left"
        await join(bob)
        bob.cut()
        assert (await alice.until_type("trip_collaboration_leave"))["reason"] == "user_disconnected"


async def test_a_cursor_replays_what_was_missed(at: Gateway) -> None:
    async with AsyncExitStack() as stack:
        wire = await connected(at, stack, "alice")
        place = (await join(wire))["streams"][0]
        await wire.send("trip_collaboration_leave", trip_id="t1")
        await wire.until_type("ack")
        await write(at, "Missed")
        await join(wire, after=place["seq"], epoch=place["epoch"])
        replayed = await wire.until(lambda f: f["type"] == "trip_update_broadcast")
        assert [each["new_value"] for each in replayed["changes"]] == ["Missed"]


async def test_editing_is_shown_to_the_others_and_only_writers_may(at: Gateway) -> None:
    await share(at, "bob", "read")
    async with AsyncExitStack() as stack:
        alice, bob = await connected(at, stack, "alice"), await connected(at, stack, "bob")
        await join(alice)
        await join(bob)
        edit = {"trip_id": "t1", "field_name": "notes", "field_value": "He", "user_id": "mallory"}
        await alice.send("trip_field_editing_start", **edit)
        shown = await bob.until_type("trip_field_editing_start")
        assert (shown["user_id"], shown["field_name"], shown["field_value"]) == ("alice", "notes", "He")
        assert "seq" not in shown
        refused = await bob.reply_to(await bob.send("trip_field_editing_start", **edit))
        assert refused["error"]["code"] == "FORBIDDEN"
        await alice.send("trip_field_editing_stop", trip_id="t1", field_name="notes", final_value="Hello")
        assert (await bob.until_type("trip_field_editing_stop"))["final_value"] == "Hello"


async def test_who_loses_access_hears_it_last_on_every_gateway(at: Gateway, valkey_url: str) -> None:
    await share(at, "bob", "read")
    async with AsyncExitStack() as stack:
        another = await stack.enter_async_context(gateway(valkey_url))
        here, there = await connected(at, stack, "bob"), await connected(another, stack, "bob")
        alice = await connected(another, stack, "alice")
        for wire in (here, there, alice):
            await join(wire)
        await alice.send("trip_cursor_move", trip_id="t1", x=1, y=2, element_id="map")
        await at.services.trip_sharing.revoke("alice", "t1", "bob")
        await write(at, "Secret")
        await alice.until(lambda f: f["type"] == "trip_update_broadcast" and f["changes"])
        for wire in (here, there):
            change = await wire.until_type("trip_permission_change")
            assert change["new_permissions"] == []
            await wire.reply_to(await wire.send("trip_collaboration_join", trip_id="t1"))
            await wire.send("connection_heartbeat", sequence=7)
            await wire.until(lambda f: f.get("sequence") == 7)
            after = wire.seen[wire.seen.index(change) + 1 :]
            assert [f["type"] for f in after] == ["error", "connection_heartbeat"]


@pytest.mark.parametrize("door", ["trip_collaboration_join", "stream_subscribe"])
async def test_no_door_stays_open_to_who_lost_access(at: Gateway, valkey_url: str, door: str) -> None:
    """Bob knocks all the time, at two gateways, while his access is taken away and secrets are written after."""
    asked = {"trip_id": "t1"} if door == "trip_collaboration_join" else {"streams": [{"stream": STREAM}]}
    closed = asyncio.Event()

    async def knock(wire: Wire) -> None:
        while not closed.is_set():
            await wire.reply_to(await wire.send(door, **asked))

    async with AsyncExitStack() as stack:
        another = await stack.enter_async_context(gateway(valkey_url, limits=PATIENT))
        for number in range(5):
            await share(at, "bob", "read", "write")
            wires = [await connected(gate, stack, "bob") for gate in (at, another)]
            closed.clear()
            knocking = [asyncio.create_task(knock(wire)) for wire in wires]
            await asyncio.gather(*(wire_has(wire, "ack") for wire in wires))
            await at.services.trip_sharing.revoke("alice", "t1", "bob")
            await write(at, f"Secret {number}")
            closed.set()
            await asyncio.gather(*knocking)
            for wire in wires:
                refusal = await wire.reply_to(await wire.send(door, **asked))
                assert refusal["error"]["code"] == "NOT_FOUND"
                lost = [frame for frame in wire.seen if frame.get("new_permissions") == []]
                top = max((frame["seq"] for frame in lost), default=0)
                later = [frame for frame in wire.seen if frame.get("stream") == STREAM]
                assert all(frame["seq"] <= top for frame in later if lost)
                assert f"Secret {number}" not in str(wire.seen)
                wire.cut()


async def wire_has(wire: Wire, kind: str) -> None:
    """Until the frames that somebody else reads have one of this kind."""
    while all(frame["type"] != kind for frame in wire.seen):
        await asyncio.sleep(0)


async def test_a_replay_of_an_old_loss_does_not_end_the_stream(at: Gateway) -> None:
    await share(at, "bob", "read")
    await at.services.trip_sharing.revoke("alice", "t1", "bob")
    await share(at, "bob", "read", "write")
    await write(at, "Welcome back")
    async with AsyncExitStack() as stack:
        wire = await connected(at, stack, "bob")
        await join(wire, after=0)
        update = await wire.until(
            lambda f: f["type"] == "trip_update_broadcast" and f["changes"][0]["field"] == "notes"
        )
        assert update["changes"][0]["new_value"] == "Welcome back"
        seqs = [frame["seq"] for frame in wire.seen if frame.get("stream") == STREAM]
        assert seqs == list(range(1, len(seqs) + 1))


async def test_a_conflict_is_told_to_its_author(at: Gateway) -> None:
    await share(at, "bob", "read", "write")
    async with AsyncExitStack() as stack:
        bob = await connected(at, stack, "bob")
        await write(at, "First")
        change = t.Change(field="notes", value=Raw(b'"Mine"'), base_version=1)
        with pytest.raises(Exception, match="Somebody changed it"):
            await at.services.trips.write("t1", Call("bob", "m1"), t.Mutation(changes=[change]))
        conflict = await bob.until_type("trip_conflict_detected")
        sides = [(side["user_id"], side["value"]) for side in conflict["conflicting_changes"]]
        assert sides == [("alice", "First"), ("bob", "Mine")]
        assert (conflict["field_name"], conflict["base_value"]) == ("notes", "")
        assert conflict["conflict_id"]
