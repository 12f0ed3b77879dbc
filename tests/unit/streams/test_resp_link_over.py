"""A link whose transport is closed before the loop says so, as uvloop does for a moment."""

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
    link = RespLink(lambda channel, payload: None)
    link.connection_made(ClosedTransport())
    link.send_blindly("SUNSUBSCRIBE", "a channel")
    with pytest.raises(ConnectionError):
        await link.send("PING")
