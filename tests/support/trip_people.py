"""People who are let into the trip `t1` of alice, and what they are told."""

import json
from typing import Any

from app.contract import invitations as i
from app.wiring import Services
from tests.support.trip_writes import Json


async def invite(at: Services, *permissions: Any, by: str = "alice", **limits: int) -> i.InvitationMade:
    return await at.trip_invitations.make(by, "t1", i.NewInvitation(permissions=list(permissions), **limits))


async def take(at: Services, made: i.InvitationMade, user: str) -> list[str]:
    taken = await at.trip_invitations.take(user, made.code)
    assert (taken.trip_id, taken.user_id) == ("t1", user)
    return list(taken.permissions)


async def roles(at: Services) -> dict[str, str]:
    people = (await at.trip_sharing.list("alice", "t1")).collaborators
    return {each.user_id: "owner" if each.owner else each.permissions[-1] for each in people}


async def changes(at: Services) -> list[Json]:
    log = [json.loads(frame) for _, frame in (await at.log.read("trip:t1", 0, limit=1000)).frames]
    return [event for event in log if event["type"] == "trip_permission_change"]


async def notices(at: Services, user: str) -> list[Json]:
    return [json.loads(frame) for _, frame in (await at.log.read(f"user:{user}", 0)).frames]
