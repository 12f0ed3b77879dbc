"""What servers of chat completions stream, for tests to hand to the client."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import msgspec


def chunk(*, finish: str | None = None, **delta: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def call(index: int, arguments: str, **more: Any) -> dict[str, Any]:
    return {"index": index, "function": {"arguments": arguments, **more.pop("function", {})}, **more}


def written(chunks: Sequence[dict[str, Any]], end: str = "\n", done: bool = True) -> bytes:
    events = [msgspec.json.encode(one) for one in chunks] + ([b"[DONE]"] if done else [])
    return b"".join(b"data: " + one + end.encode() * 2 for one in events)


class Body(httpx.AsyncByteStream):
    """A body in these parts; an exception among them is raised, an event waited for. Knows if it was closed."""

    def __init__(self, *parts: bytes | Exception | asyncio.Event) -> None:
        self._parts = parts
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            if isinstance(part, Exception):
                raise part
            if isinstance(part, asyncio.Event):
                await part.wait()
            else:
                yield part

    async def aclose(self) -> None:
        self.closed = True


def answer(*parts: bytes | Exception | asyncio.Event) -> httpx.Response:
    return httpx.Response(200, stream=Body(*parts))


def says(text: str, usage: tuple[int, int] | None = None) -> httpx.Response:
    """A whole answer; `usage` are the tokens that it took."""
    return answer(written([chunk(role="assistant", content=text), chunk(finish="stop"), *_usage(usage)]))


def calls(name: str, arguments: Any, usage: tuple[int, int] | None = None) -> httpx.Response:
    """A whole answer that asks for one call."""
    asked = call(0, msgspec.json.encode(arguments).decode(), id="c", function={"name": name})
    return answer(written([chunk(tool_calls=[asked]), chunk(finish="tool_calls"), *_usage(usage)]))


def _usage(usage: tuple[int, int] | None) -> list[dict[str, Any]]:
    if usage is None:
        return []
    return [{"choices": [], "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1]}}]
