"""One response of server-sent events, without a server: what it queues, and when it gives up."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.event_stream import HEARTBEAT_EVERY, EventStream, server_sent
from app.contract.codec import encode
from app.metrics import Metrics
from app.streams.fanout import Subscription
from app.streams.frame import Frame
from tests.support.streams import NOON, event

LIMIT = 10_000


def stream(limit: int = LIMIT) -> EventStream:
    return EventStream(limit, NOON + timedelta(hours=1), NOON, Metrics())


def frame(seq: int, size: int = 0) -> Frame:
    return Frame(seq, encode(event(f"e{seq}", "x" * size)))


class Idle:
    """A subscription with nothing to replay."""

    stream = "session:s1"

    async def start(self) -> None:
        return None


async def sent(by: EventStream) -> bytes:
    """What goes out until the response ends."""
    body = b""

    async def send(message: Any) -> None:
        nonlocal body
        body += message["body"]

    async def never() -> Any:
        await asyncio.Event().wait()

    idle: Any = Idle()
    subscription: Subscription = idle
    await by.run(subscription, never, send)
    return body


@given(st.text(), st.none() | st.integers(0, 2**53))
def test_an_event_is_three_lines_whatever_it_says(text: str, number: int | None) -> None:
    json = encode(event("e1", text))
    lines = server_sent(json, number).split(b"\n")
    expected = [b"event: system_message", b"data: " + json, b"", b""]
    if number is not None:
        expected.insert(1, b"id: %d" % number)
    assert lines == expected
    assert b"\r" not in json


async def test_what_was_queued_is_sent_before_the_end() -> None:
    streamed = stream()
    for seq in (1, 2, 3):
        streamed.deliver(frame(seq))
    streamed.end()
    assert await sent(streamed) == b"".join(server_sent(frame(seq).json, seq) for seq in (1, 2, 3))


async def test_nothing_is_taken_after_the_end() -> None:
    streamed = stream()
    streamed.end()
    streamed.deliver(frame(1))
    streamed.say(event("e1"))
    streamed.reconnect_after(2)
    streamed.tick(NOON + timedelta(minutes=5))
    assert await sent(streamed) == b""


async def test_over_the_limit_it_ends_and_drops_what_waits() -> None:
    streamed = stream()
    streamed.deliver(frame(1, LIMIT // 2))
    assert not streamed.ended
    streamed.deliver(frame(2, LIMIT // 2))
    assert streamed.ended
    assert await sent(streamed) == b""


async def test_a_replay_waits_until_there_is_room_for_a_page() -> None:
    streamed = stream()
    streamed.deliver(frame(1, LIMIT // 2))
    waiting = asyncio.create_task(streamed.ready())
    await asyncio.sleep(0)
    assert not waiting.done()
    sending = asyncio.create_task(sent(streamed))
    await waiting
    streamed.end()
    assert len(await sending) > LIMIT // 2


async def test_a_replay_does_not_wait_for_a_response_that_is_over() -> None:
    streamed = stream()
    streamed.deliver(frame(1, LIMIT // 2))
    streamed.lost("session:s1")
    await streamed.ready()
    assert streamed.ended


async def test_a_comment_keeps_the_line_open() -> None:
    streamed = stream()
    for seconds in (1.0, HEARTBEAT_EVERY - 1, HEARTBEAT_EVERY, HEARTBEAT_EVERY + 1, 2 * HEARTBEAT_EVERY):
        assert streamed.tick(NOON + timedelta(seconds=seconds))
    streamed.end()
    assert await sent(streamed) == b": heartbeat\n\n" * 2


@pytest.mark.parametrize(("seconds", "valid"), [(3599, True), (3600, False), (3601, False)])
def test_a_token_is_good_until_it_expires(seconds: int, valid: bool) -> None:
    async def ticked() -> bool:
        return stream().tick(NOON + timedelta(seconds=seconds))

    assert asyncio.run(ticked()) is valid


async def test_a_browser_is_told_when_to_come_back() -> None:
    streamed = stream()
    streamed.reconnect_after(2.0)
    streamed.end()
    assert await sent(streamed) == b"retry: 2000\n\n"
