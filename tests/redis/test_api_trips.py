"""Trips over REST: made, read, listed, changed in both forms, settled, deleted."""

from typing import Any

import pytest

from tests.support.api import Api, bearer
from tests.support.api_trips import T1, patch


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


async def test_the_id_of_a_deleted_trip_is_gone_to_who_had_it_and_unknown_to_strangers(served: Api) -> None:
    assert (await served.client.delete(T1)).status_code == 204
    for path, body in ((T1, {"name": "New"}), ("/api/trips", {"id": "t1", "name": "New"})):
        for user, status in (("alice", 410), ("mallory", 404)):
            again = await served.client.post(path, json=body, headers=bearer(user))
            assert again.status_code == status, again.text


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
