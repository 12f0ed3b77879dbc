"""The command itself: check that everything is free, supervise, and tell the person what to do next."""

import asyncio
import shlex
import sys
import time
from collections.abc import Mapping, Sequence

from app.cli.invoked import short, tripsage
from app.cli.up.child import Guard
from app.cli.up.console import Console, wants_colour
from app.cli.up.directory import exclusive, prepare_valkey, require_free_ports
from app.cli.up.disk import keep_on_disk
from app.cli.up.programs import Program, child_environment, reachable, system
from app.cli.up.supervisor import Supervisor
from app.settings import Settings, dev_secret

EXAMPLE = "5 days in Lisbon from Berlin in early May for 2 under 1500 EUR"
# What the other shell needs as well to talk to this system.
SHARED_VARIABLES = ("TRIPSAGE_HOST", "TRIPSAGE_PORT", "TRIPSAGE_DATA_DIR")


def up(settings: Settings, environ: Mapping[str, str], programs: Sequence[Program] | None = None) -> int:
    """Runs the system, or just these programs, until it is asked to stop.

    Gives the exit code (see `Supervisor.run`). Raises `CannotStart` or `SettingsError`.
    """
    started = time.monotonic()
    with exclusive(settings.data_dir) as lock:
        require_free_ports(settings)
        if settings.embedded:
            prepare_valkey(settings)
        if settings.auth == "dev":
            dev_secret(settings.data_dir)
        guard = Guard(lock)
        try:
            return asyncio.run(_up(settings, environ, programs or system(settings), guard, started))
        finally:
            guard.close()


async def _up(
    settings: Settings, environ: Mapping[str, str], programs: Sequence[Program], guard: Guard, started: float
) -> int:
    console = Console(sys.stdout, colour=wants_colour(sys.stdout, environ))
    console.say(f"starting {', '.join(program.name for program in programs)} ...")
    supervisor = Supervisor(programs, environ=child_environment(environ), console=console, guard=guard)

    async def announce() -> None:
        await supervisor.ready()
        title = f"TripSage is ready after {time.monotonic() - started:.1f} s"
        rows, command = banner_rows(settings), next_command(environ)
        console.banner(title, rows, "Ask for a trip in another shell:", command)

    beside = [asyncio.create_task(announce())]
    if settings.embedded:
        beside.append(asyncio.create_task(keep_on_disk(settings.valkey_dir, console.say)))
    try:
        return await supervisor.run()
    finally:
        for task in beside:
            task.cancel()


def banner_rows(settings: Settings) -> dict[str, str]:
    """What a person may want to know while it runs."""
    host = reachable(settings.host)
    state = f"{short(settings.data_dir)}/ (kept between runs)"
    return {
        "Server": f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}",
        "Data": state if settings.embedded else f"{state}; events and jobs in the Redis you named",
        "Stop": "Ctrl-C",
    }


def next_command(environ: Mapping[str, str]) -> str:
    """What to type in another shell, which knows nothing of this one's variables."""
    variables = [f"{name}={shlex.quote(environ[name])}" for name in SHARED_VARIABLES if environ.get(name)]
    return " ".join([*variables, tripsage(), "chat", f'"{EXAMPLE}"'])
