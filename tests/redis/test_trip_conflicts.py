"""Conflicts that nobody settles: what stands is kept, their author is told, whichever gateway dies."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from msgspec import Raw
from redis.asyncio import Redis

from app.client import Client
from app.client.trips import EditConflicted, TripSession
from app.contract import trip as t
from app.contract.errors import ErrorCode, Gone, TripSageError
from app.services.trip_commits import Call
from app.streams.keys import CONFLICTS_DUE
from app.wiring import Services, new_id, services
from tests.support.api import api_settings
from tests.support.gateway import Gateway, gateway, with_limits
from tests.support.ports import free_ports
from tests.support.processes import environment
from tests.support.wire import Frame, Wire, open_wire

SOON = with_limits(conflict_seconds=1)


@pytest.fixture
async def at(valkey_url: str) -> AsyncIterator[Gateway]:
    async with gateway(valkey_url, limits=SOON) as running:
        await made(running.services)
        yield running


async def made(parts: Services) -> None:
    await parts.trips.create("alice", "t1", t.Trip(name="Spring"))
    order = t.CollaboratorOrder(permissions=["read", "write"])
    await parts.trip_sharing.grant("alice", "t1", "bob", order)


async def write(parts: Services, user: str, notes: str, **base: Any) -> None:
    change = t.Change(field="notes", value=Raw(json.dumps(notes).encode()), **base)
    await parts.trips.write("t1", Call(user, new_id()), t.Mutation(changes=[change]))


async def conflict(parts: Services) -> dict[str, Any]:
    """One of Bob's, who did not see what Alice wrote."""
    await write(parts, "alice", "Hers")
    with pytest.raises(TripSageError) as refusal:
        await write(parts, "bob", "His", base_version=1)
    assert refusal.value.code is ErrorCode.CONFLICT
    return refusal.value.details


async def settle(parts: Services, met: dict[str, Any], strategy: Any = "client-wins") -> t.Written:
    order = t.Resolution(strategy=strategy, base_version=met["current_version"])
    return await parts.trips.resolve("t1", "bob", met["conflict_id"], order)


async def notes(parts: Services) -> str:
    return json.loads((await parts.trips.read("alice", "t1")).json)["notes"]


def lapse(frame: Frame) -> bool:
    return frame["type"] == "trip_conflict_detected" and not frame["resolution_required"]


async def wire_of(stack: AsyncExitStack, at: Gateway, user: str) -> Wire:
    wire = await stack.enter_async_context(await open_wire(at.url))
    await wire.authenticate(at.token(user))
    return wire


async def test_what_nobody_settles_stays_as_it_stands_and_the_author_is_told(
    at: Gateway, valkey_url: str, redis: Redis
) -> None:
    async with AsyncExitStack() as stack:
        another = await stack.enter_async_context(gateway(valkey_url, limits=SOON))
        here, there = await wire_of(stack, at, "bob"), await wire_of(stack, another, "bob")
        met = await conflict(at.services)
        for wire in (here, there):
            told = await wire.until(lapse)
            assert (told["conflict_id"], told["field_name"]) == (met["conflict_id"], "notes")
            sides = [(side["user_id"], side["value"]) for side in told["conflicting_changes"]]
            assert sides == [("alice", "Hers"), ("bob", "His")]
        with pytest.raises(Gone):
            await settle(at.services, met)
        assert await notes(at.services) == "Hers"
        while await redis.zcard(CONFLICTS_DUE):
            await asyncio.sleep(0)
        assert sum(map(lapse, here.seen)) == 1


@pytest.mark.parametrize("strategy", ["client-wins", "server-wins"])
async def test_what_was_settled_does_not_lapse(valkey_url: str, redis: Redis, strategy: str) -> None:
    async with services(api_settings(valkey_url)) as parts:
        await made(parts)
        met = await conflict(parts)
        assert await redis.zcard(CONFLICTS_DUE) == 1
        first = await settle(parts, met, strategy)
        assert await redis.zcard(CONFLICTS_DUE) == 0
        assert await settle(parts, met, strategy) == first
        assert await notes(parts) == ("His" if strategy == "client-wins" else "Hers")


@pytest.mark.parametrize("strategy", ["client-wins", "server-wins", "merge"])
async def test_a_settlement_sent_again_has_the_same_answer_though_the_field_has_moved_on(
    valkey_url: str, strategy: str
) -> None:
    async with services(api_settings(valkey_url)) as parts:
        await made(parts)
        await write(parts, "alice", "Pack the tent and go")
        with pytest.raises(TripSageError) as refusal:
            await write(parts, "bob", "", base_version=1)
        met = refusal.value.details
        first = await settle(parts, met, strategy)
        await write(parts, "alice", "Moved on")
        assert await settle(parts, met, strategy) == first
        assert await notes(parts) == "Moved on"
        with pytest.raises(TripSageError) as refusal:
            await settle(parts, {**met, "current_version": 1}, strategy)
        assert isinstance(refusal.value, Gone)


