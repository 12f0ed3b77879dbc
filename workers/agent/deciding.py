"""Waiting for a planner that takes its time, such as a language model, without missing that the turn is stopped."""

import asyncio
from collections.abc import Awaitable, Callable

from workers.agent.inbox import Inbox
from workers.agent.model import Step


async def decision(
    answer: Step | Awaitable[Step], inbox: Inbox, time_left: Callable[[], float]
) -> Step | None:
    """What the planner decides; None when there is no time left before it has.

    `time_left` are seconds; it is asked again whenever something happens to the session. Raises what the
    planner raises.
    """
    if isinstance(answer, Step):
        return answer
    deciding = asyncio.ensure_future(answer)
    try:
        while not deciding.done() and (left := time_left()) > 0:
            hearing = asyncio.ensure_future(inbox.something())
            await asyncio.wait((deciding, hearing), timeout=left, return_when=asyncio.FIRST_COMPLETED)
            hearing.cancel()
        return deciding.result() if deciding.done() else None
    finally:
        deciding.cancel()
        inbox.look_again()
