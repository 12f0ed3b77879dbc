"""Trips as a list: made, named and shared without opening them."""

import asyncio
import sys
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from app.cli.chat.words import one_line
from app.cli.server import Server
from app.client.rest import Done, Refused, Rest, Unanswered

FAILED = 1
MAY: dict[str, list[str]] = {
    "read": ["read"],
    "write": ["read", "write"],
    "admin": ["read", "write", "admin"],
}


def list_trips(server: Server, search: str) -> int:
    trips: list[dict[str, Any]] = []
    query = {"limit": "200", **({"search": search} if search else {})}
    while True:
        page = ask(server, "GET", f"/api/trips?{urlencode(query)}")
        if page is None:
            return FAILED
        trips += page["trips"]
        if page["after"] is None:
            break
        query["after"] = page["after"]
    console = Console(highlight=False)
    if not trips and search:
        console.print(f"None of your trips has [cyan]{escape(search)}[/] in its name.")
        return 0
    if not trips:
        console.print('No trips yet: [cyan]tripsage trip new "Spring in Lisbon"[/] makes one.')
        return 0
    longest = max(len(trip["id"]) for trip in trips)
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("id", header_style="dim", no_wrap=True, min_width=longest)
    for heading in ("name", "dates", "you may"):
        table.add_column(heading, header_style="dim")
    for trip in trips:
        dates = "–".join(filter(None, (trip["start_date"], trip["end_date"])))
        table.add_row(trip["id"], Text(one_line(trip["name"])), dates, _role(trip))
    console.print(table)
    return 0


def _role(trip: dict[str, Any]) -> str:
    return "owner" if trip["owner"] else trip["permissions"][-1]


def new_trip(server: Server, name: str) -> int:
    """Prints the id and nothing else, so that a shell can take it."""
    made = ask(server, "POST", "/api/trips", {"name": name})
    if made is None:
        return FAILED
    print(made["id"])
    return 0


def share_trip(server: Server, trip_id: str, user: str, permission: str) -> int:
    path = f"{trip_path(trip_id)}/collaborators"
    given = ask(server, "POST", path, {"user_id": user, "permissions": MAY[permission]})
    if given is None:
        return FAILED
    print(f"{user} may {', '.join(MAY[permission])}")
    return 0


def unshare_trip(server: Server, trip_id: str, user: str) -> int:
    if ask(server, "DELETE", f"{trip_path(trip_id)}/collaborators/{quote(user)}") is None:
        return FAILED
    print(f"{user} may nothing any more")
    return 0


def leave_trip(server: Server, trip_id: str) -> int:
    if ask(server, "DELETE", f"{trip_path(trip_id)}/collaborators/{quote(own_user(server))}") is None:
        return FAILED
    print(f"You have left {trip_id}")
    return 0


def hand_over_trip(server: Server, trip_id: str, user: str) -> int:
    if ask(server, "POST", f"{trip_path(trip_id)}/hand-over", {"user_id": user}) is None:
        return FAILED
    print(f"{user} owns {trip_id} now; you are an admin of it")
    return 0


def trip_path(trip_id: str) -> str:
    return f"/api/trips/{quote(trip_id, safe='')}"


def ask(server: Server, method: str, path: str, body: Any = None) -> dict[str, Any] | None:
    """The answer; None where there is none, which has been said."""
    reply = asyncio.run(_reply(server, method, path, b"" if body is None else msgspec.json.encode(body)))
    if isinstance(reply, Done):
        return reply.body
    _say_why(server, reply)
    return None


def fetch(server: Server, path: str) -> bytes | None:
    """A file; None where there is none, which has been said."""
    got = asyncio.run(_fetch(server, path))
    if isinstance(got, bytes):
        return got
    _say_why(server, got)
    return None


def _say_why(server: Server, reply: Refused | Unanswered) -> None:
    if isinstance(reply, Refused):
        print(f"tripsage: {reply.error.message}", file=sys.stderr)
    else:
        print(f"tripsage: Nothing answers at {server.url}: is TripSage running?", file=sys.stderr)


def own_user(server: Server) -> str:
    """Whom the token names; the server is the one that checks it."""
    import jwt  # slow to load

    claims: dict[str, Any] = jwt.decode(asyncio.run(_bearer(server)), options={"verify_signature": False})
    return str(claims.get("sub", ""))


async def _bearer(server: Server) -> str:
    return server.token if isinstance(server.token, str) else await server.token()


async def _reply(server: Server, method: str, path: str, body: bytes) -> Done | Refused | Unanswered:
    async with _rest(server) as rest:
        return await rest.ask(method, path, body)


async def _fetch(server: Server, path: str) -> bytes | Refused | Unanswered:
    async with _rest(server) as rest:
        return await rest.fetch(path)


def _rest(server: Server) -> Rest:
    async def bearer(*, renewed: bool) -> str:
        return await _bearer(server)

    return Rest(server.url, bearer)
