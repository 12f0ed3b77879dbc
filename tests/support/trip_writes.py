"""Writes of the trip `t1` of alice on a real server, and what became of them."""

import json
from typing import Any

import pytest
from msgspec import Raw

from app.contract import trip as t
from app.contract.codec import encode
from app.contract.errors import TripSageError
from app.contract.ids import trip_stream
from app.services.trip_commits import Call
from app.streams.keys import TripKeys
from app.wiring import Services, new_id

STREAM = trip_stream("t1")
KEYS = TripKeys.of("t1")
Json = dict[str, Any]


def mutation(field: str, value: Any, strategy: t.Strategy = "reject", **base: Any) -> t.Mutation:
    change = t.Change(field=field, value=Raw(json.dumps(value).encode()), **base)
    return t.Mutation(changes=[change], strategy=strategy)


async def write(
    at: Services, field: str, value: Any, user: str = "alice", mutation_id: str | None = None, **base: Any
) -> t.Written:
    return await at.trips.write("t1", Call(user, mutation_id or new_id()), mutation(field, value, **base))


async def share(at: Services, user: str, *permissions: Any) -> None:
    order = t.CollaboratorOrder(permissions=list(permissions))
    await at.trip_sharing.grant("alice", "t1", user, order)


async def state(at: Services) -> Json:
    return json.loads((await at.trips.read("alice", "t1")).json)


async def events(at: Services) -> list[Json]:
    return [json.loads(frame) for _, frame in (await at.log.read(STREAM, 0, limit=1000)).frames]


async def refused(doing: Any) -> TripSageError:
    with pytest.raises(TripSageError) as refusal:
        await doing
    return refusal.value


def plain(details: Json) -> Json:
    return json.loads(encode(details))


async def check_log(at: Services) -> None:
    """Dense numbers; and the log, replayed, is the state."""
    log = await events(at)
    assert [each["seq"] for each in log] == list(range(1, len(log) + 1))
    fields: Json = {}
    versions: Json = {}
    newest: Json = {}
    for event in log:
        if event["type"] != "trip_update_broadcast":
            continue
        newest = event
        for change in event["changes"]:
            assert fields.get(change["field"]) == change["old_value"]
            fields[change["field"]] = change["new_value"]
            versions[change["field"]] = event["seq"]
            if change["field"].startswith("stops/"):
                versions["destinations"] = event["seq"]
    now = await state(at)
    there = {name: value for name, value in fields.items() if value is not None or "/" not in name}
    assert now["version"] == newest["version"] == newest["seq"]
    assert {name: number for name, number in versions.items() if name in there or name == "destinations"} == (
        now["field_versions"]
    )
    assert now == {
        **newest["full_trip_data"],
        "version": newest["version"],
        "field_versions": newest["field_versions"],
    }
    for name, value in there.items():
        collection, _, item = name.partition("/")
        found = now[collection]
        if collection == "custom":
            found = found[item]
        elif item:
            found = next(each for each in found if each["id"] == item)
        assert found == value
