"""A scenario's file, played again whenever it was saved."""

import logging
import os
from pathlib import Path

from .asgi import Receive, SandboxApp, Scope, Send
from .sandbox import Sandbox
from .scenario import ScenarioError, read

logger = logging.getLogger("sandbox")
Stamp = tuple[int, int, int]


class ScenarioFile:
    """Looked at before each call, so what was saved holds from the next call on and nothing runs in between."""

    def __init__(self, path: Path, sandbox: Sandbox) -> None:
        self._path = path
        self._sandbox = sandbox
        self._stamp: Stamp | None = None

    def load(self) -> None:
        """Raises `ScenarioError`; the sandbox then stays as it was."""
        self._stamp = _stamp(self._path)
        self._sandbox.play(read(self._path))

    def reload(self) -> None:
        """Play the file if it is another than last time; a wrong one is told in the log, once."""
        if _stamp(self._path) == self._stamp:
            return
        try:
            self.load()
            logger.info("Scenario %s begins again", self._path)
        except ScenarioError as error:
            logger.error("The scenario stays as it was: %s", error)


class ReloadingApp:
    """A sandbox's application whose scenario follows its file."""

    def __init__(self, app: SandboxApp, file: ScenarioFile) -> None:
        self._app = app
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._file.reload()
        await self._app(scope, receive, send)


def _stamp(path: Path) -> Stamp | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
