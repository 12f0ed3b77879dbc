"""The rules of `tripsage up` that need no process: what is started, when again, and what is printed."""

import asyncio
import errno
import io
import itertools
import os
import shlex
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import settings
from app.cli.errors import CannotStart
from app.cli.up.child import describe_exit
from app.cli.up.console import MAX_LINE, Console, Lines, wants_colour
from app.cli.up.directory import prepare_valkey, require_free_ports
from app.cli.up.disk import keep_on_disk, sync_files
from app.cli.up.programs import Stage, reachable, system, valkey_command
from app.cli.up.restarts import FIRST_DELAY, HEALTHY_AFTER, LONGEST_DELAY, Restarts
from app.cli.up.run import banner_rows, next_command
from app.settings import SettingsError
from tests.support.ports import free_ports


def loaded(tmp_path: Path, **variables: str) -> settings.Settings:
    return settings.load({"TRIPSAGE_DATA_DIR": str(tmp_path), **variables})


def test_everything_is_a_process_of_its_own_and_state_is_drained_last(tmp_path: Path) -> None:
    programs = system(loaded(tmp_path, TRIPSAGE_TODAY="2026-11-22"))
    assert {program.name: program.stage for program in programs} == {
        "valkey": Stage.STATE,
        "gateway": Stage.GATEWAY,
        "agents": Stage.WORKERS,
        "tools": Stage.WORKERS,
        "sandbox": Stage.TRAVEL,
    }
    assert sorted(Stage) == [Stage.GATEWAY, Stage.WORKERS, Stage.TRAVEL, Stage.STATE]
    sandbox = next(program for program in programs if program.name == "sandbox")
    assert sandbox.arguments[-2:] == ("--today", "2026-11-22")


def test_a_redis_of_ones_own_means_no_embedded_server(tmp_path: Path) -> None:
    programs = system(loaded(tmp_path, TRIPSAGE_REDIS_URL="redis://localhost"))
    assert "valkey" not in {program.name for program in programs}


def test_live_travel_means_no_sandbox(tmp_path: Path) -> None:
    programs = system(loaded(tmp_path, TRIPSAGE_TRAVEL="live"))
    assert "sandbox" not in {program.name for program in programs}


def test_programs_may_take_as_long_to_drain_as_they_were_told(tmp_path: Path) -> None:
    programs = system(loaded(tmp_path, TRIPSAGE_DRAIN_SECONDS="40"))
    assert all(program.drain_seconds > 40 for program in programs)


def test_valkey_is_reached_through_its_socket_alone_and_keeps_every_write(tmp_path: Path) -> None:
    command = " ".join(valkey_command(tmp_path, tmp_path / "s"))
    for option in (f"--port 0 --unixsocket {tmp_path}/s --unixsocketperm 700", "--appendonly yes"):
        assert option in command
    assert "--maxmemory-policy noeviction" in command


@pytest.mark.parametrize(
    ("host", "reached"),
    [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("127.0.0.1", "127.0.0.1"), ("10.0.0.7", "10.0.0.7")],
)
def test_the_probe_asks_where_the_server_can_be_reached(host: str, reached: str) -> None:
    assert reachable(host) == reached


@given(st.lists(st.floats(0, HEALTHY_AFTER, exclude_max=True), min_size=2, max_size=30))
def test_what_keeps_dying_waits_longer_each_time_up_to_a_limit(uptimes: list[float]) -> None:
    restarts = Restarts()
    delays = [restarts.delay_after(uptime) for uptime in uptimes]
    assert delays[:2] == [0, FIRST_DELAY]
    assert delays == sorted(delays)
    assert max(delays) <= LONGEST_DELAY


def test_a_healthy_while_is_forgiven() -> None:
    restarts = Restarts()
    for _ in range(5):
        restarts.delay_after(0.1)
    assert restarts.delay_after(HEALTHY_AFTER) == 0


@given(st.binary(max_size=2000), st.lists(st.integers(0, 2000)))
def test_output_is_cut_into_the_same_lines_however_it_arrives(data: bytes, cuts: list[int]) -> None:
    lines = Lines()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    read = [line for a, b in itertools.pairwise(edges) for line in lines.feed(data[a:b])]
    read += lines.close()
    *whole, rest = data.split(b"\n")
    whole += [rest] if rest else []
    assert read == [line.decode(errors="replace").rstrip("\r") for line in whole]


def test_a_line_without_an_end_is_not_kept_for_ever() -> None:
    lines = Lines()
    assert len(lines.feed(b"x" * (MAX_LINE * 2 + 1))) == 2
    assert lines.close() == ["x"]


