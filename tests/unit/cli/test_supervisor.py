"""The supervisor on real processes: small Python programs, and the real embedded Valkey."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError
from redis.retry import Retry

from app.settings import embedded_socket
from tests.support.ports import free_port, free_ports
from tests.support.processes import ROOT, Watched, environment, supervised, wait_until_gone

pytestmark = pytest.mark.slow

RUNS = "import os, signal; print('started', os.getpid(), flush=True); signal.pause()"
DRAINS = """
import os, signal, sys
def end(*_):
    print("drained", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("started", os.getpid(), flush=True)
signal.pause()
"""
STUBBORN = """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("started", os.getpid(), flush=True)
while True:
    signal.pause()
"""
SLOW = """
import os, signal, sys, time
def end(*_):
    time.sleep(1)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("started", os.getpid(), flush=True)
signal.pause()
"""
GATEWAY, WORKERS, TRAVEL, STATE = 1, 2, 3, 4


def pids(watched: Watched, count: int) -> list[int]:
    return [int(line.split()[-1]) for line in watched.wait_for("| started", times=count)]


def valkey_at(socket: Path) -> Redis:
    """A client that waits for the server to be there."""
    patient = Retry(ConstantBackoff(0.05), 400)
    return Redis(unix_socket_path=str(socket), retry=patient, retry_on_error=[OSError, ConnectionError])


def drained(watched: Watched) -> list[str]:
    return [line.split()[0] for line in watched.lines if line.endswith("| drained")]


def test_a_program_that_dies_is_started_again(tmp_path: Path) -> None:
    with supervised([{"name": "one", "code": RUNS}], tmp_path) as watched:
        (first,) = pids(watched, 1)
        os.kill(first, signal.SIGKILL)
        again = pids(watched, 2)
        assert again[1] != first
        assert watched.wait_for("one was ended by SIGKILL; starting it again now")


def test_a_program_that_keeps_dying_is_started_ever_later(tmp_path: Path) -> None:
    with supervised([{"name": "one", "code": "raise SystemExit(7)"}], tmp_path) as watched:
        watched.wait_for("starting it again in 1 s")
        told = [line.rpartition("again ")[2] for line in watched.lines if "exit code 7" in line]
        assert told[:3] == ["now", "in 0.5 s", "in 1 s"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_drains_stage_by_stage_and_the_exit_is_clean(tmp_path: Path, number: signal.Signals) -> None:
    programs: list[dict[str, Any]] = [
        {"name": "state", "stage": STATE, "code": DRAINS},
        {"name": "travel", "stage": TRAVEL, "code": DRAINS},
        {"name": "workers", "stage": WORKERS, "code": DRAINS},
        {"name": "gateway", "stage": GATEWAY, "code": DRAINS},
    ]
    with supervised(programs, tmp_path) as watched:
        pids(watched, 4)
        watched.signal(number)
        assert watched.exit_code() == 0
        assert drained(watched) == ["gateway", "workers", "travel", "state"]


def test_started_with_nohup_it_outlives_the_terminal(tmp_path: Path) -> None:
    ignored = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with supervised([{"name": "one", "code": DRAINS}], tmp_path) as watched:
            (first,) = pids(watched, 1)
            watched.signal(signal.SIGHUP)
            os.kill(first, signal.SIGKILL)
            assert len(pids(watched, 2)) == 2
    finally:
        signal.signal(signal.SIGHUP, ignored)


def test_what_does_not_end_in_time_is_killed_and_the_rest_still_drains(tmp_path: Path) -> None:
    programs: list[dict[str, Any]] = [
        {"name": "state", "stage": STATE, "code": DRAINS},
        {"name": "gateway", "stage": GATEWAY, "code": STUBBORN, "drain_seconds": 0.2},
    ]
    with supervised(programs, tmp_path) as watched:
        started = pids(watched, 2)
        watched.signal(signal.SIGTERM)
        assert watched.exit_code() == 1
        assert drained(watched) == ["state"]
        assert wait_until_gone(started)


def test_a_second_signal_ends_everything_at_once(tmp_path: Path) -> None:
    with supervised([{"name": "one", "code": STUBBORN}], tmp_path) as watched:
        started = pids(watched, 1)
        watched.signal(signal.SIGINT)
        watched.wait_for("stopping ...")
        watched.signal(signal.SIGINT)
        assert watched.exit_code() == 130
        assert wait_until_gone(started)


def test_a_killed_supervisor_leaves_nothing_behind(tmp_path: Path) -> None:
    programs = [{"valkey": True}, {"name": "kind", "code": RUNS}, {"name": "stubborn", "code": STUBBORN}]
    with supervised(programs, tmp_path) as watched:
        started = pids(watched, 2)
        with valkey_at(tmp_path / "valkey.sock") as redis:
            started.append(redis.info("server")["process_id"])
        watched.signal(signal.SIGKILL)
        assert wait_until_gone(started)


def test_a_killed_guard_is_replaced_and_knows_everything(tmp_path: Path) -> None:
    with supervised([{"name": "one", "code": RUNS}, {"name": "two", "code": RUNS}], tmp_path) as watched:
        first, _ = pids(watched, 2)
        (guard,) = (pid for pid in children_of(watched.process.pid) if "guard.py" in command_line(pid))
        os.kill(guard, signal.SIGKILL)
        assert wait_until_gone([guard])
        os.kill(first, signal.SIGKILL)
        started = pids(watched, 3)
        watched.signal(signal.SIGKILL)
        assert wait_until_gone(started)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def test_a_start_waits_for_what_a_killed_one_left(tmp_path: Path) -> None:
    with supervised([{"name": "one", "code": SLOW}], tmp_path) as first:
        (left,) = pids(first, 1)
        first.signal(signal.SIGKILL)
        first.process.wait()
        with supervised([{"name": "two", "code": RUNS}], tmp_path) as second:
            pids(second, 1)
            assert wait_until_gone([left], within=0.5)


def test_two_on_one_directory_get_one_clear_line(tmp_path: Path) -> None:
    with supervised([{"name": "one", "code": RUNS}], tmp_path) as first:
        pids(first, 1)
        with supervised([{"name": "two", "code": RUNS}], tmp_path) as second:
            assert second.exit_code() == 2
            assert second.lines == [
                f"tripsage: TripSage runs already on {tmp_path} (process {first.process.pid}): "
                "stop it first, or set TRIPSAGE_DATA_DIR to another directory"
            ]


def test_settings_that_a_program_refuses_stop_the_start(tmp_path: Path) -> None:
    programs = [
        {"name": "one", "code": "print('TRIPSAGE_X is wrong'); raise SystemExit(2)"},
        {"name": "two", "code": RUNS},
    ]
    with supervised(programs, tmp_path) as watched:
        assert watched.exit_code() == 2
        assert watched.wait_for("one cannot use these settings")
        assert watched.wait_for("one      | TRIPSAGE_X is wrong")


def test_the_banner_comes_when_the_probe_answers_and_says_what_to_type(tmp_path: Path) -> None:
    port = free_port()
    serves = f"""
import http.server
class Ready(http.server.BaseHTTPRequestHandler):
    asked = 0
    def do_GET(self):
        Ready.asked += 1
        ready = self.path == "/readyz" and Ready.asked > 2
        print("asked", Ready.asked, flush=True)
        self.send_response(200 if ready else 503)
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", {port}), Ready).serve_forever()
"""
    programs = [{"name": "gateway", "code": serves, "probe": True}]
    with supervised(programs, tmp_path, TRIPSAGE_PORT=str(port)) as watched:
        watched.wait_for("TripSage is ready")
        watched.wait_for("asked 3")
        (server,) = watched.wait_for("  Server ")
        assert server.endswith(f"http://127.0.0.1:{port}")
        (ask,) = watched.wait_for("tripsage chat")
        assert re.search(rf'TRIPSAGE_PORT={port} TRIPSAGE_DATA_DIR=\S+ \S*tripsage chat "', ask)


def test_valkey_keeps_what_was_written_when_it_is_killed(tmp_path: Path) -> None:
    socket = tmp_path / "valkey.sock"
    with supervised([{"valkey": True}, {"name": "one", "code": RUNS}], tmp_path) as watched:
        pids(watched, 1)
        with valkey_at(socket) as redis:
            redis.set("kept", "yes")
            os.kill(redis.info("server")["process_id"], signal.SIGKILL)
        watched.wait_for("valkey was ended by SIGKILL; starting it again now")
        with valkey_at(socket) as redis:
            assert redis.get("kept") == b"yes"
            assert redis.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            assert redis.config_get("appendfsync") == {"appendfsync": "no"}
        assert socket.stat().st_mode & 0o077 == 0


def test_a_disk_that_does_not_take_what_valkey_wrote_is_told(tmp_path: Path) -> None:
    log = tmp_path / "valkey" / "appendonlydir"
    log.mkdir(parents=True)
    (log / "cannot be synced").symlink_to(os.devnull)
    with supervised([{"valkey": True}, {"name": "one", "code": RUNS}], tmp_path) as watched:
        watched.wait_for("to the disk, a power cut may lose what was written")


def test_valkey_listens_on_a_short_socket_when_the_directory_has_a_long_name(tmp_path: Path) -> None:
    data_dir = tmp_path / ("long" * 30)
    with supervised([{"valkey": True}, {"name": "one", "code": RUNS}], data_dir) as watched:
        pids(watched, 1)
        socket = embedded_socket(data_dir)
        assert len(os.fsencode(socket)) <= 100
        with valkey_at(socket) as redis:
            assert redis.ping()
        assert socket.parent.stat().st_mode & 0o077 == 0
        watched.signal(signal.SIGTERM)
        assert watched.exit_code() == 0


def test_nobody_reading_the_output_any_more_stops_it(tmp_path: Path) -> None:
    chatty = "import os, time\nprint('started', os.getpid(), flush=True)\nwhile True: print(1, flush=True)"
    command = [
        sys.executable, "-m", "tests.support.supervised", json.dumps([{"name": "one", "code": chatty}])
    ]  # fmt: skip
    environ = environment(tmp_path, **free_ports())
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        started = [int(next(line for line in process.stdout if "| started" in line).split()[-1])]
        process.stdout.close()
        assert process.wait(60) == 0
    assert wait_until_gone(started)
