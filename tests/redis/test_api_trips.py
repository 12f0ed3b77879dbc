"""Trips over REST: both forms of a change, what refuses it, and that nobody reaches another's."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.api.trip_collaborators import COLLABORATORS
from app.api.trip_copies import COPIES
from app.api.trip_history import HISTORY
from app.api.trip_invitations import INVITATIONS
from app.api.trips import TRIPS
from app.streams.keys import TripKeys
from tests.support.api import Api, api, bearer

T1 = "/api/trips/t1"
OTHERS = {
    ("POST", ""): {"name": "Mine"},
    ("GET", ""): None,
    ("PATCH", ""): {"budget": 1},
    ("PUT", ""): {"name": "Mine"},
    ("DELETE", ""): None,
    ("GET", "/events"): None,
    ("GET", "/history"): None,
    ("GET", "/versions/1"): None,
    ("POST", "/undo"): {"version": 1},
    ("POST", "/duplicate"): {"id": "mine"},
    ("GET", "/export.json"): None,
    ("GET", "/export.ics"): None,
    ("POST", "/conflicts/c1/resolve"): {"strategy": "server-wins", "base_version": 1},
    ("GET", "/collaborators"): None,
    ("POST", "/collaborators"): {"user_id": "mallory", "permissions": ["read"]},
    ("PATCH", "/collaborators/alice"): {"permissions": ["read"]},
    ("DELETE", "/collaborators/alice"): None,
    ("POST", "/hand-over"): {"user_id": "mallory"},
    ("POST", "/invitations"): {"permissions": ["read"]},
    ("GET", "/invitations"): None,
    ("DELETE", f"/invitations/{'0' * 32}"): None,
}


@pytest.fixture
async def served(valkey_url: str) -> AsyncIterator[Api]:
    async with api(valkey_url) as running:
        body = {"name": "Spring", "destinations": ["Paris", "Rome"], "budget": 3000}
        made = await running.client.post(T1, json=body)
        assert (made.status_code, made.headers["location"], made.headers["etag"]) == (201, T1, '"1"')
        yield running


async def patch(served: Api, body: Any, user: str = "alice", **headers: str) -> httpx.Response:
    return await served.client.patch(T1, json=body, headers={**bearer(user), **headers})


async def test_a_trip_is_read_with_the_versions_of_its_fields(served: Api) -> None:
    changed = await patch(served, {"budget": 3500})
    assert (changed.status_code, changed.json()["version"], changed.json()["written"]) == (200, 2, ["budget"])
    read = await served.client.get(T1)
    trip = read.json()
    assert read.headers["etag"] == '"2"'
    assert (trip["id"], trip["budget"], trip["destinations"]) == ("t1", 3500, ["Paris", "Rome"])
    assert (trip["version"], trip["field_versions"]["budget"], trip["field_versions"]["name"]) == (2, 2, 1)


async def test_changes_with_a_base_conflict_and_are_settled(served: Api) -> None:
    assert (await patch(served, {"budget": 3200})).status_code == 200
    body = {"changes": [{"field": "budget", "value": 3500, "base_version": 1}], "mutation_id": "m1"}
    conflict = await patch(served, body)
    details = conflict.json()["details"]
    assert (conflict.status_code, conflict.json()["code"]) == (409, "CONFLICT")
    assert (details["field"], details["current_value"], details["current_version"]) == ("budget", 3200, 2)
    order = {"strategy": "manual", "value": 3350, "base_version": 2}
    settled = await served.client.post(f"{T1}/conflicts/{details['conflict_id']}/resolve", json=order)
    assert (settled.status_code, settled.json()["version"]) == (200, 3)
    assert (await served.client.get(T1)).json()["budget"] == 3350


async def test_if_match_and_idempotency_key(served: Api) -> None:
    first = await patch(served, {"budget": 1}, **{"Idempotency-Key": "k1", "If-Match": '"1"'})
    again = await patch(served, {"budget": 1}, **{"Idempotency-Key": "k1", "If-Match": '"1"'})
    assert (first.status_code, first.content) == (200, again.content)
    moved = await patch(served, {"budget": 2}, **{"If-Match": '"1"'})
    assert (moved.status_code, moved.json()["details"]) == (412, {"current_version": 2})
    other = await patch(served, {"budget": 3}, **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["details"]) == (422, {"field": "mutation_id"})
    assert len((await served.client.get(f"{T1}/events")).json()["events"]) == 2


async def test_what_is_put_replaces_and_what_is_read_may_be_put(served: Api) -> None:
    trip = (await served.client.get(T1)).json()
    for name in ("id", "version", "field_versions"):
        del trip[name]
    same = await served.client.put(T1, json=trip)
    assert (same.status_code, same.json()["written"]) == (200, [])
    await served.client.put(T1, json={"name": "Autumn"}, headers={"If-Match": '"1"'})
    now = (await served.client.get(T1)).json()
    assert (now["name"], now["destinations"], now["budget"]) == ("Autumn", [], None)


async def test_a_trip_without_an_id_is_made_once_a_key_and_user(served: Api) -> None:
    async def made(user: str) -> str:
        headers = {**bearer(user), "Idempotency-Key": "k1"}
        answer = await served.client.post("/api/trips", json={"name": "Lisbon"}, headers=headers)
        assert answer.status_code == 201
        return answer.json()["id"]

    assert await made("alice") == await made("alice") != await made("bob")
    assert len((await served.client.get("/api/trips")).json()["trips"]) == 2


async def test_trips_are_listed_searched_and_in_pages(served: Api) -> None:
    for name in ("Lisbon", "Lisboa"):
        await served.client.post("/api/trips", json={"name": name})

    async def listed(**query: str | int) -> tuple[list[str], str | None]:
        page = (await served.client.get("/api/trips", params=query)).json()
        return [trip["name"] for trip in page["trips"]], page["after"]

    assert await listed() == (["Lisboa", "Lisbon", "Spring"], None)
    first, after = await listed(search="LISBO", limit=1)
    assert (first, after is not None) == (["Lisboa"], True)
    second, after = await listed(search="LISBO", limit=1, after=after or "")
    assert (second, await listed(search="LISBO", after=after or "")) == (["Lisbon"], ([], None))


@pytest.mark.parametrize("after", ["", "x", "e30", "WzEsMl0", "WzFlOTk5LCJhIl0", "é", "W251bGwsImEiXQ"])
async def test_a_place_in_the_list_that_no_page_named_is_refused(served: Api, after: str) -> None:
    answer = await served.client.get("/api/trips", params={"after": after})
    assert (answer.status_code, answer.json()["details"]["field"]) == (422, "after")


async def test_deleted_is_410_to_those_who_had_it(served: Api) -> None:
    assert (await served.client.delete(T1)).status_code == 204
    gone = await served.client.get(T1)
    assert (gone.status_code, gone.json()["code"]) == (410, "NOT_FOUND")
    assert (await patch(served, {"budget": 1})).status_code == 410
    assert (await served.client.get(T1, headers=bearer("mallory"))).status_code == 404


async def test_readers_read_and_do_not_write(served: Api) -> None:
    order = {"user_id": "bob", "permissions": ["read"]}
    assert (await served.client.post(f"{T1}/collaborators", json=order)).status_code == 201
    assert (await served.client.get(T1, headers=bearer("bob"))).status_code == 200
    refused = await patch(served, {"budget": 1}, "bob")
    assert (refused.status_code, refused.json()["code"]) == (403, "FORBIDDEN")
    more = {"permissions": ["read", "write"]}
    assert (await served.client.patch(f"{T1}/collaborators/bob", json=more)).status_code == 200
    assert (await patch(served, {"budget": 1}, "bob")).status_code == 200
    assert (await served.client.delete(f"{T1}/collaborators/bob")).status_code == 204
    assert (await served.client.get(T1, headers=bearer("bob"))).status_code == 404
    events = (await served.client.get(f"{T1}/events")).json()["events"]
    assert [each["new_permissions"] for each in events if each["type"] == "trip_permission_change"] == [
        ["read"],
        ["read", "write"],
        [],
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({}, "changes"),
        ({"changes": []}, "changes"),
        ({"budget": "much"}, "budget"),
        ({"budget": 1, "start_date": "2026-05-02", "end_date": "2026-05-01"}, "end_date"),
        ({"changes": [{"field": "budget"}]}, "changes[0].value"),
        ({"changes": [{"field": "budget", "value": 1}], "strategy": "mine"}, "strategy"),
        ({f"custom/{number}": 1 for number in range(101)}, "changes"),
        ({"colours/red": None}, "colours/red"),
        ({"changes": [{"field": "budget", "value": 1}], "reads": {"colour": 0}}, "colour"),
        ({"changes": [{"field": "budget", "value": 1}], "reads": {"stops/a b": 1}}, "stops/a b"),
        ({"stops/a": {"id": "a", "name": "A", "position": 1e13}}, "stops/a"),
        ({"activities/a": {"id": "a", "name": "A", "starts": "10:00:00+05:00"}}, "activities/a.starts"),
        ({"destinations": ["x"] * 501}, "trip"),
    ],
)
async def test_bad_changes_name_the_field_and_write_nothing(served: Api, body: Any, field: str) -> None:
    refused = await patch(served, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "VALIDATION_ERROR")
    assert refused.json()["details"]["field"] == field
    assert (await served.client.get(T1)).json()["version"] == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"budget": 9, "colour": "red"}, "colour"),
        ({"name": "New", "budget": -1}, "budget"),
        ({"budget": 9, "currency": "XXQ"}, "currency"),
        ({"budget": 9, "travellers": "two"}, "travellers"),
        ({"budget": 9, "notes": "x" * 32_769}, "notes"),
        ({"budget": 9, "stops/a": {"id": "a", "name": "A", "colour": "red"}}, "stops/a.colour"),
        ({"budget": 9, "activities/a": {"id": "a", "name": "A", "cost": -1}}, "activities/a"),
    ],
)
async def test_of_a_write_with_one_bad_field_nothing_is_written(served: Api, body: Any, field: str) -> None:
    before = (await served.client.get(T1)).content
    refused = await patch(served, body)
    assert (refused.status_code, refused.json()["details"]["field"]) == (422, field)
    assert (await served.client.get(T1)).content == before
    assert len((await served.client.get(f"{T1}/events")).json()["events"]) == 1


async def test_whatever_can_be_written_can_be_exported_and_made_again(served: Api) -> None:
    fields: dict[str, Any] = {f"custom/c{number}": number for number in range(120)}
    fields |= {f"stops/s{number}": {"id": f"s{number}", "name": f"Place {number}"} for number in range(120)}
    fields |= {"start_date": "0001-01-01", "end_date": "9999-12-31"}
    for name, value in fields.items():
        assert (await patch(served, {name: value})).is_success
    calendar = await served.client.get(f"{T1}/export.ics")
    assert (calendar.status_code, calendar.text.count("DTEND;VALUE=DATE:99991231")) == (200, 1)
    made = await served.client.post(
        "/api/trips/t2", content=(await served.client.get(f"{T1}/export.json")).content
    )
    assert made.status_code == 201
    assert len(made.json()["stops"]) == 122


async def test_the_version_of_the_trip_is_a_base_for_each_of_its_fields(served: Api) -> None:
    """It is what the caller saw, however long ago a field was written."""
    await patch(served, {"notes": "later"})
    read = (await served.client.get(T1)).json()["version"]
    seen = {"changes": [{"field": "budget", "value": 1, "base_version": read}], "reads": {"name": read}}
    assert (await patch(served, seen)).json()["written"] == ["budget"]
    assert (await patch(served, {**seen, "mutation_id": "again"})).json()["written"] == []
    seen["changes"][0]["value"] = 2
    assert (await patch(served, {**seen, "mutation_id": "other"})).status_code == 409


async def test_what_is_far_too_large_is_refused_and_nothing_is_written(served: Api) -> None:
    before = (await served.client.get(T1)).content
    assert (await patch(served, {"notes": "x" * 2_000_000})).status_code == 413
    items = [{"id": str(number), "name": "x"} for number in range(10_000)]
    put = await served.client.put(T1, json={"name": "New", "activities": items})
    assert (put.status_code, put.json()["details"]["field"]) == (422, "activities")
    assert (await served.client.get(T1)).content == before


async def test_a_version_from_the_future_or_of_lost_history_forces_a_resync(served: Api) -> None:
    body = {"changes": [{"field": "budget", "value": 9, "base_version": 99}]}
    refused = await patch(served, body)
    assert (refused.status_code, refused.json()["details"]["resync"]) == (409, True)
    page = await served.client.get(f"{T1}/events?after=1&epoch=lost")
    assert (page.json()["recovered"], page.json()["events"]) == (False, [])
    assert (await served.client.get(T1)).json()["version"] == 1


async def test_a_write_on_versions_of_lost_history_overwrites_nothing(served: Api) -> None:
    """Their numbers are given again: only the epoch tells the old ones from the new."""
    await patch(served, {"budget": 20})
    seen = (await served.client.get(f"{T1}/events")).json()
    keys = TripKeys.of("t1")
    redis = served.services.redis
    await redis.execute_command("HSET", keys.record, "version", "1")  # as a fail-over to a late replica does
    await redis.execute_command("HSET", keys.versions, "budget", "1")
    await redis.execute_command("DEL", keys.meta, keys.log, keys.history)
    assert (await patch(served, {"budget": 30})).json()["version"] == seen["seq"]
    stale = {"changes": [{"field": "budget", "value": 9, "base_version": seen["seq"]}]}
    for path, body in (
        ("", stale),
        ("/undo", {"version": seen["seq"]}),
        ("/conflicts/c1/resolve", {"strategy": "client-wins", "base_version": seen["seq"]}),
    ):
        method = "POST" if path else "PATCH"
        refused = await served.client.request(method, T1 + path, json={**body, "epoch": seen["epoch"]})
        assert (refused.status_code, refused.json()["details"]["resync"]) == (409, True)
    assert (await served.client.get(T1)).json()["budget"] == 30
    now = (await served.client.get(f"{T1}/events")).json()["epoch"]
    assert (await patch(served, {**stale, "epoch": now})).status_code == 200


async def test_nobody_makes_a_second_owner_by_permissions(served: Api) -> None:
    for order in (
        {"user_id": "bob", "permissions": ["owner"]},
        {"user_id": "bob", "permissions": ["read"], "owner": True},
    ):
        refused = await served.client.post(f"{T1}/collaborators", json=order)
        assert (refused.status_code, refused.json()["code"]) == (422, "VALIDATION_ERROR")
    people = (await served.client.get(f"{T1}/collaborators")).json()["collaborators"]
    assert [(each["user_id"], each["owner"]) for each in people] == [("alice", True)]


async def test_bad_headers_and_permissions_are_refused(served: Api) -> None:
    assert (await patch(served, {"budget": 1}, **{"If-Match": "1"})).status_code == 422
    assert (await patch(served, {"budget": 1}, **{"Idempotency-Key": "a b"})).status_code == 422
    for order in ({"user_id": "bob", "permissions": ["write"]}, {"user_id": "b b", "permissions": ["read"]}):
        assert (await served.client.post(f"{T1}/collaborators", json=order)).status_code == 422


@pytest.mark.parametrize(("method", "below"), OTHERS)
async def test_another_users_trip_is_not_found(served: Api, method: str, below: str) -> None:
    body = OTHERS[method, below]
    asked: dict[str, Any] = {} if body is None else {"json": body}
    answer = await served.client.request(method, T1 + below, headers=bearer("mallory"), **asked)
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert (await served.client.get(T1)).json()["version"] == 1


def test_every_route_on_a_trip_is_tried_as_another_user() -> None:
    on_one = {
        (
            method,
            path.removeprefix("/trips/{trip_id:str}")
            .replace("{conflict_id:str}", "c1")
            .replace("{version:int}", "1")
            .replace("{user_id:str}", "alice")
            .replace("{invitation_id:str}", "0" * 32),
        )
        for handler in (*TRIPS, *HISTORY, *COPIES, *COLLABORATORS, *INVITATIONS)
        for path in handler.paths  # type: ignore[union-attr]
        for method in handler.http_methods  # type: ignore[union-attr]
        if "{trip_id" in path
    }
    assert on_one == set(OTHERS)
