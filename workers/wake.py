"""Being told of new jobs instead of looking for them."""

import asyncio
from collections.abc import Callable
from typing import NoReturn

from redis.asyncio import Redis

from workers.outage import AWAY, Outage

PROBE_AFTER = 5.0
"""Seconds of silence after which the subscription has to answer a ping within as many seconds."""


async def listen(redis: "Redis", channel: str, wake: Callable[[], None], outage: Outage) -> NoReturn:
    """Call `wake` for each message, and once after every subscribing, since messages may have been missed."""
    while True:
        try:
            async with redis.pubsub() as subscription:
                await subscription.subscribe(channel)
                while True:
                    message = await subscription.get_message(timeout=PROBE_AFTER)
                    if message is None:
                        await subscription.ping()
                        message = await subscription.get_message(timeout=PROBE_AFTER)
                        if message is None:
                            raise TimeoutError("the subscription does not answer")
                    outage.over("wake")
                    wake()
        except AWAY as error:
            await asyncio.sleep(outage.failed("wake", error))
