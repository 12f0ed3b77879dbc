"""What the travel sandbox answers a second, how it starts, and what a tool costs beside its provider's answer."""

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from benchmarks.measure import Spread
from benchmarks.options import Options
from benchmarks.report import show, verdict
from tools import registry
from tools.providers.config import load
from tools.providers.factory import Providers
from tools.sandbox import Sandbox
from tools.sandbox.transports import mock_transport
from tools.tool import ToolContext

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROUTES = ("BERLIS", "LHRJFK", "MUCATH", "LONROM", "VIEBCN", "AMSIST", "ZRHLIS", "FRADXB")
SEARCHES, START, MEMORY, OVERHEAD = 1500, 1.0, 150, 2.0  # a second, s, MiB, ms
HEADERS = {"authorization": "Bearer duffel_test_x", "duffel-version": "v2"}
READY = b"x" * 120_000
BLOCK = len(ROUTES) * 30  # searches, each route on each day of a month
FIRST_ANSWER = """
import time
start = time.perf_counter()
from benchmarks.sandbox import search, most_memory, Sandbox, NOON
sandbox = Sandbox(1, clock=lambda: NOON)
search(sandbox, 1)
seconds = time.perf_counter() - start
first = most_memory()
for adults in range(1, 5):
    search(sandbox, 240, adults)
print(seconds, first, most_memory())
"""


def run(options: Options) -> None:
    sandbox = Sandbox(1, clock=lambda: NOON)
    offers = sum(answer.count(b'"off_') for answer in answers(sandbox, BLOCK)) / BLOCK
    blocks = options.choose(5, 15)
    speed = _a_second(lambda: search(sandbox, BLOCK), blocks)
    others = _a_second(lambda: search(sandbox, BLOCK, adults=2), 1)
    seeds = iter(range(2, 100))
    fresh = _a_second(lambda: search(Sandbox(next(seeds), clock=lambda: NOON), BLOCK), options.choose(1, 3))
    ready = httpx.MockTransport(lambda request: httpx.Response(201, content=READY))
    alone = _a_second(lambda: search(ready, BLOCK), blocks)
    seconds, memory, most = _first_answer()
    overhead = asyncio.run(_overhead(options.choose(200, 1000)))
    show(
        "Travel sandbox, in one process",
        ("", "figure", "target"),
        [
            (
                f"flight searches a second of CPU, {offers:.0f} offers each, asked for before",
                f"{speed:,.0f}",
                f"≥ {SEARCHES:,} {'[green]✓[/]' if speed >= SEARCHES else '[red]✗[/]'}",
            ),
            ("… by httpx alone, for an answer of that size", f"{alone:,.0f}", "yardstick"),
            ("… for another party on the same routes and days", f"{others:,.0f}", ""),
            ("… each for the first time", f"{fresh:,.0f}", ""),
            ("start to first answer, s", f"{seconds:.2f}", verdict(seconds, START, " s")),
            ("memory after it, MiB", f"{memory:.0f}", verdict(memory, MEMORY, " MiB")),
            ("memory after 960 different searches, MiB", f"{most:.0f}", verdict(most, MEMORY, " MiB")),
            (
                "a tool call beside the provider's answer, p50, ms",
                f"{overhead:.2f}",
                verdict(overhead, OVERHEAD, " ms"),
            ),
        ],
        (
            "through httpx.MockTransport; a tool call is validated, held to its limits and parsed, on one worker",
        ),
    )


def _a_second(searches: Callable[[], object], blocks: int) -> float:
    """Searches a second of CPU in the best of so many blocks: what others do on the machine is not counted."""
    best = 0.0
    for _ in range(blocks):
        began = time.process_time()
        searches()
        best = max(best, BLOCK / (time.process_time() - began))
    return best


def search(asked: Sandbox | httpx.MockTransport, count: int, adults: int = 1) -> int:
    """Ask for flights so often; bytes of all answers."""
    return sum(map(len, answers(asked, count, adults)))


def answers(asked: Sandbox | httpx.MockTransport, count: int, adults: int = 1) -> Iterator[bytes]:
    transport = mock_transport(asked) if isinstance(asked, Sandbox) else asked
    with httpx.Client(transport=transport, base_url="https://api.duffel.com") as client:
        for number in range(count):
            route = ROUTES[number % len(ROUTES)]
            body = _body(
                route[:3], route[3:], date(2027, 5, 1) + timedelta(number // len(ROUTES) % 30), adults
            )
            answer = client.post("/air/offer_requests?return_offers=true", headers=HEADERS, content=body)
            yield answer.content


def _body(origin: str, destination: str, day: date, adults: int) -> bytes:
    journey = {"origin": origin, "destination": destination, "departure_date": day.isoformat()}
    return json.dumps(
        {
            "data": {
                "slices": [journey],
                "passengers": [{"type": "adult"}] * adults,
                "cabin_class": "economy",
            }
        }
    ).encode()


def _first_answer() -> tuple[float, float, float]:
    """In a process of its own: seconds from the import on, MiB at the most by then, and after many searches."""
    said = subprocess.run([sys.executable, "-c", FIRST_ANSWER], check=True, capture_output=True, text=True)
    seconds, first, most = map(float, said.stdout.split())
    return seconds, first / 1024, most / 1024


def most_memory() -> int:
    """KiB of this process at the most. A new process counts its parent's in `ru_maxrss`, so Linux is asked itself."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


async def _overhead(count: int) -> float:
    """A currency's conversion by the tool, less the same request made plainly; medians, in ms."""
    transport = mock_transport(Sandbox(1, clock=lambda: NOON))
    providers = Providers(load({}), transport)
    tool = registry.load()["currency_convert"]

    async def report(fraction: float, message: str) -> None:
        pass

    async def call() -> None:
        context = ToolContext(today=NOON.date(), progress=report, providers=providers)
        await tool.run(context, {"amount": 10, "from": "EUR", "to": "USD"})

    async with httpx.AsyncClient(transport=transport, base_url="https://api.frankfurter.dev") as client:

        async def plain() -> None:
            await client.get("/v2/rate/EUR/USD")

        spent = await _median_ms(call, count) - await _median_ms(plain, count)
    await providers.close()
    return max(0.0, spent)


async def _median_ms(work: Any, count: int) -> float:
    samples: list[float] = []
    for _ in range(count):
        began = time.perf_counter()
        await work()
        samples.append(1000 * (time.perf_counter() - began))
    return Spread.of(samples).p50
