"""The sandbox before every httpx client of this process, also before those that were made earlier.

Patched is where httpx hands a request to the network, for both kinds of client. A client with a transport of its
own (`MockTransport`, `ASGITransport`) never gets there and is left alone.
"""

import contextlib
import ipaddress
from collections.abc import Generator, Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from unittest import mock

import httpx

from .controls import Controls
from .sandbox import HOSTS, Sandbox
from .transports import answer

OWN_HOST = "sandbox"  # http://sandbox/duffel/…: for code that is given base URLs


class UnmockedCall(Exception):
    """A call to a host that is no provider's. No subclass of httpx's errors, so that no retry swallows it."""


class TravelSandbox(Controls):
    """A sandbox of one's own, whose clock stands still; `unmocked` are the calls that it had no answer to.

    `today` is the date at noon UTC, the moment of now when it is left out. Hosts of `allow_hosts` and the
    machine itself are called for real.
    """

    def __init__(
        self,
        seed: int = 1,
        today: date | str | None = None,
        scenario: Path | str | None = None,
        allow_hosts: Iterable[str] = (),
    ) -> None:
        day = date.fromisoformat(today) if isinstance(today, str) else today
        moment = datetime.now(UTC) if day is None else datetime.combine(day, time(12), UTC)
        self._core = Sandbox(seed, clock=lambda: moment)
        super().__init__(self._core)
        self.unmocked: list[str] = []
        self._allowed = frozenset(allow_hosts)
        if scenario is not None:
            self.play(scenario)

    def answers(self, request: httpx.Request) -> bool:
        """Whether the call is the sandbox's. Raises `UnmockedCall` for one that is nobody's."""
        host = request.url.host
        if host in HOSTS or host == OWN_HOST:
            return True
        if host in self._allowed or _is_this_machine(host):
            return False
        call = f"{request.method} {request.url.scheme}://{host}{request.url.path}"  # a query may hold keys
        self.unmocked.append(call)
        raise UnmockedCall(f"nothing mocks {call}")

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Raises what httpx raises for a time-out or a broken connection. The body has been read."""
        return answer(self._core, request)

    def complaints(self, *, unused_faults: bool = True) -> list[str]:
        """What a test has to be told: calls that nothing mocks, faults that met no call."""
        rules = self.unused_faults() if unused_faults else []
        return [f"nothing mocks {call}" for call in self.unmocked] + [
            f"the fault {rule.kind!r} for {rule.provider} {rule.path or 'any path'} was left unused"
            for rule in rules
        ]


@contextlib.contextmanager
def installed(sandbox: TravelSandbox) -> Generator[TravelSandbox, None, None]:
    """Every httpx client meets the sandbox inside; nested ones meet the innermost."""
    send, send_async = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request

    def handle_request(transport: Any, request: httpx.Request) -> httpx.Response:
        if not sandbox.answers(request):
            return send(transport, request)
        request.read()
        return sandbox.answer(request)

    async def handle_async_request(transport: Any, request: httpx.Request) -> httpx.Response:
        if not sandbox.answers(request):
            return await send_async(transport, request)
        await request.aread()
        return sandbox.answer(request)

    with (
        mock.patch.object(httpx.HTTPTransport, "handle_request", handle_request),
        mock.patch.object(httpx.AsyncHTTPTransport, "handle_async_request", handle_async_request),
    ):
        yield sandbox


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
