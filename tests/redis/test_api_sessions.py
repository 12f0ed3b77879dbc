"""Sessions over REST, and that nobody reaches another's."""

from collections.abc import AsyncIterator

import pytest

from app.api import SESSIONS
from tests.support.api import Api, api, bearer

OTHERS = [
    ("GET", ""),
    ("DELETE", ""),
    ("GET", "/messages"),
    ("POST", "/messages"),
    ("POST", "/cancel"),
    ("GET", "/turns/m1"),
    ("GET", "/events"),
    ("GET", "/stream"),
    ("POST", "/tool-calls/c1/decision"),
]


@pytest.fixture
async def served(valkey_url: str) -> AsyncIterator[Api]:
    async with api(valkey_url) as running:
        yield running


async def test_a_session_is_made_named_or_not(served: Api) -> None:
    named = await served.client.post("/api/sessions", json={"session_id": "lisbon"})
    assert (named.status_code, named.headers["location"]) == (201, "/api/sessions/lisbon")
    assert named.json()["session_id"] == "lisbon"
    assert named.json()["running_turn"] is None
    unnamed = await served.client.post("/api/sessions")
    assert unnamed.status_code == 201
    read = await served.client.get(unnamed.headers["location"])
    assert read.json() == unnamed.json()


async def test_making_it_again_is_harmless(served: Api) -> None:
    first = await served.client.post("/api/sessions", json={"session_id": "s1"})
    second = await served.client.post("/api/sessions", json={"session_id": "s1"})
    assert (second.status_code, second.json()) == (201, first.json())


async def test_sessions_are_listed_newest_first_and_in_pages(served: Api) -> None:
    for name in ("a", "b", "c"):
        await served.session(name)
    await served.session("theirs", user="bob")

    async def listed(query: str) -> list[str]:
        answer = await served.client.get(f"/api/sessions{query}")
        assert answer.status_code == 200
        return [session["session_id"] for session in answer.json()["sessions"]]

    assert await listed("") == ["c", "b", "a"]
    assert await listed("?limit=2") == ["c", "b"]
    page = (await served.client.get("/api/sessions?limit=2")).json()
    await served.session("d")
    await served.client.delete("/api/sessions/c")
    assert await listed(f"?limit=2&after={page['after']}") == ["a"], "whatever comes and goes meanwhile"
    last = (await served.client.get("/api/sessions?limit=3")).json()
    assert ([each["session_id"] for each in last["sessions"]], last["after"]) == (["d", "b", "a"], None)


async def test_a_session_names_its_running_turn(served: Api) -> None:
    path = await served.session()
    await served.client.post(f"{path}/messages", json={"id": "m1", "content": "Hello"})
    assert (await served.client.get(path)).json()["running_turn"] == "m1"


async def test_what_is_deleted_is_gone_for_good(served: Api) -> None:
    path = await served.session()
    await served.client.post(f"{path}/messages", json={"id": "m1", "content": "Hello"})
    deleted = await served.client.delete(path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    for gone in ("", "/messages", "/events", "/turns/m1"):
        assert (await served.client.get(path + gone)).status_code == 404
    assert (await served.client.get("/api/sessions")).json() == {"sessions": [], "after": None}
    again = await served.client.post("/api/sessions", json={"session_id": "s1"})
    assert again.status_code == 404


@pytest.mark.parametrize(("method", "below"), OTHERS)
async def test_another_users_session_is_not_found(served: Api, method: str, below: str) -> None:
    path = await served.session()
    bodies = {
        "/messages": {"id": "m9", "content": "Hello"},
        "/tool-calls/c1/decision": {"decision": "reject"},
    }
    body = bodies.get(below, {})
    asked = {"json": body} if method == "POST" else {}
    theirs = await served.client.request(method, path + below, headers=bearer("mallory"), **asked)
    nobodys = await served.client.request(
        method, f"/api/sessions/nobody{below}", headers=bearer("mallory"), **asked
    )
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json()["code"] == nobodys.json()["code"] == "NOT_FOUND"
    assert theirs.json()["detail"] == nobodys.json()["detail"]
    assert (await served.client.get(f"{path}/events")).json()["events"] == []


async def test_another_users_id_cannot_be_taken(served: Api) -> None:
    await served.session("s1", user="bob")
    refused = await served.client.post("/api/sessions", json={"session_id": "s1"})
    assert refused.status_code == 404


def test_every_route_on_a_session_is_tried_as_another_user() -> None:
    """A route that is added has to be added to `OTHERS` too."""
    on_one = {
        (
            method,
            path.removeprefix("/sessions/{session_id:str}")
            .replace("{message_id:str}", "m1")
            .replace("{tool_call_id:str}", "c1"),
        )
        for handler in SESSIONS
        for path in handler.paths  # type: ignore[union-attr]
        for method in handler.http_methods  # type: ignore[union-attr]
        if "{session_id" in path
    }
    assert on_one == set(OTHERS)


@pytest.mark.parametrize("hostile", ["a%20b", "a%0A", "%00", "x" * 65, "é", "a.b", "a%2Fb", "..", "%7Bs1%7D"])
async def test_a_hostile_id_reaches_nothing(served: Api, hostile: str) -> None:
    answer = await served.client.get(f"/api/sessions/{hostile}/messages")
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert await served.services.redis.exists("{session:" + hostile + "}:meta") == 0
