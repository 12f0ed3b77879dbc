"""The sandbox over HTTP, for every client that can be given a base URL."""

import argparse
import logging
import os
import socket
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import uvicorn

from .asgi import SandboxApp
from .carriers import carriers
from .reload import ReloadingApp, ScenarioFile
from .sandbox import Sandbox
from .scenario import ScenarioError

logger = logging.getLogger("sandbox")


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. Returns the exit status: 2 when it cannot start, with one line why."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    try:
        listener = socket.create_server((arguments.host, arguments.port))
    except OSError as error:
        logger.error("The sandbox cannot listen on %s:%d: %s", arguments.host, arguments.port, error.strerror)
        return 2
    sandbox = Sandbox(arguments.seed, arguments.today)
    app = SandboxApp(sandbox)
    if arguments.scenario:
        file = ScenarioFile(arguments.scenario, sandbox)
        try:
            file.load()
        except ScenarioError as error:
            logger.error("The scenario is wrong: %s", error)
            return 2
        app = ReloadingApp(app, file)
    carriers()  # the tables are read now, not in the first call
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="critical",  # broken connections are what it is for; no complaints about them
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    host, port = listener.getsockname()[:2]
    logger.info("Travel sandbox on http://%s:%d (seed %d)", host, port, arguments.seed)
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox", description="Travel APIs to develop and test against.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="0 for any free one")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another world")
    parser.add_argument(
        "--scenario", type=Path, help="a YAML file, played from its beginning whenever it is saved"
    )
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        default=os.environ.get("TRIPSAGE_TODAY") or None,
        help="the sandbox's date, as 2026-11-22 (default: TRIPSAGE_TODAY, or the real one)",
    )
    return parser
