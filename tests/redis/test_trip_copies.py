"""Trips taken elsewhere, on a real server and over REST: duplicates, and files that make the same trip again."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from app.streams.keys import TripKeys
from tests.support.api import Api, api, bearer

T1 = "/api/trips/t1"
TRIP = {
    "name": 'A "name"\r\nSet-Cookie: x=1; ü',
    "start_date": "2027-05-03",
    "budget": 12.50,
    "stops": [{"id": "lis", "name": "Lisbon", "arrive": "2027-05-03"}, {"id": "opo", "name": "Porto"}],
    "days": [{"id": "d1", "date": "2027-05-03", "title": "Alfama"}],
    "activities": [{"id": "a1", "name": "Castle", "day": "d1", "starts": "09:00:00", "cost": 7.0}],
    "custom": {"pets": {"dog": [1, 2.50, None, "ß"]}},
}


@pytest.fixture
async def served(valkey_url: str) -> AsyncIterator[Api]:
    async with api(valkey_url) as running:
        assert (await running.client.post(T1, json=TRIP)).status_code == 201
        yield running


async def get(served: Api, path: str, user: str = "alice") -> httpx.Response:
    answer = await served.client.get(path, headers=bearer(user))
    assert answer.status_code == 200, answer.text
    return answer


def content(trip: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in trip.items() if name not in ("id", "version", "field_versions")}


async def test_a_duplicate_is_the_same_trip_for_somebody_else(served: Api) -> None:
    order = {"user_id": "bob", "permissions": ["read"]}
    assert (await served.client.post(f"{T1}/collaborators", json=order)).status_code == 201
    await served.client.patch(T1, json={"notes": "later"})
    made = await served.client.post(f"{T1}/duplicate", json={"id": "t2"}, headers=bearer("bob"))
    assert (made.status_code, made.headers["location"], made.headers["etag"]) == (201, "/api/trips/t2", '"1"')
    assert content(made.json()) == content((await get(served, T1)).json())
    people = (await get(served, "/api/trips/t2/collaborators", "bob")).json()["collaborators"]
    assert [(person["user_id"], person["owner"]) for person in people] == [("bob", True)]
    assert (await served.client.get("/api/trips/t2")).status_code == 404, "it is bob's alone"


async def test_stored_values_are_copied_as_they_are(served: Api) -> None:
    await served.client.post(f"{T1}/duplicate", json={"id": "t2"})
    redis = served.services.redis
    first, second = [await redis.hgetall(TripKeys.of(name).values) for name in ("t1", "t2")]
    assert first == second


@pytest.mark.parametrize("how", ["id", "key"])
async def test_the_same_duplicate_again_has_no_second_effect(served: Api, how: str) -> None:
    body, headers = ({"id": "t2"}, {}) if how == "id" else ({}, {"Idempotency-Key": "k1"})
    first = await served.client.post(f"{T1}/duplicate", json=body, headers=headers)
    await served.client.patch(T1, json={"budget": 99})
    again = await served.client.post(f"{T1}/duplicate", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert len((await get(served, "/api/trips")).json()["trips"]) == 2
    other = await served.client.post(f"{T1}/duplicate", json={**body, "name": "Else"}, headers=headers)
    assert other.status_code in (409, 422)


async def test_a_duplicate_may_have_another_name_and_no_body_at_all(served: Api) -> None:
    named = await served.client.post(f"{T1}/duplicate", json={"name": "Autumn"})
    assert named.json()["name"] == "Autumn"
    assert (await served.client.post(f"{T1}/duplicate")).status_code == 201
    assert (await served.client.post(f"{T1}/duplicate", json={"name": ""})).status_code == 422


async def test_an_export_makes_the_same_trip_again(served: Api) -> None:
    exported = await get(served, f"{T1}/export.json")
    assert exported.headers["content-disposition"] == 'attachment; filename="t1.json"'
    made = await served.client.post("/api/trips/t2", content=exported.content)
    assert made.status_code == 201, made.text
    assert content(made.json()) == content((await get(served, T1)).json())
    again = await get(served, "/api/trips/t2/export.json")
    assert again.content == exported.content
    assert json.loads(exported.content)["custom"] == TRIP["custom"]


async def test_a_calendar_has_the_trip_and_nothing_that_its_text_could_smuggle_in(served: Api) -> None:
    answer = await get(served, f"{T1}/export.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="t1.ics"'
    assert "set-cookie" not in answer.headers
    calendar = Calendar.from_ical(answer.content)
    assert sorted(str(entry["UID"]).partition("@")[0] for entry in calendar.subcomponents) == [
        "t1.activities-a1",
        "t1.days-d1",
        "t1.stops-lis",
        "t1.trip",
    ]
    assert 'X-WR-CALNAME:A "name"\\nSet-Cookie: x=1\\; ü\r\n'.encode() in answer.content
    assert (await get(served, f"{T1}/export.ics")).content == answer.content


async def test_the_past_over_rest(served: Api) -> None:
    await served.client.patch(T1, json={"budget": 20, "custom": {}} | {"notes": "x"})
    changed = await served.client.patch(T1, json={"budget": 20})
    version = changed.json()["version"]
    history = (await get(served, f"{T1}/history?limit=1")).json()
    (write,) = history["writes"]
    assert (write["version"], write["previous"], write["updated_by"]) == (version, 1, "alice")
    assert write["changes"] == [{"field": "budget", "old_value": 12.5, "new_value": 20}]
    assert history["before"] == version
    then = await get(served, f"{T1}/versions/1")
    assert (then.json()["budget"], then.headers["etag"]) == (12.5, '"1"')
    undone = await served.client.post(f"{T1}/undo", json={"version": version})
    assert undone.json()["written"] == ["budget"]
    assert (await get(served, T1)).json()["budget"] == 12.5
    for path, status in (("/versions/99", 404), ("/versions/0", 422), ("/history?limit=0", 422)):
        assert (await served.client.get(T1 + path)).status_code == status
    await served.services.redis.execute_command("DEL", TripKeys.of("t1").history)
    gone = await served.client.get(f"{T1}/versions/1")
    assert (gone.status_code, gone.json()["details"]) == (410, {"oldest_version": version + 1})
