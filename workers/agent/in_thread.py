"""A planner that thinks beside the event loop: leases, orders to stop and other turns go on while it does."""

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

from workers.agent.model import Planner, Step, Told, View

SWITCH_SECONDS = 0.001
"""How long a thread may keep the interpreter to itself while another wants it: `sys.setswitchinterval`.

With Python's own 5 ms an event loop beside a planner that computes makes a tenth of its round trips.
"""


class PlannerInThread:
    """Asks another planner in a thread of its own, one turn at a time.

    A turn that is stopped does not wait for it: what the planner still answers is dropped.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._thread = ThreadPoolExecutor(1, "planner")

    async def next(self, view: View) -> AsyncGenerator[Told, None]:
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._thread, self._planner.next, view)
        if isinstance(answer, Step):
            yield answer
            return
        async with aclosing(answer) as told:
            async for each in told:
                yield each

    def close(self) -> None:
        """Without waiting for what it thinks about."""
        self._thread.shutdown(wait=False, cancel_futures=True)
