"""The three ways to show a conversation: live in a terminal, as plain lines, as raw events."""

import sys
from typing import Protocol, TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from app.cli.chat.summary import WIDEST, summarise
from app.cli.chat.view import TurnView, task_tree
from app.cli.chat.words import brief, clean, one_line, styled
from app.client import Received, Transcript
from app.contract import events as e

REFRESHES_A_SECOND = 12
PLAIN_WIDTH = 110


class Screen(Protocol):
    """Shows one turn after another: `begin`, each frame with what has come of them all, `end`."""

    def begin(self, transcript: Transcript) -> None: ...

    def received(self, received: Received, transcript: Transcript) -> None: ...

    def pause(self, transcript: Transcript) -> None:
        """Somebody is going to be asked something; `begin` goes on."""
        ...

    def end(self, transcript: Transcript) -> None:
        """Also when the turn was left before its end."""
        ...

    def notice(self, text: str) -> None:
        """Something about the connection, for the person; never among the output."""
        ...


class LiveScreen:
    """For a terminal: redrawn while the turn runs, then printed for good."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None

    def begin(self, transcript: Transcript) -> None:
        self._console.print()
        self._live = Live(
            TurnView(transcript),
            console=self._console,
            refresh_per_second=REFRESHES_A_SECOND,
            transient=True,
            redirect_stderr=False,
        )
        self._live.start()

    def received(self, received: Received, transcript: Transcript) -> None:
        """The view reads the transcript each time it is drawn."""

    def pause(self, transcript: Transcript) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
        self._console.print(task_tree(transcript, "…"))

    def end(self, transcript: Transcript) -> None:
        self.pause(transcript)
        print_outcome(self._console, transcript)

    def notice(self, text: str) -> None:
        if sys.stderr.isatty():
            self._console.print(Text(text, "dim italic"))
        else:
            _to_stderr(text)


class PlainScreen:
    """For a file or a pipe: one line for each thing that begins or ends, without colours."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def begin(self, transcript: Transcript) -> None:
        pass

    def received(self, received: Received, transcript: Transcript) -> None:
        event = received.event
        match event:
            case e.AgentTaskStart():
                self._line("task", f"{event.task_name}: {event.description}")
            case e.AgentTaskComplete():
                self._line("done", transcript.task_name(event.task_id))
            case e.AgentTaskError():
                self._line("fail", f"{transcript.task_name(event.task_id)}: {event.error.message}")
            case e.ToolCallApprovalRequired():
                self._line("wait", f"{event.tool_name} {event.summary or brief(event.parameters)}")
            case e.ToolCallStart():
                self._line("call", f"{event.tool_name} {brief(event.parameters)}")
            case e.ToolCallProgress():
                self._line("...", f"{event.tool_name} {event.progress:.0%} {event.message}")
            case e.ToolCallComplete():
                self._line("back", f"{event.tool_name} {brief(event.result)}")
            case e.ToolCallError():
                self._line("fail", f"{event.tool_name}: {event.error.message}")
            case _:
                pass

    def pause(self, transcript: Transcript) -> None:
        pass

    def end(self, transcript: Transcript) -> None:
        print_outcome(self._console, transcript)

    def notice(self, text: str) -> None:
        _to_stderr(text)

    def _line(self, kind: str, text: str) -> None:
        self._console.print(Text(f"{kind:<4} {one_line(text)}"), soft_wrap=True)


class JsonScreen:
    """The server's events as they came, one a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def begin(self, transcript: Transcript) -> None:
        pass

    def received(self, received: Received, transcript: Transcript) -> None:
        self._stream.write(received.json() + "\n")
        self._stream.flush()

    def pause(self, transcript: Transcript) -> None:
        pass

    def end(self, transcript: Transcript) -> None:
        pass

    def notice(self, text: str) -> None:
        _to_stderr(text)


def print_outcome(console: Console, transcript: Transcript) -> None:
    """The answer, and the result laid out."""
    text = clean(transcript.text).strip()
    if text:
        console.print()
        if console.is_terminal:
            console.print(styled(text), width=min(console.width, WIDEST))
        else:
            console.print(Text(text), soft_wrap=True)
    summary = summarise(transcript.result) if transcript.result else None
    if summary is not None:
        console.print()
        console.print(summary)
    error = transcript.error
    if error is not None and error.code != "CANCELLED" and not text:
        console.print(Text(f"{error.message} ({error.code})", "red"))


def choose_screen(*, as_json: bool, no_colour: bool) -> Screen:
    """The screen that suits what standard output is."""
    if as_json:
        return JsonScreen(sys.stdout)
    console = Console(no_color=no_colour or None, highlight=False)
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveScreen(console)
    return PlainScreen(Console(no_color=True, highlight=False, width=PLAIN_WIDTH))


def _to_stderr(text: str) -> None:
    print(f"tripsage: {text}", file=sys.stderr)
