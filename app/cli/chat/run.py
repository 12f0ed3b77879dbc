"""The command: finds out who and where, connects, and goes through one turn after another."""

import asyncio
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.chat.conversation import Conversation, Interrupts, ReadResult
from app.cli.chat.prompt import confirm, terminal_restored
from app.cli.chat.screens import JsonScreen, Screen, choose_screen
from app.cli.chat.snapshot import read_result
from app.cli.errors import CannotStart
from app.cli.server import Server
from app.client import (
    Client,
    ClientError,
    Connected,
    Disconnected,
    Notice,
    Turn,
)
from app.contract.ids import CLIENT_ID_PATTERN
from app.settings import Settings

FAILED, INTERRUPTED = 1, 130


@dataclass(frozen=True, slots=True)
class ChatOptions:
    """What was typed behind `tripsage chat`."""

    message: str | None
    session: str | None
    go_on: bool
    url: str | None
    token: str | None
    user: str
    as_json: bool
    no_color: bool


def chat(settings: Settings, options: ChatOptions, environ: Mapping[str, str]) -> int:
    """The exit code: 0 when the (last) turn was done, 1 when it failed, 130 when it was cancelled.

    Raises `CannotStart` for options that cannot be used.
    """
    server = Server.find(settings, options.url, options.token, options.user)
    session_id = _session(settings, options)
    message = _message(options)
    no_colour = options.no_color or bool(environ.get("NO_COLOR"))
    screen = choose_screen(as_json=options.as_json, no_colour=no_colour)
    client = Client(
        server.url, token=server.token, session_id=session_id, on_notice=lambda notice: _tell(screen, notice)
    )

    async def read(turn: Turn) -> dict[str, Any] | None:
        return await read_result(server.url, server.token, turn.session_id, turn.id)

    with terminal_restored():
        try:
            return asyncio.run(_chat(client, read, message, screen, settings, colour=not no_colour))
        except ClientError as error:
            print(f"tripsage: {server.explain(error)}", file=sys.stderr)
            return FAILED


async def _chat(
    client: Client,
    read: ReadResult,
    message: str | None,
    screen: Screen,
    settings: Settings,
    *,
    colour: bool,
) -> int:
    this = asyncio.current_task()
    assert this is not None
    interrupts = Interrupts(leave=this.cancel)
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupts)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    try:
        async with client:
            _remember(settings, client.session_id)
            someone = sys.stdin.isatty() and not isinstance(screen, JsonScreen)
            conversation = Conversation(client, screen, interrupts, read, confirm if someone else None)
            if message is not None:
                return await conversation.turn(message)
            return await conversation.go_on(colour=colour)
    except asyncio.CancelledError:
        return INTERRUPTED


def _tell(screen: Screen, notice: Notice) -> None:
    match notice:
        case Disconnected(reason=reason, retry_in=retry_in):
            screen.notice(f"{reason.rstrip('.')}; trying again in {retry_in:.1f} s")
        case Connected(again=True):
            screen.notice("connected again, nothing was missed")
        case Connected():
            pass


def _session(settings: Settings, options: ChatOptions) -> str | None:
    if not options.go_on:
        if options.session and not re.search(CLIENT_ID_PATTERN, options.session):
            raise CannotStart("--session: an id has 1 to 64 of the characters A-Z, a-z, 0-9, _ and -")
        return options.session
    if options.session:
        raise CannotStart("--session and --continue both name a session: use one of them")
    try:
        return _last_session(settings).read_text().strip()
    except OSError:
        raise CannotStart("There is no session to continue yet: leave out --continue") from None


def _remember(settings: Settings, session_id: str) -> None:
    """Keeps the session for --continue, where there is a data directory to keep it in."""
    if settings.data_dir.is_dir():
        _last_session(settings).write_text(session_id + "\n")


def _last_session(settings: Settings) -> Path:
    return settings.data_dir / "last-session"


def _message(options: ChatOptions) -> str | None:
    """What to say; None to ask for it at a prompt."""
    from_stdin = options.message is None and not sys.stdin.isatty()
    message = sys.stdin.read() if from_stdin else options.message
    if message is not None and not message.strip():
        raise CannotStart('Say what you want: tripsage chat "5 days in Lisbon from Berlin in May"')
    return message
