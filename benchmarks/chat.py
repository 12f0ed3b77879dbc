"""From a message to the first thing that is seen of its turn, and to the turn's end, on a whole running system.

The system is `tripsage up`: gateway, agent worker, tool worker, travel sandbox and Valkey, each a process.
"""

import asyncio
import time
from dataclasses import dataclass

from benchmarks.measure import Spread, cpu_ns
from benchmarks.options import Options
from benchmarks.report import show, verdict
from benchmarks.system import running_system
from tests.support.system import LISBON, PARTS
from tests.support.wire import Frame, Wire, open_wire

WARM = 5


@dataclass(frozen=True, slots=True)
class Turn:
    """All in ms since the message was sent; `events` is how many the turn had."""

    ack: float
    first: float
    over: float
    events: int


def run(options: Options) -> None:
    turns, cpu = asyncio.run(_turns(options.choose(20, 150)))
    rows = [
        ("acknowledged", Spread.of(turn.ack for turn in turns), None, None),
        ("first agent_status_update", Spread.of(turn.first for turn in turns), 8, 25),
        ("whole turn", Spread.of(turn.over for turn in turns), 150, None),
    ]
    show(
        f"Chat: {len(turns)} turns one after another, {turns[0].events} events each",
        ("from chat_message sent to", "p50, ms", "p99, ms", "target p50", "target p99"),
        [
            (
                name,
                f"{spread.p50:.1f}",
                f"{spread.p99:.1f}",
                "" if p50 is None else verdict(spread.p50, p50),
                "" if p99 is None else verdict(spread.p99, p99),
            )
            for name, spread, p50, p99 in rows
        ],
        (
            f"built-in planner, sandbox without latency: “{LISBON}”",
            "CPU a turn, ms: " + ", ".join(f"{part} {spent:.1f}" for part, spent in cpu.items()),
        ),
    )


async def _turns(count: int) -> tuple[list[Turn], dict[str, float]]:
    """The turns, and the CPU in ms that each process spends on one."""
    async with running_system() as system, await open_wire(system.url) as wire:
        session = (await wire.authenticate(system.token()))["session_id"]
        for _ in range(WARM):
            await _turn(wire, session)
        before = {part: cpu_ns(system.pid(part)) for part in PARTS}
        turns = [await _turn(wire, session) for _ in range(count)]
        cpu = {part: (cpu_ns(system.pid(part)) - spent) / count / 1e6 for part, spent in before.items()}
    return turns, cpu


async def _turn(wire: Wire, session: str) -> Turn:
    before = time.perf_counter()
    turn_id = await wire.send("chat_message", session_id=session, content=LISBON)
    passed: dict[str, float] = {}
    events = 0

    def is_over(frame: Frame) -> bool:
        nonlocal events
        events += "seq" in frame and frame.get("turn_id") == turn_id
        passed.setdefault(frame["type"], (time.perf_counter() - before) * 1000)
        return frame["type"] == "agent_status_update" and frame["status"] in ("idle", "error")

    last = await wire.until(is_over)
    if last["status"] == "error":
        raise RuntimeError(f"turn {turn_id} failed")
    over = (time.perf_counter() - before) * 1000
    wire.seen.clear()
    return Turn(passed["ack"], passed["agent_status_update"], over, events)
