"""A turn as the one who asked for it follows it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from app.client.errors import ClientError, HistoryLost
from app.client.frames import Received
from app.client.transcript import Transcript
from app.contract import commands as c
from app.contract.events import AgentStatusUpdate, ServerEvent

Send = Callable[[c.ClientCommand], Awaitable[object]]
TURN_ENDS = ("idle", "error")


class Feed:
    """Frames that wait for one reader, as an iterator that can be taken up again after an error."""

    def __init__(
        self, wanted: Callable[[Received], bool], stream: str | None, on_close: Callable[["Feed"], None]
    ) -> None:
        self._wanted = wanted
        self._stream = stream
        self._on_close = on_close
        self._closed = False
        self._queue: asyncio.Queue[Received | ClientError | None] = asyncio.Queue()

    def put(self, received: Received) -> None:
        if self._wanted(received):
            self._queue.put_nowait(received)

    def tell(self, stream: str, error: ClientError) -> None:
        """The reader of that stream gets the error in its place; a loss matters to a reader of all streams too."""
        if self._stream == stream or (self._stream is None and isinstance(error, HistoryLost)):
            self._queue.put_nowait(error)

    def fail(self, error: ClientError) -> None:
        """The reader gets this error when it has read what came before."""
        self._queue.put_nowait(error)

    def close(self) -> None:
        """Nothing more comes; what waits can still be read."""
        if self._closed:
            return
        self._closed = True
        self._on_close(self)
        self._queue.put_nowait(None)

    def __aiter__(self) -> "Feed":
        return self

    async def __anext__(self) -> Received:
        item = await self._queue.get()
        if isinstance(item, Received):
            return item
        if not isinstance(item, HistoryLost):
            self._queue.put_nowait(item)  # the end stays the end
        if item is None:
            raise StopAsyncIteration
        raise item


class Turn:
    """One turn of the agent. `id` is the id of the message that began it."""

    def __init__(
        self, send: Send, new_id: Callable[[], str], session_id: str, turn_id: str, feed: Feed
    ) -> None:
        self.id = turn_id
        self.session_id = session_id
        self._send = send
        self._new_id = new_id
        self._feed = feed

    async def received(self) -> AsyncIterator[Received]:
        """The turn's frames, from the user's message to the agent's last status, each once and in order.

        Raises `HistoryLost` where some are gone for good; iterate again for what comes after, or read the
        turn's result over REST. Raises `ConnectionStopped` when the connection is over.
        """
        async for received in self._feed:
            yield received
            event = received.event
            if isinstance(event, AgentStatusUpdate) and event.status in TURN_ENDS:
                self._feed.close()

    async def events(self) -> AsyncIterator[ServerEvent]:
        """As `received`, decoded; types that this client does not know are left out."""
        async for received in self.received():
            if received.event is not None:
                yield received.event

    async def finished(self) -> Transcript:
        """Follows the turn to its end and gives what it came to. Raises as `received` does."""
        transcript = Transcript(self.id)
        async for event in self.events():
            transcript.add(event)
        return transcript

    async def cancel(self) -> None:
        """Asks the server to stop this turn; its last events follow. Raises as `Client.send` does."""
        await self._send(c.CancelTurn(id=self._new_id(), session_id=self.session_id, message_id=self.id))

    async def decide(
        self, tool_call_id: str, decision: c.Decision, parameters: dict[str, Any] | None = None
    ) -> None:
        """Approves or rejects a call that waits, or has it made with other parameters (`change`).

        Raises as `Client.send` does: `CommandRefused` for a call that waits no more.
        """
        await self._send(
            c.DecideToolCall(
                id=self._new_id(),
                session_id=self.session_id,
                tool_call_id=tool_call_id,
                decision=decision,
                parameters=parameters,
            )
        )

    def close(self) -> None:
        """Stops listening before the turn has ended."""
        self._feed.close()


def of_turn(turn_id: str) -> Callable[[Received], bool]:
    """Whether a frame belongs to this turn: its events, and the message that began it."""
    return lambda received: received.turn_id == turn_id or received.id == turn_id
