"""What the built-in planner takes for a turn, its tools answering from what they answered before."""

import subprocess
import sys
import time
from datetime import UTC, date, datetime
from itertools import cycle, islice

from msgspec import Raw

from app.contract.codec import encode
from app.contract.turn import TurnRequest
from benchmarks.measure import Spread
from benchmarks.options import Options
from benchmarks.report import show, verdict
from tools.providers.config import load
from tools.providers.factory import Providers
from tools.sandbox.sandbox import Sandbox
from tools.sandbox.transports import mock_transport
from tools.tool import ToolContext
from workers.agent.model import Call, CallOutcome, Step, View
from workers.agent.planner import BuiltinPlanner

TODAY = date(2026, 11, 22)
REQUESTS = (
    "5 days in Lisbon from Berlin in early May for 2 under 1500 EUR",
    "3 nights in Rome and 4 in Florence from Munich, leaving 3 May, max €900 per person",
    "10 Tage Inselhüpfen in Griechenland Ende September ab München für 2 Personen, max. 2.500 €",
    "3 nights in Prague from Dresden by train in early May for 2",
    "drei Städte in Andalusien ab Berlin, 10 Tage im Mai zu zweit",
    "東京からソウルへ5月上旬に3泊、2人、ペット可のホテル",
    "5 days in Lisbon from Berlin in early May for 2 under 20 EUR",
    "What weather should I pack for in Reykjavik in the second week of March?",
)
_MEMORY = (
    "from pathlib import Path; rss = lambda: int(Path('/proc/self/statm').read_text().split()[1]) * 4096"
)


class World:
    """The installed tools on the sandbox in this process; a call that was made is not made again."""

    def __init__(self) -> None:
        noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self._transport = mock_transport(Sandbox(1, TODAY, clock=lambda: noon))
        self._known: dict[bytes, CallOutcome] = {}

    async def answer(self, call: Call) -> CallOutcome:
        key = call.key.encode() + encode(call.arguments)
        if key not in self._known:
            self._known[key] = await self._made(call)
        return self._known[key]

    async def _made(self, call: Call) -> CallOutcome:
        from tools import registry

        async def progress(fraction: float, message: str) -> None:
            pass

        tool = registry.load()[call.tool]
        providers = Providers(load({}), self._transport)
        context = ToolContext(today=TODAY, progress=progress, providers=providers)
        try:
            result = await tool.run(context, tool.validate(call.arguments))
        finally:
            await providers.close()
        return CallOutcome(
            key=call.key, status="complete", result=Raw(encode(result)), endpoint=context.endpoint
        )


async def turn(world: World, content: str) -> float:
    """CPU seconds of the planner alone, all of its steps together; each call that ends is a step."""
    planner = BuiltinPlanner()
    steps: list[Step] = []
    outcomes: dict[str, CallOutcome] = {}
    waiting: list[Call] = []
    spent = 0.0
    request = TurnRequest(
        turn_id="t",
        session_id="s",
        user_id="u",
        content=content,
        accepted_at=datetime(2026, 11, 22, 9, tzinfo=UTC),
    )
    while True:
        view = View(request=request, today=TODAY, recent=(), steps=tuple(steps), outcomes=dict(outcomes))
        before = time.process_time()
        step = planner.next(view)
        spent += time.process_time() - before
        steps.append(step)
        if step.result is not None:
            return spent
        waiting += step.calls
        ended = waiting.pop(0)
        outcomes[ended.key] = await world.answer(ended)


def run(options: Options) -> None:
    import asyncio

    BuiltinPlanner().warm()
    world = World()

    async def turns() -> list[float]:
        for content in REQUESTS:
            await turn(world, content)
        return [await turn(world, content) for content in islice(cycle(REQUESTS), options.choose(24, 160))]

    seconds = asyncio.run(turns())
    spread = Spread.of(each * 1_000 for each in seconds)
    more = _memory_of_the_solver()
    show(
        "Planner: its part of a turn, CPU, with the outcomes of calls coming one by one",
        ("", "figure", "aim"),
        [
            ("p50, ms", f"{spread.p50:.1f}", verdict(spread.p50, 150, " ms")),
            ("p95, ms", f"{spread.p95:.1f}", verdict(spread.p95, 500, " ms")),
            ("turns a second of CPU", f"{len(seconds) / sum(seconds):.0f}", "≥ 30"),
            ("memory of the solver, MB", f"{more:.0f}", verdict(more, 150, " MB")),
        ],
        (
            f"{len(REQUESTS)} requests in turn: flights, islands, trains, a region, wishes, one that cannot be",
        ),
    )


def _memory_of_the_solver() -> float:
    """What a process grows by when the planner and the solver are loaded and warm, MB."""
    code = (
        f"{_MEMORY}; import msgspec, app.contract.turn; before = rss(); "
        "from workers.agent.planner import BuiltinPlanner; BuiltinPlanner().warm(); print(rss() - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1e6
