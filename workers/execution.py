"""One attempt at a job: from the stored call to an outcome, whatever the job function does."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from arq.jobs import serialize_result
from arq.utils import ms_to_datetime, timestamp_ms
from arq.worker import Function, Retry, RetryJob, func

from app.streams.job_codec import Call, J, UnreadableJob, decode_call, decode_job, serialize
from workers.attempts import Attempt, Outcome, Verdict

logger = logging.getLogger("arq.worker")  # which the arq command shows

FIRST_RETRY_AFTER = 0.2
LONGEST_RETRY_AFTER = 30.0

JobContext = dict[Any, Any]


def job_function(name: str, kind: type[J], run: Callable[[JobContext, J], Awaitable[Any]]) -> Function:
    """`run` as an arq function that is called with its job decoded.

    A job that is no `kind` is refused for good. One of a newer version counts as a try that failed, so it
    stays until a worker of that version takes it.
    """

    async def call(ctx: JobContext, job: Any) -> Any:
        return await run(ctx, decode_job(job, kind))

    return func(call, name=name)


def retry_after(job_try: int) -> float:
    """Seconds until a job that raised is tried again: 0.2, doubling up to 30."""
    return min(LONGEST_RETRY_AFTER, FIRST_RETRY_AFTER * 2.0 ** min(job_try - 1, 16))


class Counts(Protocol):
    """What arq counts of a worker's jobs; a refused job counts as failed."""

    jobs_complete: int
    jobs_failed: int
    jobs_retried: int


class Execution:
    """Calls the job functions of a worker. What is in `ctx` at the time of a call is passed on to it.

    `timeout` (s) bounds functions that set none of their own; `keep_result` (s) likewise. None and 0: none.
    """

    def __init__(
        self,
        functions: Mapping[str, Function],
        ctx: JobContext,
        counts: Counts,
        *,
        queue: str,
        timeout: float | None,
        keep_result: float,
    ) -> None:
        self._functions = functions
        self._ctx = ctx
        self._counts = counts
        self._queue = queue
        self._timeout = timeout
        self._keep_result = keep_result

    async def run(self, attempt: Attempt) -> Outcome:
        """How the attempt ended. Raises `CancelledError` when it was cancelled from outside, nothing else."""
        started = time.monotonic()
        try:
            outcome = await self._call(attempt)
        except UnreadableJob as error:
            self._counts.jobs_failed += 1
            logger.error("job %s is refused for good: %s", attempt.job_id, error)
            return Outcome(Verdict.DONE)
        except (Retry, RetryJob) as wish:
            self._counts.jobs_retried += 1
            delay = (wish.defer_score or 0) / 1000 if isinstance(wish, Retry) else 0
            logger.info("job %s wants to run again in %.1f s", attempt.job_id, delay)
            return Outcome(Verdict.AGAIN, delay)
        except (Exception, asyncio.CancelledError) as error:
            if isinstance(error, asyncio.CancelledError) and _this_task().cancelling():
                raise
            self._counts.jobs_retried += 1
            delay = retry_after(attempt.job_try)
            logger.exception(
                "job %s failed (try %d); again in %.1f s", attempt.job_id, attempt.job_try, delay
            )
            return Outcome(Verdict.AGAIN, delay)
        self._counts.jobs_complete += 1
        seconds = time.monotonic() - started
        logger.debug("job %s done in %.3f s (try %d)", attempt.job_id, seconds, attempt.job_try)
        return outcome

    async def _call(self, attempt: Attempt) -> Outcome:
        call = decode_call(attempt.payload)
        function = self._functions.get(call.function)
        if function is None:
            raise UnreadableJob(f"this worker has no function {call.function!r}")
        started_ms = timestamp_ms()
        try:
            running = function.coroutine(self._context(attempt, call), *call.args, **call.kwargs)
        except TypeError as error:  # of the call itself: nothing of an async function has run yet
            raise UnreadableJob(str(error)) from error
        async with asyncio.timeout(function.timeout_s or self._timeout or None):
            result = await running
        keep = self._keep_result if function.keep_result_s is None else function.keep_result_s
        if not keep:
            return Outcome(Verdict.DONE)
        return Outcome(Verdict.DONE, result=self._stored(attempt, call, started_ms, result), keep_result=keep)

    def _context(self, attempt: Attempt, call: Call) -> JobContext:
        """What arq gives to a function, and the fencing token."""
        return {
            **self._ctx,
            "job_id": attempt.job_id,
            "job_try": attempt.job_try,
            "fencing_token": attempt.token,
            "enqueue_time": ms_to_datetime(call.enqueued_ms),
            "score": int(attempt.due_ms),
        }

    def _stored(self, attempt: Attempt, call: Call, started_ms: int, result: Any) -> bytes:
        """A result as arq's `Job.result` reads it."""
        stored = serialize_result(
            call.function,
            tuple(call.args),
            call.kwargs,
            attempt.job_try,
            call.enqueued_ms,
            True,
            result,
            started_ms,
            timestamp_ms(),
            f"{attempt.job_id}:{call.function}",
            self._queue,
            attempt.job_id,
            serializer=serialize,
        )
        return stored or b""


def _this_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None  # a coroutine runs in a task
    return task
