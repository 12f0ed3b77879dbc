"""`tripsage chat` as people run it: a real process, in a pipe and in a real terminal."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.contract import commands as c
from app.contract import events as e
from tests.support.lisbon_turn import ANSWER, Paced, TurnScript, lisbon_turn
from tests.support.ports import free_port
from tests.support.processes import ROOT, environment
from tests.support.scripted_server import SECRET, ScriptedServer
from tests.support.terminal import Terminal

pytestmark = pytest.mark.slow


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "dev-secret").write_text(SECRET)
    return tmp_path


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer() as server:
        yield server


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


async def chat(data_dir: Path, port: int, *arguments: str, said: str = "", **variables: str) -> Result:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", "chat", *arguments,
        env=environment(data_dir, TRIPSAGE_PORT=str(port), **variables),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate(said.encode())
    assert process.returncode is not None
    return Result(process.returncode, out.decode(), err.decode())


async def test_a_pipe_gets_plain_lines_the_answer_and_the_plan(
    server: ScriptedServer, data_dir: Path
) -> None:
    result = await chat(data_dir, server.port, "Lisbon")
    assert (result.code, result.err) == (0, "")
    assert "call flight_search BER → LIS · depart 2027-05-04 · adults 2" in result.lines
    assert "...  flight_search 20% No answer in time; trying again" in result.lines
    assert "done Find flights" in result.lines
    assert all(paragraph in result.lines for paragraph in ANSWER.split("\n\n"))
    assert "Total             888 EUR" in result.out
    assert "! Hotels are not part of this plan." in result.out
    assert "\x1b" not in result.out


async def test_json_prints_each_event_of_the_turn_as_it_came(server: ScriptedServer, data_dir: Path) -> None:
    server.drop_after = {7, 20}
    result = await chat(data_dir, server.port, "--json", "Lisbon")
    assert result.code == 0
    (stream,) = (log for name, log in server.logs.items() if name.startswith("session:"))
    assert [json.loads(line) for line in result.lines] == stream.events
    assert result.err.count("connected again") == 2


async def test_what_is_piped_in_is_the_message_and_continue_goes_on_in_the_session(
    server: ScriptedServer, data_dir: Path
) -> None:
    assert (await chat(data_dir, server.port, said="Lisbon\nfor two\n")).code == 0
    assert (await chat(data_dir, server.port, "--continue", "cheaper")).code == 0
    first, second = server.commands
    assert isinstance(first, c.SendChatMessage)
    assert isinstance(second, c.SendChatMessage)
    assert first.content == "Lisbon\nfor two\n"
    assert second.session_id == first.session_id


def failing(session_id: str, turn_id: str) -> Paced:
    s = TurnScript(session_id, turn_id)
    error = e.ErrorBody(code="EXTERNAL_API_ERROR", message="No airline answers.", retryable=True)
    text = "I could not reach the airlines; please try again."
    events: list[e.Event] = [
        s.status("thinking"),
        s.task("trip", "Trip", "Lisbon"),
        s.call("f1", "trip", "flight_search"),
        s.call_error("f1", "trip", "flight_search", error),
        s.chunk(text, 1, True),
        *s.answer(text, 1, "error"),
        s.task_error("trip", error),
        s.status("error"),
    ]
    return [(0.0, event) for event in events]  # pyright: ignore


async def test_a_turn_that_fails_says_why_and_ends_with_one(data_dir: Path) -> None:
    async with ScriptedServer(failing) as server:
        result = await chat(data_dir, server.port, "Lisbon")
    assert result.code == 1
    assert "fail flight_search: No airline answers." in result.lines
    assert "I could not reach the airlines; please try again." in result.lines


async def test_no_server_is_one_line_that_says_what_to_do(data_dir: Path) -> None:
    port = free_port()
    result = await chat(data_dir, port, "Lisbon")
    assert result.code == 1
    expected = f"tripsage: Nothing answers at http://127.0.0.1:{port}: start TripSage with `make up` in another shell\n"
    assert result.err == expected


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--continue", "hi"), "There is no session to continue yet: leave out --continue"),
        (("--continue", "--session", "s", "hi"), "--session and --continue both name a session"),
        (("--session", "a/b", "hi"), "--session: an id has 1 to 64 of the characters"),
        (("--url", "ftp://x", "hi"), "--url: ftp://x is not an address like http://127.0.0.1:8000"),
        (("--url", "http://trips.example.com", "hi"), "Who are you at http://trips.example.com?"),
        ((" ",), "Say what you want"),
    ],
)
async def test_options_that_cannot_be_used_are_one_line(
    data_dir: Path, arguments: tuple[str, ...], line: str
) -> None:
    result = await chat(data_dir, 9, *arguments)
    assert result.code == 2
    assert result.err.startswith(f"tripsage: {line}")
    assert result.err.count("\n") == 1


async def test_a_machine_where_nothing_ran_yet_is_told_how_to_begin(tmp_path: Path) -> None:
    result = await chat(tmp_path / "new", 9, "hi")
    assert result.code == 2
    assert "start it with `make up` in another shell" in result.err
    assert not (tmp_path / "new").exists()


async def test_a_token_of_another_server_is_refused_in_one_line(
    server: ScriptedServer, data_dir: Path
) -> None:
    result = await chat(data_dir, server.port, "hi", TRIPSAGE_TOKEN="not.a.token")
    assert result.code == 1
    assert result.err.startswith(f"tripsage: http://127.0.0.1:{server.port} does not accept this token")


@pytest.mark.parametrize("done", [True, False])
async def test_a_turn_whose_history_is_gone_is_read_over_rest_or_waited_for(
    data_dir: Path, done: bool
) -> None:
    async with ScriptedServer(never_ending, pace=0.01) as server:
        asking = asyncio.create_task(chat(data_dir, server.port, "Lisbon"))
        while not (stream := next((name for name in server.logs if name.startswith("session:")), "")):
            await asyncio.sleep(0.01)
        while server.logs[stream].seq < 5:
            await asyncio.sleep(0.01)
        turn_id = server.logs[stream].events[0]["id"]
        if done:
            server.results[turn_id] = {"outcome": "answer", "response": {"text": "Take a coat."}}
        server.logs[stream].epoch = "another"
        server.cut_all()
        if not done:
            while not server.is_followed(stream):
                await asyncio.sleep(0.01)
            session_id = stream.partition(":")[2]
            await server.append(stream, TurnScript(session_id, turn_id).status("idle"))  # pyright: ignore
        result = await asking
    assert result.code == 0
    assert "no longer in the server's history" in result.err
    assert ("Take a coat." in result.lines) is done


def never_ending(session_id: str, turn_id: str) -> Paced:
    return [*lisbon_turn(session_id, turn_id)[:9], (1e6, lisbon_turn(session_id, turn_id)[9][1])]


async def test_a_terminal_shows_the_turn_live_and_then_for_good(
    server: ScriptedServer, data_dir: Path
) -> None:
    terminal = await Terminal.start(data_dir, server.port, "Lisbon")
    assert await terminal.exit_code() == 0
    shown = terminal.shown.decode()
    assert "✓" in shown
    assert "Your trip" in shown
    assert "\x1b[?25l" in shown, "the cursor is hidden while it draws"
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l"), "and shown again"


async def test_ctrl_c_cancels_the_turn_and_shows_how_it_ended(data_dir: Path) -> None:
    async with ScriptedServer(never_ending, pace=1.0) as server:
        terminal = await Terminal.start(data_dir, server.port, "Lisbon")
        await terminal.until("flight_search")
        terminal.process.send_signal(signal.SIGINT)
        assert await terminal.exit_code() == 130
        assert isinstance(server.commands[-1], c.CancelTurn)
        assert "Stopped." in terminal.shown.decode()


async def test_a_second_ctrl_c_leaves(data_dir: Path) -> None:
    async with ScriptedServer(never_ending, pace=1.0) as server:
        terminal = await Terminal.start(data_dir, server.port, "Lisbon")
        await terminal.until("flight_search")
        server.deaf = True
        terminal.process.send_signal(signal.SIGINT)
        await terminal.until("Ctrl-C again to leave")
        terminal.process.send_signal(signal.SIGINT)
        assert await terminal.exit_code() == 130


async def test_a_prompt_keeps_one_session_and_ctrl_d_leaves(server: ScriptedServer, data_dir: Path) -> None:
    terminal = await Terminal.start(data_dir, server.port)
    for prompts, line in enumerate(("Lisbon\n", "\n", "cheaper\n", "\x04"), 1):
        await terminal.until("❯", times=prompts)
        terminal.type(line)
    assert await terminal.exit_code() == 0
    said = [command for command in server.commands if isinstance(command, c.SendChatMessage)]
    assert [command.content for command in said] == ["Lisbon", "cheaper"]
    assert len({command.session_id for command in said}) == 1
