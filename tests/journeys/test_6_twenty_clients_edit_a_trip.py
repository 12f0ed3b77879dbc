"""Twenty clients of five people edit one trip while gateway and Valkey are killed: no edit is lost or doubled."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from app.client import Client
from app.client.trips import EditConflicted, TripSession
from app.client.trips.fields import fields_of, write
from tests.support.system import System

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TRIP = "/api/trips/together"
PEOPLE = ("alice", "bob", "carol", "dave", "erin")
TABS, EDITS = 4, 12
SHARED = ("name", "notes", "custom/mood")
KILLS = {60: "gateway", 140: "valkey"}
"""What is killed after so many answers."""


@pytest.fixture
async def own_system() -> AsyncIterator[System]:
    system = System.prepare()
    await system.start()
    yield system
    await system.stop()


class Editors:
    """Twenty clients and what their edits came to."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.outcomes: Counter[str] = Counter()
        self.landed: list[str] = []

    async def edit(self, trip: TripSession, number: int) -> None:
        choices = random.Random(number)
        for count in range(EDITS):
            value: Any = f"{number}-{count}"
            field = choices.choice((*SHARED, f"activities/{number}"))
            if field.startswith("activities/"):
                value = {"id": str(number), "name": value}
            update = trip.update({field: value}, strategy=choices.choice(("reject", "client-wins")))
            try:
                await update.confirmed()
                self.landed.append(update.mutation_id)
                self._count("landed")
            except EditConflicted:
                self._count("conflicted")
                await self._settle(trip)

    async def _settle(self, trip: TripSession) -> None:
        """Until it is settled: what moves on meanwhile is a new conflict."""
        while trip.conflicts:
            with contextlib.suppress(EditConflicted):
                await trip.settle(trip.conflicts[0].conflict_id, "server-wins").confirmed()

    def _count(self, outcome: str) -> None:
        self.outcomes[outcome] += 1
        part = KILLS.get(self.outcomes.total())
        if part is not None:
            self.system.kill(part)


async def test_twenty_clients_end_with_the_same_trip(own_system: System) -> None:
    system = own_system
    async with AsyncExitStack() as stack:
        alice = await stack.enter_async_context(system.client("alice"))
        initial = (await alice.post(TRIP, json={"name": "Together"})).json()
        for person in PEOPLE[1:]:
            order = {"user_id": person, "permissions": ["read", "write"]}
            assert (await alice.post(f"{TRIP}/collaborators", json=order)).status_code == 201
        trips: list[TripSession] = []
        for person in PEOPLE * TABS:
            client = await stack.enter_async_context(Client(system.url, token=system.token(person)))
            trips.append(await stack.enter_async_context(TripSession(client, "together")))

        editors = Editors(system)
        async with asyncio.timeout(200), asyncio.TaskGroup() as group:
            for number, trip in enumerate(trips):
                group.create_task(editors.edit(trip, number))
        assert editors.outcomes.total() == len(trips) * EDITS
        assert editors.outcomes["landed"] > editors.outcomes["conflicted"] > 0

        await system.until_ready()
        state = (await alice.get(TRIP)).json()
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            for trip in trips:
                group.create_task(_until_at(trip, state["version"]))
        for trip in trips:
            assert trip.fields == fields_of(state)
            assert not trip.pending

        updates = await _updates(alice)
        assert Counter(update["mutation_id"] for update in updates).most_common(1)[0][1] == 1
        assert set(editors.landed) <= {update["mutation_id"] for update in updates}
        replayed = fields_of(initial)
        for update in updates:
            write(replayed, ((change["field"], change["new_value"]) for change in update["changes"]))
        assert replayed == fields_of(state)


async def _until_at(trip: TripSession, version: int) -> None:
    async for now in trip.watch():
        if now.version >= version and not now.pending:
            return


async def _updates(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Every write of the trip after the one that made it."""
    found: list[dict[str, Any]] = []
    after, top = 0, 1
    while after < top:
        page = (await client.get(f"{TRIP}/events", params={"after": after, "limit": 256})).json()
        after, top = page["events"][-1]["seq"], page["seq"]
        found += [event for event in page["events"] if event["type"] == "trip_update_broadcast"]
    return found[1:]
