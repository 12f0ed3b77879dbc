"""The link as bytes come in, and as uvloop closes it: a moment before the loop says so."""

import asyncio
from typing import Any

import pytest
from redis.exceptions import ConnectionError

from app.streams.resp import RespLink


class ClosedTransport(asyncio.WriteTransport):
    def is_closing(self) -> bool:
        return True

    def write(self, data: Any) -> None:
        raise RuntimeError("unable to perform operation; the handler is closed")


async def test_nothing_is_written_and_nobody_who_leaves_a_channel_is_disturbed() -> None:
    link = RespLink(lambda channel, payload: None, lambda: None)
    link.connection_made(ClosedTransport())
    link.send_blindly("SUNSUBSCRIBE", "a channel")
    with pytest.raises(ConnectionError):
        await link.send("PING")


async def test_what_came_together_is_all_handed_over_before_the_read_is_told() -> None:
    seen: list[str] = []
    link = RespLink(lambda channel, payload: seen.append(payload.decode()), lambda: seen.append("read"))
    one, two = (b"*3\r\n$8\r\nsmessage\r\n$1\r\nc\r\n$3\r\n%b\r\n" % name for name in (b"one", b"two"))
    link.data_received(one + two[:10])
    link.data_received(two[10:] + one)
    assert seen == ["one", "read", "two", "one", "read"]
