"""What waits to be read of a connection: in order, and never lost with a reader that gives up."""

import asyncio

import pytest

from app.gateway.protocol import Unread


async def test_messages_are_read_in_order() -> None:
    unread = Unread()
    unread.put_nowait("first")
    unread.put_nowait("second")
    assert [await unread.get(), await unread.get()] == ["first", "second"]
    assert unread.empty()


async def test_a_reader_that_waits_gets_what_comes() -> None:
    unread = Unread()
    reading = asyncio.create_task(unread.get())
    await asyncio.sleep(0)
    unread.put_nowait("first")
    unread.put_nowait("second")
    assert await reading == "first"
    assert await unread.get() == "second"


async def test_a_reader_that_gives_up_as_a_message_comes_leaves_it_to_the_next() -> None:
    unread = Unread()
    reading = asyncio.create_task(unread.get())
    await asyncio.sleep(0)
    unread.put_nowait("message")
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await unread.get() == "message"
