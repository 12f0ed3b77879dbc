"""Every request about a trip that comes again, after the trip has moved on, is answered as the first time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.support.api import Api, api, bearer

T1 = "/api/trips/t1"
WRITER = ["read", "write"]


@pytest.fixture
async def served(valkey_url: str) -> AsyncIterator[Api]:
    async with api(valkey_url) as running:
        made = await running.client.post(T1, json={"name": "Spring", "budget": 10})
        assert made.status_code == 201
        yield running


@dataclass
class Case:
    """A request, and what becomes of the trip between it and its repeat."""

    method: str
    path: str
    body: Any
    user: str
    meanwhile: Callable[[Api], Awaitable[None]]
    before: Callable[[Api], Awaitable[dict[str, Any]]] | None = None
    headers: dict[str, str] = field(default_factory=lambda: {"Idempotency-Key": "k1"})


async def ask(served: Api, method: str, path: str, body: Any = None, user: str = "alice") -> httpx.Response:
    more = {} if body is None else {"json": body}
    answer = await served.client.request(method, path, headers=bearer(user), **more)
    assert answer.is_success, answer.text
    return answer


async def share(served: Api, user: str, permissions: list[str] = WRITER) -> None:
    await ask(served, "POST", f"{T1}/collaborators", {"user_id": user, "permissions": permissions})


async def bob_is_out(served: Api) -> None:
    await ask(served, "DELETE", f"{T1}/collaborators/bob")


async def the_trip_is_deleted(served: Api) -> None:
    await ask(served, "DELETE", T1)


async def fields_are_written(served: Api) -> None:
    await ask(served, "PATCH", T1, {"name": "Autumn", "budget": 99, "notes": "more"})


async def the_history_is_gone(served: Api) -> None:
    await fields_are_written(served)
    await served.services.redis.execute_command("DEL", "{trip:t1}:history")


async def bob_writes(served: Api) -> dict[str, Any]:
    await share(served, "bob")
    written = await ask(served, "PATCH", T1, {"budget": 20}, "bob")
    return {"version": written.json()["version"]}


async def bob_is_in(served: Api) -> dict[str, Any]:
    await share(served, "bob")
    return {}


async def bob_and_carol_are_in(served: Api) -> dict[str, Any]:
    await share(served, "bob")
    await share(served, "carol")
    return {}


async def bob_hands_it_on(served: Api) -> None:
    await ask(served, "POST", f"{T1}/hand-over", {"user_id": "carol"}, "bob")
    await ask(served, "DELETE", f"{T1}/collaborators/alice", user="carol")


async def bob_is_invited(served: Api) -> dict[str, Any]:
    made = await ask(served, "POST", f"{T1}/invitations", {"permissions": WRITER})
    return {"code": made.json()["code"]}


async def bob_takes_the_invitation(served: Api) -> None:
    again = {**bearer("alice"), "Idempotency-Key": "k1"}
    made = await served.client.post(f"{T1}/invitations", json={"permissions": WRITER}, headers=again)
    await ask(served, "POST", "/api/invitations/accept", {"code": made.json()["code"]}, "bob")
    await ask(served, "DELETE", f"{T1}/invitations/{made.json()['invitation_id']}")


async def bob_leaves_and_invitations_end(served: Api) -> None:
    await ask(served, "DELETE", f"{T1}/collaborators/bob", user="bob")
    for each in (await ask(served, "GET", f"{T1}/invitations")).json()["invitations"]:
        await ask(served, "DELETE", f"{T1}/invitations/{each['invitation_id']}")


async def bob_meets_a_conflict(served: Api) -> dict[str, Any]:
    await share(served, "bob")
    await ask(served, "PATCH", T1, {"budget": 20})
    stale = {"changes": [{"field": "budget", "value": 30, "base_version": 1}]}
    met = (await served.client.patch(T1, json=stale, headers=bearer("bob"))).json()["details"]
    return {"conflict_id": met["conflict_id"], "base_version": met["current_version"]}


CASES = {
    "create": Case("POST", "/api/trips/t2", {"name": "New"}, "alice", lambda served: _edit_t2(served)),
    "create, deleted": Case("POST", "/api/trips/t2", {"name": "New"}, "alice", lambda served: _drop_t2(served)),
    "create, without a key": Case(
        "POST", "/api/trips/t2", {"name": "New"}, "alice", lambda served: _edit_t2(served), headers={}
    ),
    "write": Case("PATCH", T1, {"budget": 20}, "alice", fields_are_written),
    "write, out": Case("PATCH", T1, {"budget": 20}, "bob", bob_is_out, bob_is_in),
    "write, deleted": Case("PATCH", T1, {"budget": 20}, "alice", the_trip_is_deleted),
    "replace": Case("PUT", T1, {"name": "Other"}, "alice", fields_are_written),
    "undo": Case("POST", f"{T1}/undo", {}, "bob", fields_are_written, bob_writes),
    "undo, out": Case("POST", f"{T1}/undo", {}, "bob", bob_is_out, bob_writes),
    "undo, no history": Case("POST", f"{T1}/undo", {}, "bob", the_history_is_gone, bob_writes),
    "undo, deleted": Case("POST", f"{T1}/undo", {}, "bob", the_trip_is_deleted, bob_writes),
    "resolve": Case(
        "POST", f"{T1}/conflicts/ID/resolve", {"strategy": "client-wins"}, "bob", fields_are_written,
        bob_meets_a_conflict, {},
    ),
    "resolve, out": Case(
        "POST", f"{T1}/conflicts/ID/resolve", {"strategy": "server-wins"}, "bob", bob_is_out,
        bob_meets_a_conflict, {},
    ),
    "duplicate": Case("POST", f"{T1}/duplicate", {"id": "t2"}, "bob", fields_are_written, bob_is_in),
    "duplicate, out": Case("POST", f"{T1}/duplicate", {"id": "t2"}, "bob", bob_is_out, bob_is_in),
    "duplicate, deleted": Case("POST", f"{T1}/duplicate", {}, "bob", the_trip_is_deleted, bob_is_in),
    "share": Case(
        "POST", f"{T1}/collaborators", {"user_id": "bob", "permissions": ["read"]}, "alice", bob_is_out
    ),
    "change what somebody may": Case(
        "PATCH", f"{T1}/collaborators/bob", {"permissions": ["read"]}, "alice", bob_is_out, bob_is_in
    ),
    "invite": Case("POST", f"{T1}/invitations", {"permissions": WRITER}, "alice", fields_are_written),
    "invite, taken and withdrawn": Case(
        "POST", f"{T1}/invitations", {"permissions": WRITER}, "alice", bob_takes_the_invitation
    ),
    "invite, deleted": Case("POST", f"{T1}/invitations", {"permissions": WRITER}, "alice", the_trip_is_deleted),
    "accept": Case(
        "POST", "/api/invitations/accept", {}, "bob", bob_leaves_and_invitations_end, bob_is_invited
    ),
    "take out": Case(
        "DELETE", f"{T1}/collaborators/bob", None, "alice", lambda served: share(served, "bob"), bob_is_in
    ),
    "leave": Case(
        "DELETE", f"{T1}/collaborators/bob", None, "bob", lambda served: share(served, "bob"), bob_is_in
    ),
    "hand over": Case(
        "POST", f"{T1}/hand-over", {"user_id": "bob"}, "alice", bob_hands_it_on, bob_and_carol_are_in
    ),
    "delete": Case("DELETE", T1, None, "alice", lambda _: _nothing()),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
async def test_a_repeat_is_answered_as_the_first_time_and_does_nothing(served: Api, name: str) -> None:
    case = CASES[name]
    found = {} if case.before is None else await case.before(served)
    path = case.path.replace("ID", found.pop("conflict_id", ""))
    body = None if case.body is None else {**case.body, **found}
    headers = {**bearer(case.user), **case.headers}
    sent: dict[str, Any] = {} if body is None else {"json": body}
    first = await served.client.request(case.method, path, headers=headers, **sent)
    assert first.is_success, first.text
    await case.meanwhile(served)
    standing = await everything(served)
    again = await served.client.request(case.method, path, headers=headers, **sent)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers.get("etag") == first.headers.get("etag")
    assert await everything(served) == standing


@pytest.mark.parametrize("name", ["share", "accept", "leave", "hand over", "take out"])
async def test_a_key_is_for_one_request(served: Api, name: str) -> None:
    case = CASES[name]
    found = {} if case.before is None else await case.before(served)
    headers = {**bearer(case.user), **case.headers}
    sent: dict[str, Any] = {} if case.body is None else {"json": {**case.body, **found}}
    assert (await served.client.request(case.method, case.path, headers=headers, **sent)).is_success
    other = {"user_id": "dave", "permissions": ["read"]}
    refused = await served.client.post(f"{T1}/collaborators", json=other, headers=headers)
    assert (refused.status_code, refused.json()["details"]) == (422, {"field": "Idempotency-Key"})


async def test_a_trip_made_again_without_a_key_after_it_was_deleted_is_gone(served: Api) -> None:
    """It may be meant as a new one: to answer that it was made would be a lie."""
    await the_trip_is_deleted(served)
    again = await served.client.post(T1, json={"name": "Spring", "budget": 10})
    assert again.status_code == 410


async def everything(served: Api) -> dict[str, Any]:
    """What is stored of the trips and their people, but who looked at what when."""
    redis = served.services.redis
    found: dict[str, Any] = {}
    for trip in ("t1", "t2"):
        for kind in ("trip", "roles", "values", "versions", "taken", "invitations"):
            found[f"{trip} {kind}"] = await redis.hgetall(f"{{trip:{trip}}}:{kind}")
        found[f"{trip} seq"] = await redis.hget(f"{{trip:{trip}}}:meta", "seq")
    return found


async def _edit_t2(served: Api) -> None:
    await ask(served, "PATCH", "/api/trips/t2", {"name": "Edited"})


async def _drop_t2(served: Api) -> None:
    await ask(served, "DELETE", "/api/trips/t2")


async def _nothing() -> None:
    pass
