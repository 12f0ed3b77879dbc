# pyright: reportUnknownMemberType=false
# rich-click's decorators leave their argument open.
"""`tripsage trip` and its options. What a command needs is imported when it runs, so that help is instant."""

import os
from typing import Any

import rich_click as click

from app.cli.options import load_settings, to_a_server

MAY = click.option("--may", type=click.Choice(["read", "write", "admin"]), default="write", show_default=True)


@click.group()
def trip() -> None:
    """Edit trips together with others.

    \b
    [cyan]TRIP=$(tripsage trip new "Spring in Lisbon")[/]
    [cyan]tripsage trip share $TRIP bob[/]
    [cyan]tripsage trip edit $TRIP[/]              in one shell, and
    [cyan]tripsage trip edit $TRIP --user bob[/]   in another

    [cyan]tripsage trip history[/], [cyan]at[/] and [cyan]undo[/] look back; [cyan]duplicate[/] and
    [cyan]export[/] take a trip elsewhere.

    Whoever has the code of [cyan]tripsage trip invite[/] lets themself in with [cyan]tripsage trip accept[/].
    """


@trip.command("list")
@click.option("--search", default="", metavar="TEXT", help="Only those with this in their name.")
@to_a_server
@click.pass_context
def list_trips(context: click.Context, search: str, url: str | None, token: str | None, user: str) -> None:
    """Name the trips that you may open."""
    from app.cli.server import Server
    from app.cli.trip.manage import list_trips

    context.exit(list_trips(Server.find(load_settings(), url, token, user), search))


@trip.command("new")
@click.argument("name")
@to_a_server
@click.pass_context
def new_trip(context: click.Context, name: str, url: str | None, token: str | None, user: str) -> None:
    """Make a trip and print its id."""
    from app.cli.server import Server
    from app.cli.trip.manage import new_trip

    context.exit(new_trip(Server.find(load_settings(), url, token, user), name))


@trip.command("share")
@click.argument("trip_id", metavar="TRIP")
@click.argument("with_user", metavar="USER")
@MAY
@click.option("--stop", is_flag=True, help="Take everything away from them again.")
@to_a_server
@click.pass_context
def share_trip(
    context: click.Context,
    trip_id: str,
    with_user: str,
    may: str,
    stop: bool,
    url: str | None,
    token: str | None,
    user: str,
) -> None:
    """Let somebody else read or write a trip."""
    from app.cli.server import Server
    from app.cli.trip.manage import share_trip, unshare_trip

    server = Server.find(load_settings(), url, token, user)
    context.exit(
        unshare_trip(server, trip_id, with_user) if stop else share_trip(server, trip_id, with_user, may)
    )


@trip.command("invite")
@click.argument("trip_id", metavar="TRIP")
@MAY
@click.option("--uses", default=1, show_default=True, type=click.IntRange(1, 100), help="How many people.")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 30), help="How long it is good.")
@click.option("--list", "listing", is_flag=True, help="Show the trip's open invitations instead.")
@click.option("--withdraw", metavar="ID", help="Withdraw an open invitation instead.")
@to_a_server
@click.pass_context
def invite_to_trip(
    context: click.Context,
    trip_id: str,
    url: str | None,
    token: str | None,
    user: str,
    **options: Any,
) -> None:
    """Print a code that lets whoever has it into a trip."""
    from app.cli.server import Server
    from app.cli.trip.invitations import invite

    context.exit(invite(Server.find(load_settings(), url, token, user), trip_id, **options))


@trip.command("accept")
@click.argument("code")
@to_a_server
@click.pass_context
def accept_invitation(
    context: click.Context, code: str, url: str | None, token: str | None, user: str
) -> None:
    """Take an invitation."""
    from app.cli.server import Server
    from app.cli.trip.invitations import accept

    context.exit(accept(Server.find(load_settings(), url, token, user), code))


@trip.command("leave")
@click.argument("trip_id", metavar="TRIP")
@to_a_server
@click.pass_context
def leave_trip(context: click.Context, trip_id: str, url: str | None, token: str | None, user: str) -> None:
    """Have no more part in a trip. Its owner hands it over first."""
    from app.cli.server import Server
    from app.cli.trip.manage import leave_trip

    context.exit(leave_trip(Server.find(load_settings(), url, token, user), trip_id))


