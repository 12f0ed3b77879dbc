"""The processes of a benchmark: an embedded Valkey, the gateway as `tripsage` runs it, and helpers to talk to."""

import asyncio
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvloop
from redis import Redis
from redis.exceptions import RedisError

from app.cli.up.directory import prepare_valkey
from app.cli.up.probe import is_ready
from app.cli.up.programs import Probe, valkey_command
from app.settings import Settings, load

READY_WITHIN = 30.0
STOP_WITHIN = 10.0

Handler = Callable[[dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Ground:
    """A data directory of its own with a running Valkey, configured as `tripsage up` does it."""

    settings: Settings
    environ: Mapping[str, str]
    valkey: int
    """Its process id."""


@contextmanager
def ground(**variables: str) -> Generator[Ground]:
    with tempfile.TemporaryDirectory(prefix="tripsage-bench-") as directory:
        own = {"TRIPSAGE_DATA_DIR": directory, "TRIPSAGE_PORT": str(free_port()), **variables}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIPSAGE_")}
        settings = load(own)
        prepare_valkey(settings)
        command = valkey_command(settings.valkey_dir, settings.socket_path)
        environ = {**inherited, **own}
        with running(command, environ) as valkey:
            _wait(valkey, lambda: _answers(settings.events_url))
            yield Ground(settings, environ, valkey.pid)


@contextmanager
def gateway(on: Ground) -> Generator[int]:
    """One gateway; gives its process id."""
    with running((sys.executable, "-m", "app.cli", "gateway"), on.environ) as process:
        probe = Probe(on.settings.host, on.settings.port, "/readyz")
        _wait(process, lambda: asyncio.run(is_ready(probe)))
        yield process.pid


@contextmanager
def running(command: tuple[str, ...], environ: Mapping[str, str]) -> Generator[subprocess.Popen[bytes]]:
    """A process that is stopped in the end. What it logs goes to standard error."""
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Helper:
    """A process that answers each line of JSON with one; the other end is `answer_requests`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.pid = process.pid
        self._process = process

    def ask(self, **request: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"process {self.pid} ended with {self._process.wait()}")
        return json.loads(answer)


@contextmanager
def helper(module: str, *arguments: str) -> Generator[Helper]:
    """Runs `benchmarks.MODULE`; it ends with its input."""
    command = (sys.executable, "-m", f"benchmarks.{module}", *arguments)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Helper(process)
        finally:
            process.kill()


def answer_requests(prepare: Callable[[], Awaitable[Handler]]) -> None:
    """The main function of a helper: it ends when nobody can ask any more."""

    async def main() -> None:
        handle = await prepare()
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            print(json.dumps(await handle(json.loads(line))), flush=True)

    allow_many_files()
    uvloop.run(main())


def allow_many_files() -> None:
    """As many open files, and so connections, as this user may have; what is started now may, too."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(process: "subprocess.Popen[bytes]", is_up: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not is_up():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} is not ready")
        time.sleep(0.02)


def _answers(url: str) -> bool:
    try:
        with Redis.from_url(url) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False
