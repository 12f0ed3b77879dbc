"""Listening to the subscription connection in tests."""

import asyncio

from redis.asyncio import Redis

from app.streams.subscriber import Subscriber, Timing

QUICK = Timing(probe_after=0.05, probe_timeout=0.05, first_backoff=0.01, longest_backoff=0.05)


class Inbox:
    """A callback, and what it was called with."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[bytes] = asyncio.Queue()

    def __call__(self, payload: bytes) -> None:
        self.messages.put_nowait(payload)

    async def next(self) -> bytes:
        return await self.messages.get()


async def publish(redis: Redis, channel: str, payload: str) -> None:
    await redis.execute_command("SPUBLISH", channel, payload)


def reconnected(subscriber: Subscriber) -> asyncio.Event:
    event = asyncio.Event()
    subscriber.on_reconnect(event.set)
    return event
