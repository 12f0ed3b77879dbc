"""What waits for a slow client: what must not be lost is kept, of what passes only the latest."""

import asyncio

from app.gateway.outbox import Flusher, Outbox
from app.streams.frame import Frame
from tests.support.pipe import Pipe


async def test_only_the_latest_of_what_passes_waits_and_it_never_makes_a_client_too_slow() -> None:
    pipe = Pipe()
    outbox = Outbox(pipe, Flusher(asyncio.get_running_loop()), limit=100)
    for number in range(50):
        outbox.put_latest("t1", Frame(0, b"cursor %d" % number))
        outbox.put_latest("t2", Frame(0, b"other %d" % number))
    outbox.put(Frame(1, b"kept"))
    assert (pipe.written, pipe.closed) == ([], None)
    pipe.paused = False
    pipe.writable()
    await asyncio.sleep(0)
    assert pipe.written == [b"kept", b"cursor 49", b"other 49"]
    assert outbox.take_counts() == (3, len(b"keptcursor 49other 49"))


async def test_what_passes_is_not_sent_to_who_is_cut_off() -> None:
    pipe = Pipe()
    outbox = Outbox(pipe, Flusher(asyncio.get_running_loop()), limit=100)
    outbox.put_latest("t1", Frame(0, b"cursor"))
    outbox.close(4001, "expired")
    outbox.put_latest("t1", Frame(0, b"cursor"))
    assert (pipe.written, pipe.closed) == ([], 4001)


async def test_what_is_dropped_is_not_sent() -> None:
    pipe = Pipe()
    outbox = Outbox(pipe, Flusher(asyncio.get_running_loop()), limit=100)
    outbox.put_latest("t1", Frame(0, b"cursor"))
    outbox.put_latest("t2", Frame(0, b"other"))
    outbox.drop_latest("t1")
    outbox.drop_latest("t3")
    pipe.paused = False
    pipe.writable()
    await asyncio.sleep(0)
    assert pipe.written == [b"other"]


async def test_a_flush_sends_at_once_and_what_comes_later_follows_by_itself() -> None:
    pipe = Pipe()
    pipe.paused = False
    flusher = Flusher(asyncio.get_running_loop())
    outbox = Outbox(pipe, flusher, limit=100)
    outbox.put(Frame(1, b"one"))
    flusher.flush()
    assert pipe.written == [b"one"]
    outbox.put(Frame(2, b"two"))
    await asyncio.sleep(0)
    assert pipe.written == [b"one", b"two"]
