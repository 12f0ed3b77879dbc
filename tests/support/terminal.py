"""`tripsage chat` in a terminal of its own: what it shows, and what is typed."""

import asyncio
import os
import pty
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.processes import ROOT, environment
from tests.support.waiting import waiting_for


@dataclass
class Terminal:
    """A process on a pseudo-terminal of 100 × 40."""

    process: asyncio.subprocess.Process
    master: int
    shown: bytearray = field(default_factory=bytearray)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def start(cls, data_dir: Path, port: int, *arguments: str) -> "Terminal":
        master, slave = pty.openpty()
        environ = environment(data_dir, TRIPSAGE_PORT=str(port), TERM="xterm", COLUMNS="100", LINES="40")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.cli", "chat", *arguments,
            env=environ, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        terminal = cls(process, master)
        asyncio.get_running_loop().add_reader(master, terminal._read)
        return terminal

    def _read(self) -> None:
        try:
            data = os.read(self.master, 65536)
        except OSError:  # Linux says so when the other side is closed
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self.master)
        self.shown += data
        self._news.set()

    async def until(self, text: str, *, times: int = 1) -> None:
        async with waiting_for(repr(text), self._showing):
            while self.shown.decode(errors="replace").count(text) < times:
                self._news.clear()
                await self._news.wait()

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    async def exit_code(self) -> int:
        async with waiting_for("the end", self._showing):
            code = await self.process.wait()
        asyncio.get_running_loop().remove_reader(self.master)
        os.close(self.master)
        return code

    def _showing(self) -> str:
        return "It shows:\n" + self.shown.decode(errors="replace")
