"""`tripsage trip edit`: a prompt for one's own edits, and above it what everybody does."""

import asyncio
import contextlib
import importlib
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from app.cli.chat.prompt import PLAIN_PROMPT, PROMPT, ask, terminal_restored
from app.cli.trip.news import conflict_lines, news_of, who, whole_trip
from app.cli.trip.orders import HELP, NotUnderstood, Order, Say, Settle, Write, read_order, typed
from app.client import Client, ClientError, CommandRefused
from app.client.trips import Conflict, EditConflicted, EditRefused, TripSession, Update
from app.contract.ids import trip_stream

FAILED = 1


def edit_trip(client: Client, trip_id: str, *, no_colour: bool, explain: Callable[[ClientError], str]) -> int:
    """The exit code: 0 when the person left, 1 when the trip could not be opened or went away."""
    console = Console(no_color=no_colour or None, highlight=False)
    with terminal_restored():
        try:
            asyncio.run(_edit(client, trip_id, console))
        except ClientError as error:
            missing = isinstance(error, CommandRefused) and error.error.code == "NOT_FOUND"
            why = f"There is no trip {trip_id} that you may open." if missing else explain(error)
            print(f"tripsage: {why}", file=sys.stderr)
            return FAILED
    return 0


async def _edit(client: Client, trip_id: str, console: Console) -> None:
    async with client, TripSession(client, trip_id) as trip:
        editor = Editor(trip, console)
        console.print(Text(f"{trip.trip['name']}, as {client.user_id}. help says what can be done.\n", "dim"))
        editor.show()
        try:
            async with asyncio.TaskGroup() as group:
                told = group.create_task(editor.tell(client, trip_id))
                watching = group.create_task(editor.watch())
                await editor.take_orders()
                told.cancel()
                watching.cancel()
        except BaseExceptionGroup as ended:
            raise ended.exceptions[0] from None  # what ended it ended all of them


class Editor:
    """One person at one trip."""

    def __init__(self, trip: TripSession, console: Console) -> None:
        self._trip = trip
        self._console = console
        self._asked: set[str] = set()
        self._names: dict[str, str] = {}
        self._working: set[asyncio.Task[None]] = set()

    def show(self) -> None:
        self._console.print(whole_trip(self._trip.trip, self._trip.pending, self._trip.collaborators))

    async def take_orders(self) -> None:
        """Until the person leaves; what is on its way is waited for."""
        while (line := await ask(colour=self._console.is_terminal)) is not None:
            try:
                order = read_order(line, self._trip.trip, self._trip.new_id)
                if order == Say("quit"):
                    break
                self._carry_out(order)
            except NotUnderstood as error:
                self._console.print(Text(str(error), "yellow"))
        await asyncio.gather(*self._working)

    async def tell(self, client: Client, trip_id: str) -> None:
        """Prints what others do."""
        async for received in client.listen(stream=trip_stream(trip_id)):
            self._names |= {each.user_id: each.user_name for each in self._trip.collaborators}
            news = news_of(received.event, self._trip.client_id, client.user_id, self._names)
            if news is not None and getattr(received.event, "trip_id", None) == trip_id:
                self._above_prompt(news)

    async def watch(self) -> None:
        """Asks about conflicts as they come; raises what ends the session."""
        async for trip in self._trip.watch():
            self._asked &= {conflict.conflict_id for conflict in trip.conflicts}
            for conflict in trip.conflicts:
                if conflict.conflict_id not in self._asked:
                    self._asked.add(conflict.conflict_id)
                    self._above_prompt(conflict_lines(conflict))

    def _carry_out(self, order: Order) -> None:
        match order:
            case Write(values):
                self._await(self._trip.update(values))
            case Settle():
                self._settle(order)
            case Say("undo"):
                update = self._trip.undo()
                if update is None:
                    raise NotUnderstood("There is nothing of yours to undo.")
                self._await(update)
            case Say("who"):
                self._console.print(who(self._trip.collaborators))
            case Say("help"):
                self._console.print(Text(HELP, "dim"))
            case Say():
                self.show()

    def _settle(self, order: Settle) -> None:
        if not self._trip.conflicts:
            raise NotUnderstood("There is no conflict to settle.")
        conflict: Conflict = self._trip.conflicts[0]
        value: Any = typed(conflict.field, order.value) if order.choice == "manual" else None
        self._await(self._trip.settle(conflict.conflict_id, order.choice, value))

    def _await(self, update: Update) -> None:
        task = asyncio.create_task(self._report(update.confirmed()))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _report(self, confirmed: Awaitable[int]) -> None:
        try:
            version = await confirmed
        except EditConflicted:
            return  # `watch` asks
        except EditRefused as error:
            self._above_prompt(Text(f"not written: {error.error.message}", "red"))
        except ClientError:
            return  # the session is over, and says so itself
        else:
            self._above_prompt(Text(f"✓ version {version}", "green"))

    def _above_prompt(self, line: RenderableType) -> None:
        """Prints, and draws the prompt again with what was typed so far."""
        if not self._console.is_terminal:
            self._console.print(line)
            return
        self._console.file.write("\r\x1b[K")
        self._console.print(line)
        typed_so_far = ""
        with contextlib.suppress(ImportError):
            typed_so_far = importlib.import_module("readline").get_line_buffer()
        prompt = PROMPT if self._console.is_terminal else PLAIN_PROMPT
        self._console.file.write(prompt.strip("\n").replace("\x01", "").replace("\x02", "") + typed_so_far)
        self._console.file.flush()
