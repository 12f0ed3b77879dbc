"""Invitations on a real server: who gets in by one, how often, and what no invitation gives back."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis

from app.contract import invitations as i
from app.contract.errors import ErrorCode, Gone, TripSageError
from app.wiring import Services
from tests.support.trip_people import changes, invite, roles, take
from tests.support.trip_writes import KEYS, refused, share


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


async def test_a_deleted_trip_has_no_invitations(at: Services, redis: Redis) -> None:
    made = await invite(at, "read")
    await share(at, "carol", "read")
    await at.trip_sharing.revoke("alice", "t1", "carol")
    await at.trip_sharing.delete("alice", "t1")
    assert (await refused(take(at, made, "bob"))).code is ErrorCode.NOT_FOUND
    assert await redis.exists(KEYS.invitations, KEYS.taken, KEYS.barred) == 0
