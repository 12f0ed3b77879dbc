"""A proxy before a stand-in for a live API, the cassette that it writes, and the cassette served."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.served import served
from tests.support.travel import DUFFEL_HEADERS, NOW, offer_request
from tools.sandbox import Sandbox
from tools.sandbox.asgi import SandboxApp
from tools.sandbox.cassette import Cassette, CassetteError, Replay, read, write
from tools.sandbox.recorder import Recorder, ReplayApp

ROOT = Path(__file__).parents[3]
KEY = "live-key-of-somebody"
ORDER = "ord_00009hthhsUZ8W4LxQgkjo"


class StandIn:
    """A live API with people in it: it counts its answers and quotes the key that it was called with."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.seen.append({**scope, "headers": headers, "body": body})
        answer = {
            "id": ORDER,
            "number": len(self.seen),
            "passengers": [{"given_name": "Amelia", "email": "amelia@example.org"}],
            "told": f"You are {headers.get('x-api-key')}",
        }
        sent = [
            (b"content-type", b"application/json"),
            (b"set-cookie", b"session=abc"),
            (b"retry-after", b"7"),
        ]
        await send({"type": "http.response.start", "status": 203, "headers": sent})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


@asynccontextmanager
async def recording(upstream: str, cassette: Cassette) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a recorder whose upstream is called `live`."""
    async with httpx.AsyncClient(trust_env=False) as upward:
        recorder = Recorder({"live": upstream}, cassette, upward, lambda _: None)
        async with served(recorder) as address:
            async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
                yield client


@asynccontextmanager
async def replaying(cassette: Cassette) -> AsyncIterator[httpx.AsyncClient]:
    async with served(ReplayApp(Replay(cassette))) as address:
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
            yield client


async def test_the_client_gets_what_the_api_answered_and_the_api_what_the_client_sent() -> None:
    stand_in = StandIn()
    async with served(stand_in) as upstream, recording(f"{upstream}/v9/", Cassette("salt")) as client:
        answer = await client.post(
            "/live/orders/a%20b", params=[("a", "1"), ("a", "2")], content=b"{}", headers={"x-api-key": KEY}
        )
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["id"]) == (203, "7", ORDER)
    [seen] = stand_in.seen
    assert (seen["method"], seen["path"], seen["query_string"]) == ("POST", "/v9/orders/a b", b"a=1&a=2")
    assert (seen["body"], seen["headers"]["x-api-key"]) == (b"{}", KEY)
    assert seen["headers"]["host"] == upstream.removeprefix("http://")


async def test_the_cassette_has_no_key_no_name_and_no_id(tmp_path: Path) -> None:
    cassette = Cassette("salt")
    async with served(StandIn()) as upstream, recording(upstream, cassette) as client:
        await client.get(f"/live/orders/{ORDER}?apikey={KEY}", headers={"x-api-key": KEY})
    write(cassette, tmp_path / "cassette.json")
    text = (tmp_path / "cassette.json").read_text()
    for secret in (KEY, "Amelia", "amelia", ORDER[4:], "session=abc"):
        assert secret not in text
    assert read(tmp_path / "cassette.json") == cassette


async def test_replay_answers_in_order_and_then_goes_on_with_the_last() -> None:
    cassette = Cassette("salt")
    async with served(StandIn()) as upstream, recording(upstream, cassette) as client:
        for _ in range(2):
            await client.get("/live/orders", params={"apikey": KEY})
    async with replaying(cassette) as client:
        answers = [await client.get("/live/orders", params={"apikey": "another"}) for _ in range(3)]
    assert [answer.json()["number"] for answer in answers] == [1, 2, 2]
    assert {(answer.status_code, answer.headers["retry-after"]) for answer in answers} == {(203, "7")}


async def journey(client: httpx.AsyncClient) -> tuple[str, str]:
    """A search and the offer that it found, read again."""
    body = offer_request(("BER", "LIS", "2027-05-04"))
    found = await client.post("/live/duffel/air/offer_requests", json=body, headers=DUFFEL_HEADERS)
    offer = found.json()["data"]["offers"][3]["id"]
    read_again = await client.get(f"/live/duffel/air/offers/{offer}", headers=DUFFEL_HEADERS)
    assert read_again.status_code == 200
    return read_again.json()["data"]["id"], read_again.json()["data"]["total_amount"]


async def test_an_id_from_one_answer_leads_to_the_next_in_the_replay_too() -> None:
    cassette = Cassette("salt")
    sandbox = SandboxApp(Sandbox(clock=lambda: NOW))
    async with served(sandbox) as upstream, recording(upstream, cassette) as client:
        live_id, live_amount = await journey(client)
    async with replaying(cassette) as client:
        replayed_id, replayed_amount = await journey(client)
    assert replayed_amount == live_amount
    assert replayed_id != live_id


async def test_what_was_not_recorded_is_501() -> None:
    cassette = Cassette("salt")
    async with served(StandIn()) as upstream, recording(upstream, cassette) as client:
        await client.post("/live/orders", json={"a": 1})
    async with replaying(cassette) as client:
        assert (await client.post("/live/orders", json={"a": 1})).status_code == 203
        for other in (
            client.post("/live/orders", json={"a": 2}),
            client.put("/live/orders", json={"a": 1}),
            client.post("/live/orders?b=1", json={"a": 1}),
            client.post("/dead/orders", json={"a": 1}),
        ):
            answer = await other
            assert answer.status_code == 501
            assert "The cassette has no" in answer.json()["message"]


async def test_an_api_that_is_down_is_told_and_not_recorded() -> None:
    cassette = Cassette("salt")
    async with recording("http://127.0.0.1:1", cassette) as client:
        assert (await client.get("/live/orders")).status_code == 502
        assert (await client.get("/nobody/orders")).status_code == 404
    assert cassette.exchanges == []


def test_a_cassette_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "cassette.json"
    write(Cassette("one"), path)
    write(Cassette("two"), path)
    assert read(path).salt == "two"
    assert [one.name for one in tmp_path.iterdir()] == ["cassette.json"]
    with pytest.raises(CassetteError, match="No such file"):
        write(Cassette("three"), tmp_path / "nowhere" / "cassette.json")


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"exchanges": [{}]}', b"\xff"])
def test_a_file_that_is_no_cassette_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cassette.json"
    path.write_bytes(content)
    with pytest.raises(CassetteError, match=r"cassette\.json"):
        read(path)


@asynccontextmanager
async def command(*arguments: str) -> AsyncIterator[str]:
    """The address of a server from the command line."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tools.sandbox", *arguments), cwd=ROOT, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    line = (await child.stdout.readline()).decode()
    try:
        yield line.split()[-1]
    finally:
        child.terminate()
        await child.communicate()


async def test_both_by_hand(tmp_path: Path) -> None:
    path = str(tmp_path / "cassette.json")
    async with served(StandIn()) as upstream, httpx.AsyncClient(trust_env=False) as client:
        for number in (1, 2):  # a second recording goes on in the same cassette
            tape = ("--port", "0", "--cassette", path)
            async with command("record", "--upstream", f"live={upstream}", *tape) as address:
                assert (await client.get(f"{address}/live/orders/{number}")).json()["number"] == number
        async with command("--port", "0", "replay", "--cassette", path) as address:
            for number in (1, 2):
                assert (await client.get(f"{address}/live/orders/{number}")).json()["number"] == number


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay", "--cassette", "nowhere/cassette.json"),
        ("record", "--cassette", "nowhere/cassette.json", "--upstream", "live=http://localhost"),
        ("record", "--cassette", "cassette.json", "--upstream", "live"),
    ],
)
def test_what_cannot_be_used_is_told_without_a_traceback(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.sandbox", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "cannot be used" in done.stdout or "NAME=URL" in done.stderr
