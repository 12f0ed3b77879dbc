"""`tripsage up` as a person runs it: real processes, a data directory and ports of its own."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from app.services.auth import issue_token
from app.settings import dev_secret
from app.wiring import utc_now
from tests.support.ports import free_ports
from tests.support.waiting import WITHIN, waiting_for

TODAY = "2026-11-22"
LISBON = "5 days in Lisbon from Berlin in early May for 2 under 1500 EUR"
PARTS = {
    "gateway": "gateway",
    "agents": "workers agents",
    "tools": "workers tools",
    "sandbox": "tools.sandbox",
    "valkey": "valkey-server",
}


@dataclass
class System:
    """A running system. `stop` and `start` may be called again and again; its data stays."""

    directory: Path
    environ: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def prepare(cls, **variables: str) -> "System":
        directory = Path(tempfile.mkdtemp(prefix="tripsage-"))
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "TRIPSAGE_DATA_DIR": str(directory / "data"),
            **free_ports(),
            "TRIPSAGE_TODAY": TODAY,
            "TRIPSAGE_MESSAGES_PER_MINUTE": "1000",
            "TRIPSAGE_CONNECTIONS_PER_USER": "200",
            **variables,
        }
        return cls(directory, environ)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environ['TRIPSAGE_PORT']}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.environ['TRIPSAGE_SANDBOX_PORT']}"

    @property
    def output(self) -> str:
        return (self.directory / "output").read_text(errors="replace")

    def token(self, user: str = "alice", seconds: int = 3600) -> str:
        secret = dev_secret(Path(self.environ["TRIPSAGE_DATA_DIR"]))
        return issue_token(secret, user, user.title(), utc_now(), seconds)

    def headers(self, user: str = "alice") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(user)}"}

    def client(self, user: str = "alice") -> httpx.AsyncClient:
        """Of the gateway; it waits for a machine that is busy."""
        return httpx.AsyncClient(base_url=self.url, headers=self.headers(user), timeout=WITHIN)

    def sandbox(self, **headers: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.sandbox_url, headers=headers, timeout=WITHIN)

    async def start(self) -> None:
        with (self.directory / "output").open("ab") as output:
            self.process = subprocess.Popen(  # noqa: ASYNC220  # returns at once
                [sys.executable, "-m", "app.cli", "up"],
                env=self.environ,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        await self.until_ready()

    async def until_ready(self) -> None:
        """Until every part that answers over HTTP does."""
        for url in (f"{self.url}/readyz", f"{self.sandbox_url}/healthz"):
            async with waiting_for(url, lambda: self.output):
                await until_answers(url, self._lives)

    def _lives(self) -> None:
        assert self.process is None or self.process.poll() is None, self.output

    async def stop(self, sig: int = signal.SIGTERM) -> int:
        """Ends it as a signal does; answers its exit code."""
        assert self.process is not None
        self.process.send_signal(sig)
        code = await asyncio.to_thread(self.process.wait, WITHIN)
        self.process = None
        return code

    def pid(self, part: str) -> int:
        """The process that runs a part now; raises `LookupError` while there is none."""
        assert self.process is not None
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
                words = (status.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (OSError, ValueError):
                continue
            if parent == self.process.pid and PARTS[part] in words:
                return int(status.parent.name)
        raise LookupError(f"{part} does not run")

    def kill(self, part: str) -> None:
        """SIGKILL, as the kernel kills a process that takes too much memory."""
        os.kill(self.pid(part), signal.SIGKILL)

    async def tell_sandbox(self, path: str, body: Any = None) -> Any:
        async with self.sandbox() as client:
            response = await client.post(f"/__admin/{path}", json=body or {})
            response.raise_for_status()
            return response.json() if response.content else None

    async def get(self, path: str, user: str = "alice") -> Any:
        async with self.client(user) as client:
            response = await client.get(path)
            response.raise_for_status()
            return json.loads(response.content)


async def until_answers(url: str, alive: Callable[[], None] = lambda: None) -> None:
    """Asks until the answer is 200; `alive` raises when there will be none."""
    async with httpx.AsyncClient(timeout=WITHIN) as client:
        while True:
            alive()
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(url)).status_code == 200:
                    return
            await asyncio.sleep(0.02)
