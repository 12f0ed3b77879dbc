"""One supervised process: started, its output passed on, started again when it dies, ended on request."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from app.cli.up import guard
from app.cli.up.console import Console, Lines
from app.cli.up.programs import Program
from app.cli.up.restarts import Restarts

REFUSED_SETTINGS = 2
LAST_OUTPUT_SECONDS = 1.0
MAX_READ = 64 * 1024


class Guard:
    """The process that ends ours if this one is killed; see `guard.py`."""

    def __init__(self, lock: int) -> None:
        self._lock = lock
        self._groups: list[int] = []
        self._process = self._start()

    def add(self, group: int) -> None:
        self._groups.append(group)
        self._tell(f"+{group}\n")

    def remove(self, group: int) -> None:
        self._groups.remove(group)
        self._tell(f"-{group}\n")

    def close(self) -> None:
        """Ends the guard, which has nothing left to do once every group has been removed."""
        with contextlib.suppress(BrokenPipeError):
            self._pipe.close()
        self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-I", "-S", str(Path(guard.__file__))]
        process = subprocess.Popen(  # noqa: S603  # our own file
            command, stdin=subprocess.PIPE, pass_fds=(self._lock,), start_new_session=True, cwd="/"
        )
        assert process.stdin is not None
        self._pipe = process.stdin
        return process

    def _tell(self, line: str) -> None:
        try:
            self._pipe.write(line.encode())
            self._pipe.flush()
        except BrokenPipeError:
            # Somebody killed the guard; the next one has to know all that this one knew.
            self.close()
            self._process = self._start()
            self._pipe.write("".join(f"+{group}\n" for group in self._groups).encode())
            self._pipe.flush()


class Child:
    """Keeps one program running until it is told to stop.

    `refused` is called when the program says with exit code 2 that it cannot use its settings: starting it
    again cannot help then.
    """

    def __init__(
        self,
        program: Program,
        *,
        environ: Mapping[str, str],
        console: Console,
        guard: Guard,
        refused: Callable[["Child"], None],
    ) -> None:
        self.program = program
        self.was_killed = False
        self._environ = environ
        self._console = console
        self._guard = guard
        self._refused = refused
        self._stopping = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def keep_running(self) -> None:
        """Returns once the program was told to stop and its process is gone."""
        clock = asyncio.get_running_loop().time
        restarts = Restarts()
        while not self._stopping.is_set():
            started = clock()
            code = await self._run_once()
            if self._stopping.is_set():
                break
            if code == REFUSED_SETTINGS:
                self._refused(self)
                await self._stopping.wait()
                break
            delay = restarts.delay_after(clock() - started)
            when = f"in {delay:g} s" if delay else "now"
            self._console.say(f"{self.program.name} {describe_exit(code)}; starting it again {when}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), delay)

    def stop(self) -> None:
        """Asks the process to end, and starts no other."""
        self._stopping.set()
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the process and whatever it started, at once."""
        self._stopping.set()
        if self._process is not None:
            self.was_killed = True
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _run_once(self) -> int:
        process = await asyncio.create_subprocess_exec(
            *self.program.arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self._environ,
            # Away from the terminal's signals: Ctrl-C reaches the supervisor alone, which drains in order.
            start_new_session=True,
        )
        self._guard.add(process.pid)
        self._process = process
        if self._stopping.is_set():
            self._signal(signal.SIGTERM)
        assert process.stdout is not None
        output = asyncio.create_task(self._pass_on(process.stdout))
        code = await process.wait()
        self._process = None
        self._guard.remove(process.pid)
        # The pipe stays open while something that it started still holds it.
        await asyncio.wait([output], timeout=LAST_OUTPUT_SECONDS)
        output.cancel()
        return code

    async def _pass_on(self, output: asyncio.StreamReader) -> None:
        lines = Lines()
        while data := await output.read(MAX_READ):
            self._show(lines.feed(data))
        self._show(lines.close())

    def _show(self, lines: list[str]) -> None:
        for line in lines:
            if not any(part in line for part in self.program.hidden):
                self._console.line(self.program.name, line)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)


def describe_exit(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
