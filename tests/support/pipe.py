"""A way out to one client that takes nothing until the test says so."""

from collections.abc import Callable, Sequence

from app.streams.frame import Frame


class Pipe:
    """A transport that is paused until it is told."""

    def __init__(self) -> None:
        self.paused = True
        self.written: list[bytes] = []
        self.closed: int | None = None
        self.writable: Callable[[], None] = lambda: None

    def when_writable(self, callback: Callable[[], None]) -> None:
        self.writable = callback

    def write(self, frames: Sequence[Frame]) -> None:
        self.written += [frame.json for frame in frames]

    def probe(self) -> bool:
        return True

    def close(self, code: int, reason: str) -> None:
        self.closed = code
