"""Two people with a terminal each, on one trip: edits, presence, and a conflict that is settled."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.support.system import System
from tests.support.waiting import waiting_for

ATTEMPTS = 100


class Terminal:
    """`tripsage trip edit` with a pipe at each end."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.shown = ""

    def type(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())

    async def until(self, *texts: str) -> str:
        """Reads on until one of these is shown, and forgets what came up to it; the text that was shown."""
        assert self._process.stdout is not None
        while True:
            found = [text for text in texts if text in self.shown]
            if found:
                self.shown = self.shown.partition(found[0])[2]
                return found[0]
            async with waiting_for(f"any of {texts}", lambda: f"It shows:\n{self.shown}"):
                more = await self._process.stdout.read(4096)
            assert more, f"no {texts} in:\n{self.shown}"
            self.shown += more.decode()

    async def leave(self) -> int:
        self.type("quit")
        return await self._process.wait()


async def command(system: System, *words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", "trip", *words, env=system.environ, stdout=PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode().strip()


@asynccontextmanager
async def terminal(system: System, trip: str, user: str) -> AsyncIterator[Terminal]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "app.cli", "trip", "edit", trip, "--user", user),
        env=system.environ | {"PYTHONUNBUFFERED": "1"},
        stdin=PIPE,
        stdout=PIPE,
    )
    try:
        yield Terminal(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_two_terminals_on_one_trip(system: System) -> None:
    trip = await command(system, "new", "Spring in Lisbon")
    assert await command(system, "share", trip, "bob") == "bob may read, write"
    assert (await command(system, "list")).splitlines()[-1].split()[-1] == "owner"
    assert (await command(system, "list", "--user", "bob")).splitlines()[-1].split()[-1] == "write"
    assert "Spring in Lisbon" in await command(system, "list", "--user", "bob", "--search", "LISB")
    assert "None of your trips" in await command(system, "list", "--user", "bob", "--search", "oslo")

    async with terminal(system, trip, "alice") as alice:
        await alice.until("as alice")
        async with terminal(system, trip, "bob") as bob:
            await alice.until("Bob is here")
            await _edit_together(alice, bob)
            assert await bob.leave() == 0
        await alice.until("Bob left")
        assert await alice.leave() == 0


async def _edit_together(alice: Terminal, bob: Terminal) -> None:
    await bob.until("as bob")
    alice.type("stop add Porto")
    await bob.until("Alice added Porto to stops")
    await alice.until("✓ version")
    alice.type("who")
    await alice.until("● Bob")
    bob.type("dates 2027-05-09 2027-05-01")
    await bob.until("not written: `end_date` is before `start_date`")

    loser, winner = await _conflict(alice, bob)
    loser.type("keep 3350")
    await winner.until("set budget to 3350")
    loser.type("undo")
    await loser.until("✓ version")
    winner.type("show")
    await winner.until("EUR")


async def _conflict(alice: Terminal, bob: Terminal) -> tuple[Terminal, Terminal]:
    """Both write the same field at the same moment, until neither has seen the other's value before."""
    for attempt in range(ATTEMPTS):
        alice.type(f"budget {1000 + attempt}")
        bob.type(f"budget {2000 + attempt}")
        for person, other in ((alice, bob), (bob, alice)):
            if await person.until("✓ version", "conflict on budget") == "conflict on budget":
                return person, other
    raise AssertionError("they never met")
