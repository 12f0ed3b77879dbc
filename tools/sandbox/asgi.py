"""The sandbox as an ASGI application: latency passes, held answers wait, faults happen on the wire."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

from .sandbox import Sandbox
from .wire import (
    Delayed,
    Fault,
    Held,
    Request,
    Reset,
    Response,
    Silence,
    Slow,
    Truncated,
    json_response,
    parse_query,
)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Abort = Callable[[], None]

MAX_BODY = 1024 * 1024
ABORT = "sandbox.abort"
"""What a server that lets the connection be reset adds to a request's scope."""


class SandboxApp:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._waiting: dict[int, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = await read_body(receive)
        if body is None:
            await send_response(send, json_response(413, {"message": "The body is larger than 1 MiB."}))
            return
        outcome = self._sandbox.handle(request_of(scope, body))
        self._let_go()
        abort: Abort | None = scope.get(ABORT)
        await self._carry_out(outcome, receive, send, abort)

    async def _carry_out(
        self, outcome: Response | Fault | Delayed, receive: Receive, send: Send, abort: Abort | None
    ) -> None:
        match outcome:
            case Response():
                await send_response(send, outcome)
            case Delayed(seconds, inner):
                if await _waited_for(asyncio.sleep(seconds), receive):
                    await self._carry_out(inner, receive, send, abort)
            case Held(ticket, inner):
                if await _waited_for(self._released(ticket), receive):
                    await self._carry_out(inner, receive, send, abort)
            case Silence():
                await _disconnected(receive)
            case Truncated(response, keep):
                await send_response(send, response, keep)
            case Slow():
                await _waited_for(_trickle(send, outcome), receive)
            case Reset():
                await _break_off(receive, send, abort)

    async def _released(self, ticket: int) -> None:
        event = self._waiting.setdefault(ticket, asyncio.Event())
        if not self._sandbox.is_held(ticket):
            event.set()  # released while its latency passed
        try:
            await event.wait()
        finally:
            del self._waiting[ticket]

    def _let_go(self) -> None:
        for ticket, event in self._waiting.items():
            if not self._sandbox.is_held(ticket):
                event.set()


async def read_body(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def _break_off(receive: Receive, send: Send, abort: Abort | None) -> None:
    """Without an answer; a server that cannot reset a connection breaks one off instead."""
    if abort is None:
        await send_response(send, Response(200, b"{}"), 0)
    else:
        abort()
        await _disconnected(receive)


async def _waited_for(end: Coroutine[Any, Any, None], receive: Receive) -> bool:
    """Whether the client was still there at the end."""
    waiting, leaving = asyncio.create_task(end), asyncio.create_task(_disconnected(receive))
    try:
        await asyncio.wait((waiting, leaving), return_when=asyncio.FIRST_COMPLETED)
        return not leaving.done()
    finally:
        waiting.cancel()
        leaving.cancel()
        await asyncio.gather(waiting, leaving, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def request_of(scope: Scope, body: bytes) -> Request:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=parse_query(scope["query_string"].decode("latin-1")),
        headers=headers,
        body=body,
        host=headers.get("host", "").rsplit(":", 1)[0],
    )


async def _trickle(send: Send, slow: Slow) -> None:
    await send(_head(slow.response))
    size = -(-len(slow.response.body) // slow.PIECES)
    for start in range(0, len(slow.response.body), size or 1):
        await asyncio.sleep(slow.pause)
        part = slow.response.body[start : start + size]
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def send_response(send: Send, response: Response, keep: int | None = None) -> None:
    """`keep` bytes of the body only, less than announced: the server then has to break the connection."""
    await send(_head(response))
    body = response.body if keep is None else response.body[:keep]
    await send({"type": "http.response.body", "body": body, "more_body": keep is not None})


def _head(response: Response) -> Message:
    headers = [
        (b"content-type", response.content_type.encode()),
        (b"content-length", str(len(response.body)).encode()),
        *((name.encode(), value.encode("latin-1")) for name, value in response.headers.items()),
    ]
    return {"type": "http.response.start", "status": response.status, "headers": headers}
