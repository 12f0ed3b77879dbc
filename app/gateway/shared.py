"""What all connections of one gateway process work with."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from redis.exceptions import RedisError

from app.domain.connection import Server
from app.gateway.presence import Rooms
from app.metrics import Metrics
from app.services.auth import Authenticator
from app.wiring import Services

logger = logging.getLogger("tripsage.gateway")


class Background:
    """Work that nobody waits for; a failure of Redis is logged and costs only that work."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(self._logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Waits a little for what still runs."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2.0)

    async def _logged(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except (RedisError, OSError) as error:
            logger.warning("in the background: %s", error)


@dataclass(frozen=True, slots=True)
class Shared:
    """`new_id` makes ids that nobody can guess."""

    services: Services
    authenticator: Authenticator
    server: Server
    metrics: Metrics
    new_id: Callable[[], str]
    rooms: Rooms
    background: Background = field(default_factory=Background)
