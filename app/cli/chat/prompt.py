"""Asking the person for a line without holding up the connection."""

import asyncio
import contextlib
import importlib
import os
import sys
import termios
import threading
from collections.abc import Generator

PROMPT = "\n\x01\x1b[1;36m\x02❯\x01\x1b[0m\x02 "
PLAIN_PROMPT = "\n> "


async def ask(*, colour: bool) -> str | None:
    """The next line that is not blank; None at the end of the input (Ctrl-D)."""
    while True:
        line = await _read_line(PROMPT if colour else PLAIN_PROMPT)
        if line is None or line.strip():
            return line


async def confirm(question: str) -> bool | None:
    """Whether the person says yes; None when they say nothing (Ctrl-D)."""
    while True:
        line = await _read_line(f"{question} [y/n] ")
        if line is None:
            return None
        if line.strip().lower() in ("y", "yes", "n", "no"):
            return line.strip().lower().startswith("y")


async def _read_line(prompt: str) -> str | None:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str | None] = loop.create_future()

    def settle(line: str | None) -> None:
        if not answer.done():
            answer.set_result(line)

    def read() -> None:
        line: str | None = None
        with contextlib.suppress(EOFError):
            line = _typed(prompt)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, line)

    # A daemon, so that nothing waits for it when the person leaves with Ctrl-C instead.
    threading.Thread(target=read, name="prompt", daemon=True).start()
    line: str | None = None
    try:
        line = await answer
    finally:
        if line is None:
            print()  # the shell's own prompt begins on a line of its own
    return line


def _typed(prompt: str) -> str:
    """Raises `EOFError`. Where nobody types, it is read past Python's buffer: a thread that waits in there cannot
    be left behind, and the process would abort at its end."""
    if sys.stdin.isatty():
        return input(prompt)
    print(prompt, end="", flush=True)
    line = b""
    while piece := os.read(sys.stdin.fileno(), 1):
        line += piece
        if piece == b"\n":
            break
    if not line:
        raise EOFError
    return line.decode(errors="replace").rstrip("\n")


@contextlib.contextmanager
def terminal_restored() -> Generator[None]:
    """Puts the terminal back as it was, also when a prompt is left while it reads."""
    try:
        before = termios.tcgetattr(sys.stdin)
    except (termios.error, ValueError):
        yield
        return
    with contextlib.suppress(ImportError):
        importlib.import_module("readline")  # with it loaded, input() edits lines and remembers them
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
