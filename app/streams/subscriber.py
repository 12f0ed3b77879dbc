"""The one subscription connection of a process: every live copy, wake-up and order comes in here."""

import asyncio
import logging
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from redis.exceptions import ConnectionError, RedisError

from app.streams.client import Endpoint
from app.streams.resp import RespLink

logger = logging.getLogger(__name__)

Callback = Callable[[bytes], None]
"""Takes a message's payload, inside the reader: it never blocks and never awaits."""

Hook = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds. A silent server is asked after `probe_after` and given up `probe_timeout` later."""

    probe_after: float = 10.0
    probe_timeout: float = 5.0
    connect_timeout: float = 5.0
    first_backoff: float = 0.05
    longest_backoff: float = 2.0


def _pending() -> "asyncio.Future[None]":
    return asyncio.get_running_loop().create_future()


@dataclass(slots=True)
class _Channel:
    callbacks: tuple[Callback, ...]
    confirmed: "asyncio.Future[None]" = field(default_factory=_pending)
    """Done while the server has it subscribed. A process has thousands; an `asyncio.Event` weighs six times this."""

    def confirm(self) -> None:
        if not self.confirmed.done():
            self.confirmed.set_result(None)


class Subscriber:
    """Sharded channels of one server, over one connection that comes back by itself.

    Messages that are published while it is down are lost; `on_reconnect` is the moment to look for them.
    `jitter` gives numbers from 0 to 1; it spreads the reconnects of many processes.
    """

    def __init__(
        self, url: str, *, timing: Timing | None = None, jitter: Callable[[], float] = random.random
    ) -> None:
        self._endpoint = Endpoint.parse(url)
        self._timing = timing or Timing()
        self._jitter = jitter
        self._channels: dict[bytes, _Channel] = {}
        self._link: RespLink | None = None
        self._healthy = False
        self._closed = False
        self._task: asyncio.Task[None] | None = None
        self._disconnect_hooks: list[Hook] = []
        self._reconnect_hooks: list[Hook] = []
        self._read_hooks: list[Hook] = []

    @property
    def healthy(self) -> bool:
        """Connected, with every channel confirmed after the last connect, and the server answers."""
        return self._healthy

    def on_disconnect(self, hook: Hook) -> None:
        """Have `hook` called when an established connection is lost."""
        self._disconnect_hooks.append(hook)

    def on_reconnect(self, hook: Hook) -> None:
        """Have `hook` called each time that a connection stands and all channels are confirmed on it."""
        self._reconnect_hooks.append(hook)

    def on_read(self, hook: Hook) -> None:
        """Have `hook` called after the callbacks of all messages that came in one read: never awaits, either."""
        self._read_hooks.append(hook)

    def start(self) -> None:
        """Begin to connect, and keep trying for ever. Returns at once."""
        if self._task is None and not self._closed:
            self._task = asyncio.get_running_loop().create_task(self._run(), name="subscriber")

    async def close(self) -> None:
        """End the connection. Who still waits in `subscribe` gets `ConnectionError`."""
        self._closed = True
        self._healthy = False
        if self._link is not None:
            self._link.abort()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for channel in self._channels.values():
            channel.confirm()
        self._channels.clear()

    def reconnect(self) -> None:
        """Drop the connection and make another: messages that should have come have not."""
        if self._link is not None:
            self._link.abort()

    async def subscribe(self, channel: str, callback: Callback) -> None:
        """Have `callback` called with every message published from now on.

        Returns when the server has confirmed it; while the server is away it waits. Raises
        `ConnectionError` when the subscriber is closed. Cancelled, it leaves nothing subscribed.
        """
        name = channel.encode()
        entry = self._channels.get(name)
        if entry is None:
            entry = self._channels[name] = _Channel((callback,))
            if self._link is not None:
                self._confirm(self._link, name, entry)
        else:
            entry.callbacks += (callback,)
        try:
            if not self._closed:
                await asyncio.shield(entry.confirmed)
            if self._closed:
                raise ConnectionError("the subscriber is closed")
        except BaseException:
            self.unsubscribe(channel, callback)
            raise

    def unsubscribe(self, channel: str, callback: Callback) -> None:
        """Call `callback` no more. Does nothing when it is not subscribed."""
        name = channel.encode()
        entry = self._channels.get(name)
        if entry is None or callback not in entry.callbacks:
            return
        at = entry.callbacks.index(callback)
        entry.callbacks = entry.callbacks[:at] + entry.callbacks[at + 1 :]
        if not entry.callbacks:
            del self._channels[name]
            if self._link is not None:
                self._link.send_blindly("SUNSUBSCRIBE", name)

    def _on_message(self, name: bytes, payload: bytes) -> None:
        entry = self._channels.get(name)
        if entry is None:
            return  # it was on its way when the channel was left
        for callback in entry.callbacks:
            try:
                callback(payload)
            except Exception:
                # One reader's defect must not make the others deaf.
                logger.exception("A subscriber of %s failed", name.decode(errors="replace"))

    def _on_read(self) -> None:
        self._call(self._read_hooks)

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                async with asyncio.timeout(self._timing.connect_timeout):
                    link = await RespLink.open(self._endpoint, self._on_message, self._on_read)
            except (OSError, RedisError) as error:
                if failures == 0:
                    logger.warning("No subscription connection to %s: %s", self._endpoint, error)
                await asyncio.sleep(self._backoff(failures))
                failures += 1
                continue
            try:
                stood = await self._serve(link)
            finally:
                self._leave(link)
            # A server that takes connections and then drops them is waited for like one that is down.
            failures = 0 if stood else failures + 1
            await asyncio.sleep(self._backoff(failures))

    def _backoff(self, failures: int) -> float:
        longest = min(self._timing.longest_backoff, self._timing.first_backoff * 2 ** min(failures, 16))
        return longest * (0.5 + self._jitter() / 2)

    async def _serve(self, link: RespLink) -> bool:
        """Use a connection until it ends. True: it had been established."""
        self._link = link
        names = list(self._channels.items())
        confirmations = [self._confirm(link, name, entry) for name, entry in names]
        if not await _all_done(confirmations, self._timing.connect_timeout) or link.lost.done():
            logger.warning("%s did not confirm the subscriptions", self._endpoint)
            return False
        self._healthy = True
        logger.info("Subscription connection to %s stands, %d channels", self._endpoint, len(names))
        self._call(self._reconnect_hooks)
        await self._probe(link)
        logger.warning("Subscription connection to %s was lost", self._endpoint)
        return True

    def _leave(self, link: RespLink) -> None:
        link.abort()
        self._link = None
        was_healthy, self._healthy = self._healthy, False
        for entry in self._channels.values():
            if entry.confirmed.done():
                entry.confirmed = _pending()
        if was_healthy and not self._closed:
            self._call(self._disconnect_hooks)

    def _confirm(self, link: RespLink, name: bytes, entry: _Channel) -> "asyncio.Future[Any]":
        # One channel a command, so that each reply answers one request, in order, also where a channel is
        # left and joined again before the server has answered.
        reply = link.send("SSUBSCRIBE", name)
        reply.add_done_callback(partial(self._confirmed, link, name, entry))
        return reply

    def _confirmed(self, link: RespLink, name: bytes, entry: _Channel, reply: "asyncio.Future[Any]") -> None:
        if link.lost.done():
            reply.exception()  # seen: the next connection subscribes again
        elif (error := reply.exception()) or reply.result()[:2] != [b"ssubscribe", name]:
            logger.warning("%s refused a subscription: %s", self._endpoint, error or "replies out of step")
            link.abort()
        else:
            entry.confirm()

    async def _probe(self, link: RespLink) -> None:
        """Return when the connection has ended; end it when the server has stopped to answer."""
        while True:
            seen = link.received
            if await _all_done([link.lost], self._timing.probe_after):
                return
            if link.received != seen:
                continue
            link.send_blindly("PING")
            if await _all_done([link.lost], self._timing.probe_timeout):
                return
            if link.received == seen:
                logger.warning("%s has not answered for %.0f s", self._endpoint, self._timing.probe_timeout)
                link.abort()

    def _call(self, hooks: Iterable[Hook]) -> None:
        for hook in hooks:
            try:
                hook()
            except Exception:
                logger.exception("A hook of the subscriber failed")


async def _all_done(futures: Iterable[asyncio.Future[Any]], timeout: float) -> bool:
    waiting = list(futures)
    if not waiting:
        return True
    _, pending = await asyncio.wait(waiting, timeout=timeout)
    return not pending
