"""A log and a subscription that answer when a test lets them."""

import asyncio

from app.streams.fanout import Fanout, Subscription
from tests.support.scripted import ScriptedFeed, ScriptedLog, StoredStream
from tests.support.streams import STREAM, RecordingSink

CHECK_EVERY, GRACE = 30.0, 1.0  # seconds


class Script:
    """A fan-out with one stream, and the test as its server."""

    def __init__(self) -> None:
        self.stream = StoredStream(STREAM)
        self.log = ScriptedLog([self.stream])
        self.feed = ScriptedFeed()
        self.fanout = Fanout(self.log, self.feed, check_every=CHECK_EVERY, grace=GRACE)

    async def go_on(self) -> None:
        """Let everybody go on until they wait for the test."""
        for _ in range(20):
            await asyncio.sleep(0)

    async def answer(self) -> None:
        """Answer whatever is asked, until nothing is."""
        await self.go_on()
        while self.log.commands:
            for command in list(self.log.commands):
                command.answer()
            await self.go_on()

    def append(self) -> None:
        self.feed.publish(STREAM, self.stream.append())

    async def subscribe(self, sink: RecordingSink, *, after: int | None = None) -> Subscription:
        waiting = asyncio.ensure_future(self.fanout.subscribe(STREAM, sink, after=after))
        await self.answer()
        return await waiting

    async def join(self, sink: RecordingSink, *, after: int | None = None) -> Subscription:
        subscription = await self.subscribe(sink, after=after)
        starting = asyncio.ensure_future(subscription.start())
        await self.answer()
        await starting
        return subscription
