"""A server for tests of the client: the protocol's connect, streams and acks over a log in memory.

What happens in a turn is a script; when connections break is up to the test.
`python -m tests.support.scripted_server PORT SECRET` plays it for a person; SIGUSR1 cuts all connections.
"""

import asyncio
import itertools
import signal
import sys
from collections import defaultdict
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Self

import jwt
import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from app.contract import commands as c
from app.contract import events as e
from app.contract.codec import to_builtins
from app.contract.decode import decode_command
from app.contract.ids import session_stream
from tests.support.lisbon_turn import AT, Paced, cancelled_turn, lisbon_turn
from tests.support.logs_in_memory import Log, Peer

SECRET = "a secret of thirty-two bytes or more"
Script = Callable[[str, str], Paced]


class ScriptedServer:
    """Use it as an async context manager; `pace` stretches the pauses of the script."""

    def __init__(self, script: Script = lisbon_turn, *, pace: float = 0.0, secret: str = SECRET) -> None:
        self.script = script
        self.pace = pace
        self.secret = secret
        self.logs: dict[str, Log] = defaultdict(Log)
        self.commands: list[c.ClientCommand] = []
        """Every command that was carried out, once."""
        self.connections = 0
        self.drop_after: set[int] = set()
        """How many event frames in all may go out until the connection is cut, for each cut."""
        self.drop_before_ack = 0
        """How many commands are carried out without telling the client, whose connection is cut."""
        self.results: dict[str, dict[str, Any]] = {}
        """What the REST API answers for a turn; one that is not here is still running."""
        self.deaf = False
        """Whether it reads no further frames."""
        self.turns: set[asyncio.Task[None]] = set()
        self._peers: set[Peer] = set()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._answers: dict[str, e.Ack] = {}
        self._ids = itertools.count(1)
        self._sent = 0

    async def __aenter__(self) -> Self:
        await self.start(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        for turn in self.turns:
            turn.cancel()
        await asyncio.gather(*self.turns, return_exceptions=True)
        await self.stop()

    async def start(self, port: int) -> None:
        subprotocols: Any = ["tripsage.v1.json", "tripsage.v1.msgpack"]
        self._server: Server = await serve(
            self._serve,
            "127.0.0.1",
            port,
            subprotocols=subprotocols,
            close_timeout=1,
            process_request=self._rest,
        )
        self.port: int = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token(self, user: str = "alice") -> str:
        return jwt.encode({"sub": user}, self.secret, algorithm="HS256")

    def new_id(self) -> str:
        return f"server.{next(self._ids)}"

    # What a test does to its clients

    async def close_all(self, code: int, *, reconnect_after: float | None = None) -> None:
        for peer in list(self._peers):
            if reconnect_after is not None:
                await peer.send(
                    e.ConnectionClose(
                        id=self.new_id(),
                        timestamp=AT,
                        reason="server_maintenance",
                        reconnect_after=reconnect_after,
                    )
                )
            await peer.socket.close(code)

    def cut_all(self) -> None:
        for peer in list(self._peers):
            peer.cut()

    def is_followed(self, stream: str) -> bool:
        return any(stream in peer.streams and not peer.is_cut for peer in self._peers)

    async def append(self, stream: str, event: e.ServerEvent | dict[str, Any]) -> int:
        log = self.logs[stream]
        plain = {**to_builtins(event), "stream": stream, "seq": log.seq + 1}
        log.events.append(plain)
        for peer in list(self._peers):
            if stream in peer.streams:
                await self._deliver(peer, plain)
        return plain["seq"]

    # The protocol

    def _rest(self, connection: ServerConnection, request: Request) -> Response | None:
        _, found, turn_id = request.path.partition("/turns/")
        if not found:
            return None
        result = self.results.get(turn_id)
        status = HTTPStatus.OK if result else HTTPStatus.ACCEPTED
        return connection.respond(status, msgspec.json.encode(result).decode())

    async def _serve(self, socket: ServerConnection) -> None:
        peer = Peer(socket)
        self.connections += 1
        self._peers.add(peer)
        try:
            async for frame in socket:
                if self.deaf:
                    continue
                await self._receive(peer, decode_command(frame, msgpack=peer.msgpack))
        except ConnectionClosed:
            pass
        finally:
            self._peers.discard(peer)

    async def _receive(self, peer: Peer, command: c.ClientCommand) -> None:
        match command:
            case c.Authenticate():
                await self._authenticate(peer, command)
            case c.Heartbeat() | c.StartTyping() | c.StopTyping() | c.MoveCursor():
                self.commands.append(command)
            case c.Subscribe():
                cursors = self._cursors(command.streams)
                await peer.send(e.Ack(id=self.new_id(), in_reply_to=command.id, status="accepted"))
                await peer.send(
                    e.StreamSubscribed(
                        id=self.new_id(), timestamp=AT, in_reply_to=command.id, streams=cursors
                    )
                )
                await self._replay(peer, command.streams, cursors)
            case _:
                await self._acknowledge(peer, command)

    async def _acknowledge(self, peer: Peer, command: c.ClientCommand) -> None:
        known = self._answers.get(command.id)
        if known is not None:
            await peer.send(msgspec.structs.replace(known, status="duplicate"))
            return
        seq = await self._carry_out(command)
        answer = e.Ack(id=self.new_id(), in_reply_to=command.id, status="accepted", seq=seq)
        self._answers[command.id] = answer
        if self.drop_before_ack:
            self.drop_before_ack -= 1
            peer.cut()
        await peer.send(answer)

    async def _authenticate(self, peer: Peer, command: c.Authenticate) -> None:
        request = peer.socket.request
        header = request.headers.get("Authorization", "") if request else ""
        try:
            claims = jwt.decode(command.token or header.removeprefix("Bearer "), self.secret, ["HS256"])
        except jwt.InvalidTokenError as error:
            reason = "expired" if isinstance(error, jwt.ExpiredSignatureError) else "signature"
            details = {"token_type": "jwt", "reason": reason}
            message = f"The token is bad: {reason}."
            body = e.ErrorBody(code="AUTHENTICATION_FAILED", message=message, details=details)
            await peer.send(e.ConnectionFailed(id=self.new_id(), timestamp=AT, error=body))
            await peer.socket.close(4001)
            return
        session_id = command.session_id or f"session-{next(self._ids)}"
        if session_id == "somebody-elses":
            body = e.ErrorBody(code="NOT_FOUND", message="There is no such session.", retryable=False)
            await peer.send(e.Error(id=self.new_id(), timestamp=AT, error=body, in_reply_to=command.id))
            return
        names = (session_stream(session_id), f"user:{claims['sub']}", "system")
        positions = {name: c.StreamPosition(stream=name) for name in names}
        positions |= {position.stream: position for position in command.streams}
        cursors = self._cursors(list(positions.values()))
        await peer.send(
            e.ConnectionEstablished(
                id=self.new_id(),
                timestamp=AT,
                user_id=claims["sub"],
                session_id=session_id,
                server_version="test",
                features=[],
                streams=cursors,
            )
        )
        await self._replay(peer, list(positions.values()), cursors)

    def _cursors(self, positions: list[c.StreamPosition]) -> list[e.StreamCursor]:
        return [self.logs[position.stream].cursor(position) for position in positions]

    async def _replay(
        self, peer: Peer, positions: list[c.StreamPosition], cursors: list[e.StreamCursor]
    ) -> None:
        for position, cursor in zip(positions, cursors, strict=True):
            log = self.logs[position.stream]
            sent = position.after if position.after is not None and cursor.recovered else cursor.seq
            # What is appended while this sends is sent here as well, and only then live.
            while sent < log.seq and not peer.is_cut:
                await self._deliver(peer, log.events[sent - log.trimmed])
                sent += 1
            peer.streams.add(position.stream)

    async def _deliver(self, peer: Peer, event: dict[str, Any]) -> None:
        if peer.is_cut:
            return
        await peer.send(event)
        self._sent += 1
        if self._sent in self.drop_after:
            peer.cut()

    async def _carry_out(self, command: c.ClientCommand) -> int:
        self.commands.append(command)
        if isinstance(command, c.SendChatMessage):
            return await self._say(command)
        if isinstance(command, c.CancelTurn) and command.session_id in self._running:
            self._running.pop(command.session_id).cancel()
            self._spawn(self._play(cancelled_turn(command.session_id, command.message_id or "")))
        return 0

    async def _say(self, command: c.SendChatMessage) -> int:
        message = e.ChatMessage(
            id=command.id,
            timestamp=AT,
            session_id=command.session_id,
            turn_id=command.id,
            role="user",
            content=command.content,
        )
        seq = await self.append(session_stream(command.session_id), message)
        turn = self._spawn(self._play(self.script(command.session_id, command.id)))
        self._running[command.session_id] = turn
        return seq

    def _spawn(self, coroutine: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(coroutine)
        self.turns.add(task)
        task.add_done_callback(self.turns.discard)
        return task

    async def _play(self, script: Paced) -> None:
        for pause, event in script:
            await asyncio.sleep(pause * self.pace)
            await self.append(session_stream(event.session_id), event)  # pyright: ignore


async def _play_for_a_person(port: int, secret: str) -> None:
    server = ScriptedServer(pace=1.0, secret=secret)
    await server.start(port)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, server.cut_all)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_play_for_a_person(int(sys.argv[1]), sys.argv[2]))
