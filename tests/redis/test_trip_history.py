"""A trip's past on a real server: every version as it was, who wrote it, and one's own changes taken back."""

import json
import random
from dataclasses import replace
from typing import Any, cast

import pytest
from msgspec import Raw

from app.contract import trip as t
from app.contract.errors import ErrorCode, Gone
from app.contract.ids import AGENT_ID
from app.domain.trip_json import past_json
from app.services.trip_commits import Call
from app.services.trip_history import TripPast
from app.settings import Retention
from app.storage.trip_history import TripHistory
from app.wiring import Services, new_id, services
from tests.support.trip_writes import KEYS, Json, refused

FEW = 5


async def write(at: Services, values: Json, user: str = "alice") -> int:
    changes = [t.Change(field=name, value=Raw(json.dumps(value).encode())) for name, value in values.items()]
    return (await at.trips.write("t1", Call(user, new_id()), t.Mutation(changes=changes))).version


async def now(at: Services) -> Json:
    read: Json = json.loads((await at.trips.read("alice", "t1")).json)
    read.pop("field_versions")
    return read


async def then(at: Services, version: int) -> Json:
    past = await at.trip_past.at("alice", "t1", version)
    return json.loads(past_json("t1", past.version, past.values))


async def undo(at: Services, version: int, user: str = "alice", mutation_id: str | None = None) -> t.Written:
    return await at.trip_past.undo("t1", version, Call(user, mutation_id or new_id()))


async def share(at: Services, user: str) -> None:
    await at.trip_sharing.grant("alice", "t1", user, t.CollaboratorOrder(permissions=["read", "write"]))


def something(draw: random.Random) -> Json:
    """One of everything that can be written, made up."""
    item = f"{draw.choice('abc')}"
    return draw.choice(
        [
            {"name": f"n{draw.random()}", "budget": draw.choice([None, 12.5, 3])},
            {f"stops/{item}": draw.choice([None, {"id": item, "name": f"S{draw.randrange(9)}"}])},
            {"destinations": draw.sample(["Paris", "Oslo", "Rome"], 2)},
            {f"activities/{item}": {"id": item, "name": "A", "cost": 1.10, "position": draw.random()}},
            {f"custom/{item}": draw.choice([None, {"é": [1, 2.0, "\u2028"]}, 5])},
            {"start_date": "2027-05-01", "end_date": f"2027-05-{draw.randrange(10, 30)}"},
        ]
    )


@pytest.mark.parametrize("seed", range(3))
async def test_every_version_can_be_read_as_it_was(at: Services, seed: int) -> None:
    draw, was = random.Random(seed), {1: await now(at)}
    for number in range(60):
        if number == 30:
            await share(at, "bob")  # takes a number, and is no version
        version = await write(at, something(draw))
        was[version] = await now(at)
    for version, state in was.items():
        assert await then(at, version) == state
    shared = next(number for number in range(1, max(was)) if number not in was)
    assert await then(at, shared) == was[shared - 1]
    history = (await at.trip_past.page("alice", "t1", None, 200)).writes
    assert [each.version for each in history] == sorted(was, reverse=True)
    assert [each.previous for each in history] == [*sorted(was, reverse=True)[1:], 0]


async def test_values_are_in_the_history_as_they_are_stored(at: Services) -> None:
    version = await write(at, {"custom/a": {"x": 1.0, "y": "ü"}})
    stored = (await at.trips.read("alice", "t1")).snapshot.values["custom/a"]
    await write(at, {"custom/a": None})
    assert (await at.trip_past.at("alice", "t1", version)).values["custom/a"] == stored


async def test_the_history_says_who_changed_what_a_page_at_a_time(at: Services) -> None:
    await share(at, "bob")
    await write(at, {"budget": 3000})
    await write(at, {"budget": 3500, "notes": "mine"}, "bob")
    page = await at.trip_past.page("alice", "t1", None, 2)
    assert [(each.version, each.updated_by) for each in page.writes] == [(4, "bob"), (3, "alice")]
    told = {
        change.field: (bytes(change.old_value), bytes(change.new_value)) for change in page.writes[0].changes
    }
    assert told == {"budget": (b"3000", b"3500"), "notes": (b'""', b'"mine"')}
    rest = await at.trip_past.page("alice", "t1", page.before, 2)
    assert [each.version for each in rest.writes] == [1]
    assert rest.before is None


