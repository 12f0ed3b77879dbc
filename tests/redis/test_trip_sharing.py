"""Sharing on a real server: invitations, handing over, leaving; and nothing that was taken away comes back."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from redis.asyncio import Redis

from app.contract import invitations as i
from app.contract import trip as t
from app.contract.errors import ErrorCode, Gone, TripSageError
from app.domain.presence import Tab
from app.storage.presence import Editor
from app.streams.keys import TripKeys
from app.wiring import Services, services
from tests.support.api import api_settings

KEYS = TripKeys.of("t1")
Json = dict[str, Any]


@pytest.fixture
async def at(valkey_url: str) -> AsyncIterator[Services]:
    async with services(api_settings(valkey_url)) as running:
        await running.trips.create("alice", "t1", t.Trip(name="Spring"))
        yield running


async def share(at: Services, user: str, *permissions: Any, by: str = "alice") -> None:
    await at.trip_sharing.grant(by, "t1", user, t.CollaboratorOrder(permissions=list(permissions)))


async def invite(at: Services, *permissions: Any, by: str = "alice", **limits: int) -> i.InvitationMade:
    return await at.trip_invitations.make(by, "t1", i.NewInvitation(permissions=list(permissions), **limits))


async def take(at: Services, made: i.InvitationMade, user: str) -> list[str]:
    taken = await at.trip_invitations.take(user, made.code)
    assert (taken.trip_id, taken.user_id) == ("t1", user)
    return list(taken.permissions)


async def refused(doing: Any) -> TripSageError:
    with pytest.raises(TripSageError) as refusal:
        await doing
    return refusal.value


async def roles(at: Services) -> dict[str, str]:
    people = (await at.trip_sharing.list("alice", "t1")).collaborators
    return {each.user_id: "owner" if each.owner else each.permissions[-1] for each in people}


async def changes(at: Services) -> list[Json]:
    log = [json.loads(frame) for _, frame in (await at.log.read("trip:t1", 0, limit=1000)).frames]
    return [event for event in log if event["type"] == "trip_permission_change"]


async def notices(at: Services, user: str) -> list[Json]:
    return [json.loads(frame) for _, frame in (await at.log.read(f"user:{user}", 0)).frames]


async def test_who_takes_an_invitation_is_in_and_everybody_is_told(at: Services) -> None:
    made = await invite(at, "read", "write")
    assert await take(at, made, "bob") == ["read", "write"]
    assert await roles(at) == {"alice": "owner", "bob": "write"}
    (change,) = await changes(at)
    assert (
        change["user_id"],
        change["old_permissions"],
        change["new_permissions"],
        change["changed_by"],
    ) == (
        "bob",
        [],
        ["read", "write"],
        "alice",
    )
    assert [trip.id for trip in (await at.trip_lists.page("bob")).trips] == ["t1"]


async def test_only_a_digest_of_the_secret_is_kept(at: Services, redis: Redis) -> None:
    made = await invite(at, "read")
    secret = made.code.partition(".")[2]
    for key in await redis.keys("*"):
        kind = (await redis.type(key)).decode()
        read = {"hash": redis.hgetall, "string": redis.get, "zset": lambda key: redis.zrange(key, 0, -1)}
        kept = await (read[kind](key) if kind in read else redis.xrange(key))
        assert secret not in str(kept), key
    (listed,) = (await at.trip_invitations.list("alice", "t1")).invitations
    assert secret not in repr(listed)
    assert (listed.uses, listed.used, listed.created_by) == (1, 0, "alice")


async def test_an_invitation_that_is_asked_for_again_is_the_same_one(at: Services, redis: Redis) -> None:
    order = i.NewInvitation(permissions=["read"])
    asked = [at.trip_invitations.make("alice", "t1", order, key="k1") for _ in range(10)]
    made, *again = await asyncio.gather(*asked)
    assert all(each == made for each in again)
    assert len((await at.trip_invitations.list("alice", "t1")).invitations) == 1
    assert await take(at, made, "bob") == ["read"]
    assert (await at.trip_invitations.make("alice", "t1", order, key="k2")).code != made.code
    other = i.NewInvitation(permissions=["read"], uses=2)
    refusal = await refused(at.trip_invitations.make("alice", "t1", other, key="k1"))
    assert (refusal.code, refusal.details["field"]) == (ErrorCode.VALIDATION_ERROR, "Idempotency-Key")


async def test_neither_the_secret_nor_the_key_that_opens_it_is_kept(at: Services, redis: Redis) -> None:
    order = i.NewInvitation(permissions=["read"])
    made = await at.trip_invitations.make("alice", "t1", order, key="the-key-of-her-request")
    for name in await redis.keys("*"):
        kept = name + (await redis.dump(name) or b"")
        assert made.code.partition(".")[2].encode() not in kept
        assert b"the-key-of-her-request" not in kept


async def test_of_many_who_take_it_at_once_as_many_get_in_as_it_may_let_in(at: Services) -> None:
    made = await invite(at, "read", uses=3)
    users = [f"user{number}" for number in range(10)]
    outcomes = await asyncio.gather(*(take(at, made, user) for user in users), return_exceptions=True)
    assert sum(not isinstance(each, Exception) for each in outcomes) == 3
    assert all(isinstance(each, Gone) for each in outcomes if isinstance(each, Exception))
    assert len(await roles(at)) == 4
    assert (await at.trip_invitations.list("alice", "t1")).invitations[0].used == 3


async def test_taking_it_again_counts_nothing_and_never_takes_permissions_away(at: Services) -> None:
    made = await invite(at, "read", uses=2)
    await asyncio.gather(*(take(at, made, "bob") for _ in range(5)))
    assert len(await changes(at)) == 1
    await share(at, "bob", "read", "write")
    assert await take(at, made, "bob") == ["read", "write"]
    assert await take(at, made, "alice") == ["read", "write", "admin"]
    assert await take(at, made, "carol") == ["read"]
    assert await take(at, made, "carol") == ["read"], "the last use is still theirs"
    assert isinstance(await refused(take(at, made, "dave")), Gone)


async def test_an_invitation_expires_and_is_forgotten(at: Services, redis: Redis) -> None:
    made = await invite(at, "read")
    kept = await redis.hget(KEYS.invitations, made.invitation_id)
    await redis.hset(KEYS.invitations, made.invitation_id, b"1 " + kept.partition(b" ")[2])
    refusal = await refused(take(at, made, "bob"))
    assert isinstance(refusal, Gone)
    assert "expired" in refusal.message
    assert (await at.trip_invitations.list("alice", "t1")).invitations == []
    await invite(at, "read")
    assert not await redis.hexists(KEYS.invitations, made.invitation_id)


async def test_a_withdrawn_invitation_lets_nobody_in(at: Services) -> None:
    made = await invite(at, "read", uses=5)
    await take(at, made, "bob")
    await at.trip_invitations.withdraw("alice", "t1", made.invitation_id)
    assert (await refused(take(at, made, "carol"))).code is ErrorCode.NOT_FOUND
    again = await refused(at.trip_invitations.withdraw("alice", "t1", made.invitation_id))
    assert again.code is ErrorCode.NOT_FOUND
    assert await roles(at) == {"alice": "owner", "bob": "read"}


async def test_only_admins_invite_list_and_withdraw_and_a_trip_has_so_many(at: Services) -> None:
    await share(at, "bob", "read", "write")
    made = await invite(at, "read")
    for doing in (
        invite(at, "read", by="bob"),
        at.trip_invitations.list("bob", "t1"),
        at.trip_invitations.withdraw("bob", "t1", made.invitation_id),
    ):
        assert (await refused(doing)).code is ErrorCode.FORBIDDEN
    assert (await refused(invite(at, "read", by="mallory"))).code is ErrorCode.NOT_FOUND
    outcomes = await asyncio.gather(
        *(invite(at, "read") for _ in range(i.MAX_INVITATIONS)), return_exceptions=True
    )
    codes = [each.code for each in outcomes if isinstance(each, TripSageError)]
    assert codes == [ErrorCode.LIMIT_EXCEEDED]


@pytest.mark.parametrize("lowered", [None, ["read"]])
async def test_invitations_of_who_is_no_admin_any_more_are_gone(at: Services, lowered: Any) -> None:
    await share(at, "bob", "read", "write", "admin")
    theirs, hers = await invite(at, "read", by="bob"), await invite(at, "read")
    if lowered is None:
        await at.trip_sharing.revoke("alice", "t1", "bob")
    else:
        await share(at, "bob", *lowered)
    assert (await refused(take(at, theirs, "carol"))).code is ErrorCode.NOT_FOUND
    await take(at, hers, "carol")


async def test_no_invitation_brings_back_what_somebody_took_away(at: Services) -> None:
    made = await invite(at, "read", "write", uses=10)
    await take(at, made, "bob")
    await share(at, "bob", "read")
    assert (await refused(take(at, made, "bob"))).code is ErrorCode.FORBIDDEN
    await at.trip_sharing.revoke("alice", "t1", "bob")
    assert (await refused(take(at, made, "bob"))).code is ErrorCode.FORBIDDEN
    assert (await refused(take(at, await invite(at, "read"), "bob"))).code is ErrorCode.FORBIDDEN
    await share(at, "bob", "read")
    assert await take(at, made, "bob") == ["read", "write"], "admins let them in again"
    await at.trip_sharing.revoke("bob", "t1", "bob")
    assert await take(at, made, "bob") == ["read", "write"], "who left by themself may come back"


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


async def test_a_deleted_trip_has_no_invitations(at: Services, redis: Redis) -> None:
    made = await invite(at, "read")
    await share(at, "carol", "read")
    await at.trip_sharing.revoke("alice", "t1", "carol")
    await at.trip_sharing.delete("alice", "t1")
    assert (await refused(take(at, made, "bob"))).code is ErrorCode.NOT_FOUND
    assert await redis.exists(KEYS.invitations, KEYS.taken, KEYS.barred) == 0
