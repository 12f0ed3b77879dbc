"""What tests of streams have in common: events to send, a sink that remembers, a process that serves it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from redis.asyncio import Redis

from app.contract.codec import encode
from app.contract.events import SystemMessage, decode_event
from app.settings import Retention
from app.streams.client import make_client
from app.streams.fanout import Fanout
from app.streams.frame import Frame
from app.streams.keys import StreamKeys
from app.streams.log import RedisEventLog
from app.streams.subscriber import Subscriber, Timing
from tests.support.waiting import waiting_for

STREAM = "session:a"
QUICK = Timing(probe_after=0.2, probe_timeout=0.2, first_backoff=0.01, longest_backoff=0.05)
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

    async def until(self, condition: Callable[["RecordingSink"], bool]) -> None:
        """Returns when the condition holds of this sink."""
        async with waiting_for("what the sink is to get", lambda: f"It has {self.ids}"):
            while not condition(self):
                self._changed.clear()
                await self._changed.wait()

    async def until_seq(self, seq: int) -> None:
        await self.until(lambda sink: bool(sink.seqs) and sink.seqs[-1] >= seq)


@dataclass
class Process:
    """What a gateway or a worker has of the streams."""

    client: Redis
    log: RedisEventLog
    subscriber: Subscriber
    fanout: Fanout

    @classmethod
    def begin(
        cls,
        url: str,
        *,
        feed_url: str | None = None,
        retention: Retention | None = None,
        check_every: float = 30.0,
    ) -> "Process":
        """`feed_url`: where the subscription connects to, if not to `url`."""
        client = make_client(url)
        log = RedisEventLog(client, retention or Retention())
        subscriber = Subscriber(feed_url or url, timing=QUICK)
        fanout = Fanout(log, subscriber, check_every=check_every, grace=0.05)
        subscriber.start()
        return cls(client, log, subscriber, fanout)

    async def close(self) -> None:
        await self.fanout.close()
        await self.subscriber.close()
        await self.client.aclose()

    async def append(self, *ids: str) -> None:
        for event_id in ids:
            await self.log.append(STREAM, event(event_id))

    def stands(self) -> asyncio.Event:
        """Set when the subscription has been made anew."""
        stands = asyncio.Event()
        self.subscriber.on_reconnect(stands.set)
        return stands

    async def join(self, *, after: int | None = None, epoch: str | None = None) -> RecordingSink:
        sink = RecordingSink()
        await (await self.fanout.subscribe(STREAM, sink, after=after, epoch=epoch)).start()
        return sink


async def append_unpublished(redis: Redis, event_id: str) -> None:
    """An event in the log whose live copy is lost."""
    keys = StreamKeys(STREAM)
    seq = await redis.hincrby(keys.meta, "seq", 1)
    frame = encode(event(event_id))[:-1] + b',"stream":"%b","seq":%d}' % (STREAM.encode(), seq)
    await redis.xadd(keys.log, {"frame": frame}, id=f"{seq}-0")
