"""What `tripsage up` prints: its processes' lines behind their names, and its own."""

import os
from collections.abc import Callable, Mapping
from typing import TextIO

MAX_LINE = 64 * 1024
OWN_NAME = "tripsage"
COLOURS = {"gateway": 36, "agents": 35, "tools": 33, "sandbox": 34, "valkey": 32, OWN_NAME: 1}


def wants_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Colours are for terminals, and never where NO_COLOR is set (https://no-color.org)."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


class Lines:
    """Cuts a process's output into lines; one without an end is cut at `MAX_LINE` bytes."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        while len(self._rest) > MAX_LINE:
            lines.append(self._rest[:MAX_LINE])
            self._rest = self._rest[MAX_LINE:]
        return [self._text(line) for line in lines]

    def close(self) -> list[str]:
        rest, self._rest = self._rest, b""
        return [self._text(rest)] if rest else []

    @staticmethod
    def _text(line: bytes) -> str:
        return line.decode(errors="replace").rstrip("\r")


class Console:
    """One writer for all processes, so that lines never mix.

    `on_broken` is called once when nobody reads any more (a closed pipe or terminal); from then on it is
    silent.
    """

    def __init__(self, stream: TextIO, *, colour: bool, width: int = len(OWN_NAME)) -> None:
        self._stream = stream
        self._colour = colour
        self._width = width
        self._broken = False
        self.on_broken: Callable[[], None] = lambda: None

    def line(self, name: str, text: str) -> None:
        prefix = f"{name:<{self._width}} |"
        if self._colour:
            prefix = f"\x1b[{COLOURS.get(name, 37)}m{prefix}\x1b[0m"
        self._write(f"{prefix} {text}\n")

    def say(self, text: str) -> None:
        """A line of the supervisor's own."""
        self.line(OWN_NAME, text)

    def banner(self, title: str, rows: Mapping[str, str], what_next: str, command: str) -> None:
        width = max(map(len, rows))
        bold, plain = ("\x1b[1m", "\x1b[0m") if self._colour else ("", "")
        body = "\n".join(f"  {label:<{width}}   {value}" for label, value in rows.items())
        self._write(f"\n  {bold}{title}{plain}\n\n{body}\n\n  {what_next}\n  {bold}{command}{plain}\n\n")

    def _write(self, text: str) -> None:
        if self._broken:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._broken = True
            # The interpreter flushes what is left as it ends, and would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
            self.on_broken()