async def test_settled_or_lapsed_but_never_both(valkey_url: str, redis: Redis) -> None:
    async with services(api_settings(valkey_url)) as parts:
        await made(parts)
        for _ in range(20):
            await write(parts, "alice", "")
            met = await conflict(parts)
            await redis.zadd(CONFLICTS_DUE, dict.fromkeys(await redis.zrange(CONFLICTS_DUE, 0, -1), 0))
            settled, _ = await asyncio.gather(
                settle(parts, met), parts.trip_conflicts.lapse_due(), return_exceptions=True
            )
            state = await redis.hget(f"{{trip:t1}}:conflict:{met['conflict_id']}", "state")
            if isinstance(settled, t.Written):
                assert (await notes(parts), state) == ("His", b"settled")
            else:
                assert isinstance(settled, Gone)
                assert (await notes(parts), state) == ("Hers", b"lapsed")


async def test_the_write_itself_decides_whether_a_conflict_is_still_open(valkey_url: str) -> None:
    async with services(api_settings(valkey_url)) as parts:
        await made(parts)
        kept = parts.trip_conflicts._kept  # pyright: ignore[reportPrivateUsage]
        for lapsed in (True, False):
            met = await conflict(parts)
            name = met["conflict_id"]
            if lapsed:
                assert await kept.lapse("t1", name) is not None
            change = t.Change(field="notes", value=Raw(b'"His"'), base_version=met["current_version"])
            call = Call("bob", new_id(), conflict_id=name)
            writing = parts.trips.write("t1", call, t.Mutation(changes=[change]))
            if lapsed:
                with pytest.raises(Gone):
                    await writing
                assert await notes(parts) == "Hers"
            else:
                await writing
                assert await kept.lapse("t1", name) is None
                assert await notes(parts) == "His"


async def test_a_gateway_that_dies_with_what_is_due_leaves_it_to_the_others(
    at: Gateway, redis: Redis
) -> None:
    async with AsyncExitStack() as stack:
        bob = await wire_of(stack, at, "bob")
        met = await conflict(at.services)
        kept = at.services.trip_conflicts._kept  # pyright: ignore[reportPrivateUsage]
        await redis.zadd(CONFLICTS_DUE, {f"t1 {met['conflict_id']}": 1})
        claimed = await kept.claim()  # as a gateway does that is killed right after
        assert claimed.conflicts == [("t1", met["conflict_id"])]
        await kept.lapse("t1", met["conflict_id"])
        assert (await kept.claim()).conflicts == []
        await redis.zadd(CONFLICTS_DUE, {f"t1 {met['conflict_id']}": 1})  # its claim has run out
        await redis.spublish(CONFLICTS_DUE, "-")
        assert (await bob.until(lapse))["conflict_id"] == met["conflict_id"]


@pytest.mark.slow  # another gateway waits 5 s for the one that has it
@pytest.mark.parametrize("moment", ["lapse", "told"])
async def test_a_gateway_is_killed_with_a_conflict_in_its_hands(
    valkey_url: str, redis: Redis, tmp_path: Path, moment: str
) -> None:
    async with services(api_settings(valkey_url)) as parts:
        await made(parts)
        met = await conflict(parts)
    await redis.zadd(CONFLICTS_DUE, {f"t1 {met['conflict_id']}": 1})
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.support.dying_gateway", moment),
        env=environment(tmp_path, TRIPSAGE_REDIS_URL=valkey_url, **free_ports()),
    )
    assert await process.wait() == -signal.SIGKILL
    assert await redis.zcard(CONFLICTS_DUE) == 1
    async with AsyncExitStack() as stack:
        at = await stack.enter_async_context(gateway(valkey_url))
        bob = await wire_of(stack, at, "bob")
        assert (await bob.until(lapse))["conflict_id"] == met["conflict_id"]
        with pytest.raises(Gone):
            await settle(at.services, met)


async def test_what_was_due_while_no_gateway_ran_is_told_when_one_begins(
    valkey_url: str, redis: Redis
) -> None:
    async with services(api_settings(valkey_url)) as parts:
        await made(parts)
        met = await conflict(parts)
    await redis.zadd(CONFLICTS_DUE, {f"t1 {met['conflict_id']}": 1})
    async with gateway(valkey_url) as running:
        while await redis.zcard(CONFLICTS_DUE):
            await asyncio.sleep(0)
        with pytest.raises(Gone):
            await settle(running.services, met)


async def test_a_lapsed_conflict_is_off_the_clients_list(at: Gateway) -> None:
    async with AsyncExitStack() as stack:
        sessions: list[TripSession] = []
        for user in ("alice", "bob"):
            client = await stack.enter_async_context(Client(at.url, token=at.token(user)))
            sessions.append(await stack.enter_async_context(TripSession(client, "t1")))
        updates = [session.update({"name": str(number)}) for number, session in enumerate(sessions)]
        outcomes = await asyncio.gather(*(each.confirmed() for each in updates), return_exceptions=True)
        (loser,) = [number for number, each in enumerate(outcomes) if isinstance(each, EditConflicted)]
        async for trip in sessions[loser].watch():
            if not trip.conflicts:
                break
        assert sessions[loser].trip["name"] == str(1 - loser)
