"""Being told of new jobs instead of looking for them."""

import asyncio
from collections.abc import Callable
from typing import Any, NoReturn

from redis.asyncio import Redis

from workers.outage import WAITED_OUT, Outage

ANSWER_WITHIN = 5.0


async def listen(
    redis: Redis,
    channel: str,
    wake: Callable[[], None],
    outage: Outage,
    *,
    answer_within: float = ANSWER_WITHIN,
) -> NoReturn:
    """Call `wake` for each message, and after each subscribing, for what was missed before it.

    After `answer_within` seconds of silence the server is asked whether the connection still lives, and has
    as many to answer.
    """
    client: Any = redis  # redis-py leaves the types of subscriptions open
    while True:
        try:
            async with client.pubsub() as subscription:
                async with asyncio.timeout(answer_within):
                    await subscription.subscribe(channel)
                while True:
                    await _next_message(subscription, answer_within)
                    outage.over("wake")
                    wake()
        except WAITED_OUT as error:
            await asyncio.sleep(outage.failed("wake", error))


async def _next_message(subscription: Any, answer_within: float) -> None:
    """Wait for a message, a confirmation or the answer to a probe; `TimeoutError` when none comes."""
    message = await subscription.get_message(timeout=answer_within)
    if message is None:
        await subscription.ping()
        message = await subscription.get_message(timeout=answer_within)
    if message is None:
        raise TimeoutError("the subscription does not answer")
