"""Trips on a real server: made, written as a whole or not at all, settled, replaced and deleted."""

from msgspec import Raw
from redis.asyncio import Redis

from app.contract import trip as t
from app.contract.errors import ErrorCode, Gone, Moved
from app.services.trip_commits import Call
from app.wiring import Services
from tests.support.trip_writes import KEYS, STREAM, check_log, events, plain, refused, share, state, write


async def test_a_trip_is_read_as_it_was_written(at: Services) -> None:
    await write(at, "stops/oslo", {"id": "oslo", "name": 'Oslo "S"', "position": 0.5})
    await write(at, "custom/pets", {"dog": [1, 2.5, None]})
    now = await state(at)
    assert now["destinations"] == ["Paris", 'Oslo "S"', "Rome"]
    assert [stop["id"] for stop in now["stops"]] == ["1", "oslo", "2"]
    assert now["custom"] == {"pets": {"dog": [1, 2.5, None]}}
    assert now["version"] == 3
    await check_log(at)


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
