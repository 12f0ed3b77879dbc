"""Sharing on a real server: let in and out at once, handing over, leaving; nothing that was taken away comes back."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis

from app.contract import trip as t
from app.contract.errors import ErrorCode, TripSageError
from app.domain.presence import Tab
from app.storage.presence import Editor
from app.wiring import Services
from tests.support.trip_people import changes, invite, notices, roles, take
from tests.support.trip_writes import KEYS, refused, share


async def test_revoking_wins_against_whoever_takes_invitations_meanwhile(at: Services) -> None:
    """Bob was in; while Alice throws him out he tries every door. After her call has returned he is out."""
    made = await invite(at, "read", "write", uses=100)
    for _ in range(10):
        await share(at, "bob", "read", "write")
        gone = asyncio.Event()

        async def try_every_door(gone: asyncio.Event = gone) -> None:
            while not gone.is_set():
                for doing in (take(at, made, "bob"), at.trips.read("bob", "t1")):
                    try:
                        await doing
                    except TripSageError:
                        continue

        trying = [asyncio.create_task(try_every_door()) for _ in range(4)]
        await asyncio.sleep(0)
        await at.trip_sharing.revoke("alice", "t1", "bob")
        seen = (await refused(at.trips.read("bob", "t1"))).code
        gone.set()
        await asyncio.gather(*trying)
        assert seen is ErrorCode.NOT_FOUND
        assert "bob" not in await roles(at)


async def test_whoever_is_let_in_and_out_at_once_finds_the_trip_if_they_are_in(at: Services) -> None:
    async def attempt(doing: Any) -> None:
        try:
            await doing
        except TripSageError as error:
            assert error.code is ErrorCode.NOT_FOUND

    for _ in range(20):
        await asyncio.gather(
            *(attempt(share(at, "bob", "read")) for _ in range(2)),
            *(attempt(at.trip_sharing.revoke("alice", "t1", "bob")) for _ in range(2)),
        )
        listed = [trip.id for trip in (await at.trip_lists.page("bob")).trips]
        assert listed == (["t1"] if "bob" in await roles(at) else [])


async def test_a_trip_is_handed_over_in_one_step(at: Services, redis: Redis) -> None:
    await share(at, "bob", "read")
    assert (await refused(at.trip_sharing.hand_over("alice", "t1", "eve"))).code is ErrorCode.NOT_FOUND
    assert (await refused(at.trip_sharing.hand_over("bob", "t1", "bob"))).code is ErrorCode.FORBIDDEN
    for _ in range(2):
        owner = await at.trip_sharing.hand_over("alice", "t1", "bob")
        assert (owner.user_id, owner.owner) == ("bob", True)
    assert await roles(at) == {"alice": "admin", "bob": "owner"}
    told = [(each["user_id"], each["new_permissions"][-1], each["owner"]) for each in (await changes(at))[1:]]
    assert told == [("bob", "admin", True), ("alice", "admin", False)]
    assert await redis.hget(KEYS.record, "owner") == b"bob"
    assert (await refused(at.trip_sharing.delete("alice", "t1"))).code is ErrorCode.FORBIDDEN
    await at.trip_sharing.revoke("alice", "t1", "alice")
    assert (await refused(at.trips.read("alice", "t1"))).code is ErrorCode.NOT_FOUND


async def test_there_is_one_owner_whatever_happens_at_once(at: Services) -> None:
    users = ["bob", "carol", "dave"]
    for user in users:
        await share(at, user, "read", "write", "admin")
    owner = "alice"
    for _ in range(10):
        others = [user for user in ("alice", *users) if user != owner]
        outcomes = await asyncio.gather(
            *(at.trip_sharing.hand_over(owner, "t1", user) for user in others),
            *(share(at, owner, "read", by=user) for user in others),
            at.trip_sharing.revoke(owner, "t1", owner),
            return_exceptions=True,
        )
        assert all(
            each is None or isinstance(each, (t.CollaboratorState, TripSageError)) for each in outcomes
        )
        now = await at.trip_sharing.list(others[0], "t1")
        owners = [each.user_id for each in now.collaborators if each.owner]
        assert len(owners) == 1
        assert owners[0] in others, "one of those that it was handed to"
        former, owner = owner, owners[0]
        await share(at, former, "read", "write", "admin", by=owner)


async def test_whoever_is_let_in_is_told_and_so_is_the_new_owner(at: Services) -> None:
    await share(at, "bob", "read")
    await share(at, "bob", "read", "write")
    await at.trip_sharing.hand_over("alice", "t1", "bob")
    told = [(each["type"], each["title"], each["message"]) for each in await notices(at, "bob")]
    assert told == [
        ("notification", "A trip was shared with you", "“Spring”: alice lets you read."),
        ("notification", "A trip is yours now", "“Spring”: alice handed it over to you."),
    ]


async def test_who_loses_access_is_gone_from_presence_before_the_call_returns(at: Services) -> None:
    """Also where their gateway does not hear of it: nothing waits for a lease to end."""
    await share(at, "bob", "read", "write")
    tab = Tab(user_id="bob", user_name="Bob", status="active", last_seen=datetime.now(UTC))
    await at.trip_presence.enter("t1", "tab-1", tab, "write")
    presence = at.trip_presence._presence  # pyright: ignore[reportPrivateUsage]
    await presence.edit("t1", "start", Editor("notes", "tab-1", "bob"))
    await at.trip_sharing.revoke("alice", "t1", "bob")
    present, event = await at.trip_presence.look("t1", ["tab-1"], {"tab-1": tab})
    assert (present.tabs, present.editors, event.collaborators, present.missing) == ({}, [], [], ["tab-1"])
    back = at.trip_presence.enter("t1", "tab-1", tab, "write")
    assert (await refused(back)).code is ErrorCode.NOT_FOUND
