"""Many people on one trip: what their cursors cost the gateway, and how soon they see a write."""

import asyncio
import json
import time
from collections.abc import Callable, Generator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection

from msgspec import Raw

from app.contract import trip as t
from app.services.auth import issue_token
from app.services.trip_commits import Call
from app.settings import dev_secret
from app.wiring import new_id, services, utc_now
from benchmarks.measure import cpu_ns
from benchmarks.options import Options
from benchmarks.people import STAMP_DIGITS, TRIP
from benchmarks.processes import Ground, Helper, free_port, gateway, ground, helper
from benchmarks.report import show, verdict

CROWD, TEAM = 99, 50
"""With the owner a trip has at most a hundred people."""
CURSORS = 10  # a second and person
MISSED = 1000
WRITES_APART = 0.05  # s
WRITERS = 8


@dataclass(frozen=True, slots=True)
class Commits:
    """Writes a second, Valkey's CPU time for one in µs, and how many are not there in the end."""

    made: float
    valkey: float
    lost: int


Patch = Callable[[], int]
"""Writes the time into the trip and answers the version."""


def run(options: Options) -> None:
    with ground(TRIPSAGE_FRAMES_PER_MINUTE="100000") as on:
        asyncio.run(_invite(on))
        each = options.choose(100, 500)
        alone, together = (asyncio.run(_commit(on, each, f"bench-{count}", count)) for count in (1, 2))
        floor = _floor(on, TEAM, options.choose(40, 200))
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
            ("the same of the floor, p50 and p95, ms", f"{floor['p50']:.2f}, {floor['p95']:.2f}", ""),
            ("times the floor, p50", f"{delay['p50'] / floor['p50']:.2f}", ""),
            (f"catch-up of {MISSED} events, connect included, ms", f"{catch_up:.0f}", verdict(catch_up, 300)),
            (
                f"a write, {WRITERS} writers of one trip: Valkey, µs",
                f"{alone.valkey:.0f}",
                verdict(alone.valkey, 500),  # 2,000 a second on one core
            ),
            ("the same: made by one process", f"{alone.made:,.0f}", ""),
            (
                "a write, the writers at two gateways: Valkey, µs",
                f"{together.valkey:.0f}",
                verdict(together.valkey, 500),
            ),
            ("lost of both", f"{alone.lost + together.lost}", verdict(alone.lost + together.lost, 0)),
        ],
        (f"a presence frame of {seen['bytes'] / max(1, seen['seen']) / 1000:.1f} kB for all cursors",),
    )


async def _invite(on: Ground) -> None:
    async with services(on.settings) as parts:
        await parts.trips.create("bench-0", TRIP, t.Trip(name="Bench"))
        order = t.CollaboratorOrder(permissions=["read", "write"])
        for number in range(1, CROWD + 1):
            await parts.trip_sharing.grant("bench-0", TRIP, f"bench-{number}", order)


async def _commit(on: Ground, each: int, trip_id: str, gateways: int) -> Commits:
    """Half of the writes are of a field that everybody writes, half of the writer's own.

    `gateways` stand for as many processes: each remembers the trip for itself.
    """
    days = [t.Day(id=f"d{number}", title="Lisbon") for number in range(7)]
    async with AsyncExitStack() as opened:
        parts = [await opened.enter_async_context(services(on.settings)) for _ in range(gateways)]
        await parts[0].trips.create("bench-0", trip_id, t.Trip(name="Bench", days=days))

        async def write(writer: int) -> None:
            for number in range(each):
                field = "notes" if number % 2 else f"custom/w{writer}"
                change = t.Change(field=field, value=Raw(b'"%d of %d"' % (number, writer)))
                mutation = t.Mutation(changes=[change])
                await parts[writer % gateways].trips.write(trip_id, Call("bench-0", new_id()), mutation)

        before, began = cpu_ns(on.valkey), time.monotonic()
        await asyncio.gather(*map(write, range(WRITERS)))
        seconds, valkey = time.monotonic() - began, cpu_ns(on.valkey) - before
        trip = (await parts[0].trips.read("bench-0", trip_id)).snapshot
        own = sum(
            trip.values[f"custom/w{writer}"] == b'"%d of %d"' % (each - 2, writer)
            for writer in range(WRITERS)
        )
    count = each * WRITERS
    return Commits(count / seconds, valkey / count / 1000, count - (trip.version - 1) + WRITERS - own)


def _floor(on: Ground, peers: int, writes: int) -> dict[str, float]:
    sockets, requests = free_port(), free_port()
    with (
        helper("trip_floor", on.settings.events_url, str(sockets), str(requests)) as server,
        helper("people", f"ws://127.0.0.1:{sockets}", str(on.settings.data_dir)) as people,
        _patching(on, requests) as patch,
    ):
        server.ask(ready=True)
        people.ask(join=peers, bare=True)
        return _delays(patch, people, peers, writes)


def _write(on: Ground, people: Helper, peers: int, writes: int) -> dict[str, float]:
    with _patching(on, on.settings.port) as patch:
        return _delays(patch, people, peers, writes)


def _delays(patch: Patch, people: Helper, peers: int, writes: int) -> dict[str, float]:
    """In ms, from before a PATCH to its update at each of the peers."""
    for _ in range(10):
        patch()
    people.ask(end=10 * peers)
    people.ask(begin=True)
    for _ in range(writes):
        patch()
        time.sleep(WRITES_APART)
    delay: dict[str, float] = people.ask(end=writes * peers)
    return delay


def _catch_up(on: Ground, people: Helper) -> float:
    """In ms, from before the connect of somebody who missed so many events."""
    with _patching(on, on.settings.port) as patch:
        after = last = patch()
        for _ in range(MISSED):
            last = patch()
    seconds: float = people.ask(catch_up=after, until=last)
    return seconds * 1000


@contextmanager
def _patching(on: Ground, port: int) -> Generator[Patch]:
    """By the plainest client there is: httpx takes 1.5 ms of its own for a request."""
    token = issue_token(dev_secret(on.settings.data_dir), "bench-0", None, utc_now(), 3600)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    client = HTTPConnection("127.0.0.1", port)

    def patch() -> int:
        body = json.dumps({"notes": str(time.monotonic_ns()).zfill(STAMP_DIGITS)}, separators=(",", ":"))
        client.request("PATCH", f"/api/trips/{TRIP}", body, headers)
        response = client.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"{response.status} {answer!r}")
        version: int = json.loads(answer)["version"]
        return version

    try:
        yield patch
    finally:
        client.close()
