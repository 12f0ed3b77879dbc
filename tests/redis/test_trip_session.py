"""Two clients on one trip: what each shows, and that both end up with the trip."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from app.client import Client, ClientError, CommandRefused
from app.client.trips import EditConflicted, EditRefused, TripSession, Update
from app.contract import trip as t
from app.streams.keys import TripKeys
from tests.support.gateway import Gateway, gateway
from tests.support.relay import Relay


@pytest.fixture
async def at(valkey_url: str) -> AsyncIterator[Gateway]:
    async with gateway(valkey_url) as running:
        await running.services.trips.create("alice", "t1", t.Trip(name="Spring", travellers=2))
        order = t.CollaboratorOrder(permissions=["read", "write"])
        await running.services.trip_sharing.grant("alice", "t1", "bob", order)
        yield running


async def opened(at: Gateway, stack: AsyncExitStack, user: str, url: str = "") -> TripSession:
    client = await stack.enter_async_context(Client(url or at.url, token=at.token(user)))
    return await stack.enter_async_context(TripSession(client, "t1"))


async def until(trip: TripSession, field: str, value: object) -> None:
    async for now in trip.watch():
        if now.fields.get(field) == value and not now.pending:
            return


async def test_an_edit_is_shown_at_once_and_reaches_the_others(at: Gateway):
    async with AsyncExitStack() as stack:
        alice, bob = await opened(at, stack, "alice"), await opened(at, stack, "bob")
        update = alice.update({"budget": 3500})
        assert alice.trip["budget"] == 3500
        assert alice.pending == ["budget"]
        version = await update.confirmed()
        await until(bob, "budget", 3500)
        assert bob.version == version


async def test_edits_of_one_field_follow_each_other_and_none_is_lost(at: Gateway):
    async with AsyncExitStack() as stack:
        alice, bob = await opened(at, stack, "alice"), await opened(at, stack, "bob")
        first = alice.update({"notes": "a"})
        overtaken = alice.update({"notes": "ab"})
        last = alice.update({"notes": "abc"})
        assert overtaken.mutation_id == last.mutation_id != first.mutation_id
        assert await first.confirmed() < await last.confirmed()
        await until(bob, "notes", "abc")


async def test_what_conflicts_disappears_until_it_is_settled(at: Gateway):
    async with AsyncExitStack() as stack:
        alice, bob = await opened(at, stack, "alice"), await opened(at, stack, "bob")
        hers, his = alice.update({"name": "Alice's"}), bob.update({"name": "Bob's"})
        outcomes = [await outcome(hers), await outcome(his)]
        assert sorted(map(type, outcomes), key=str) == sorted([int, EditConflicted], key=str)
        loser, wanted = (bob, "Bob's") if isinstance(outcomes[0], int) else (alice, "Alice's")
        winner = alice if loser is bob else bob
        await until(loser, "name", winner.trip["name"])
        (conflict,) = loser.conflicts
        assert (conflict.wanted, conflict.current) == (wanted, winner.trip["name"])
        await loser.settle(conflict.conflict_id, "client-wins").confirmed()
        await until(winner, "name", wanted)
        await until(loser, "name", wanted)
        assert not loser.conflicts


async def test_a_conflict_that_one_way_did_not_settle_is_settled_in_another(at: Gateway):
    async with AsyncExitStack() as stack:
        alice, bob = await opened(at, stack, "alice"), await opened(at, stack, "bob")
        hers, his = alice.update({"name": "Alice's"}), bob.update({"name": "Bob's"})
        outcomes = [await outcome(hers), await outcome(his)]
        loser = bob if isinstance(outcomes[0], int) else alice
        (conflict,) = loser.conflicts
        with pytest.raises(EditRefused, match="the same words"):
            await loser.settle(conflict.conflict_id, "merge").confirmed()
        assert loser.conflicts == (conflict,)
        with pytest.raises(EditRefused):
            await loser.settle(conflict.conflict_id, "manual", "x" * 300).confirmed()
        await loser.settle(conflict.conflict_id, "manual", "Ours").confirmed()
        await until(alice, "name", "Ours")
        await until(bob, "name", "Ours")
        assert not loser.conflicts


async def test_undoing_takes_back_what_one_wrote_and_nothing_of_others(at: Gateway):
    async with AsyncExitStack() as stack:
        alice, bob = await opened(at, stack, "alice"), await opened(at, stack, "bob")
        assert alice.undo() is None
        renamed = await alice.update({"name": "Summer"}).confirmed()
        await alice.update({"notes": "Alice's"}).confirmed()
        await until(bob, "notes", "Alice's")
        await bob.update({"notes": "Bob's"}).confirmed()
        undone = alice.undo()
        assert undone is not None
        with pytest.raises(EditConflicted):
            await undone.confirmed()
        undone = alice.undo()
        assert undone is not None
        await undone.confirmed()
        await until(bob, "name", "Spring")
        await until(alice, "notes", "Bob's")
        assert (await newest_write(at)).undoes == renamed


async def test_an_undo_of_lost_history_goes_by_what_stands_there(at: Gateway):
    """Numbers are given again after a loss: a version from before it would name somebody else's write."""
    async with AsyncExitStack() as stack:
        alice = await opened(at, stack, "alice")
        await alice.update({"name": "Summer"}).confirmed()
        await lose_history(at)
        undone = alice.undo()
        assert undone is not None
        await undone.confirmed()
        await until(alice, "name", "Spring")
        assert (await newest_write(at)).undoes is None