def test_lines_stand_behind_their_names_in_colour_only_where_wanted() -> None:
    for colour, expected in ((False, "agents   | hello\n"), (True, "\x1b[35magents   |\x1b[0m hello\n")):
        stream = io.StringIO()
        Console(stream, colour=colour).line("agents", "hello")
        assert stream.getvalue() == expected


def test_colours_are_for_terminals_that_want_them() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert wants_colour(Terminal(), {})
    assert not wants_colour(io.StringIO(), {})
    assert not wants_colour(Terminal(), {"NO_COLOR": "1"})
    assert not wants_colour(Terminal(), {"TERM": "dumb"})


def test_a_reader_that_went_away_is_noticed_once() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    told: list[int] = []
    with os.fdopen(write_end, "w") as stream:
        console = Console(stream, colour=False)
        console.on_broken = lambda: told.append(1)
        console.say("one")
        console.say("two")
    assert told == [1]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "ended with exit code 0"),
        (3, "ended with exit code 3"),
        (-9, "was ended by SIGKILL"),
        (-99, "was ended by signal 99"),
    ],
)
def test_how_a_process_ended_is_said_in_words(code: int, words: str) -> None:
    assert describe_exit(code) == words


@pytest.mark.parametrize("variable", ["TRIPSAGE_PORT", "TRIPSAGE_SANDBOX_PORT"])
def test_a_port_in_use_is_named_with_its_variable(tmp_path: Path, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError) as refused:
            require_free_ports(loaded(tmp_path, **{**free_ports(), variable: str(port)}))
    assert (
        str(refused.value)
        == f"Port {port} is in use: stop what listens there, or set {variable} to another port"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_said_to_be_one(tmp_path: Path, host: str) -> None:
    with_keys = {"TRIPSAGE_AUTH": "jwt", "TRIPSAGE_JWT_SECRET": "s" * 32}
    with pytest.raises(SettingsError) as raised:
        require_free_ports(loaded(tmp_path, TRIPSAGE_HOST=host, **with_keys))
    assert str(raised.value) == f"TRIPSAGE_HOST={host} is no address of this machine"


def test_one_port_cannot_be_two(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="are both 8123"):
        require_free_ports(loaded(tmp_path, TRIPSAGE_PORT="8123", TRIPSAGE_SANDBOX_PORT="8123"))


def test_a_socket_directory_that_others_can_reach_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    monkeypatch.setattr(settings.Settings, "socket_path", shared / "valkey.sock")
    with pytest.raises(CannotStart, match="not a private directory of yours"):
        prepare_valkey(loaded(tmp_path / "data"))


def test_the_banner_has_what_the_other_shell_needs(tmp_path: Path) -> None:
    environ = {"TRIPSAGE_DATA_DIR": str(tmp_path), "TRIPSAGE_PORT": "9100", "TRIPSAGE_HOST": "::1"}
    rows = banner_rows(settings.load(environ))
    assert rows["Server"] == "http://[::1]:9100"
    assert rows["Stop"] == "Ctrl-C"
    variables = f"TRIPSAGE_HOST=::1 TRIPSAGE_PORT=9100 TRIPSAGE_DATA_DIR={tmp_path} "
    assert next_command(environ).startswith(variables)
    words = shlex.split(next_command(environ))
    command = words[words.index("chat") - 1]
    assert Path(command).absolute() == Path(sys.executable).parent / "tripsage"


def test_what_valkey_has_written_is_synced(tmp_path: Path) -> None:
    log = tmp_path / "appendonlydir" / "appendonly.aof.1.incr.aof"
    log.parent.mkdir()
    log.write_bytes(b"*1\r\n")
    (log.parent / "removed by a rewrite").symlink_to("nowhere")
    synced: list[bytes] = []
    sync_files(tmp_path, lambda descriptor: synced.append(os.read(descriptor, 100)))
    assert synced == [b"*1\r\n"]


async def test_a_disk_that_fails_is_told_once_and_tried_again(tmp_path: Path) -> None:
    told: list[str] = []
    tries = asyncio.Semaphore(0)

    def full(data: Path) -> None:
        tries.release()
        raise OSError(errno.EIO, "Input/output error")

    keeping = asyncio.create_task(keep_on_disk(tmp_path, told.append, every=0, sync=full))
    for _ in range(3):
        await tries.acquire()
    keeping.cancel()
    assert len(told) == 1
    assert "Input/output error" in told[0]