class ReadLate(TripHistory):
    """Somebody's access is taken away, and a secret written, between the look at it and the reading."""

    at: Services

    async def page(self, trip_id: str, before: int | None, limit: int) -> list[t.PastWrite]:
        if "bob" in {
            each.user_id for each in (await self.at.trip_sharing.list("alice", trip_id)).collaborators
        }:
            await self.at.trip_sharing.revoke("alice", trip_id, "bob")
            await write(self.at, {"notes": "secret"})
        return await super().page(trip_id, before, limit)


async def test_who_loses_access_while_reading_is_not_shown_what_came_after(at: Services) -> None:
    await share(at, "bob")
    late = ReadLate(cast(Any, at.redis))
    late.at = at
    page = await TripPast(at.trips, late).page("bob", "t1", None, 9)
    assert [each.version for each in page.writes] == [1]
    assert (await now(at))["notes"] == "secret"


async def test_what_is_no_longer_kept_is_said_and_the_trip_is_whole(at: Services, valkey_url: str) -> None:
    settings = replace(at.settings, retention=Retention(trip_writes=FEW))
    async with services(settings) as brief:
        for number in range(250):  # the server drops entries about a hundred at a time
            await write(brief, {"notes": str(number), "custom/n": number})
    newest = await now(at)
    kept = (await at.trip_past.page("alice", "t1", None, 200)).writes
    assert FEW <= len(kept) < 200
    assert (await then(at, kept[-1].previous))["notes"] == str(250 - len(kept) - 1)
    gone = await refused(at.trip_past.at("alice", "t1", kept[-1].previous - 1))
    assert isinstance(gone, Gone)
    assert gone.details == {"oldest_version": kept[-1].previous}
    assert isinstance(await refused(undo(at, 2)), Gone)
    assert newest["notes"] == "249"
    await at.redis.execute_command("DEL", KEYS.history)
    assert await then(at, newest["version"]) == newest
    assert (await refused(then(at, newest["version"] - 1))).details == {"oldest_version": newest["version"]}


async def test_a_stream_that_lost_its_numbers_takes_no_history_with_it(at: Services) -> None:
    first = await write(at, {"notes": "before"})
    await at.redis.execute_command("DEL", KEYS.meta, KEYS.log)
    await write(at, {"notes": "after"})
    assert (await then(at, first))["notes"] == "before"
    assert (await then(at, 1))["notes"] == ""


async def test_a_history_with_a_hole_is_not_read_over_it(at: Services) -> None:
    versions = [await write(at, {"notes": str(number)}) for number in range(4)]
    await at.redis.execute_command("XDEL", KEYS.history, f"{versions[2]}-0")
    assert (await then(at, versions[2]))["notes"] == "2"
    assert (await refused(then(at, versions[1]))).details == {"oldest_version": versions[2]}


async def test_the_future_is_not_found(at: Services) -> None:
    assert (await refused(then(at, 2))).details == {"current_version": 1}
    assert (await refused(undo(at, 2))).code == ErrorCode.NOT_FOUND


async def test_a_change_is_taken_back_whatever_it_was(at: Services) -> None:
    for change in (
        {"name": "Autumn", "budget": 10},
        {"stops/1": None},
        {"stops/new": {"id": "new", "name": "Oslo", "position": 0.5}},
        {"destinations": ["Rome", "Nice"]},
        {"start_date": "2027-05-01", "end_date": "2027-05-02"},
        {"custom/a": {"deep": [1]}},
    ):
        before = await now(at)
        version = await write(at, change)
        changed = await now(at)
        done = await undo(at, version)
        assert await now(at) == {**before, "version": done.version}
        await undo(at, done.version)
        assert {**await now(at), "version": 0} == {**changed, "version": 0}, "an undo is undone"
        await undo(at, version)
        assert {**await now(at), "version": 0} == {**before, "version": 0}


