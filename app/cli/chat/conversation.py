"""Turns in one session, one after another, and what Ctrl-C means in each moment."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from app.cli.chat.prompt import ask
from app.cli.chat.screens import Screen
from app.cli.chat.words import brief, one_line
from app.client import Client, CommandRefused, HistoryLost, Transcript, Turn
from app.client.transcript import Call

Confirm = Callable[[str], Awaitable[bool | None]]
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
    """`read_result` reads the result of a turn whose events are gone; None while there is none.

    `confirm` asks the person about a call that waits for approval; None where nobody can be asked.
    """

    def __init__(
        self,
        client: Client,
        screen: Screen,
        interrupts: Interrupts,
        read_result: ReadResult,
        confirm: Confirm | None = None,
    ) -> None:
        self._confirm = confirm
        self._question: asyncio.Task[None] | None = None
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
            self._withdraw()
            self._screen.end(transcript)
            for task in cancelling:
                task.cancel()
            await asyncio.gather(*cancelling, return_exceptions=True)
        return exit_code(transcript)

    async def _follow(self, turn: Turn, transcript: Transcript) -> None:
        while not transcript.ended:
            try:
                async for received in turn.received():
                    if self._withdraw():
                        self._screen.begin(transcript)
                    if received.event is not None:
                        transcript.add(received.event)
                    self._screen.received(received, transcript)
                    if transcript.status == "waiting" and transcript.waiting:
                        self._ask(turn, transcript)
            except HistoryLost:
                self._screen.notice("some of what happened meanwhile is no longer in the server's history")
                result = await self._read_result(turn)
                if result is not None:
                    transcript.conclude(result)

    def _ask(self, turn: Turn, transcript: Transcript) -> None:
        if self._confirm is None:
            self._screen.notice("this waits for a decision: answer it in a terminal, or over the API")
            return
        self._screen.pause(transcript)
        self._question = asyncio.create_task(self._decide(turn, transcript.waiting, self._confirm))

    def _withdraw(self) -> bool:
        """Whether somebody was being asked: the turn goes on, so their answer is in, or no longer wanted."""
        question, self._question = self._question, None
        if question is not None:
            question.cancel()
        return question is not None

    async def _decide(self, turn: Turn, calls: list[Call], confirm: Confirm) -> None:
        for call in calls:
            said = one_line(call.message) or brief(call.parameters)
            approved = await confirm(f"Shall {one_line(call.name)} be done? {said}")
            if approved is None:
                return
            try:
                await turn.decide(call.id, "approve" if approved else "reject")
            except CommandRefused as error:
                self._screen.notice(str(error))


def exit_code(transcript: Transcript) -> int:
    if transcript.finish_reason == "cancelled":
        return CANCELLED
    failed = transcript.status == "error" or transcript.finish_reason in ("error", "limit")
    return FAILED if failed else DONE
