"""What refuses a request about a trip over REST, and that nobody reaches another's."""

from typing import Any

import pytest

from app.api.trip_collaborators import COLLABORATORS
from app.api.trip_copies import COPIES
from app.api.trip_history import HISTORY
from app.api.trip_invitations import INVITATIONS
from app.api.trips import TRIPS
from app.streams.keys import TripKeys
from tests.support.api import Api, bearer
from tests.support.api_trips import T1, patch

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