async def test_a_field_that_moved_on_conflicts_and_nothing_is_taken_back(at: Services) -> None:
    await share(at, "bob")
    version = await write(at, {"budget": 3000, "notes": "mine"})
    await write(at, {"budget": 3500}, "bob")
    conflict = await refused(undo(at, version))
    assert (conflict.code, conflict.details["field"]) == (ErrorCode.CONFLICT, "budget")
    state = await now(at)
    assert (state["budget"], state["notes"]) == (3500, "mine")
    order = t.Resolution(strategy="client-wins", base_version=conflict.details["current_version"])
    await at.trips.resolve("t1", "alice", conflict.details["conflict_id"], order)
    assert (await now(at))["budget"] is None


async def test_writes_of_one_field_are_undone_one_after_another(at: Services) -> None:
    first, second = await write(at, {"budget": 1}), await write(at, {"budget": 2, "notes": "x"})
    last = (await undo(at, second)).version
    assert ((await now(at))["budget"], (await now(at))["notes"]) == (1, "")
    await undo(at, first)
    assert (await now(at))["budget"] is None
    assert (await refused(undo(at, last))).code == ErrorCode.CONFLICT, "what it restored is no more"
    written = (await at.trip_past.page("alice", "t1", None, 9)).writes
    assert [each.undoes for each in written] == [first, second, None, None, None]


async def test_it_has_moved_on_also_when_it_came_back(at: Services) -> None:
    version = await write(at, {"budget": 3000})
    await write(at, {"budget": 3500})
    await write(at, {"budget": 3000})
    assert (await refused(undo(at, version))).code == ErrorCode.CONFLICT


async def test_an_item_that_somebody_made_anew_is_not_overwritten(at: Services) -> None:
    version = await write(at, {"stops/1": None})
    await write(at, {"stops/1": {"id": "1", "name": "Lyon"}})
    assert (await refused(undo(at, version))).code == ErrorCode.CONFLICT
    assert "Lyon" in (await now(at))["destinations"]


async def test_only_ones_own_change_is_undone_and_only_by_who_may_write(at: Services) -> None:
    await share(at, "bob")
    mine, bobs = await write(at, {"budget": 1}), await write(at, {"notes": "x"}, "bob")
    assert (await refused(undo(at, bobs))).code == ErrorCode.FORBIDDEN
    assert (await refused(undo(at, 1))).details["field"] == "version"
    order = t.CollaboratorOrder(permissions=["read"])
    await at.trip_sharing.grant("alice", "t1", "bob", order)
    assert (await refused(undo(at, bobs, "bob"))).code == ErrorCode.FORBIDDEN
    assert (await refused(undo(at, mine, "mallory"))).code == ErrorCode.NOT_FOUND
    assert (await refused(at.trip_past.page("mallory", "t1", None, 5))).code == ErrorCode.NOT_FOUND


async def test_what_the_agent_wrote_is_taken_back_by_whoever_may_write(at: Services) -> None:
    await share(at, "bob")
    await at.trip_sharing.grant("alice", "t1", AGENT_ID, t.CollaboratorOrder(permissions=["read", "write"]))
    order = t.CollaboratorOrder(permissions=["read"])
    await at.trip_sharing.grant("alice", "t1", "carol", order)
    planned = await write(at, {"budget": 900, "notes": "planned"}, AGENT_ID)
    assert (await refused(undo(at, planned, "carol"))).code == ErrorCode.FORBIDDEN
    await write(at, {"budget": 950}, "alice")
    assert (await refused(undo(at, planned, "bob"))).code == ErrorCode.CONFLICT
    again = await write(at, {"notes": "planned again"}, AGENT_ID)
    await undo(at, again, "bob")
    assert ((await now(at))["budget"], (await now(at))["notes"]) == (950, "planned")


async def test_the_same_undo_again_has_one_effect(at: Services) -> None:
    version = await write(at, {"budget": 1})
    first = await undo(at, version, mutation_id="u1")
    await write(at, {"budget": 2})
    assert await undo(at, version, mutation_id="u1") == first
    assert (await now(at))["budget"] == 2


async def test_a_deleted_trip_takes_its_history_along(at: Services) -> None:
    await at.trip_sharing.delete("alice", "t1")
    assert isinstance(await refused(at.trip_past.page("alice", "t1", None, 5)), Gone)
    assert not await at.redis.exists(KEYS.history)
