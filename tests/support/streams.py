"""What tests of streams have in common: events to send, and a sink that remembers."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from app.contract.events import SystemMessage, decode_event
from app.streams.frame import Frame

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def event(event_id: str, message: str = "hello") -> SystemMessage:
    return SystemMessage(id=event_id, timestamp=NOON, priority="normal", message=message)


class RecordingSink:
    """Keeps what it is given, and lets a test wait for it."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.lost_streams: list[str] = []
        self.pages = 0
        self._changed = asyncio.Event()

    def deliver(self, frame: Frame) -> None:
        self.frames.append(frame)
        self._changed.set()

    async def ready(self) -> None:
        self.pages += 1

    def lost(self, stream: str) -> None:
        self.lost_streams.append(stream)
        self._changed.set()

    @property
    def seqs(self) -> list[int]:
        return [frame.seq for frame in self.frames if frame.seq]

    @property
    def ids(self) -> list[str]:
        return [decode_event(frame.json).id for frame in self.frames]

    async def until(self, condition: Callable[["RecordingSink"], bool], within: float = 20.0) -> None:
        """Return when the condition holds of this sink; raises `TimeoutError` when it does not come to."""
        async with asyncio.timeout(within):
            while not condition(self):
                self._changed.clear()
                await self._changed.wait()

    async def until_seq(self, seq: int) -> None:
        await self.until(lambda sink: bool(sink.seqs) and sink.seqs[-1] >= seq)
