# pyright: reportUnknownMemberType=false
# click's ParamType is generic, and rich-click's decorators leave its argument open.
"""Every command and its options. What a command needs is imported when it runs, so that help is instant."""

import os
import sys
from collections.abc import Sequence
from typing import Any, Literal, NoReturn

from app.cli.errors import CannotStart
from app.cli.options import load_settings
from app.cli.style import click
from app.cli.trip.commands import trip
from app.settings import SettingsError

PASS_ON: dict[str, Any] = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}

click.rich_click.COMMAND_GROUPS = {
    "tripsage": [
        {"name": "Start here", "commands": ["up", "chat", "trip"]},
        {"name": "One process at a time", "commands": ["gateway", "worker", "sandbox"]},
        {"name": "Tools of the trade", "commands": ["tools", "ops", "token", "docs"]},
    ]
}


class Commands(click.RichGroup):
    """Says in one line what a setting or the machine does not allow, and ends with exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (SettingsError, CannotStart) as error:
            print(f"tripsage: {error}", file=sys.stderr)
            sys.exit(2)
        except KeyboardInterrupt:
            sys.exit(130)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tripsage", message="%(prog)s %(version)s")
def tripsage() -> None:
    """Agents plan trips, and everything they do arrives live over one WebSocket.

    Run [cyan]tripsage up[/] in one shell and [cyan]tripsage chat "a week in Porto from Berlin in May"[/] in another.

    Settings are [cyan]TRIPSAGE_*[/] variables; [cyan]tripsage up --help[/] names those that matter first.
    """


@tripsage.command()
@click.pass_context
def up(context: click.Context) -> None:
    """Run the whole system in the foreground: Ctrl-C stops it.

    Starts an embedded Valkey, the gateway, an agent worker, a tool worker and the travel sandbox as
    processes of their own, and starts again whichever dies. A second Ctrl-C stops at once.

    Exit codes: 0 stopped cleanly, 1 something had to be killed, 2 a setting cannot be used, 130 stopped by
    a second Ctrl-C.

    Settings are variables; docs/operating.md has them all. Those that matter first, with their defaults:

    \b
    [cyan]TRIPSAGE_PORT[/]       8000, where the gateway listens
    [cyan]TRIPSAGE_HOST[/]       127.0.0.1, the address it listens on
    [cyan]TRIPSAGE_DATA_DIR[/]   .tripsage, where everything is kept between runs
    [cyan]TRIPSAGE_REDIS_URL[/]  a Redis or Valkey instead of the embedded one
    [cyan]TRIPSAGE_TRAVEL[/]     sandbox; live asks the real providers instead
    [cyan]TRIPSAGE_AUTH[/]       dev; jwt checks tokens with TRIPSAGE_JWT_SECRET
                        or TRIPSAGE_JWKS_URL
    [cyan]TRIPSAGE_TODAY[/]      a fixed date, for demonstrations
    """
    from app.cli.up.run import up as run_up

    context.exit(run_up(load_settings(), os.environ))


@tripsage.command()
def gateway() -> None:
    """Run one gateway: the WebSocket, the REST API and health."""
    settings = load_settings()
    from app.gateway.server import serve
    from app.main import create_app

    serve(settings, create_app(settings))


@tripsage.command()
@click.argument("kind", type=click.Choice(["agents", "tools"]))
def worker(kind: Literal["agents", "tools"]) -> None:
    """Run one worker: [cyan]agents[/] runs turns, [cyan]tools[/] makes the calls that they need.

    Run as many of each as you like; they share the work.
    """
    from app.cli.up.programs import worker_command

    load_settings()
    _become(worker_command(kind))


@tripsage.command(context_settings=PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def sandbox(arguments: Sequence[str]) -> None:
    """Run the travel sandbox: the providers' HTTP APIs with made-up, repeatable answers.

    Further arguments go to it as they are.
    """
    from app.cli.up.programs import sandbox_command

    _become(sandbox_command(load_settings(), *arguments))


@tripsage.command(context_settings=PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def tools(arguments: Sequence[str]) -> None:
    """Name the agents' tools, or run one by hand.

    [cyan]tripsage tools list[/]\n
    [cyan]tripsage tools run flight_search --origin BER --destination LIS --departure-date 2027-05-04[/]
    """
    from app.cli.up.programs import tools_command

    _become((*tools_command(), *arguments))


@tripsage.command(context_settings=PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def ops(arguments: Sequence[str]) -> None:
    """Look into what happened: [cyan]tripsage ops replay TURN[/]."""
    _become((sys.executable, "-m", "workers.ops", *arguments))


@tripsage.command()
@click.option("--user", default="alice", show_default=True, help="Whose token: the [cyan]sub[/] claim.")
@click.option("--name", default=None, help="The name shown to others (default: from the user).")
@click.option("--minutes", default=60, show_default=True, type=click.IntRange(1, 60 * 24 * 365))
def token(user: str, name: str | None, minutes: int) -> None:
    """Print a token to try the API with.

    It is signed with the data directory's own key, or in [cyan]jwt[/] mode with
    [cyan]TRIPSAGE_JWT_SECRET[/]:

    [cyan]curl -H "Authorization: Bearer $(tripsage token)" http://127.0.0.1:8000/api/sessions[/]
    """
    from app.cli.tokens import make_token

    click.echo(make_token(load_settings(), user=user, name=name, minutes=minutes))


@tripsage.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when a page is stale.")
@click.pass_context
def docs(context: click.Context, check: bool) -> None:
    """Write the pages and schemas that are made from the contract."""
    from app.cli.docs import write_docs

    context.exit(write_docs(check=check))


@tripsage.command()
@click.argument("message", required=False)
@click.option("--session", metavar="ID", help="Go on in this session.")
@click.option("--continue", "go_on", is_flag=True, help="Go on in the session used last.")
@click.option("--url", metavar="URL", help="The server (default: that of tripsage up here).")
@click.option("--token", metavar="JWT", envvar="TRIPSAGE_TOKEN", show_envvar=True, help="Who you are.")
@click.option("--user", default="alice", show_default=True, help="Who you are on a development server.")
@click.option("--json", "as_json", is_flag=True, help="Print the server's events as they are, one a line.")
@click.option("--no-color", is_flag=True, help="No colours; so does the variable NO_COLOR.")
@click.pass_context
def chat(context: click.Context, **options: Any) -> None:
    """Ask for a trip and watch it being planned.

    Without a MESSAGE it is a conversation in one session. Ctrl-C cancels the turn that runs, a second one
    leaves. A lost connection is taken up again by itself, without a gap.

    Exit codes: 0 done, 1 the turn failed, 2 a setting cannot be used, 130 cancelled.

    \b
    [cyan]tripsage chat "5 days in Lisbon from Berlin in May for 2 under 1500 EUR"[/]
    [cyan]tripsage chat --continue "make it cheaper"[/]
    [cyan]tripsage chat --json "How much is 200 USD in EUR?" | jq .type[/]
    """
    from app.cli.chat.run import ChatOptions
    from app.cli.chat.run import chat as run_chat

    context.exit(run_chat(load_settings(), ChatOptions(**options), os.environ))


tripsage.add_command(trip)


def _become(command: tuple[str, ...]) -> NoReturn:
    """Replaces this process, so that signals and exit codes are the program's own."""
    from app.cli.up.programs import child_environment

    sys.stdout.flush()
    os.execve(command[0], command, child_environment(os.environ))  # noqa: S606  # our own interpreter and modules