@trip.command("hand-over")
@click.argument("trip_id", metavar="TRIP")
@click.argument("to_user", metavar="USER")
@to_a_server
@click.pass_context
def hand_over_trip(
    context: click.Context, trip_id: str, to_user: str, url: str | None, token: str | None, user: str
) -> None:
    """Make a collaborator the trip's owner, and yourself an admin."""
    from app.cli.server import Server
    from app.cli.trip.manage import hand_over_trip

    context.exit(hand_over_trip(Server.find(load_settings(), url, token, user), trip_id, to_user))


@trip.command("edit")
@click.argument("trip_id", metavar="TRIP")
@click.option("--no-color", is_flag=True, help="No colours; so does the variable NO_COLOR.")
@to_a_server
@click.pass_context
def edit_trip(
    context: click.Context, trip_id: str, no_color: bool, url: str | None, token: str | None, user: str
) -> None:
    """Open a trip: see everybody's edits as they are made, and make your own.

    What you type is shown and sent at once. Where somebody changed the same thing before you, nothing is
    overwritten: you are asked whose value is to stand. [cyan]help[/] at the prompt says what can be typed.
    """
    from app.cli.server import Server
    from app.cli.trip.run import edit_trip
    from app.client import Client

    server = Server.find(load_settings(), url, token, user)
    client = Client(server.url, token=server.token)
    no_colour = no_color or bool(os.environ.get("NO_COLOR"))
    context.exit(edit_trip(client, trip_id, no_colour=no_colour, explain=server.explain))


@trip.command("history")
@click.argument("trip_id", metavar="TRIP")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200), help="How many writes.")
@click.option("--before", metavar="VERSION", type=click.IntRange(1), help="Go on before this version.")
@to_a_server
@click.pass_context
def history(
    context: click.Context,
    trip_id: str,
    limit: int,
    before: int | None,
    url: str | None,
    token: str | None,
    user: str,
) -> None:
    """Show who changed what and when, newest first."""
    from app.cli.server import Server
    from app.cli.trip.past import show_history

    context.exit(show_history(Server.find(load_settings(), url, token, user), trip_id, limit, before))


@trip.command("at")
@click.argument("trip_id", metavar="TRIP")
@click.argument("version", type=click.IntRange(1))
@to_a_server
@click.pass_context
def at(
    context: click.Context, trip_id: str, version: int, url: str | None, token: str | None, user: str
) -> None:
    """Show a trip as it was at a version of its history."""
    from app.cli.server import Server
    from app.cli.trip.past import show_version

    context.exit(show_version(Server.find(load_settings(), url, token, user), trip_id, version))


@trip.command("undo")
@click.argument("trip_id", metavar="TRIP")
@click.argument("version", type=click.IntRange(1), required=False)
@to_a_server
@click.pass_context
def undo(
    context: click.Context, trip_id: str, version: int | None, url: str | None, token: str | None, user: str
) -> None:
    """Take back your change of VERSION, or the planner's; without it, your last one.

    Where somebody has changed the same since, nothing is written.
    """
    from app.cli.server import Server
    from app.cli.trip.past import undo

    context.exit(undo(Server.find(load_settings(), url, token, user), trip_id, version))


@trip.command("duplicate")
@click.argument("trip_id", metavar="TRIP")
@click.option("--name", metavar="NAME", help="What to call it (default: the same).")
@to_a_server
@click.pass_context
def duplicate(
    context: click.Context, trip_id: str, name: str | None, url: str | None, token: str | None, user: str
) -> None:
    """Make a trip of your own like this one, and print its id."""
    from app.cli.server import Server
    from app.cli.trip.past import duplicate

    context.exit(duplicate(Server.find(load_settings(), url, token, user), trip_id, name))


@trip.command("export")
@click.argument("trip_id", metavar="TRIP")
@click.option("--as", "kind", type=click.Choice(["ics", "json"]), default="ics", show_default=True)
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False), help="Instead of printing it.")
@to_a_server
@click.pass_context
def export(
    context: click.Context,
    trip_id: str,
    kind: str,
    output: str | None,
    url: str | None,
    token: str | None,
    user: str,
) -> None:
    """Write a trip as a calendar, or as JSON that makes the same trip again.

    [cyan]tripsage trip export TRIP --output lisbon.ics[/]
    """
    from app.cli.server import Server
    from app.cli.trip.past import export

    context.exit(export(Server.find(load_settings(), url, token, user), trip_id, kind, output))
