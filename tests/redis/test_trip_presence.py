"""Who is on a trip, seen on real sockets at two gateways of one Valkey."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from redis.asyncio import Redis

from app.contract import trip as t
from app.domain.presence import Tab
from app.settings import Limits
from app.streams.keys import TripKeys
from tests.support.gateway import Gateway, gateway, with_limits
from tests.support.wire import Frame, Wire, open_wire

QUICK = with_limits(presence_seconds=3, idle_seconds=60)


class Scene:
    """Two gateways, a trip of Alice's that Bob may write and Carol may read, and whoever connects."""

    def __init__(self, stack: AsyncExitStack, here: Gateway, there: Gateway) -> None:
        self._stack = stack
        self.here, self.there = here, there

    async def join(self, user: str, at: Gateway) -> Wire:
        wire = await self.connect(user, at)
        await wire.send("trip_collaboration_join", trip_id="t1")
        await wire.until_type("stream_subscribed")
        return wire

    async def connect(self, user: str, at: Gateway) -> Wire:
        wire = await self._stack.enter_async_context(await open_wire(at.url))
        await wire.authenticate(at.token(user))
        return wire


@pytest.fixture
async def scene(valkey_url: str) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(gateway(valkey_url, limits=QUICK))
        there = await stack.enter_async_context(gateway(valkey_url, limits=QUICK))
        await here.services.trips.create("alice", "t1", t.Trip(name="Spring"))
        for user, permissions in (("bob", ["read", "write"]), ("carol", ["read"])):
            order = t.CollaboratorOrder(permissions=permissions)  # type: ignore[arg-type]
            await here.services.trip_sharing.grant("alice", "t1", user, order)
        yield Scene(stack, here, there)


