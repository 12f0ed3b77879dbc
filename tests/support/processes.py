"""Real processes for tests: started, watched through their output, and never left behind."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from tests.support.ports import free_ports

ROOT = Path(__file__).parents[2]


class Watched:
    """A process whose lines of output can be waited for."""

    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ, cwd=ROOT, text=True
        )
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.lines.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def wait_for(self, text: str, *, times: int = 1, within: float = 60) -> list[str]:
        """The lines that hold `text`, once there are so many of them."""
        with self._news:
            found = self._news.wait_for(lambda: self._ended or self._count(text) >= times, within)
            assert found, f"no {text!r} within {within} s in:\n" + "\n".join(self.lines)
            assert self._count(text) >= times, f"ended without {text!r}:\n" + "\n".join(self.lines)
            return [line for line in self.lines if text in line]

    def _count(self, text: str) -> int:
        return sum(text in line for line in self.lines)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def exit_code(self, within: float = 60) -> int:
        code = self.process.wait(within)
        self._reader.join(within)
        return code

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        self._reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


def environment(data_dir: Path, **variables: str) -> dict[str, str]:
    """The variables of a process under test: ours of the outer shell do not reach it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIPSAGE_")}
    own = {"TRIPSAGE_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return {**inherited, **own, **variables}


@contextlib.contextmanager
def supervised(
    programs: list[dict[str, Any]], data_dir: Path, **variables: str
) -> Generator[Watched, None, None]:
    """The supervisor on these programs (see `supervised.py`)."""
    command = [sys.executable, "-m", "tests.support.supervised", json.dumps(programs)]
    watched = Watched(command, environment(data_dir, **{**free_ports(), **variables}))
    try:
        yield watched
    finally:
        watched.close()


def is_gone(pid: int) -> bool:
    """Whether no such process runs; one that nobody has reaped yet counts as gone."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"


def wait_until_gone(pids: Iterator[int] | list[int], within: float = 30) -> bool:
    """Asks again and again: the system tells nobody but the parent."""
    deadline = time.monotonic() + within
    left = list(pids)
    while left and time.monotonic() < deadline:
        left = [pid for pid in left if not is_gone(pid)]
        time.sleep(0.02)
    return not left
