"""One state behind three doors: ASGI, httpx transports and respx; and the server as a process."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import served as support
from tests.support.travel import fresh_sandbox
from tools.sandbox import Sandbox
from tools.sandbox.asgi import MAX_BODY, SandboxApp
from tools.sandbox.respx_router import respx_router
from tools.sandbox.sandbox import PREFIXES
from tools.sandbox.serving import server_config
from tools.sandbox.transports import mock_transport

RATE = "/frankfurter/v2/rate/EUR/USD"
LIVE_RATE = "https://api.frankfurter.dev/v2/rate/EUR/USD"
ROOT = Path(__file__).parents[3]


@contextlib.asynccontextmanager
async def served(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a real server on a free port."""
    async with (
        support.served(SandboxApp(sandbox)) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as client,
    ):
        yield client


async def test_all_doors_give_the_same_answer() -> None:
    async with served(fresh_sandbox()) as client:
        over_the_wire = (await client.get(RATE)).json()
    async with httpx.AsyncClient(transport=mock_transport(fresh_sandbox())) as client:
        assert (await client.get(LIVE_RATE)).json() == over_the_wire
        assert (await client.get(f"http://sandbox{RATE}")).json() == over_the_wire
    with httpx.Client(transport=mock_transport(fresh_sandbox())) as client:
        assert client.get(LIVE_RATE).json() == over_the_wire
    with respx_router(fresh_sandbox()):
        async with httpx.AsyncClient() as client:
            assert (await client.get(LIVE_RATE)).json() == over_the_wire


def test_a_client_lets_go_of_an_idle_connection_before_the_server_does() -> None:
    """Else it may send a search on one that is just being closed, and the search is lost."""
    kept = httpx.Limits().keepalive_expiry
    assert kept is not None
    assert server_config(SandboxApp(fresh_sandbox())).timeout_keep_alive > 2 * kept


def test_the_respx_door_is_open_to_plain_clients() -> None:
    with respx_router(fresh_sandbox()):
        assert httpx.get(LIVE_RATE).json()["quote"] == "USD"


async def test_a_host_is_a_provider_at_every_door() -> None:
    async with served(fresh_sandbox()) as client:
        answer = await client.get("/v2/rate/EUR/USD", headers={"host": "api.frankfurter.dev:443"})
    assert answer.json()["quote"] == "USD"


def test_a_call_to_nobody_fails_at_the_respx_door() -> None:
    with respx_router(fresh_sandbox()), pytest.raises(Exception, match="not mocked"):
        httpx.get("https://example.org/")


async def test_headers_come_through() -> None:
    async with served(fresh_sandbox()) as client:
        answer = await client.get("/duffel/air/offers")
    assert answer.status_code == 401
    assert answer.headers["x-request-id"] == answer.json()["meta"]["request_id"]


async def test_a_held_answer_waits_for_its_release() -> None:
    async with served(fresh_sandbox()) as client:
        await client.post("/__admin/hold", json={"provider": "frankfurter"})
        waiting = asyncio.create_task(client.get(RATE))
        while (await client.get("/__admin/state")).json()["held"] == 0:
            await asyncio.sleep(0)
        assert not waiting.done()
        await client.post("/__admin/release", json={})
        assert (await waiting).status_code == 200


async def test_latency_passes_before_the_answer() -> None:
    async with served(fresh_sandbox()) as client:
        await client.post("/__admin/latency", json={"provider": "frankfurter", "seconds": 0.01})
        assert (await client.get(RATE)).status_code == 200
        await client.post("/__admin/latency", json={"provider": "frankfurter", "seconds": 3600})
        with pytest.raises(httpx.ReadTimeout):
            await client.get(RATE, timeout=0.05)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset", httpx.ReadError),
        ("truncated", httpx.RemoteProtocolError),
        ("timeout", httpx.ReadTimeout),
    ],
)
async def test_faults_happen_on_the_wire(kind: str, error: type[Exception]) -> None:
    async with served(fresh_sandbox()) as client:
        await client.post("/__admin/faults", json={"kind": kind, "times": 1})
        with pytest.raises(error):
            await client.get(RATE, timeout=0.2)
        assert (await client.get(RATE)).status_code == 200


async def test_a_reset_comes_before_any_answer() -> None:
    async with served(fresh_sandbox()) as client:
        await client.post("/__admin/faults", json={"kind": "reset"})
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(f"GET {RATE} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()


async def test_the_address_says_what_is_there() -> None:
    async with served(fresh_sandbox()) as client:
        found = (await client.get("/")).json()
        assert found["apis"]["/duffel"] == "api.duffel.com"
        assert found["apis"].keys() == {f"/{prefix}" for prefix in PREFIXES}
        assert "POST /__admin/faults" in (await client.get("/__admin/")).json()["controls"]
        lost = await client.get("/amadeus/v1")
        assert (lost.status_code, lost.json()["message"][:35]) == (404, "There is no /amadeus here, but /duf")


async def test_a_body_too_large_is_refused() -> None:
    async with served(fresh_sandbox()) as client:
        answer = await client.post("/duffel/air/offer_requests", content=b"x" * (MAX_BODY + 1))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset", httpx.ReadError),
        ("truncated", httpx.RemoteProtocolError),
        ("timeout", httpx.ReadTimeout),
        ("hold", httpx.ReadTimeout),
    ],
)
def test_faults_take_no_time_without_a_wire(kind: str, error: type[Exception]) -> None:
    with httpx.Client(transport=mock_transport(fresh_sandbox()), base_url="http://sandbox") as client:
        client.post("/__admin/faults", json={"kind": kind})
        with pytest.raises(error):
            client.get(RATE, timeout=3600)


def test_latency_beyond_the_time_out_is_a_time_out_at_once() -> None:
    with httpx.Client(transport=mock_transport(fresh_sandbox()), base_url="http://sandbox") as client:
        client.post("/__admin/latency", json={"provider": "frankfurter", "seconds": 30})
        with pytest.raises(httpx.ReadTimeout):
            client.get(RATE, timeout=10)
        assert client.get(RATE, timeout=60).status_code == 200


@pytest.fixture
def process() -> Iterator[Any]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environ: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "tools.sandbox", *arguments],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.communicate()


def test_the_server_says_where_it_is_keeps_the_day_and_ends_on_sigterm(process: Any) -> None:
    child = process("--port", "0", TRIPSAGE_TODAY="2026-11-22")
    assert child.stdout is not None
    address = child.stdout.readline().split()[3]
    with httpx.Client(base_url=address, trust_env=False) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/__admin/state").json()["now"].startswith("2026-11-22T")
    child.send_signal(signal.SIGTERM)
    child.wait(timeout=10)


def test_a_port_that_is_taken_is_one_line(process: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        child = process("--port", str(taken.getsockname()[1]))
        output, errors = child.communicate(timeout=30)
    assert child.returncode == 2
    assert "cannot listen on 127.0.0.1" in output
    assert "Traceback" not in output + errors
