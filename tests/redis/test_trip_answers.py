"""A write of a trip that comes again: the same answer, and no second effect."""

import asyncio
from typing import Any

from msgspec import Raw
from redis.asyncio import Redis

from app.contract.errors import ErrorCode
from app.streams.keys import CONFLICTS_DUE
from app.wiring import Services
from tests.support.trip_writes import (
    Json,
    plain,
    refused,
    share,
    state,
    write,
)


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
