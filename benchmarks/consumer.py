"""A worker of jobs that do nothing but say when they began: ours, or arq as it comes.

Requests: `{"do": "listen"}` begins to work, `{"do": "report"}` stops and answers how many ms each job waited,
`{"do": "drain"}` works until the queue is empty and answers in how many seconds.
"""

import asyncio
import sys
import time
from typing import Any

from arq.worker import Worker, func

from app.contract.jobs import RUN_TURN, TURN_QUEUE, TurnJob
from app.streams.queue import queue_address
from benchmarks.processes import Handler, answer_requests
from workers.execution import job_function
from workers.queue_worker import TripsageWorker

SLOTS = 100
STOCK_QUEUE = "bench:stock"


class Consumer:
    def __init__(self, url: str, way: str) -> None:
        self._address = queue_address(url)
        self._way = way
        self._waits: list[float] = []
        self._worker: Worker | None = None
        self._working: asyncio.Task[None] | None = None

    async def handle(self, request: dict[str, Any]) -> Any:
        match request["do"]:
            case "listen":
                self._waits.clear()
                self._worker = self._make(burst=False)
                self._working = asyncio.create_task(self._worker.async_run())
                return None
            case "report":
                assert self._worker is not None
                assert self._working is not None
                await self._worker.close()
                await asyncio.wait({self._working})
                return self._waits
            case _:
                worker = self._make(burst=True)
                started = time.perf_counter()
                await worker.async_run()
                seconds = time.perf_counter() - started
                await worker.close()
                return seconds

    def _make(self, *, burst: bool) -> Worker:
        same: dict[str, Any] = {
            "redis_settings": self._address,
            "max_jobs": SLOTS,
            "keep_result": 0,
            "burst": burst,
            "handle_signals": False,
        }
        if self._way == "ours":
            return TripsageWorker(
                [job_function(RUN_TURN, TurnJob, self._ours)], queue_name=TURN_QUEUE, **same
            )
        return Worker([func(self._stock, name=RUN_TURN)], queue_name=STOCK_QUEUE, **same)

    async def _ours(self, ctx: dict[Any, Any], job: TurnJob) -> None:
        self._began(int(job.turn_id))

    async def _stock(self, ctx: dict[Any, Any], enqueued_ns: int) -> None:
        self._began(enqueued_ns)

    def _began(self, enqueued_ns: int) -> None:
        self._waits.append((time.monotonic_ns() - enqueued_ns) / 1e6)


if __name__ == "__main__":

    async def prepare() -> Handler:
        return Consumer(*sys.argv[1:]).handle

    answer_requests(prepare)
