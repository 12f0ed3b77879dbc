"""Starts everything, says when it answers, and drains it in order when asked to stop."""

import asyncio
import itertools
import signal
from collections.abc import Mapping, Sequence
from operator import attrgetter

from app.cli.up.child import Child, Guard
from app.cli.up.console import Console
from app.cli.up.probe import wait_until_ready
from app.cli.up.programs import Program

STOPPED, NOT_CLEAN, REFUSED, INTERRUPTED = 0, 1, 2, 130
SAY_SO_AFTER = 20.0


class Supervisor:
    """Runs programs until a signal asks it to stop. Construct it inside the event loop."""

    def __init__(
        self, programs: Sequence[Program], *, environ: Mapping[str, str], console: Console, guard: Guard
    ) -> None:
        self._console = console
        self._stop = asyncio.Event()
        self._interrupted = False
        self._refused: Child | None = None
        console.on_broken = self._stop.set
        self.children = [
            Child(program, environ=environ, console=console, guard=guard, refused=self._on_refused)
            for program in programs
        ]
        self._tasks = {child: asyncio.create_task(child.keep_running()) for child in self.children}

    async def run(self) -> int:
        """The exit code: 0 when everything ended by itself, 1 when something had to be killed, 2 when a
        program refused its settings, 130 when a second signal cut the draining short.

        Signals are handled from here on. Call `ready` beside it to learn when everything answers.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._on_signal)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means to outlive the terminal
            loop.add_signal_handler(signal.SIGHUP, self._on_signal)
        stop = asyncio.create_task(self._stop.wait())
        try:
            # A task that ends before it was asked to has failed: show its error rather than hang.
            await asyncio.wait([stop, *self._tasks.values()], return_when=asyncio.FIRST_COMPLETED)
            await self._drain()
        finally:
            stop.cancel()
            for child in self.children:
                child.kill()
        for task in self._tasks.values():
            task.result()
        return self._exit_code()

    async def ready(self) -> None:
        """Returns when every program with a probe answers it; says so when one takes long."""
        probed = [child.program for child in self.children if child.program.probe]
        await asyncio.gather(*(self._ready(program) for program in probed))

    async def _ready(self, program: Program) -> None:
        assert program.probe is not None
        waiting = asyncio.ensure_future(wait_until_ready(program.probe))
        try:
            done, _ = await asyncio.wait([waiting], timeout=SAY_SO_AFTER)
            if not done:
                self._console.say(f"{program.name} is not ready yet; its lines above may say why")
            await waiting
        finally:
            waiting.cancel()

    async def _drain(self) -> None:
        if not self._interrupted:
            self._console.say("stopping ... (Ctrl-C again to stop at once)")
        in_order = sorted(self.children, key=attrgetter("program.stage"))
        for _, stage in itertools.groupby(in_order, key=attrgetter("program.stage")):
            await self._drain_stage(list(stage))

    async def _drain_stage(self, children: list[Child]) -> None:
        for child in children:
            child.stop()
        patience = max(child.program.drain_seconds for child in children)
        _, late = await asyncio.wait([self._tasks[child] for child in children], timeout=patience)
        for child in children:
            if self._tasks[child] in late:
                self._console.say(f"{child.program.name} has not ended after {patience:g} s; killing it")
                child.kill()
                await self._tasks[child]

    def _on_signal(self) -> None:
        if not self._stop.is_set():
            self._stop.set()
            return
        self._interrupted = True
        for child in self.children:
            child.kill()

    def _on_refused(self, child: Child) -> None:
        self._refused = child
        self._console.say(f"{child.program.name} cannot use these settings; its last line above says why")
        self._stop.set()

    def _exit_code(self) -> int:
        if self._interrupted:
            return INTERRUPTED
        if self._refused:
            return REFUSED
        return NOT_CLEAN if any(child.was_killed for child in self.children) else STOPPED
