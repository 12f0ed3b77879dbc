"""Chat completions as OpenAI, vLLM, Ollama, OpenRouter and others serve them. The models' only user of httpx.

A request is sent again only before the first delta, and only when nothing can have been lost by it: the
connection failed, or the server turned it away. The key goes into a header, and into no message or log.
"""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx

from app.settings import ModelPrice
from tools.providers.retry import asked_wait, backoff
from workers.models.events import EventSplitter, EventTooLarge
from workers.models.model import (
    AnswerIdle,
    AnswerTooLarge,
    AnswerTruncated,
    Delta,
    Finish,
    Finished,
    Message,
    ModelError,
    ModelTool,
    ModelUnavailable,
)
from workers.models.price import FREE, Meter
from workers.models.wire import FINISHES, decoded, pieces, request_of

logger = logging.getLogger("tripsage.model")

ATTEMPTS = 3
CONNECT_TIMEOUT = 5.0  # s
IDLE_TIMEOUT = 60.0  # s without a byte; models think before they speak
MAX_WAIT = 20.0  # s that a server may ask to be left alone for
MAX_ANSWER = 8 * 1024 * 1024  # bytes, decompressed
MAX_QUOTE = 300  # characters of what a server said
_RETRIED = frozenset({408, 409, 429})
_DONE = b"[DONE]"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is served: `url` ends before `/chat/completions` and has no slash at its end."""

    url: str
    name: str
    key: str | None = field(default=None, repr=False)
    price: ModelPrice = FREE


class OpenAIModel:
    """One model of one server; use it for as many answers at once as wanted. `close` it in the end."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        idle_timeout: float = IDLE_TIMEOUT,
        sleep: Callable[[float], Any] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._endpoint = endpoint
        self._sleep = sleep
        self._jitter = jitter
        headers = {"authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        self._client = httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(idle_timeout, connect=CONNECT_TIMEOUT),
            verify=_certificates(),
            follow_redirects=False,
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def stream(
        self, messages: Sequence[Message], tools: Sequence[ModelTool]
    ) -> AsyncGenerator[Delta, None]:
        request = request_of(self._endpoint.name, messages, tools)
        response = await self._send(request)
        meter = Meter(request, self._endpoint.price)
        try:
            with _metered(meter):
                async for delta in _deltas(response, meter):
                    yield delta
        finally:
            await response.aclose()

    async def _send(self, body: bytes) -> httpx.Response:
        for attempt in range(1, ATTEMPTS):
            outcome = await self._attempt(body)
            if isinstance(outcome, httpx.Response):
                return outcome
            wait = self._wait(outcome, attempt)
            if wait is None:
                raise outcome.error
            logger.info("a model is asked again in %.1f s: %s", wait, outcome.error)
            await self._sleep(wait)
        outcome = await self._attempt(body)
        if isinstance(outcome, httpx.Response):
            return outcome
        raise outcome.error

    async def _attempt(self, body: bytes) -> "httpx.Response | _Refused":
        url = f"{self._endpoint.url}/chat/completions"
        headers = {"content-type": "application/json", "accept": "text/event-stream"}
        request = self._client.build_request("POST", url, content=body, headers=headers)
        try:
            response = await self._client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return _Refused(ModelUnavailable("the model cannot be reached"), 0.0)
        except httpx.TimeoutException:
            raise AnswerIdle("the model did not begin to answer") from None
        except httpx.HTTPError as error:
            raise ModelUnavailable(f"the connection broke: {type(error).__name__}") from None
        if response.is_success:
            return response
        try:
            said = self._quote(await _beginning(response))
        finally:
            await response.aclose()
        status = response.status_code
        error = ModelUnavailable(f"the model's server answered {status}: {said}", status)
        return _Refused(error, asked_wait(status, response.headers, datetime.now(UTC)))

    def _wait(self, refused: "_Refused", attempt: int) -> float | None:
        """Seconds until the next attempt; None when there is to be none."""
        status = refused.error.status
        if status is not None and status not in _RETRIED and status < 500:
            return None
        stated = refused.stated_wait or 0.0
        return None if stated > MAX_WAIT else stated + backoff(attempt, self._jitter())

    def _quote(self, said: bytes) -> str:
        text = said.decode(errors="replace")
        return (text.replace(self._endpoint.key, "…") if self._endpoint.key else text)[:MAX_QUOTE]


@dataclass(frozen=True, slots=True)
class _Refused:
    error: ModelUnavailable
    stated_wait: float | None


async def _beginning(response: httpx.Response) -> bytes:
    """Enough of an error's body to quote from; empty when it cannot be read."""
    found = b""
    try:
        async for part in response.aiter_bytes():
            found += part
            if len(found) > 16 * MAX_QUOTE:
                break
    except httpx.HTTPError as error:
        logger.debug("the body of a refusal cannot be read: %s", type(error).__name__)
    return found


@contextmanager
def _metered(meter: Meter) -> Generator[None]:
    """What breaks off in here has been paid for as far as it came."""
    try:
        try:
            yield
        except httpx.TimeoutException:
            raise AnswerIdle("the model fell silent in the middle of its answer") from None
        except httpx.HTTPError as error:
            raise AnswerTruncated(f"the connection broke in the middle: {type(error).__name__}") from None
    except ModelError as error:
        error.usage = meter.usage()
        raise


async def _deltas(response: httpx.Response, meter: Meter) -> AsyncIterator[Delta]:
    reason: Finish | None = None
    async for data in _data(response):
        chunk = decoded(data)
        if chunk.usage is not None:
            meter.counted = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
        for choice in chunk.choices[:1]:
            parts = pieces(choice.delta)
            meter.add(parts)
            for delta in parts:
                yield delta
            if choice.finish_reason is not None:
                reason = FINISHES.get(choice.finish_reason, "stop")
    if reason is None:
        raise AnswerTruncated("the stream ended without a finish_reason")
    yield Finished(reason, meter.usage())


async def _data(response: httpx.Response) -> AsyncIterator[bytes]:
    """The data of each event up to `[DONE]` or the end of the stream."""
    splitter, size = EventSplitter(), 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > MAX_ANSWER:
            raise AnswerTooLarge(f"the answer is over {MAX_ANSWER} bytes")
        try:
            events = splitter.feed(part)
        except EventTooLarge:
            raise AnswerTooLarge("an event of the answer is too large") from None
        for data in events:
            if data == _DONE:
                return
            yield data


@cache
def _certificates() -> Any:
    """Read once a process: it takes tens of milliseconds."""
    return httpx.create_ssl_context()
