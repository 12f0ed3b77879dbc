"""What the pages tell people to type, typed: beside a running system, in the order of the page."""

import asyncio
import json
import signal
from collections.abc import Iterator

import pytest

from app.client import Client
from app.contract.errors import Close
from tests.support.pages import ROOT, WRITTEN_BY_HAND, Block, Page, missing
from tests.support.relay import Relay
from tests.support.shell import Shell
from tests.support.system import LISBON, System
from tests.support.valkey import ValkeyProcess
from tests.support.wire import open_wire

TYPED = [Page(path) for path in WRITTEN_BY_HAND if Page(path).marked("run")]
FRONT_END = Page(ROOT / "docs/front-end.md")
OPERATING = Page(ROOT / "docs/operating.md")
FOLLOWS = " (after the one above)"
FOLLOWER = """
import { connect } from "./tripsage.js";

const session = "relayed";
const trip = connect("ws://127.0.0.1:%d/ws", { token: async () => process.env.TOKEN, session, onEvent });
const turn = trip.send({ type: "chat_message", session_id: session, content: process.env.CONTENT });

function onEvent(event) {
  console.log(JSON.stringify(event));
  if (event.turn_id === turn && ["idle", "error"].includes(event.status)) trip.close();
}
"""


@pytest.fixture
def shell(system: System) -> Iterator[Shell]:
    opened = Shell(system)
    yield opened
    opened.close()


def check(blocks: list[Block], printed: list[str]) -> None:
    for block, text in zip(blocks, printed, strict=True):
        if block.expected is not None:
            assert missing(block.expected, text) == [], f"line {block.line} prints:\n{text}"


@pytest.mark.parametrize("page", TYPED, ids=lambda page: page.name)
def test_what_a_page_has_people_type(page: Page, shell: Shell) -> None:
    for block in page.marked("run in a terminal"):
        check([block], [shell.run_in_terminal(block)])
    blocks = page.marked("run")
    check(blocks, shell.run(blocks))


def test_the_browser_client_talks(shell: Shell) -> None:
    shell.write_files(FRONT_END)
    (shown,) = FRONT_END.marked("node: main.js")
    printed = shell.node("main.js")
    assert missing(shown.text, printed) == [], printed


async def test_the_browser_client_resumes(system: System, shell: Shell) -> None:
    shell.write_files(FRONT_END)
    async with Relay(system.url, cuts=3, after=4000) as relay:
        (shell.directory / "follower.js").write_text(FOLLOWER % relay.port)
        variables = {"TOKEN": system.token(), "CONTENT": LISBON}
        printed = await asyncio.to_thread(shell.node, "follower.js", **variables)
        assert relay.cut == 3
    events = [json.loads(line) for line in printed.splitlines()]
    durable = [event for event in events if event.get("stream") == "session:relayed"]
    assert [event["seq"] for event in durable] == list(range(1, len(durable) + 1))
    assert durable[-1]["status"] == "idle"


@pytest.mark.slow
@pytest.mark.parametrize("block", OPERATING.marked("start"), ids=["ours", "arq and litestar"])
async def test_processes_started_one_by_one_make_the_system(
    block: Block, killable_valkey: ValkeyProcess
) -> None:
    system = System.prepare(TRIPSAGE_REDIS_URL=killable_valkey.url)
    shell = Shell(system)
    started = [shell.start(line) for line in block.text.splitlines()]
    try:
        await system.until_ready()
        async with Client(system.url, token=system.token()) as client:
            turn = await client.say("How much is 200 USD in EUR?")
            assert "€172.80" in (await turn.finished()).text
        async with await open_wire(system.url) as wire:
            await wire.authenticate(system.token())
            for process in started:
                process.terminate()
            assert await wire.close_code() == Close.DRAINING
        # uvicorn ends as by the signal when it has drained, so that whoever sent it sees it heeded.
        assert {process.wait(60) for process in started} <= {0, -signal.SIGTERM}
    finally:
        for process in started:
            process.kill()
        shell.close()


@pytest.mark.slow
async def test_requests_come_to_what_the_page_says(system: System) -> None:
    """The outcome is among those that the row names."""
    rows = [row for row in Page(ROOT / "docs/turn-result.md").rows() if len(row) == 2][2:]
    assert len(rows) == 6
    for number, (request, result) in enumerate(rows):
        session = f"row-{number - 1 if request.endswith(FOLLOWS) else number}"
        async with Client(system.url, token=system.token(), session_id=session) as client:
            turn = await client.say(request.removesuffix(FOLLOWS))
            came_to = (await turn.finished()).result
        assert came_to is not None
        assert came_to["outcome"] in result, request
