"""What a running turn is told: a call of its own has ended, a person decided, or somebody wants it to stop."""

import asyncio
from types import TracebackType

from app.contract.turn import TurnRequest
from app.services.chat import CANCELLED_BY, DECIDED_ABOUT
from app.streams.fanout import Subscription
from app.streams.frame import Frame
from app.streams.keys import SessionKeys
from workers.parts import AgentParts

ENDS = (b'{"type":"tool_call_complete"', b'{"type":"tool_call_error"')
"""How the frames begin that end a call; the codec writes the type first."""


class Inbox:
    """Follows the session's stream and its control channel while the turn runs.

    Everything is looked up in the journal after a signal, so a signal too many does no harm, and the
    stream's own gap filling makes sure that there is none too few.
    """

    def __init__(self, parts: AgentParts, request: TurnRequest) -> None:
        self.cancelled = False
        self._parts = parts
        self._request = request
        self._keys = SessionKeys.of(request.session_id)
        self._signal = asyncio.Event()
        self._subscription: Subscription | None = None

    async def __aenter__(self) -> "Inbox":
        await self._parts.subscriber.subscribe(self._keys.control, self._control)
        await self._look_for_cancel()
        await self._follow()
        self._signal.set()  # calls of an earlier attempt may have ended before this one listened
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._subscription is not None:
            self._subscription.close()
        self._parts.subscriber.unsubscribe(self._keys.control, self._control)

    async def something(self) -> None:
        """Returns when there may be something to do, at once the first time."""
        await self._signal.wait()
        self._signal.clear()

    def look_again(self) -> None:
        self._signal.set()

    # The fan-out's sink

    def deliver(self, frame: Frame) -> None:
        if frame.json.startswith(ENDS):
            self._signal.set()

    async def ready(self) -> None:
        """There is always room for a signal."""

    def lost(self, stream: str) -> None:
        """The subscription is over: what ended meanwhile is in the journal."""
        self._subscription = None
        self._signal.set()

    def _control(self, message: bytes) -> None:
        if message == DECIDED_ABOUT + self._request.turn_id.encode():
            self._signal.set()
        if message == CANCELLED_BY + self._request.turn_id.encode():
            self.cancelled = True
            self._signal.set()

    async def _look_for_cancel(self) -> None:
        self.cancelled = bool(await self._parts.redis.exists(self._keys.turn_cancel(self._request.turn_id)))

    async def _follow(self) -> None:
        self._subscription = await self._parts.fanout.subscribe(self._keys.stream, self)
        await self._subscription.start()
