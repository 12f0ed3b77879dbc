"""Who may write a trip and who may share it; what is taken away is gone at once."""

import asyncio
from typing import Any

import pytest

from app.contract import trip as t
from app.contract.errors import ErrorCode, TripSageError
from app.wiring import Services
from tests.support.trip_writes import (
    STREAM,
    events,
    refused,
    share,
    state,
    write,
)


@pytest.mark.parametrize("permissions", [["read"], []])
async def test_who_may_not_write_does_not(at: Services, permissions: list[Any]) -> None:
    if permissions:
        await share(at, "bob", *permissions)
    refusal = await refused(write(at, "budget", 1, user="bob"))
    assert refusal.code is (ErrorCode.FORBIDDEN if permissions else ErrorCode.NOT_FOUND)
    assert (await state(at))["budget"] is None


async def test_no_write_lands_after_revocation_returned(at: Services) -> None:
    await share(at, "bob", "read", "write")
    revoked = asyncio.Event()
    landed_late: list[t.Written] = []

    async def keep_writing() -> TripSageError:
        number = 0
        while True:
            number += 1
            late = revoked.is_set()
            try:
                written = await write(at, "budget", number, user="bob")
            except TripSageError as error:
                return error
            if late:
                landed_late.append(written)

    writing = [asyncio.create_task(keep_writing()) for _ in range(4)]
    while len(await events(at)) < 10:
        await asyncio.sleep(0)
    await at.trip_sharing.revoke("alice", "t1", "bob")
    revoked.set()
    top = (await at.log.read(STREAM, 0, limit=1)).seq
    refusals = await asyncio.gather(*writing)
    assert {error.code for error in refusals} == {ErrorCode.NOT_FOUND}
    assert landed_late == []
    assert (await at.log.read(STREAM, 0, limit=1)).seq == top
    assert (await events(at))[-1]["new_permissions"] == []
    assert [each.id for each in (await at.trip_lists.page("bob")).trips] == []


async def test_admins_share_and_nobody_touches_the_owner(at: Services) -> None:
    await share(at, "bob", "read", "write")
    order = t.CollaboratorOrder(permissions=["read"])
    assert (await refused(at.trip_sharing.grant("bob", "t1", "eve", order))).code is ErrorCode.FORBIDDEN
    await share(at, "bob", "read", "write", "admin")
    await at.trip_sharing.grant("bob", "t1", "carol", order)
    for doing in (
        at.trip_sharing.revoke("bob", "t1", "alice"),
        at.trip_sharing.revoke("alice", "t1", "alice"),
        at.trip_sharing.grant("bob", "t1", "alice", order),
    ):
        assert (await refused(doing)).code is ErrorCode.CONFLICT
    await at.trip_sharing.revoke("carol", "t1", "carol")
    people = (await at.trip_sharing.list("bob", "t1")).collaborators
    assert [(each.user_id, each.owner) for each in people] == [("alice", True), ("bob", False)]