async def test_an_undo_of_lost_history_overwrites_nobody(at: Gateway):
    async with AsyncExitStack() as stack:
        alice, bob = await opened(at, stack, "alice"), await opened(at, stack, "bob")
        await alice.update({"name": "Summer"}).confirmed()
        await until(bob, "name", "Summer")
        await bob.update({"name": "Bob's"}).confirmed()
        await lose_history(at)
        undone = alice.undo()
        assert undone is not None
        with pytest.raises(EditConflicted):
            await undone.confirmed()


async def test_a_settlement_of_lost_history_is_refused(at: Gateway):
    async with AsyncExitStack() as stack:
        alice, bob = await opened(at, stack, "alice"), await opened(at, stack, "bob")
        hers, his = alice.update({"name": "Alice's"}), bob.update({"name": "Bob's"})
        loser = bob if isinstance(await outcome(hers), int) else alice
        await outcome(his)
        await lose_history(at)
        (conflict,) = loser.conflicts
        with pytest.raises(EditRefused, match="history was lost"):
            await loser.settle(conflict.conflict_id, "client-wins").confirmed()
        assert not loser.conflicts


async def test_what_is_refused_disappears(at: Gateway):
    async with AsyncExitStack() as stack:
        alice = await opened(at, stack, "alice")
        with pytest.raises(EditRefused) as refused:
            await alice.update({"start_date": "2027-05-05", "end_date": "2027-05-01"}).confirmed()
        assert refused.value.error.code == "VALIDATION_ERROR"
        assert (alice.trip["start_date"], alice.pending) == (None, [])


async def test_a_session_goes_on_after_its_connection_was_cut(at: Gateway):
    async with AsyncExitStack() as stack:
        relay = await stack.enter_async_context(Relay(at.url))
        alice = await opened(at, stack, "alice")
        bob = await opened(at, stack, "bob", f"http://127.0.0.1:{relay.port}")
        relay.cut_all()
        await alice.update({"stops/s1": {"id": "s1", "name": "Lisbon"}}).confirmed()
        async for trip in bob.watch():
            if trip.trip["destinations"] == ["Lisbon"]:
                break
        relay.cut_all()
        await bob.update({"stops/s1": None}).confirmed()
        async for trip in alice.watch():
            if not trip.trip["stops"]:
                break
        assert alice.trip["destinations"] == []
        joins = await at.services.log.read("trip:t1", 0)
        assert sum(b'"trip_collaboration_join"' in frame for _, frame in joins.frames) >= 3


async def test_losing_access_ends_the_session(at: Gateway):
    async with AsyncExitStack() as stack:
        bob = await opened(at, stack, "bob")
        await at.services.trip_sharing.revoke("alice", "t1", "bob")
        with pytest.raises(ClientError, match="may not open"):
            async for _ in bob.watch():
                pass


async def test_a_trip_of_others_cannot_be_opened(at: Gateway):
    async with AsyncExitStack() as stack:
        with pytest.raises(CommandRefused):
            await opened(at, stack, "mallory")


async def lose_history(at: Gateway) -> None:
    """As far as the client can tell: its versions are of an epoch that is over."""
    await at.services.redis.hset(TripKeys.of("t1").meta, "epoch", "another")


async def newest_write(at: Gateway) -> t.PastWrite:
    return (await at.services.trip_past.page("alice", "t1", None, 1)).writes[0]


async def outcome(update: Update) -> object:
    try:
        return await update.confirmed()
    except EditConflicted as error:
        return error
