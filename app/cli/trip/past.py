"""What a trip was, and taking it elsewhere, in a terminal."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.chat.words import one_line
from app.cli.server import Server
from app.cli.trip.manage import FAILED, ask, fetch, own_user, trip_path
from app.cli.trip.news import change_in_words, whole_trip

LOOKED_THROUGH = 200
"""Writes among which one's own last one is looked for."""


def show_history(server: Server, trip_id: str, limit: int, before: int | None) -> int:
    page = _page(server, trip_id, limit, before)
    if page is None:
        return FAILED
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("version", header_style="dim", justify="right", no_wrap=True)
    for heading in ("when", "who", "what"):
        table.add_column(heading, header_style="dim", no_wrap=heading != "what")
    for write in page["writes"]:
        when = datetime.fromisoformat(write["timestamp"]).astimezone()
        table.add_row(
            str(write["version"]), f"{when:%Y-%m-%d %H:%M}", Text(write["updated_by"], "cyan"), _what(write)
        )
    console = Console(highlight=False)
    console.print(table)
    if page["before"] is not None:
        console.print(Text(f"\nOlder: tripsage trip history {trip_id} --before {page['before']}", "dim"))
    elif page["writes"] and page["writes"][-1]["previous"]:
        console.print(Text("\nWhat was before is no longer kept.", "dim"))
    return 0


def show_version(server: Server, trip_id: str, version: int) -> int:
    found = ask(server, "GET", f"{trip_path(trip_id)}/versions/{version}")
    if found is None:
        return FAILED
    console = Console(highlight=False)
    console.print(Text(f"Version {found['version']}\n", "dim"))
    console.print(whole_trip(found, (), ()))
    return 0


def undo(server: Server, trip_id: str, version: int | None) -> int:
    if version is None:
        page = _page(server, trip_id, LOOKED_THROUGH, None)
        if page is None:
            return FAILED
        version = last_of(page["writes"], own_user(server))
    if version is None:
        print("tripsage: There is nothing of yours to take back.", file=sys.stderr)
        return FAILED
    done = ask(server, "POST", f"{trip_path(trip_id)}/undo", {"version": version})
    if done is None:
        return FAILED
    if not done["written"]:
        print(f"Nothing to do: what version {version} changed is as it was before.")
    else:
        print(f"Taken back version {version}: the trip is at version {done['version']} now")
    return 0


def last_of(newest_first: list[dict[str, Any]], user: str) -> int | None:
    """The version of the user's last write that is not taken back, of those that can be."""
    undone = {write.get("undoes") for write in newest_first}
    for write in newest_first:
        mine = write["updated_by"] == user and write["previous"] and not write.get("undoes")
        if mine and write["version"] not in undone:
            return write["version"]
    return None


def duplicate(server: Server, trip_id: str, name: str | None) -> int:
    """Prints the id and nothing else, so that a shell can take it."""
    made = ask(server, "POST", f"{trip_path(trip_id)}/duplicate", {"name": name})
    if made is None:
        return FAILED
    print(made["id"])
    return 0


def export(server: Server, trip_id: str, kind: str, output: str | None) -> int:
    content = fetch(server, f"{trip_path(trip_id)}/export.{kind}")
    if content is None:
        return FAILED
    if output is None:
        sys.stdout.buffer.write(content if content.endswith(b"\n") else content + b"\n")
        sys.stdout.flush()
        return 0
    try:
        Path(output).write_bytes(content)
    except OSError as error:
        print(f"tripsage: {output} cannot be written: {error.strerror}", file=sys.stderr)
        return FAILED
    return 0


def _page(server: Server, trip_id: str, limit: int, before: int | None) -> dict[str, Any] | None:
    cursor = "" if before is None else f"&before={before}"
    return ask(server, "GET", f"{trip_path(trip_id)}/history?limit={limit}{cursor}")


def _what(write: dict[str, Any]) -> Text:
    if not write["previous"]:
        return Text("made the trip")
    told = "; ".join(
        change_in_words(each["field"], each["old_value"], each["new_value"]) for each in write["changes"]
    )
    undoes = f"took back version {write['undoes']}: " if write.get("undoes") else ""
    return Text.assemble((undoes, "dim"), one_line(told))
