"""Chat completions as OpenAI, vLLM, Ollama, OpenRouter and others serve them. The models' only user of httpx.

A request is sent again only before the first delta, and only when nothing can have been lost by it: the
connection failed, or the server turned it away. The key goes into a header, and into no message or log.
"""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx
import msgspec
from msgspec import UNSET, Struct, UnsetType

from tools.providers.retry import backoff, stated_wait
from workers.models.events import EventSplitter, EventTooLarge
from workers.models.model import (
    AnswerBroken,
    AnswerIdle,
    AnswerTooLarge,
    AnswerTruncated,
    CallDelta,
    Delta,
    Finish,
    Finished,
    Message,
    ModelTool,
    ModelUnavailable,
    TextDelta,
    Usage,
)

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


class _Function(Struct):
    name: str | None = None
    arguments: str | None = None


class _Call(Struct):
    index: int = 0
    id: str | None = None
    function: _Function = msgspec.field(default_factory=_Function)


class _Piece(Struct):
    content: str | None = None
    tool_calls: list[_Call] | None = None


class _Choice(Struct):
    delta: _Piece = msgspec.field(default_factory=_Piece)
    finish_reason: str | None = None


class _Usage(Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Chunk(Struct):
    choices: list[_Choice] = []
    usage: _Usage | None = None
    error: msgspec.Raw | UnsetType = UNSET


_decoder = msgspec.json.Decoder(_Chunk)
_FINISHES: dict[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}


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
        response = await self._send(_request(self._endpoint.name, messages, tools))
        try:
            async for delta in _deltas(response):
                yield delta
        except httpx.TimeoutException:
            raise AnswerIdle("the model fell silent in the middle of its answer") from None
        except httpx.HTTPError as error:
            raise AnswerTruncated(f"the connection broke in the middle: {type(error).__name__}") from None
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
        return _Refused(error, stated_wait(status, response.headers, datetime.now(UTC)))

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


async def _deltas(response: httpx.Response) -> AsyncIterator[Delta]:
    reason: Finish | None = None
    usage: Usage | None = None
    async for data in _data(response):
        chunk = _decoded(data)
        if chunk.usage is not None:
            usage = Usage(tokens_in=chunk.usage.prompt_tokens, tokens_out=chunk.usage.completion_tokens)
        for choice in chunk.choices[:1]:
            for delta in _pieces(choice.delta):
                yield delta
            if choice.finish_reason is not None:
                reason = _FINISHES.get(choice.finish_reason, "stop")
    if reason is None:
        raise AnswerTruncated("the stream ended without a finish_reason")
    yield Finished(reason, usage)


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


def _decoded(data: bytes) -> _Chunk:
    try:
        chunk = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise AnswerBroken("a chunk of the answer is not as chat completions have it") from None
    if chunk.error is not UNSET:
        raise AnswerBroken("the model's server reported an error in the middle of its answer")
    return chunk


def _pieces(piece: _Piece) -> list[Delta]:
    deltas: list[Delta] = [TextDelta(piece.content)] if piece.content else []
    for call in piece.tool_calls or ():
        function = call.function
        deltas.append(
            CallDelta(
                index=call.index,
                id=call.id or "",
                name=function.name or "",
                arguments=function.arguments or "",
            )
        )
    return deltas


def _request(name: str, messages: Sequence[Message], tools: Sequence[ModelTool]) -> bytes:
    body: dict[str, Any] = {
        "model": name,
        "messages": [_message(message) for message in messages],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if tools:
        body["tools"] = [{"type": "function", "function": tool} for tool in tools]
    return msgspec.json.encode(body)


def _message(message: Message) -> dict[str, Any]:
    written: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_call_id is not None:
        written["tool_call_id"] = message.tool_call_id
    if message.calls:
        written["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.calls
        ]
    return written


@cache
def _certificates() -> Any:
    """Read once a process: it takes tens of milliseconds."""
    return httpx.create_ssl_context()
