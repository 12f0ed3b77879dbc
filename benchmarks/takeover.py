"""How long a turn stands still when the process that works on it is killed.

Two workers of its kind run, as in any system that should not stand still. The provider that a tool call asks is made
to hold its answer, the worker that has the turn or the call is killed with SIGKILL, and the provider answers again;
the other worker takes over when the dead one's lease ends.
"""

import asyncio
import sys
import time
from contextlib import closing
from signal import SIGCONT, SIGSTOP

import httpx

from benchmarks.measure import Spread
from benchmarks.options import Options
from benchmarks.report import show, verdict
from benchmarks.system import running_system
from tests.support.processes import Watched
from tests.support.system import LISBON, System
from tests.support.wire import Frame, Wire, open_wire

TARGET = 3.0
MADE_BY = {"agents": ("agent_", "chat_message_chunk"), "tools": ("tool_call_",)}
"""How the types of the events begin that only this worker makes once the calls of a turn have begun."""


def run(options: Options) -> None:
    waits = asyncio.run(_takeovers(options.choose(1, 5)))
    show(
        "Takeover: from SIGKILL to the next event of the turn that only such a worker makes",
        ("killed", "times", "median, s", "longest, s", "target"),
        [
            (
                f"{victim} worker",
                str(len(seconds)),
                f"{Spread.of(seconds).p50:.2f}",
                f"{max(seconds):.2f}",
                verdict(max(seconds), TARGET, " s"),
            )
            for victim, seconds in waits.items()
        ],
    )


async def _takeovers(count: int) -> dict[str, list[float]]:
    waits: dict[str, list[float]] = {}
    async with running_system() as system:
        for victim in MADE_BY:
            command = [sys.executable, "-m", "workers", victim]
            with closing(Watched(command, system.environ)) as other:
                await asyncio.to_thread(other.wait_for, "working on")
                waits[victim] = [await _takeover(system, victim, other) for _ in range(count)]
    return waits


async def _takeover(system: System, victim: str, other: Watched) -> float:
    other.signal(SIGSTOP)  # so that it is not the one that has the turn
    await system.tell_sandbox("hold", {"provider": "duffel"})
    async with await open_wire(system.url) as wire:
        session = (await wire.authenticate(system.token()))["session_id"]
        turn_id = await wire.send("chat_message", session_id=session, content=LISBON)
        await _until_nothing_moves(system, wire)
        system.kill(victim)
        killed = time.perf_counter()
        other.signal(SIGCONT)
        await system.tell_sandbox("release", {})
        await wire.until(lambda frame: _is_made_by(frame, victim))
        seconds = time.perf_counter() - killed
        await wire.until_turn_over(turn_id)
    return seconds


async def _until_nothing_moves(system: System, wire: Wire) -> None:
    """Until the turn waits for the sandbox alone, and what came before that has been read."""
    async with asyncio.timeout(30), httpx.AsyncClient() as client:
        while not (await client.get(f"{system.sandbox_url}/__admin/state")).json()["held"]:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.5)
    await wire.send("connection_heartbeat", sequence=4711)
    await wire.until(lambda frame: frame.get("sequence") == 4711)


def _is_made_by(frame: Frame, victim: str) -> bool:
    return frame["type"].startswith(MADE_BY[victim])
