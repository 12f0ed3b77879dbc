"""What Litestar offers for the same purpose: its Channels plugin over Redis streams, used as its pages show.

Like the floor it has no authentication, no sequence and no limits; a client names its session first.
"""

import asyncio
import sys
from typing import Any

import uvicorn
from litestar import Litestar, WebSocket, websocket
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.redis import RedisChannelsStreamBackend
from redis.asyncio import Redis

from benchmarks.processes import Handler, answer_requests

HISTORY = 10_000


def channels_backend(redis: Any) -> RedisChannelsStreamBackend:
    return RedisChannelsStreamBackend(HISTORY, redis=redis)


@websocket("/")
async def events(socket: WebSocket[Any, Any, Any], channels: ChannelsPlugin) -> None:
    await socket.accept()
    hello = await socket.receive_json()
    async with channels.start_subscription([hello["session_id"]]) as subscriber:
        await socket.send_text("{}")
        async for event in subscriber.iter_events():
            await socket.send_text(event)


def main(url: str, port: str) -> None:
    async def prepare() -> Handler:
        plugin = ChannelsPlugin(
            backend=channels_backend(Redis.from_url(url)), arbitrary_channels_allowed=True
        )
        application = Litestar([events], plugins=[plugin])
        config = uvicorn.Config(
            application,
            port=int(port),
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            log_level="error",
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())

        async def until_ready(request: dict[str, Any]) -> None:
            while not (server.started or serving.done()):
                await asyncio.sleep(0.01)  # uvicorn tells nobody

        return until_ready

    answer_requests(prepare)


if __name__ == "__main__":
    main(*sys.argv[1:])
