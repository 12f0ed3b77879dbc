"""Many write one trip at once, in one process and in several: dense, atomic, none lost."""

import asyncio

from redis.asyncio import Redis

from app.contract import trip as t
from app.contract.errors import ErrorCode, Gone, TripSageError
from app.services.trip_commits import Call
from app.wiring import Services, new_id, services
from tests.support.api import api_settings
from tests.support.trip_writes import (
    KEYS,
    check_log,
    events,
    refused,
    state,
    write,
)


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


async def test_a_trip_stays_within_its_size_whoever_writes_at_once(at: Services) -> None:
    outcomes = await asyncio.gather(
        *(write(at, f"custom/{number}", "x" * 20_000) for number in range(6)), return_exceptions=True
    )
    codes = [each.code for each in outcomes if isinstance(each, TripSageError)]
    assert codes == [ErrorCode.PAYLOAD_TOO_LARGE] * 4
    assert len((await state(at))["custom"]) == 2
