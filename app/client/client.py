"""The client: one background task that keeps a connection, and what its user calls."""

import asyncio
import contextlib
import random
import uuid
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from app.client import protocol as p
from app.client.address import socket_address
from app.client.errors import ClientError, CommandRefused, ConnectionStopped, HistoryLost
from app.client.frames import JSON, Format, Received
from app.client.link import Link, Target, Token
from app.client.notices import Notice
from app.client.protocol import ClientProtocol, Cursor
from app.client.reconnect import Reconnection
from app.client.turn import Feed, Turn, of_turn
from app.contract import commands as c
from app.contract import events as e
from app.contract.ids import session_stream

Answer = e.Ack | e.StreamSubscribed


def make_id() -> str:
    return uuid.uuid4().hex


class Client:
    """A connection that lasts: use it as an async context manager.

    `token` is a JWT, or is called for one before the first connection and again when one has run out.
    `session_id` None begins a new session; `cursors` resume streams where an earlier client was (its
    `cursors`). `token_in_header` sends the token on the upgrade instead of in the first frame. `on_notice` is
    called as the connection comes and goes.

    Entering raises `ServerUnreachable` unless a server answers within `patience` seconds,
    `AuthenticationRefused`, `CommandRefused` for a session or stream of somebody else, or
    `ConnectionStopped`. What is not read of a turn or feed is kept in memory.
    """

    def __init__(
        self,
        url: str,
        *,
        token: Token,
        session_id: str | None = None,
        cursors: Mapping[str, Cursor] | None = None,
        format: Format = JSON,
        token_in_header: bool = False,
        patience: float = 0.0,
        on_notice: Callable[[Notice], None] = lambda _: None,
        new_id: Callable[[], str] = make_id,
        fraction: Callable[[], float] = random.random,
    ) -> None:
        self.new_id = new_id
        self.established: e.ConnectionEstablished | None = None
        """What the server said of the latest connection."""
        self._target = Target(socket_address(url), token, token_in_header, format)
        self._patience = patience
        self._on_notice = on_notice
        self._protocol = ClientProtocol(new_id, session_id=session_id, cursors=cursors)
        self._reconnection = Reconnection(fraction)
        self._feeds: list[Feed] = []
        self._answers: dict[str, asyncio.Future[Answer]] = {}
        self._stopped: ClientError | None = None

    # Its life

    async def __aenter__(self) -> Self:
        self._first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._link = Link(
            self._target,
            self._protocol,
            self._reconnection,
            patience=self._patience,
            on_outcome=self._on_outcome,
            on_notice=self._on_notice,
        )
        self._task = asyncio.create_task(self._run())
        try:
            await self._first
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    @property
    def address(self) -> str:
        """The address of the socket."""
        return self._target.address

    @property
    def session_id(self) -> str:
        """The session of this connection, which the server names where the client did not."""
        return self._protocol.session_id or ""

    @property
    def user_id(self) -> str:
        return self.established.user_id if self.established else ""

    @property
    def cursors(self) -> dict[str, Cursor]:
        """Where each stream has been read to: what another client needs to go on from here."""
        return dict(self._protocol.cursors)

    # What it is for

    async def say(
        self, content: str, *, when_busy: c.WhenBusy = "enqueue", message_id: str | None = None
    ) -> Turn:
        """Sends a message in this session. Returns when the server has accepted it.

        Raises `CommandRefused`, `ConnectionStopped`.
        """
        command = c.SendChatMessage(
            id=message_id or self.new_id(),
            session_id=self.session_id,
            content=content,
            metadata=c.MessageMetadata(when_busy=when_busy),
        )
        turn = self.follow(command.id)
        try:
            await self.send(command)
        except BaseException:
            turn.close()
            raise
        return turn

    def follow(self, turn_id: str) -> Turn:
        """A turn of this session, also one that somebody else began, from here on."""
        feed = self.listen(of_turn(turn_id), stream=session_stream(self.session_id))
        return Turn(self.send, self.new_id, self.session_id, turn_id, feed)

    def listen(
        self, wanted: Callable[[Received], bool] = lambda _: True, *, stream: str | None = None
    ) -> Feed:
        """An async iterator over the frames that are wanted, each once; those of a stream in order.

        It has all that comes from now on, until it is closed; begun before the client is entered, it has the
        replay since `cursors` too. Raises `HistoryLost` when events of `stream`
        (None: of any) are gone for good, and goes on if it is asked again; `ConnectionStopped` at the end.
        """
        self._check_running()
        feed = Feed(wanted, stream, self._feeds.remove)
        self._feeds.append(feed)
        return feed

    async def send(self, command: c.ClientCommand) -> Answer:
        """Sends a command until it is answered, over as many connections as that takes.

        Raises `CommandRefused`, `ConnectionStopped`. Commands that the server never answers are for `post`.
        """
        self._check_running()
        answer = self._answers[command.id] = asyncio.get_running_loop().create_future()
        self._protocol.submit(command)
        try:
            await self._link.flush()
            return await answer
        finally:
            self._answers.pop(command.id, None)
            self._protocol.forget(command.id)

    async def post(self, command: c.StartTyping | c.StopTyping | c.MoveCursor | c.Heartbeat) -> None:
        """Sends what is never answered: once, and not at all while there is no connection."""
        self._check_running()
        await self._link.write(command)

    async def bearer(self, *, renewed: bool) -> str:
        """The token of this client, for requests beside the socket; a new one where the last has run out."""
        return await self._link.bearer(renewed=renewed)

    async def subscribe(self, stream: str, cursor: Cursor | None = None) -> Answer:
        """Receives another stream, from a cursor or from now on."""
        position = c.StreamPosition(
            stream=stream, after=cursor.seq if cursor else None, epoch=cursor.epoch if cursor else None
        )
        return await self.send(c.Subscribe(id=self.new_id(), streams=[position]))

    # What the connection says

    async def _run(self) -> None:
        try:
            await self._link.run()
        except ClientError as error:
            self._stop(error)

    async def _end(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._stop(ConnectionStopped("this client was closed"))

    def _stop(self, error: ClientError) -> None:
        """Tells everybody who waits that nothing more comes."""
        if self._stopped is not None:
            return
        self._stopped = error
        if not self._first.done():
            self._first.set_exception(error)
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(error)
        for feed in self._feeds:
            feed.fail(error)

    def _check_running(self) -> None:
        if self._stopped is not None:
            raise self._stopped

    def _on_outcome(self, outcome: p.Outcome) -> None:
        match outcome:
            case p.Deliver(received):
                for feed in self._feeds:
                    feed.put(received)
            case p.Established(event):
                self.established = event
                if not self._first.done():
                    self._first.set_result(None)
            case p.Lost(cursor):
                self._tell(cursor.stream, HistoryLost(cursor.stream, cursor.epoch, cursor.seq))
            case p.Excluded(stream, error):
                self._tell(stream, CommandRefused(error))
            case p.Answered(command_id, answer):
                self._answer(command_id, answer)
            case p.NotEstablished() | p.OutOfStep():
                pass  # the link ends the connection

    def _tell(self, stream: str, error: ClientError) -> None:
        for feed in self._feeds:
            feed.tell(stream, error)

    def _answer(self, command_id: str, answer: Answer | e.ErrorBody) -> None:
        waiting = self._answers.get(command_id)
        if waiting is None or waiting.done():
            return
        if isinstance(answer, e.ErrorBody):
            waiting.set_exception(CommandRefused(answer))
        else:
            waiting.set_result(answer)
