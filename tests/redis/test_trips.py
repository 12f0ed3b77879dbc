"""Trips on a real server: atomic, idempotent, in step with their stream, and closed to who lost access."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec import Raw
from redis.asyncio import Redis

from app.contract import trip as t
from app.contract.codec import encode
from app.contract.errors import ErrorCode, Gone, Moved, TripSageError
from app.contract.ids import trip_stream
from app.services.trip_commits import Call
from app.streams.keys import CONFLICTS_DUE, TripKeys
from app.wiring import Services, new_id, services
from tests.support.api import api_settings

STREAM = trip_stream("t1")
KEYS = TripKeys.of("t1")
Json = dict[str, Any]


@pytest.fixture
async def at(valkey_url: str) -> AsyncIterator[Services]:
    async with services(api_settings(valkey_url)) as running:
        await running.trips.create("alice", "t1", t.Trip(name="Spring", destinations=["Paris", "Rome"]))
        yield running


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


async def test_a_trip_is_read_as_it_was_written(at: Services) -> None:
    await write(at, "stops/oslo", {"id": "oslo", "name": 'Oslo "S"', "position": 0.5})
    await write(at, "custom/pets", {"dog": [1, 2.5, None]})
    now = await state(at)
    assert now["destinations"] == ["Paris", 'Oslo "S"', "Rome"]
    assert [stop["id"] for stop in now["stops"]] == ["1", "oslo", "2"]
    assert now["custom"] == {"pets": {"dog": [1, 2.5, None]}}
    assert now["version"] == 3
    await check_log(at)


async def test_nobody_gives_up_where_many_write_one_field_for_long(at: Services) -> None:
    async def keep_writing(writer: int) -> None:
        for number in range(15):
            await write(at, "notes", f"{writer}-{number}")

    await asyncio.gather(*map(keep_writing, range(32)))
    assert (await state(at))["version"] == 1 + 32 * 15


async def test_concurrent_writes_are_dense_and_none_is_lost(at: Services) -> None:
    names = [f"custom/w{writer}" for writer in range(8)]

    async def add(name: str) -> None:
        for number in range(5):
            await write(at, name, number)
            await write(at, "tags", [f"{name}-{number}"])

    await asyncio.gather(*map(add, names))
    log = await events(at)
    assert len(log) == 1 + 8 * 10
    assert (await state(at))["custom"] == {f"w{writer}": 4 for writer in range(8)}
    await check_log(at)


async def test_processes_that_remember_the_trip_notice_each_other(at: Services, valkey_url: str) -> None:
    """Each decides on the trip as it left it, which the other has changed meanwhile."""
    async with services(api_settings(valkey_url)) as other:
        for number in range(6):
            await write(at, "notes", f"one {number}")
            await write(other, "budget", number)
            await write(other, "notes", f"other {number}")
            await write(at, "budget", number + 10)
        ours = await write(at, "notes", "ours")
        await write(other, "notes", "theirs", base_version=ours.version)
        stale = await refused(write(at, "notes", "ours again", base_version=ours.version))
        assert (stale.code, bytes(stale.details["current_value"])) == (ErrorCode.CONFLICT, b'"theirs"')
        seen = (await state(other))["version"]
        await write(at, "notes", "newer", base_version=seen)
        await other.trip_sharing.delete("alice", "t1")
        assert isinstance(await refused(write(at, "notes", "late")), Gone)


async def test_processes_that_remember_the_trip_leave_a_true_history(at: Services, valkey_url: str) -> None:
    async with services(api_settings(valkey_url)) as other:

        async def keep_writing(process: Services, writer: int) -> None:
            for number in range(6):
                await write(process, "notes", f"{writer}-{number}")
                await write(process, f"custom/w{writer}", number)
                await write(process, "destinations", ["Paris", f"Rome {writer}"])
                await write(process, f"stops/s{writer}", {"id": f"s{writer}", "name": f"{number}"})
                await write(process, f"custom/w{writer}", None)

        await asyncio.gather(
            *(keep_writing(process, number) for number, process in enumerate((at, other) * 2))
        )
        await check_log(at)
        await check_log(other)


async def test_a_trip_that_somebody_else_wrote_in_between_is_replaced_whole(
    at: Services, valkey_url: str
) -> None:
    async with services(api_settings(valkey_url)) as other:
        await write(at, "notes", "ours")
        await write(other, "custom/theirs", 1)
        await write(at, "budget", 5)
        await at.trips.replace("t1", Call("alice", new_id()), t.Trip(name="New"))
    assert (await state(at))["custom"] == {}


async def test_the_next_write_of_a_trip_is_one_command(at: Services, redis: Redis) -> None:
    async def scripts() -> int:
        return (await redis.info("commandstats"))["cmdstat_evalsha"]["calls"]

    await write(at, "notes", "one")
    before = await scripts()
    await write(at, "notes", "two")
    assert await scripts() - before == 1


async def test_a_trip_that_is_remembered_of_a_lost_epoch_is_read_again(at: Services, redis: Redis) -> None:
    """A server that lost its newest writes counts again through the versions that this process knows."""
    await write(at, "notes", "lost")
    await redis.hset(KEYS.values, "notes", b'"before"')
    await redis.hset(KEYS.meta, "epoch", "another")
    await write(at, "notes", "after")
    assert (await events(at))[-1]["changes"][0]["old_value"] == "before"


async def test_of_those_who_saw_the_same_only_one_writes(at: Services) -> None:
    async def attempt(value: int) -> bool:
        try:
            await write(at, "budget", value, base_version=1)
        except TripSageError as error:
            assert error.code is ErrorCode.CONFLICT
            return False
        return True

    assert sum(await asyncio.gather(*map(attempt, range(10)))) == 1
    assert len(await events(at)) == 2
    await check_log(at)


async def test_dates_are_checked_against_each_other_under_contention(at: Services) -> None:
    await write(at, "start_date", "2026-05-01")
    await write(at, "end_date", "2026-05-30")
    outcomes = await asyncio.gather(
        *(write(at, "start_date", "2026-05-20") for _ in range(4)),
        *(write(at, "end_date", "2026-05-10") for _ in range(4)),
        return_exceptions=True,
    )
    assert any(isinstance(each, TripSageError) for each in outcomes)
    now = await state(at)
    assert now["start_date"] <= now["end_date"]


async def test_all_changes_or_none(at: Services) -> None:
    both = t.Mutation(
        changes=[
            t.Change(field="name", value=Raw(b'"Summer"')),
            t.Change(field="budget", value=Raw(b"-1")),
        ]
    )
    refusal = await refused(at.trips.write("t1", Call("alice", "m1"), both))
    assert refusal.details["field"] == "budget"
    assert (await state(at))["name"] == "Spring"
    assert len(await events(at)) == 1


async def test_a_repeat_has_the_same_answer_and_no_second_effect(at: Services) -> None:
    answers = await asyncio.gather(*(write(at, "budget", 10, mutation_id="m1") for _ in range(8)))
    await write(at, "budget", 20)
    answers.append(await write(at, "budget", 10, mutation_id="m1"))
    assert {(each.version, tuple(each.written)) for each in answers} == {(2, ("budget",))}
    assert (await state(at))["budget"] == 20
    refusal = await refused(write(at, "budget", 11, mutation_id="m1"))
    assert (refusal.code, refusal.details["field"]) == (ErrorCode.VALIDATION_ERROR, "mutation_id")


async def test_what_was_refused_stays_refused_though_it_would_do_now(at: Services) -> None:
    """A request that is late on its way is not done after its author was told that it was not."""
    await write(at, "end_date", "2027-05-10")
    await write(at, "budget", 2)
    cases: list[tuple[str, Any, Json, Any]] = [
        ("budget", 3, {"old_value": Raw(b"1")}, 1),
        ("start_date", "2027-05-20", {}, None),
        ("budget", 4, {"base_version": 99}, None),
    ]
    for field, value, base, mended in cases:
        first = await refused(write(at, field, value, mutation_id=f"m-{value}", **base))
        await write(at, "end_date", None)
        if mended is not None:
            await write(at, field, mended)
        version = (await state(at))["version"]
        again = await refused(write(at, field, value, mutation_id=f"m-{value}", **base))
        assert (again.code, again.message) == (first.code, first.message)
        assert plain(again.details) == plain(first.details)
        assert (await state(at))["version"] == version
        await write(at, "end_date", "2027-05-10")


async def test_a_conflict_is_told_once_however_often_the_request_comes(at: Services, redis: Redis) -> None:
    await write(at, "budget", 2)
    for _ in range(3):
        await refused(write(at, "budget", 3, mutation_id="m1", base_version=1))
    assert await redis.zcard(CONFLICTS_DUE) == 1


async def test_who_may_not_write_may_do_the_same_when_they_may(at: Services) -> None:
    await share(at, "bob", "read")
    assert (await refused(write(at, "budget", 3, "bob", "m1"))).code is ErrorCode.FORBIDDEN
    await share(at, "bob", "read", "write")
    assert (await write(at, "budget", 3, "bob", "m1")).written == ["budget"]


async def test_a_write_that_changed_nothing_never_changes_anything(at: Services) -> None:
    assert (await write(at, "name", "Spring", mutation_id="m1")).written == []
    await write(at, "name", "Summer")
    assert (await write(at, "name", "Spring", mutation_id="m1")).written == []
    assert (await state(at))["name"] == "Summer"


async def test_a_mutation_id_is_one_persons(at: Services) -> None:
    await share(at, "bob", "read", "write")
    await write(at, "budget", 10, mutation_id="m1")
    await write(at, "budget", 20, user="bob", mutation_id="m1")
    assert (await state(at))["budget"] == 20


async def test_a_conflict_names_what_stands_and_is_settled_once(at: Services) -> None:
    await share(at, "bob", "read", "write")
    await write(at, "notes", "See the river", user="bob")
    conflict = (await refused(write(at, "notes", "Eat cake", base_version=1))).details
    assert (conflict["field"], bytes(conflict["current_value"])) == ("notes", b'"See the river"')
    order = t.Resolution(strategy="client-wins", base_version=conflict["current_version"])
    theirs = await refused(at.trips.resolve("t1", "bob", conflict["conflict_id"], order))
    assert theirs.code is ErrorCode.NOT_FOUND
    first = await at.trips.resolve("t1", "alice", conflict["conflict_id"], order)
    assert first == await at.trips.resolve("t1", "alice", conflict["conflict_id"], order)
    assert (await state(at))["notes"] == "Eat cake"
    await check_log(at)


async def test_a_conflict_that_moved_again_is_a_new_one(at: Services) -> None:
    for strategy in ("client-wins", "server-wins", "merge"):
        await write(at, "notes", "One")
        conflict = (await refused(write(at, "notes", "Mine", base_version=1))).details
        await write(at, "notes", "Two")
        order = t.Resolution(strategy=strategy, base_version=conflict["current_version"])
        again = await refused(at.trips.resolve("t1", "alice", conflict["conflict_id"], order))
        assert again.details["conflict_id"] != conflict["conflict_id"]
        assert again.details["current_version"] > conflict["current_version"]
        repeated = await refused(at.trips.resolve("t1", "alice", conflict["conflict_id"], order))
        assert plain(repeated.details) == plain(again.details)
        other = t.Resolution(
            strategy="manual", value=Raw(b'""'), base_version=again.details["current_version"]
        )
        over = await refused(at.trips.resolve("t1", "alice", conflict["conflict_id"], other))
        assert isinstance(over, Gone), "the new one is to be settled"
    assert (await state(at))["notes"] == "Two"


async def test_a_merge_rests_on_what_the_writer_saw(at: Services) -> None:
    seen = await write(at, "notes", "Dinner at 7pm by the sea")
    await write(at, "notes", "Dinner at 8pm by the sea")
    await write(at, "notes", "Dinner at 7pm by the river", base_version=seen.version, strategy="merge")
    assert (await state(at))["notes"] == "Dinner at 8pm by the river"
    clash = "Dinner at 9pm by the sea"
    refusal = await refused(write(at, "notes", clash, base_version=seen.version, strategy="merge"))
    assert refusal.code is ErrorCode.CONFLICT


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


async def test_the_size_that_is_kept_is_the_trips(at: Services, redis: Redis) -> None:
    await write(at, "activities/walk", {"id": "walk", "name": "Walk"})
    await write(at, "activities/walk", {"id": "walk", "name": "Walk slowly", "notes": "x" * 50})
    await write(at, "custom/pets", [1, 2])
    await write(at, "notes", "Å" * 30)
    await write(at, "destinations", ["Rome", "Oslo", "Bern"])
    await write(at, "custom/pets", None)
    await write(at, "stops/1", None)
    await at.trips.replace("t1", Call("alice", "m1"), t.Trip(name="New", destinations=["Ulm"]))
    await write(at, "days/one", {"id": "one"})
    await write(at, "days/one", None)
    values = (await at.trips.read("alice", "t1")).snapshot.values
    items = sum("/" in name for name in values)
    assert await redis.hmget(KEYS.record, ["items", "bytes"]) == [
        str(items).encode(),
        str(sum(map(len, values.values()))).encode(),
    ]
    await check_log(at)


async def test_a_deleted_trip_is_gone_for_good(at: Services, redis: Redis) -> None:
    await share(at, "bob", "read", "write", "admin")
    assert (await refused(at.trip_sharing.delete("bob", "t1"))).code is ErrorCode.FORBIDDEN
    await at.trip_sharing.delete("alice", "t1")
    for doing in (
        at.trips.read("bob", "t1"),
        write(at, "budget", 1),
        at.trip_sharing.delete("alice", "t1"),
        at.trip_sharing.revoke("alice", "t1", "bob"),
    ):
        assert isinstance(await refused(doing), Gone)
    stranger = await refused(at.trips.read("mallory", "t1"))
    assert not isinstance(stranger, Gone)
    assert await redis.exists(KEYS.values, KEYS.versions, KEYS.joined, *KEYS.orders) == 0
    assert (await at.trip_lists.page("alice")).trips == []


async def test_a_trip_is_created_once(at: Services) -> None:
    same = t.Trip(name="Spring", destinations=["Paris", "Rome"])
    assert (await at.trips.create("alice", "t1", same)).version == 1
    other = await refused(at.trips.create("alice", "t1", t.Trip(name="Other")))
    assert other.code is ErrorCode.CONFLICT
    theirs = await refused(at.trips.create("bob", "t1", same))
    assert theirs.code is ErrorCode.NOT_FOUND
    assert (await at.trip_lists.page("bob")).trips == []


async def test_replacing_rests_on_the_whole_trip(at: Services) -> None:
    await write(at, "custom/mine", 1)
    refusal = await refused(at.trips.replace("t1", Call("alice", "m1", if_match=1), t.Trip(name="New")))
    assert isinstance(refusal, Moved)
    await at.trips.replace("t1", Call("alice", "m1", if_match=2), t.Trip(name="New", tags=["sun"]))
    now = await state(at)
    assert (now["name"], now["tags"], now["stops"], now["custom"]) == ("New", ["sun"], [], {})
    await check_log(at)


async def test_versions_never_fall_although_the_stream_lost_its_numbers(at: Services, redis: Redis) -> None:
    await write(at, "budget", 1)
    before = (await at.log.read(STREAM, 0)).epoch
    await redis.delete(KEYS.meta)
    assert (await write(at, "budget", 2, base_version=2)).version == 3
    page = await at.log.read(STREAM, 2)
    assert (page.seq, page.epoch != before, len(page.frames)) == (3, True, 1)


async def test_a_trip_stays_within_its_size_whoever_writes_at_once(at: Services) -> None:
    outcomes = await asyncio.gather(
        *(write(at, f"custom/{number}", "x" * 20_000) for number in range(6)), return_exceptions=True
    )
    codes = [each.code for each in outcomes if isinstance(each, TripSageError)]
    assert codes == [ErrorCode.PAYLOAD_TOO_LARGE] * 4
    assert len((await state(at))["custom"]) == 2
