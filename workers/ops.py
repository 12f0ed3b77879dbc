# pyright: reportUnknownMemberType=false
# click's ParamType is generic, and rich-click's decorators leave its argument open.
"""`python -m workers.ops replay TURN`: a turn made again from its journal, and its timeline."""

import asyncio
import os
from collections.abc import Sequence

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.style import click
from app.contract import events as e
from app.contract.ids import session_stream
from app.contract.turn import TurnRequest
from app.domain.ports import Fence
from app.settings import SettingsError, load
from app.streams.client import AWAY
from app.wiring import Services, services
from workers.agent.journal import Journal
from workers.agent.replay import Differences, compare, replay
from workers.agent.timeline import Row, timeline
from workers.agent.transitions import IllegalInput, Phase

SAME, DIFFERENT, NOT_FOUND = 0, 1, 2
BAR = 20  # characters
WHERE_THEY_ARE = (
    "Is the system up? `tripsage up` starts it; TRIPSAGE_REDIS_URL or TRIPSAGE_DATA_DIR say where it is."
)
NEVER = Fence("", 0)  # a journal that is only read writes under no fence


async def run(shared: Services, turn_id: str, session_id: str | None, console: Console) -> int:
    """Prints the timeline of a turn and whether its journal makes the same events again."""
    session_id = session_id or await _session_of(shared, turn_id)
    request = await shared.sessions.turn_request(session_id, turn_id) if session_id else None
    if request is None:
        console.print(f"There is no turn {turn_id} here, or its session was deleted.", markup=False)
        return NOT_FOUND
    recorded = await _events(shared, request)
    console.print(Text(f"{turn_id} in {request.session_id}, of {request.user_id}", "bold"))
    console.print(Text(request.content, "italic"))
    console.print(_table(timeline(request.accepted_at, recorded)))
    journal = Journal(shared.redis, request, NEVER)
    entries, outcomes = await journal.entries(), await journal.outcomes()
    durations = await journal.durations() or {}
    if not entries:
        console.print("Its journal is gone (kept for a week), or not begun.", markup=False)
        return NOT_FOUND
    try:
        made, phase = replay(request, entries, outcomes, durations, request.accepted_at)
    except (IllegalInput, KeyError) as error:
        console.print(Text(f"Its journal is no turn's: {error}", "red"))
        return DIFFERENT
    differences = compare(made, recorded)
    _report(console, len(entries), len(made), phase, differences)
    return SAME if differences.none else DIFFERENT


async def _session_of(shared: Services, turn_id: str) -> str | None:
    """Looks through all keys: for people at a terminal, not for programs."""
    cursor, tail = b"0", f":turn:{turn_id}:request"
    while True:
        found: tuple[bytes, list[bytes]] = await shared.redis.execute_command(
            "SCAN", cursor, "MATCH", "{session:*}" + tail, "COUNT", 1000
        )
        cursor, names = found
        if names:
            return names[0].decode().removeprefix("{session:").removesuffix("}" + tail)
        if int(cursor) == 0:
            return None


async def _events(shared: Services, request: TurnRequest) -> list[e.ServerEvent]:
    """What the stream still has of the turn."""
    stream, events, start = session_stream(request.session_id), list[e.ServerEvent](), 1
    while True:
        page = await shared.log.slice(stream, start, limit=1000)
        for _, frame in page.entries:
            try:
                event = e.decode_event(frame)
            except msgspec.ValidationError:
                continue  # of a later release
            if getattr(event, "turn_id", None) == request.turn_id:
                events.append(event)
        if not page.entries or page.entries[-1][0] >= page.top:
            return events
        start = page.entries[-1][0] + 1


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("at", justify="right", no_wrap=True)
    table.add_column("took", justify="right", no_wrap=True)
    table.add_column("what")  # the first to give way, and with "…" instead of a second line
    table.add_column("when", no_wrap=True)
    table.add_column("outcome", overflow="fold", min_width=7)
    whole = max((row.at + (row.took or 0) for row in rows), default=0)
    for row in rows:
        style = {True: "green", False: "red", None: "dim"}[row.good]
        table.add_row(
            Text(f"{row.at:.3f} s", "dim"),
            Text("" if row.took is None else f"{row.took:.3f} s"),
            Text(
                "  " * row.depth + row.what,
                "dim" if row.what.startswith("agent ") else "",
                no_wrap=True,
                overflow="ellipsis",
            ),
            Text(_bar(row, whole), style),
            Text(row.said, style),
        )
    return table


def _bar(row: Row, whole: float) -> str:
    """Where in the `whole` seconds of the turn it was, so that what ran in parallel is seen to."""
    if row.took is None or not whole:
        return ""
    begin = min(round(row.at / whole * BAR), BAR - 1)
    return " " * begin + "━" * max(1, round((row.at + row.took) / whole * BAR) - begin)


def _report(console: Console, entries: int, made: int, phase: Phase, differences: Differences) -> None:
    told = f"{entries} decisions make {made} events again; the turn is {phase.value}."
    if differences.none:
        console.print(Text(f"✓ {told} They are those on the stream.", "green"))
        return
    console.print(Text(f"✗ {told} They are not those on the stream.", "red"))
    named = {
        "only made again": differences.missing,
        "only on the stream": differences.unexplained,
        "made differently": differences.changed,
    }
    for how, names in named.items():
        for name in names:
            console.print(Text(f"  {how}: {name}"))
    if differences.out_of_order:
        console.print(Text("  in another order"))


@click.group(name="tripsage ops", context_settings={"help_option_names": ["-h", "--help"]})
def ops() -> None:
    """Look into what happened."""


@ops.command("replay")
@click.argument("turn")
@click.option("--session", metavar="ID", help="Its session; without it all are looked through.")
@click.pass_context
def replay_turn(context: click.Context, turn: str, session: str | None) -> None:
    """Make a turn again from its journal, and print its timeline.

    TURN is the id of the message that began it. A journal is kept for a week.

    Exit codes: 0 the same events came again, 1 others did, 2 there is nothing to make it from.
    """

    async def replayed() -> int:
        async with services(load(os.environ)) as shared:
            return await run(shared, turn, session, Console())

    try:
        context.exit(asyncio.run(replayed()))
    except SettingsError as error:
        click.echo(f"tripsage: {error}", err=True)
        context.exit(NOT_FOUND)
    except AWAY as error:
        click.echo(f"tripsage: the events are out of reach ({error}). {WHERE_THEY_ARE}", err=True)
        context.exit(NOT_FOUND)


if __name__ == "__main__":
    ops(prog_name="tripsage ops")
