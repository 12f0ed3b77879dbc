"""The sandbox over HTTP, for every client that can be given a base URL."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from . import tape
from .asgi import SandboxApp
from .carriers import carriers
from .reload import ReloadingApp, ScenarioFile
from .sandbox import Sandbox
from .scenario import ScenarioError
from .serving import serve, server_arguments

logger = logging.getLogger("sandbox")


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. Returns the exit status: 2 when it cannot start, with one line why."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it would write every address with its query
    arguments = _parser().parse_args(argv)
    return (arguments.run or _play)(arguments)


def _play(arguments: argparse.Namespace) -> int:
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
    return serve(app, arguments.host, arguments.port, "Travel sandbox", f" (seed {sandbox.world().seed})")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_program(),
        description="Travel APIs to develop and test against: Duffel, LiteAPI, Geoapify, Open-Meteo and Frankfurter "
        "with their shapes, refusals and limits, the same for the same seed. Each has a prefix, as "
        "http://127.0.0.1:8001/duffel, which is given to a client as its base URL; http://127.0.0.1:8001/ "
        "names them all, and /__admin/ puts faults, latency and limits before them.",
        epilog="How to test with it, also without a server: docs/mock-travel-apis.md",
    )
    server_arguments(parser)
    parser.add_argument("--seed", type=int, default=1, help="another seed is another world (default: 1)")
    parser.add_argument(
        "--scenario",
        type=Path,
        metavar="FILE",
        help="a YAML file that says how the suppliers fare; it begins again whenever it is saved",
    )
    parser.add_argument(
        "--today",
        type=_day,
        metavar="DATE",
        default=os.environ.get("TRIPSAGE_TODAY") or None,
        help="the sandbox's date, as 2026-11-22 (default: TRIPSAGE_TODAY, or the real one)",
    )
    tape.add_commands(parser)
    return parser


def _program() -> str:
    """How it was called: by TripSage, or as the package of its own."""
    return "travel-sandbox" if (__package__ or "").startswith("tripsage_sandbox") else "tripsage sandbox"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-11-22") from None
