"""A client that is gone without a word is noticed; one that only listens stays."""

import asyncio
import json

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from tests.support.gateway import gateway, with_limits
from tests.support.wire import open_wire

EACH_TICK = with_limits(heartbeat_interval=0.0)


class Mute(WSListener):
    """Authenticates, reads, and never answers a ping."""

    def __init__(self, token: str) -> None:
        self.pings = 0
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._token = token

    def on_ws_connected(self, transport: WSTransport) -> None:
        hello = {"type": "connection_authenticate", "id": "hello", "token": self._token}
        transport.send(WSMsgType.TEXT, json.dumps(hello).encode())

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.PING:
            self.pings += 1
        elif frame.msg_type == WSMsgType.CLOSE:
            self.closed.set_result(int(frame.get_close_code()))
            transport.disconnect()


async def test_a_client_that_answers_no_ping_is_closed(valkey_url: str) -> None:
    async with gateway(valkey_url, limits=EACH_TICK) as at:
        mute = Mute(at.token())
        await ws_connect(lambda: mute, at.url.replace("http", "ws") + "/ws", enable_auto_pong=False)
        assert await mute.closed == 1001
        assert mute.pings == 1


async def test_a_client_that_answers_pings_stays(valkey_url: str) -> None:
    async with gateway(valkey_url, limits=EACH_TICK) as at, await open_wire(at.url) as wire:
        await wire.authenticate(at.token())
        for sequence in (1, 2, 3):
            heartbeat = await wire.until_type("connection_heartbeat")
            assert heartbeat["sequence"] == sequence
