"""Many people on one trip: what their cursors cost the gateway, and how soon they see a write."""

import asyncio
import time
from dataclasses import dataclass

import httpx
from msgspec import Raw

from app.contract import trip as t
from app.services.auth import issue_token
from app.services.trip_writing import Call
from app.settings import dev_secret
from app.wiring import new_id, services, utc_now
from benchmarks.measure import cpu_ns
from benchmarks.options import Options
from benchmarks.people import TRIP
from benchmarks.processes import Ground, Helper, gateway, ground, helper
from benchmarks.report import show, verdict

CROWD, TEAM = 99, 50
"""With the owner a trip has at most a hundred people."""
CURSORS = 10  # a second and person
MISSED = 1000
WRITES_APART = 0.05  # s
WRITERS = 8
CONTENDED = "bench-commits"


@dataclass(frozen=True, slots=True)
class Commits:
    """Writes a second, Valkey's CPU time for one in µs, and how many are not there in the end."""

    made: float
    valkey: float
    lost: int


def run(options: Options) -> None:
    with ground(TRIPSAGE_FRAMES_PER_MINUTE="100000") as on:
        asyncio.run(_invite(on))
        commits = asyncio.run(_commit(on, options.choose(100, 500)))
        with (
            gateway(on) as pid,
            helper("people", f"ws://127.0.0.1:{on.settings.port}/ws", str(on.settings.data_dir)) as people,
        ):
            people.ask(join=TEAM)
            delay = _write(on, people, TEAM, options.choose(40, 200))
            catch_up = _catch_up(on, people)
            people.ask(join=CROWD + 1)
            people.ask(cursors=CURSORS, seconds=1)
            seconds = options.choose(3, 15)
            before, valkey = cpu_ns(pid), cpu_ns(on.valkey)
            seen = people.ask(cursors=CURSORS, seconds=seconds)
            cores = (cpu_ns(pid) - before) / seconds / 1e9
            valkey_cores = (cpu_ns(on.valkey) - valkey) / seconds / 1e9
    frames = seen["seen"] / seconds / (CROWD + 1)
    show(
        "Trips: many people on one",
        ("", "figure", "target"),
        [
            (
                f"{CROWD + 1} people, cursors at {CURSORS}/s: gateway, cores",
                f"{cores:.2f}",
                verdict(cores, 1),
            ),
            ("the same: Valkey, cores", f"{valkey_cores:.2f}", ""),
            ("the same: presence frames a second and person", f"{frames:.1f}", ""),
            (f"PATCH to peer, {TEAM} people, p50, ms", f"{delay['p50']:.2f}", verdict(delay["p50"], 5)),
            ("the same, p95, ms", f"{delay['p95']:.2f}", verdict(delay["p95"], 15)),
            (f"catch-up of {MISSED} events, connect included, ms", f"{catch_up:.0f}", verdict(catch_up, 300)),
            (
                f"a write, {WRITERS} writers of one trip: Valkey, µs",
                f"{commits.valkey:.0f}",
                verdict(commits.valkey, 500),  # 2,000 a second on one core
            ),
            ("the same: made by one process", f"{commits.made:,.0f}", ""),
            ("the same: lost", f"{commits.lost}", verdict(commits.lost, 0)),
        ],
        (f"a presence frame of {seen['bytes'] / max(1, seen['seen']) / 1000:.1f} kB for all cursors",),
    )


async def _invite(on: Ground) -> None:
    async with services(on.settings) as parts:
        await parts.trips.create("bench-0", TRIP, t.Trip(name="Bench"))
        order = t.CollaboratorOrder(permissions=["read", "write"])
        for number in range(1, CROWD + 1):
            await parts.trip_sharing.grant("bench-0", TRIP, f"bench-{number}", order)


async def _commit(on: Ground, each: int) -> Commits:
    """Half of the writes are of a field that everybody writes, half of the writer's own."""
    days = [t.Day(id=f"d{number}", title="Lisbon") for number in range(7)]
    async with services(on.settings) as parts:
        await parts.trips.create("bench-0", CONTENDED, t.Trip(name="Bench", days=days))

        async def write(writer: int) -> None:
            for number in range(each):
                field = "notes" if number % 2 else f"custom/w{writer}"
                change = t.Change(field=field, value=Raw(b'"%d of %d"' % (number, writer)))
                await parts.trips.write(CONTENDED, Call("bench-0", new_id()), t.Mutation(changes=[change]))

        before, began = cpu_ns(on.valkey), time.monotonic()
        await asyncio.gather(*map(write, range(WRITERS)))
        seconds, valkey = time.monotonic() - began, cpu_ns(on.valkey) - before
        trip = (await parts.trips.read("bench-0", CONTENDED)).snapshot
        own = sum(
            trip.values[f"custom/w{writer}"] == b'"%d of %d"' % (each - 2, writer)
            for writer in range(WRITERS)
        )
    count = each * WRITERS
    return Commits(count / seconds, valkey / count / 1000, count - (trip.version - 1) + WRITERS - own)


def _write(on: Ground, people: Helper, peers: int, writes: int) -> dict[str, float]:
    """Delays in ms from before a PATCH to its update at each of the peers."""
    with _client(on) as client:
        for _ in range(10):
            _patch(client)
        people.ask(end=10 * peers)
        people.ask(begin=True)
        for _ in range(writes):
            _patch(client)
            time.sleep(WRITES_APART)
    delay: dict[str, float] = people.ask(end=writes * peers)
    return delay


def _catch_up(on: Ground, people: Helper) -> float:
    """In ms, from before the connect of somebody who missed so many events."""
    with _client(on) as client:
        after = client.get(f"/api/trips/{TRIP}").json()["version"]
        for _ in range(MISSED):
            last = _patch(client)
    seconds: float = people.ask(catch_up=after, until=last)
    return seconds * 1000


def _patch(client: httpx.Client) -> int:
    response = client.patch(f"/api/trips/{TRIP}", json={"notes": str(time.monotonic_ns()).zfill(19)})
    response.raise_for_status()
    version: int = response.json()["version"]
    return version


def _client(on: Ground) -> httpx.Client:
    token = issue_token(dev_secret(on.settings.data_dir), "bench-0", None, utc_now(), 3600)
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=f"http://127.0.0.1:{on.settings.port}", headers=headers, trust_env=False)
