"""Turns in one session, one after another, and what Ctrl-C means in each moment."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from app.cli.chat.prompt import ask
from app.cli.chat.screens import Screen
from app.client import Client, CommandRefused, HistoryLost, Transcript, Turn

ReadResult = Callable[[Turn], Awaitable[dict[str, Any] | None]]
DONE, FAILED, CANCELLED = 0, 1, 130


class Interrupts:
    """Called for each Ctrl-C: the first one during a turn cancels the turn, any other leaves."""

    def __init__(self, leave: Callable[[], object]) -> None:
        self._leave = leave
        self._cancel: Callable[[], None] | None = None

    def __call__(self) -> None:
        cancel, self._cancel = self._cancel, None
        if cancel is None:
            self._leave()
        else:
            cancel()

    @contextlib.contextmanager
    def cancel_with(self, cancel: Callable[[], None]) -> Generator[None]:
        self._cancel = cancel
        try:
            yield
        finally:
            self._cancel = None


class Conversation:
    """`read_result` reads the result of a turn whose events are gone; None while there is none."""

    def __init__(
        self, client: Client, screen: Screen, interrupts: Interrupts, read_result: ReadResult
    ) -> None:
        self._client = client
        self._read_result = read_result
        self._screen = screen
        self._interrupts = interrupts

    async def go_on(self, *, colour: bool) -> int:
        """Asks and answers until the person leaves; the exit code is that of the last turn."""
        code = DONE
        while True:
            message = await ask(colour=colour)
            if message is None:
                return code
            try:
                code = await self.turn(message)
            except CommandRefused as error:
                self._screen.notice(str(error))
                code = FAILED

    async def turn(self, message: str) -> int:
        """One turn from the message to its end. Raises what the client raises."""
        turn = await self._client.say(message)
        transcript = Transcript(turn.id)
        cancelling: list[asyncio.Task[None]] = []

        def cancel() -> None:
            self._screen.notice("cancelling ... (Ctrl-C again to leave)")
            cancelling.append(asyncio.create_task(turn.cancel()))

        self._screen.begin(transcript)
        try:
            with self._interrupts.cancel_with(cancel):
                await self._follow(turn, transcript)
        finally:
            turn.close()
            self._screen.end(transcript)
            for task in cancelling:
                task.cancel()
            await asyncio.gather(*cancelling, return_exceptions=True)
        return exit_code(transcript)

    async def _follow(self, turn: Turn, transcript: Transcript) -> None:
        while not transcript.ended:
            try:
                async for received in turn.received():
                    if received.event is not None:
                        transcript.add(received.event)
                    self._screen.received(received, transcript)
            except HistoryLost:
                self._screen.notice("some of what happened meanwhile is no longer in the server's history")
                result = await self._read_result(turn)
                if result is not None:
                    transcript.conclude(result)


def exit_code(transcript: Transcript) -> int:
    if transcript.finish_reason == "cancelled":
        return CANCELLED
    failed = transcript.status == "error" or transcript.finish_reason in ("error", "limit")
    return FAILED if failed else DONE
