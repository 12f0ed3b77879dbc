"""The whole application in the test's own loop, asked over ASGI: no port, no server, a real Redis."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar

from app.api.event_streams import EventStreams
from app.main import create_app
from app.services.auth import issue_token
from app.settings import Settings
from app.wiring import Services
from tests.support.waiting import WITHIN, waiting_for

SECRET = "a secret that is long enough for HS256 to take"
ORIGIN = "https://trips.example.com"


def api_settings(redis_url: str, **changed: Any) -> Settings:
    known: dict[str, Any] = {
        "data_dir": Path("."),
        "events_url": redis_url,
        "queue_url": redis_url,
        "auth": "jwt",
        "jwt_secret": SECRET,
        "allowed_origins": (ORIGIN,),
    }
    return Settings(**{**known, **changed})


def token(user: str = "alice", *, seconds: int = 3600, secret: str = SECRET) -> str:
    """`seconds` may be negative."""
    return issue_token(secret, user, user.title(), datetime.now(UTC), seconds)


def bearer(user: str = "alice", **options: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(user, **options)}"}


@dataclass
class Api:
    """`client` is alice's; others pass headers of their own."""

    application: Litestar
    client: httpx.AsyncClient

    @property
    def services(self) -> Services:
        return self.application.state["services"]

    @property
    def event_streams(self) -> EventStreams:
        return self.application.state["event_streams"]

    @property
    def hub(self) -> Any:
        return self.application.state["hub"]

    async def session(self, session_id: str = "s1", user: str = "alice") -> str:
        """Makes a session; answers its path."""
        made = await self.client.post("/api/sessions", json={"session_id": session_id}, headers=bearer(user))
        assert made.status_code == 201, made.text
        return f"/api/sessions/{session_id}"

    def follow(self, path: str, *, taking: bool = True, **headers: str) -> "EventSource":
        """As alice. Without `taking` nothing is taken after the headers before `take`."""
        return EventSource(self.application, path, {**bearer(), **headers}, taking=taking)


@asynccontextmanager
async def api(redis_url: str, **changed: Any) -> AsyncGenerator[Api, None]:
    application = create_app(api_settings(redis_url, **changed))
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:  # a task of its own: a fixture ends in another one than it began in
        async with application.lifespan():
            started.set()
            await stop.wait()

    living = asyncio.create_task(live())
    starting = asyncio.create_task(started.wait())
    await asyncio.wait((living, starting), return_when=asyncio.FIRST_COMPLETED)
    if living.done():
        living.result()
    transport = httpx.ASGITransport(application)
    client = httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=bearer())
    try:
        async with client:
            yield Api(application, client)
    finally:
        stop.set()
        await living


@dataclass(frozen=True)
class ServerSent:
    """One server-sent event; `data` are the bytes as they came."""

    name: str
    id: int | None
    data: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.data)


class EventSource:
    """A client of server-sent events that takes what it is sent only while it wants to."""

    def __init__(
        self, application: Litestar, path: str, headers: dict[str, str], *, taking: bool = True
    ) -> None:
        self._application = application
        self._take_at_once = taking
        path, _, query = path.partition("?")
        self._scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        self._asked = False
        self._gone = asyncio.Event()
        self._taking = asyncio.Event()
        self._taking.set()
        self._messages: asyncio.Queue[Any] = asyncio.Queue()
        self._text = b""
        self.status = 0
        self.headers: dict[str, str] = {}
        self.comments: list[bytes] = []

    async def __aenter__(self) -> "EventSource":
        """Asks, and returns when the answer has begun."""
        self._task = asyncio.create_task(self._application(self._scope, self._receive, self._send))  # type: ignore[arg-type]
        start = await self._message()
        self.status = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return self

    async def __aexit__(self, *_: object) -> None:
        self.leave()
        self._taking.set()
        await self._task

    def leave(self) -> None:
        """Closes the connection, as a page that is left does."""
        self._gone.set()

    def stop_taking(self) -> None:
        """Whoever sends from here on waits: the socket's buffers are full."""
        self._taking.clear()

    def take(self) -> None:
        self._taking.set()

    async def event(self) -> ServerSent:
        """The next event. Raises `EOFError` at the end of the response."""
        while True:
            while b"\n\n" not in self._text:
                self._text += await self._body()
            block, _, self._text = self._text.partition(b"\n\n")
            fields = dict(line.split(b": ", 1) for line in block.split(b"\n") if not line.startswith(b":"))
            if b"data" in fields:
                number = fields.get(b"id")
                return ServerSent(
                    fields[b"event"].decode(), None if number is None else int(number), fields[b"data"]
                )
            self.comments.append(block)

    async def events(self, count: int) -> list[ServerSent]:
        return [await self.event() for _ in range(count)]

    async def rest(self) -> list[ServerSent]:
        """Every event until the response ends."""
        found: list[ServerSent] = []
        try:
            while True:
                found.append(await self.event())
        except EOFError:
            return found

    async def body(self) -> bytes:
        """All of a response that is no stream of events."""
        read = b""
        try:
            while True:
                read += await self._body()
        except EOFError:
            return read

    async def finished(self) -> None:
        """Returns when the application has nothing more to do with the request."""
        async with waiting_for("the end of the request"):
            await asyncio.shield(self._task)

    async def _body(self) -> bytes:
        message = await self._message()
        if not message.get("more_body"):
            if message["body"]:
                await self._messages.put({"type": "http.response.body", "body": b""})
                return message["body"]
            raise EOFError
        return message["body"]

    async def _message(self) -> Any:
        waiting = asyncio.create_task(self._messages.get())
        await asyncio.wait((waiting, self._task), timeout=WITHIN, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            if self._task.done():
                self._task.result()
                raise EOFError("the application returned without an end of the body")
            raise TimeoutError("nothing came")
        return waiting.result()

    async def _receive(self) -> Any:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self._taking.wait()
        await self._messages.put(message)
        if not self._take_at_once:
            self._take_at_once = True
            self.stop_taking()