async def presence(wire: Wire, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The people of the first presence from here on that the condition holds for, by user id."""

    def people(frame: Frame) -> dict[str, Any]:
        return {each["user_id"]: each for each in frame["collaborators"]}

    def fits(frame: Frame) -> bool:
        return frame["type"] == "trip_collaborator_presence" and condition(people(frame))

    frame = await wire.until(fits)
    assert "seq" not in frame
    assert frame["trip_id"] == "t1"
    return people(frame)


def count(wire: Wire, kind: str, user: str) -> int:
    return sum(frame["type"] == kind and frame.get("user_id") == user for frame in wire.seen)


async def test_everybody_sees_who_comes_and_goes_and_a_late_joiner_sees_all_at_once(scene: Scene) -> None:
    alice = await scene.join("alice", scene.here)
    await presence(alice, lambda people: set(people) == {"alice"})
    await alice.send("trip_cursor_move", trip_id="t1", x=150, y=200, element_id="day-1")
    await alice.send("trip_field_editing_start", trip_id="t1", field_name="notes", field_value="He")
    await presence(alice, lambda people: people["alice"]["current_field"] == "notes")
    bob = await scene.join("bob", scene.there)
    first = await presence(bob, lambda _: True)
    assert first["alice"]["cursor_position"] == {"x": 150, "y": 200, "element_id": "day-1"}
    assert (first["alice"]["status"], first["alice"]["current_field"]) == ("active", "notes")
    assert first["bob"]["user_name"] == "Bob"
    await presence(alice, lambda people: set(people) == {"alice", "bob"})
    await bob.send("trip_collaboration_leave", trip_id="t1")
    await presence(alice, lambda people: set(people) == {"alice"})


async def test_two_tabs_are_one_person(scene: Scene) -> None:
    alice = await scene.join("alice", scene.here)
    one = await scene.join("bob", scene.here)
    await presence(alice, lambda people: "bob" in people)
    two = await scene.join("bob", scene.there)
    await two.send("trip_cursor_move", trip_id="t1", x=1, y=2, element_id=None)
    moved = await presence(alice, lambda people: people["bob"]["cursor_position"] is not None)
    assert len(moved) == 2
    one.cut()
    await two.send("trip_collaboration_leave", trip_id="t1")
    await alice.until(lambda f: f["type"] == "trip_collaboration_leave" and f["user_id"] == "bob")
    await presence(alice, lambda people: set(people) == {"alice"})
    assert (
        count(alice, "trip_collaboration_join", "bob"),
        count(alice, "trip_collaboration_leave", "bob"),
    ) == (1, 1)


async def test_connections_that_nobody_renews_leave_once(scene: Scene) -> None:
    """What a killed gateway leaves behind is swept by the others, each person's leave told once."""
    alice, carol = await scene.join("alice", scene.here), await scene.join("carol", scene.there)
    ghosts = scene.here.services.trip_presence
    for tab in ("ghost-1", "ghost-2"):  # as a gateway that is killed right after
        await ghosts.enter("t1", tab, _tab("bob"), "write")
    await presence(alice, lambda people: "bob" in people)
    for wire in (alice, carol):
        left = await wire.until_type("trip_collaboration_leave")
        assert (left["user_id"], left["reason"]) == ("bob", "user_disconnected")
        await presence(wire, lambda people: set(people) == {"alice", "carol"})
    page = await scene.here.services.log.read("trip:t1", 0)
    assert sum(b'"trip_collaboration_leave"' in frame for _, frame in page.frames) == 1


async def test_who_is_silent_is_renewed_long_before_they_expire(scene: Scene, redis: Redis) -> None:
    """By the heartbeat alone: a renewal just when a connection expires is one that another gateway may forestall."""
    here, life = TripKeys.of("t1").here, QUICK.presence_seconds * 1000
    await redis.config_set("notify-keyspace-events", "Kz")
    async with redis.pubsub() as changes:
        await changes.subscribe(f"__keyspace@0__:{here}")
        await scene.join("alice", scene.here)
        expires: list[float] = []
        async for change in changes.listen():
            if change["data"] == b"zadd":
                expires += [score for _, score in await redis.zrange(here, 0, 0, withscores=True)]
            if expires and expires[-1] - expires[0] >= life:
                break
    assert max(later - before for before, later in pairwise(expires)) < life * 2 / 3


async def test_a_trip_that_only_a_killed_gateway_served_is_swept_too(scene: Scene) -> None:
    bob = await scene.connect("bob", scene.there)
    await bob.send("stream_subscribe", streams=[{"stream": "trip:t1"}])
    await bob.until_type("stream_subscribed")
    await scene.here.services.trip_presence.enter("t1", "ghost", _tab("alice"), "owner")
    left = await bob.until_type("trip_collaboration_leave")
    assert (left["user_id"], left["reason"]) == ("alice", "user_disconnected")


async def test_a_connection_that_was_taken_for_dead_comes_back(scene: Scene, valkey_url: str) -> None:
    alice, bob = await scene.join("alice", scene.here), await scene.join("bob", scene.there)
    await presence(alice, lambda people: "bob" in people)
    async with Redis.from_url(valkey_url) as redis:
        await redis.delete("{trip:t1}:here", "{trip:t1}:tabs")
    await bob.send("trip_cursor_move", trip_id="t1", x=1, y=1, element_id=None)
    await presence(bob, lambda people: set(people) == {"alice", "bob"})


async def test_a_field_is_one_persons_until_the_lease_ends(scene: Scene) -> None:
    alice, bob = await scene.join("alice", scene.here), await scene.join("bob", scene.there)
    await presence(bob, lambda people: len(people) == 2)
    await alice.send("trip_field_editing_start", trip_id="t1", field_name="notes", field_value="He")
    await bob.until_type("trip_field_editing_start")
    frame = await bob.send("trip_field_editing_start", trip_id="t1", field_name="notes", field_value="Ho")
    assert (await bob.reply_to(frame))["type"] == "ack"
    held = await bob.until_type("trip_field_editing_start")
    assert (held["user_id"], held["field_name"]) == ("alice", "notes")
    await alice.send("trip_field_editing_start", trip_id="t1", field_name="name", field_value="S")
    stopped = await bob.until_type("trip_field_editing_stop")
    assert (stopped["user_id"], stopped["field_name"]) == ("alice", "notes")
    await bob.send("trip_field_editing_start", trip_id="t1", field_name="notes", field_value="Ho")
    await presence(alice, lambda people: people.get("bob", {}).get("current_field") == "notes")
    bob.cut()
    assert (await alice.until_type("trip_field_editing_stop"))["user_id"] == "bob"
    version = (await scene.here.services.trips.read("alice", "t1")).snapshot.version
    assert version == 1


async def test_a_lease_that_nobody_renews_ends_and_all_are_told(scene: Scene, valkey_url: str) -> None:
    alice, bob = await scene.join("alice", scene.here), await scene.join("bob", scene.there)
    await alice.send("trip_field_editing_start", trip_id="t1", field_name="notes", field_value="He")
    await presence(bob, lambda people: people.get("alice", {}).get("current_field") == "notes")
    async with Redis.from_url(valkey_url) as redis:
        seconds, _ = await redis.time()
        assert 0 < await redis.zscore("{trip:t1}:editing", "notes") - seconds * 1000 <= 11_000
        await redis.zadd("{trip:t1}:editing", {"notes": seconds * 1000})
    for wire in (alice, bob):
        stopped = await wire.until_type("trip_field_editing_stop")
        assert (stopped["user_id"], stopped["field_name"]) == ("alice", "notes")
        await presence(wire, lambda people: people["alice"]["current_field"] is None)
    assert count(alice, "trip_field_editing_stop", "alice") == 1


async def test_who_does_nothing_is_idle_and_active_again_with_the_next_frame(valkey_url: str) -> None:
    limits: Limits = with_limits(idle_seconds=1)
    async with AsyncExitStack() as stack:
        at = await stack.enter_async_context(gateway(valkey_url, limits=limits))
        await at.services.trips.create("alice", "t1", t.Trip(name="Spring"))
        alice = await Scene(stack, at, at).join("alice", at)
        await presence(alice, lambda people: people["alice"]["status"] == "idle")
        await alice.send("connection_heartbeat", sequence=1)  # which is no input
        await alice.send("trip_field_editing_stop", trip_id="t1", field_name="notes")
        await presence(alice, lambda people: people["alice"]["status"] == "active")


async def test_who_loses_access_is_gone_from_presence(scene: Scene) -> None:
    alice = await scene.join("alice", scene.here)
    await scene.join("bob", scene.there)
    await presence(alice, lambda people: "bob" in people)
    await scene.here.services.trip_sharing.revoke("alice", "t1", "bob")
    await presence(alice, lambda people: set(people) == {"alice"})
    assert count(alice, "trip_collaboration_leave", "bob") == 0


async def test_who_lost_access_is_shown_nobody_although_their_gateway_has_not_heard_of_it(
    scene: Scene, valkey_url: str
) -> None:
    alice, bob = await scene.join("alice", scene.here), await scene.join("bob", scene.here)
    await presence(bob, lambda people: set(people) == {"alice", "bob"})
    async with Redis.from_url(valkey_url) as redis:  # what a revocation does, without its event
        tabs = await redis.hgetall("{trip:t1}:tabs")
        gone = [name for name, tab in tabs.items() if b'"bob"' in tab]
        await redis.hdel("{trip:t1}:roles", "bob")
        await redis.hdel("{trip:t1}:tabs", *gone)
        await redis.zrem("{trip:t1}:here", *gone)
    await alice.send("trip_cursor_move", trip_id="t1", x=77, y=1, element_id=None)
    await presence(alice, lambda people: people["alice"]["cursor_position"] is not None)
    for number in (1, 2):
        await bob.send("connection_heartbeat", sequence=number)
        await bob.until(lambda frame, number=number: frame.get("sequence") == number)
    shown = [one for frame in bob.seen for one in frame.get("collaborators", ())]
    assert shown
    assert not any(one["cursor_position"] for one in shown)


async def test_strangers_can_neither_point_nor_edit(scene: Scene) -> None:
    alice, mallory = await scene.join("alice", scene.here), await scene.connect("mallory", scene.here)
    where = {"trip_id": "t1", "x": 1, "y": 1, "element_id": None}
    refused = await mallory.reply_to(await mallory.send("trip_cursor_move", **where))
    assert refused["error"]["code"] == "NOT_FOUND"
    bob = await scene.connect("bob", scene.here)
    edit = await bob.send("trip_field_editing_start", trip_id="t1", field_name="notes")
    assert (await bob.reply_to(edit))["error"]["code"] == "FORBIDDEN"
    await presence(alice, lambda people: set(people) == {"alice"})


def _tab(user: str) -> Tab:
    return Tab(user_id=user, user_name=user.title(), status="active", last_seen=datetime.now(UTC))
