"""The least that a PATCH which everybody on a trip sees can cost in Python: uvicorn, redis-py and picows.

The body is stored and published, and what is published is passed on. No routing, no authentication, no rules, no log.
"""

import asyncio
import sys
from typing import Any

import uvicorn
from redis.asyncio import Redis

from benchmarks.floor import Server, channel_of
from benchmarks.people import TRIP, UPDATE
from benchmarks.processes import Handler, answer_requests

PADDING = 1_400
"""Bytes: with them a message is about as long as the update of the benchmark's trip."""


class Patch:
    """An ASGI application."""

    def __init__(self, url: str) -> None:
        self._redis: Any = Redis.from_url(url)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        stamp = body[body.rindex(b":") + 1 : -1]
        message = UPDATE + b',"new_value":' + stamp + b',"rest":"' + b"x" * PADDING + b'"}'
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set("floor:trip", message)
            pipe.publish(channel_of(TRIP), message)
            await pipe.execute()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"13")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"version":1}'})


def main(url: str, sockets: str, requests: str) -> None:
    async def prepare() -> Handler:
        await Server(url).serve(int(sockets))
        config = uvicorn.Config(
            Patch(url),
            port=int(requests),
            http="httptools",
            lifespan="off",
            log_config=None,
            access_log=False,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)

        async def nothing(request: dict[str, Any]) -> None:
            """To know that it is ready."""
            assert not serving.done()

        return nothing

    answer_requests(prepare)


if __name__ == "__main__":
    main(*sys.argv[1:])
