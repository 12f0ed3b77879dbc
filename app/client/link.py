"""The socket side of the client: connects, sends what waits, and connects again as the rules say."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

from app.client import protocol as p
from app.client.address import is_loopback
from app.client.errors import (
    AuthenticationRefused,
    ClientError,
    CommandRefused,
    ConnectionStopped,
    ServerUnreachable,
)
from app.client.frames import Format, NotAFrame, Received
from app.client.notices import Connected, Disconnected, Notice
from app.client.reconnect import Action, Reconnection, close_meaning
from app.contract import commands as c
from app.contract import events as e
from app.contract.errors import Close

Token = str | Callable[[], Awaitable[str]]
MAX_FRAME = 16 * 1024 * 1024
CLOSE_SECONDS = 2.0
CONNECT_SECONDS = 10.0
UNAUTHORIZED, FORBIDDEN, TOO_MANY_REQUESTS, SERVER_ERRORS = 401, 403, 429, 500


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect and as whom."""

    address: str
    token: Token
    token_in_header: bool
    format: Format


class Link:
    """Keeps one connection at a time. `on_outcome` gets what the protocol makes of each frame."""

    def __init__(
        self,
        target: Target,
        protocol: p.ClientProtocol,
        reconnection: Reconnection,
        *,
        patience: float,
        on_outcome: Callable[[p.Outcome], None],
        on_notice: Callable[[Notice], None],
    ) -> None:
        self._target = target
        self._protocol = protocol
        self._reconnection = reconnection
        self._patience = patience
        self._on_outcome = on_outcome
        self._on_notice = on_notice
        self._clock = asyncio.get_running_loop().time
        self._token: str | None = None
        self._socket: ClientConnection | None = None
        self._sending = asyncio.Lock()
        self._problem = ""
        self._answered = False
        self._connections = 0

    async def run(self) -> None:
        """Connects until it has to stay away; then raises the `ClientError` that says why."""
        give_up_at = self._clock() + self._patience
        while True:
            code = await self._connect_once()
            decision = self._reconnection.closed(code, self._clock())
            if decision.action is Action.STOP:
                raise self._stopped(code)
            if decision.action is Action.RENEW:
                self._token = None
            if not self._connections and self._clock() + decision.delay > give_up_at:
                problem = self._problem or close_meaning(code)
                raise ServerUnreachable(f"{self._target.address}: {problem}", answered=self._answered)
            if self._connections:
                self._on_notice(Disconnected(code, self._problem or close_meaning(code), decision.delay))
            await asyncio.sleep(decision.delay)

    async def flush(self) -> None:
        """Sends the commands that wait, where there is a connection to send them over."""
        async with self._sending:
            while self._socket is not None:
                command = self._protocol.next_to_send()
                if command is None:
                    return
                await self.write(command)

    async def write(self, command: c.ClientCommand) -> None:
        """Sends one frame. On a connection that is ending it is lost; commands are sent again on the next."""
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._socket.send(self._target.format.encode(command))

    async def bearer(self, *, renewed: bool = False) -> str:
        if renewed or self._token is None:
            self._token = await self._get_token()
        return self._token

    async def _connect_once(self) -> int | None:
        """The close code of a connection that has ended; None for one that never was, or just broke."""
        self._problem = ""
        token = await self.bearer()
        in_header = self._target.token_in_header
        connecting = connect(
            self._target.address,
            subprotocols=[Subprotocol(self._target.format.subprotocol)],
            additional_headers={"Authorization": f"Bearer {token}"} if in_header else None,
            compression=None,
            max_size=MAX_FRAME,
            open_timeout=CONNECT_SECONDS,
            close_timeout=CLOSE_SECONDS,
            proxy=None if is_loopback(self._target.address) else True,
        )
        try:
            async with connecting as socket:
                self._answered = True
                self._socket = socket
                await self.write(self._protocol.authenticate(None if in_header else token))
                return await self._read(socket)
        except InvalidStatus as error:
            return self._refused_upgrade(error.response.status_code)
        except InvalidHandshake as error:
            self._problem = f"The server does not speak WebSocket: {error}"
            return None
        except OSError:  # a time-out is one too
            self._problem = "The server does not answer."
            return None
        finally:
            self._socket = None

    async def _read(self, socket: ClientConnection) -> int | None:
        while True:
            try:
                received = self._target.format.decode(await socket.recv())
            except ConnectionClosed:
                break
            except NotAFrame as error:
                self._problem = f"The server sent what is no event: {error}"
                return None
            if not await self._carry_out(received):
                return None
        if socket.close_code == Close.FRAME_TOO_LARGE:
            self._fail_sent()
        return socket.close_code

    async def _carry_out(self, received: Received) -> bool:
        """Whether the connection can go on."""
        self._heed(received.event)
        for outcome in self._protocol.receive(received):
            match outcome:
                case p.OutOfStep(stream):
                    self._problem = f"The server left something out of {stream}."
                    return False
                case p.NotEstablished(error):
                    if not error.retryable:
                        raise CommandRefused(error)
                    self._problem = error.message
                    return False
                case p.Established(event):
                    self._reconnection.established(self._clock())
                    self._on_outcome(outcome)
                    self._connections += 1
                    self._on_notice(Connected(event.session_id, again=self._connections > 1))
                    await self.flush()
                case _:
                    self._on_outcome(outcome)
        return True

    def _heed(self, event: e.ServerEvent | None) -> None:
        """What the server says about when to come back, and why it ends the connection."""
        match event:
            case e.ConnectionClose():
                self._reconnection.announced(float(event.reconnect_after))
            case e.ConnectionFailed():
                self._problem = event.error.message
            case e.Error() if event.error.code == "RATE_LIMITED" and event.error.details:
                self._reconnection.rate_limited(float(event.error.details.get("retry_after", 0)))
            case _:
                pass

    def _refused_upgrade(self, status: int) -> int | None:
        """An HTTP answer to the upgrade as the close code that means the same."""
        self._problem = f"it answered the upgrade with HTTP {status}"
        if status == UNAUTHORIZED:
            return Close.NOT_AUTHENTICATED
        if status == FORBIDDEN:
            return Close.ACCESS_REVOKED
        if status == TOO_MANY_REQUESTS:
            return Close.RATE_LIMITED
        if status < SERVER_ERRORS:
            message = f"{self._target.address} is no TripSage server: {self._problem}"
            raise ServerUnreachable(message, answered=True)
        return None

    def _fail_sent(self) -> None:
        for command_id in self._protocol.fail_sent():
            body = e.ErrorBody(
                code="PAYLOAD_TOO_LARGE",
                message="The frame is larger than the server takes.",
                retryable=False,
            )
            self._on_outcome(p.Answered(command_id, body))

    def _stopped(self, code: int | None) -> ClientError:
        message = self._problem or close_meaning(code)
        if code == Close.NOT_AUTHENTICATED:
            return AuthenticationRefused(message, code)
        return ConnectionStopped(message, code)

    async def _get_token(self) -> str:
        token = self._target.token
        return token if isinstance(token, str) else await token()
