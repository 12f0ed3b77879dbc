"""Invitations to a trip: made, listed, withdrawn and taken."""

import sys
from datetime import datetime
from urllib.parse import quote

from rich.console import Console
from rich.table import Table

from app.cli.invoked import tripsage
from app.cli.server import Server
from app.cli.trip.manage import FAILED, MAY, ask, trip_path


def invite(
    server: Server, trip_id: str, *, may: str, uses: int, days: int, listing: bool, withdraw: str | None
) -> int:
    path = f"{trip_path(trip_id)}/invitations"
    if listing:
        return _list(server, path)
    if withdraw is not None:
        if ask(server, "DELETE", f"{path}/{quote(withdraw, safe='')}") is None:
            return FAILED
        print("Withdrawn: nobody can take it any more")
        return 0
    order = {"permissions": MAY[may], "uses": uses, "expires_in": days * 24 * 3600}
    made = ask(server, "POST", path, order)
    if made is None:
        return FAILED
    print(made["code"])
    people = "one person" if uses == 1 else f"{uses} people"
    print(
        f"Lets {people} {', '.join(MAY[may])} until {_shown(made['expires_at'])}: "
        f"{tripsage()} trip accept CODE. It is not shown again.",
        file=sys.stderr,
    )
    return 0


def accept(server: Server, code: str) -> int:
    taken = ask(server, "POST", "/api/invitations/accept", {"code": code})
    if taken is None:
        return FAILED
    print(f"You may {', '.join(taken['permissions'])}: {tripsage()} trip edit {taken['trip_id']}")
    return 0


def _list(server: Server, path: str) -> int:
    found = ask(server, "GET", path)
    if found is None:
        return FAILED
    if not found["invitations"]:
        print("No open invitations.")
        return 0
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("id", header_style="dim", no_wrap=True, min_width=32)
    for heading in ("may", "by", "used", "until"):
        table.add_column(heading, header_style="dim", no_wrap=True)
    for each in found["invitations"]:
        used = f"{each['used']} of {each['uses']}"
        table.add_row(
            each["invitation_id"],
            each["permissions"][-1],
            each["created_by"],
            used,
            _shown(each["expires_at"]),
        )
    Console(highlight=False).print(table)
    return 0


def _shown(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone():%d %b %Y %H:%M}"
