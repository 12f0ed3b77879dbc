"""Model servers that others wrote: installed from their locks, started for a test, told to fail.

Where node or the registries are out of reach a test that wants one is skipped with the reason. What is wrong with
a lock, or with a server that was installed, fails it.
"""

import fcntl
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.pages import ROOT
from tests.support.ports import free_port
from tests.support.waiting import WITHIN

INSTALLED = ROOT / ".venv" / "servers"
INSTALL_WITHIN = 180.0  # s
NODE = (20, 15)
_AWAY = re.compile(
    r"ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|E40[134]\b|network|"
    r"failed to fetch|error sending request|dns error|timed out|not found in the package registry|CERT_",
    re.IGNORECASE,
)
"""What npm and uv say where a registry cannot be reached, or has no such package."""


class ModelServer:
    """A running server. `url` is the settings' one; `told` sends it an order of its own."""

    def __init__(self, port: int) -> None:
        self.at = f"http://127.0.0.1:{port}"
        self.url = f"{self.at}/v1"

    def told(self, path: str, body: Any = None) -> Any:
        answer = httpx.post(self.at + path, json=body if body is not None else {})
        answer.raise_for_status()
        return answer.json()

    def read(self, path: str) -> Any:
        answer = httpx.get(self.at + path)
        answer.raise_for_status()
        return answer.json()


def aimock() -> Path:
    """The command of @copilotkit/aimock."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("aimock is not run: there is no node or no npm here")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, re.findall(r"\d+", said)[:2])) < NODE:
        pytest.skip(
            f"aimock is not run: it needs node {NODE[0]}.{NODE[1]} or newer, and this is {said.strip()}"
        )
    locks = ROOT / "requirements" / "aimock"

    def install(folder: Path) -> None:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(locks / name, folder)
        options = [
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--fetch-retries=1",
            "--fetch-timeout=20000",
        ]
        _run([npm, "ci", "--prefix", str(folder), *options], "aimock")

    return _installed("aimock", locks / "package-lock.json", install) / "node_modules" / ".bin" / "llmock"


def llmock() -> Path:
    """The command of llmock, in an environment of its own."""
    lock = ROOT / "requirements" / "llmock.txt"

    def install(folder: Path) -> None:
        uv = str(Path(sys.executable).parent / "uv")
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder / "venv")], "llmock")
        python = str(folder / "venv" / "bin" / "python")
        into = ["--system-certs", "--quiet", "--python", python, "--require-hashes", "-r", str(lock)]
        _run([uv, "pip", "install", *into], "llmock")

    return _installed("llmock", lock, install) / "venv" / "bin" / "llmock"


def _installed(name: str, lock: Path, install: Callable[[Path], None]) -> Path:
    """The folder of what this lock pins; made once, whoever asks first."""
    folder = INSTALLED / f"{name}-{sha256(lock.read_bytes()).hexdigest()[:12]}"
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with (INSTALLED / f"{name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            install(folder)
            (folder / "done").touch()
    return folder


def _with_system_certificates() -> dict[str, str]:
    """npm knows its own authorities alone; where a proxy has one of its own, this machine knows it."""
    known = ssl.get_default_verify_paths().cafile
    return {**({"NODE_EXTRA_CA_CERTS": known} if known else {}), **os.environ}


def _run(command: list[str], name: str) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALL_WITHIN, env=_with_system_certificates()
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{name} is not run: installing it took more than {INSTALL_WITHIN:.0f} s")
    said = done.stderr + done.stdout
    if done.returncode == 0:
        return
    if _AWAY.search(said):
        pytest.skip(
            f"{name} is not run, since its registry cannot be reached: {said.strip().splitlines()[0]}"
        )
    pytest.fail(f"{name} cannot be installed: {said}")


@contextmanager
def serving(command: list[str], port: int, ready: str, log: Path) -> Iterator[ModelServer]:
    """The server that this command starts, once it answers at `ready`."""
    server = ModelServer(port)
    environ = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environ, stdout=output, stderr=subprocess.STDOUT)
    try:
        _await(lambda: httpx.get(server.at + ready).is_success, process, log)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def _await(answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + WITHIN
    while True:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            if answers():
                return
        except httpx.TransportError:
            assert time.monotonic() < end, log.read_text(errors="replace")
        time.sleep(0.05)


@contextmanager
def aimock_server(fixtures: Path, log: Path) -> Iterator[ModelServer]:
    """It answers by these fixtures, and a request that none of them is for with an error."""
    port = free_port()
    options = ["--port", str(port), "--fixtures", str(fixtures), "--strict", "--validate-on-load"]
    with serving([str(aimock()), *options], port, "/health", log) as server:
        yield server


@contextmanager
def llmock_server(log: Path, *options: str) -> Iterator[ModelServer]:
    port = free_port()
    with serving([str(llmock()), "serve", "--port", str(port), *options], port, "/health", log) as server:
        yield server


def graded(server: ModelServer) -> tuple[int, str]:
    """What `llmock report` says of its clients: 0 when none of them misbehaved."""
    done = subprocess.run([str(llmock()), "report", "--url", server.at], capture_output=True, text=True)
    return done.returncode, done.stdout
