"""Conflicts whose time is over, told by one of the gateways: each waits for the next that is due."""

import asyncio
import logging

from redis.exceptions import RedisError

from app.services.trip_conflicts import Conflicts
from app.streams.keys import CONFLICTS_DUE
from app.streams.subscriber import Subscriber

logger = logging.getLogger("tripsage.gateway")

RETRY_AFTER = 1.0  # s


async def tell_lapses(conflicts: Conflicts, subscriber: Subscriber) -> None:
    """Runs until cancelled. A message says that there is a new conflict; what was missed shows on reconnect."""
    changed = asyncio.Event()
    changed.set()
    subscriber.on_reconnect(changed.set)
    await subscriber.subscribe(CONFLICTS_DUE, lambda _: changed.set())
    while True:
        changed.clear()
        try:
            wait = await conflicts.lapse_due()
        except (RedisError, OSError) as error:
            logger.warning("conflicts that are due: %s", error)
            wait = RETRY_AFTER
        try:
            async with asyncio.timeout(wait):
                await changed.wait()
        except TimeoutError:
            continue  # one is due
