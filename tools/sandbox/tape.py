"""`record` and `replay` on the command line."""

import argparse
import logging
import secrets
from pathlib import Path

import httpx

from . import cassette
from .cassette import Cassette, CassetteError, Exchange, Replay
from .recorder import Recorder, ReplayApp
from .serving import serve, server_arguments

logger = logging.getLogger("sandbox")
_PATIENCE = 120.0  # seconds for an upstream: searches take long


def add_commands(parser: argparse.ArgumentParser) -> None:
    """`run` of the parsed arguments is then what the command does; None without a command."""
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(
        title="instead of the sandbox",
        metavar="COMMAND",
        description="Real answers, recorded once and served again.",
    )
    recording = commands.add_parser(
        "record",
        help="record live APIs to a scrubbed cassette",
        description="A proxy before live APIs. Give your code http://127.0.0.1:8001/NAME instead of the API's "
        "address: it gets the real answers, and the cassette gets them without keys, names and ids.",
        epilog="For example: %(prog)s --upstream duffel=https://api.duffel.com --cassette duffel.json",
    )
    recording.add_argument(
        "--upstream",
        action="append",
        required=True,
        type=_upstream,
        metavar="NAME=URL",
        help="an API's base URL and the prefix that stands for it, as duffel=https://api.duffel.com",
    )
    recording.add_argument(
        "--cassette",
        type=Path,
        required=True,
        metavar="FILE",
        help="written after each answer; one that exists goes on",
    )
    replaying = commands.add_parser(
        "replay",
        help="serve what was recorded",
        description="Answers what the cassette has, behind the same prefixes, and 501 to anything else.",
        epilog="For example: %(prog)s --cassette duffel.json",
    )
    replaying.add_argument("--cassette", type=Path, required=True, metavar="FILE", help="one of record's")
    for one, run in ((recording, record), (replaying, replay)):
        server_arguments(one, inherited=True)
        one.set_defaults(run=run)


def record(arguments: argparse.Namespace) -> int:
    """Proxy live APIs and write what they answer. Returns the exit status."""
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


def replay(arguments: argparse.Namespace) -> int:
    """Serve a cassette. Returns the exit status."""
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
