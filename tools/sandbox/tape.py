"""`record` and `replay` on the command line."""

import argparse
import logging
import secrets
from collections.abc import Sequence
from pathlib import Path

import httpx

from . import cassette
from .cassette import Cassette, CassetteError, Exchange, Replay
from .recorder import Recorder, ReplayApp
from .serving import serve, server_arguments

logger = logging.getLogger("sandbox")
_PATIENCE = 120.0  # seconds for an upstream: searches take long


def record(argv: Sequence[str]) -> int:
    """Proxy live APIs and write what they answer. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="record", description="Record live APIs to a scrubbed cassette.")
    server_arguments(parser)
    parser.add_argument(
        "--upstream",
        action="append",
        required=True,
        type=_upstream,
        metavar="NAME=URL",
        help="an API's base URL and the prefix that stands for it, as duffel=https://api.duffel.com",
    )
    parser.add_argument("--cassette", type=Path, required=True, help="written after each answer; may exist")
    arguments = parser.parse_args(argv)
    path: Path = arguments.cassette
    try:
        tape = cassette.read(path) if path.exists() else Cassette(secrets.token_hex(16))
        cassette.write(tape, path)  # a place that cannot be written is told now, not after the first call
    except CassetteError as error:
        logger.error("The cassette cannot be used: %s", error)
        return 2

    def keep(exchange: Exchange) -> None:
        cassette.write(tape, path)
        logger.info("%s %s %s: %d", exchange.provider, exchange.method, exchange.path, exchange.status)

    client = httpx.AsyncClient(timeout=_PATIENCE)
    app = Recorder(dict(arguments.upstream), tape, client, keep)
    return serve(app, arguments.host, arguments.port, f"Recording to {path}")


def replay(argv: Sequence[str]) -> int:
    """Serve a cassette. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="replay", description="Serve what was recorded.")
    server_arguments(parser)
    parser.add_argument("--cassette", type=Path, required=True)
    arguments = parser.parse_args(argv)
    try:
        tape = cassette.read(arguments.cassette)
    except CassetteError as error:
        logger.error("The cassette cannot be used: %s", error)
        return 2
    app = ReplayApp(Replay(tape))
    return serve(app, arguments.host, arguments.port, f"Replaying {arguments.cassette}")


def _upstream(text: str) -> tuple[str, str]:
    name, equals, url = text.partition("=")
    if not equals or not name or "/" in name or not url.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=URL")
    return name, url
