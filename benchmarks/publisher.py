"""Publishes stamped events, over sessions in turn: evenly, or as fast as it can.

Requests: `{"way": way, "sessions": n}` with `{"rate": events a second, "seconds": s}` or
`{"count": n, "in_flight": n}`. Of the ways `log` appends to the real event log, as a worker does; `bare` is a plain
PUBLISH of the same bytes and `channels` is for Litestar's Channels. Answers how many were published.
"""

import asyncio
import itertools
import os
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

from app.contract.codec import encode
from app.contract.events import ChatMessageChunk
from app.contract.ids import session_stream
from app.settings import Retention
from app.streams.client import make_client
from app.streams.log import RedisEventLog
from benchmarks.channels import channels_backend
from benchmarks.floor import channel_of
from benchmarks.load import STAMP_DIGITS
from benchmarks.processes import Handler, answer_requests

EVENT_BYTES = 250

Publish = Callable[[int, int], Coroutine[Any, Any, None]]
"""The session's number and the event's."""


def stamped(session_id: str, number: int) -> ChatMessageChunk:
    """An event of about `EVENT_BYTES` as JSON that carries the time of its making."""
    return ChatMessageChunk(
        id=f"{os.getpid()}-{number}.event",
        session_id=session_id,
        turn_id=f"{os.getpid()}-{number}",
        message_id=f"{os.getpid()}-{number}.answer",
        chunk=f"{time.monotonic_ns():0{STAMP_DIGITS}d} and some words",
        is_complete=False,
        sequence=1,
    )


class Publisher:
    def __init__(self, url: str) -> None:
        self._redis: Any = make_client(url)
        self._log = RedisEventLog(self._redis, Retention())
        self._channels = channels_backend(self._redis)
        self._numbers = itertools.count()
        self._ways: dict[str, Publish] = {
            "log": self._append,
            "bare": self._publish,
            "channels": self._publish_to_channels,
        }

    async def handle(self, request: dict[str, Any]) -> int:
        publish = self._ways[request["way"]]
        if "rate" in request:
            return await self._evenly(publish, request["sessions"], request["rate"], request["seconds"])
        return await self._at_full_speed(publish, request["sessions"], request["count"], request["in_flight"])

    async def _evenly(self, publish: Publish, sessions: int, rate: float, seconds: float) -> int:
        count = int(rate * seconds)
        loop = asyncio.get_running_loop()
        started = loop.time()
        async with asyncio.TaskGroup() as group:
            for done in range(count):
                await asyncio.sleep(max(0.0, started + done / rate - loop.time()))
                group.create_task(publish(done % sessions, next(self._numbers)))
        return count

    async def _at_full_speed(self, publish: Publish, sessions: int, count: int, in_flight: int) -> int:
        numbers = iter(range(count))

        async def one_after_another() -> None:
            for done in numbers:
                await publish(done % sessions, next(self._numbers))

        await asyncio.gather(*(one_after_another() for _ in range(in_flight)))
        return count

    async def _append(self, session: int, number: int) -> None:
        session_id = f"bench-{session}"
        await self._log.append(session_stream(session_id), stamped(session_id, number))

    async def _publish(self, session: int, number: int) -> None:
        session_id = f"bench-{session}"
        await self._redis.publish(channel_of(session_id), encode(stamped(session_id, number)))

    async def _publish_to_channels(self, session: int, number: int) -> None:
        session_id = f"bench-{session}"
        await self._channels.publish(encode(stamped(session_id, number)), [session_id])


def main(url: str) -> None:
    async def prepare() -> Handler:
        return Publisher(url).handle

    answer_requests(prepare)


if __name__ == "__main__":
    main(*sys.argv[1:])
