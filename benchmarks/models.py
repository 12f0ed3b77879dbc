"""From the bytes of a model's answer to the `chat_message_chunk` that shows them, on a whole running system.

A server in this process streams an answer in pieces and notes when it writes each; a client in this process notes
when it is shown. So the way to the model's client, both hops of the stream and the way to the socket are in it.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import msgspec

from benchmarks.measure import Spread
from benchmarks.options import Options
from benchmarks.report import show, verdict
from benchmarks.system import running_system
from tests.support.completions import chunk, written
from tests.support.wire import Frame, Wire, open_wire

AIM = 10.0  # ms
PIECES = 8
PAUSE = 0.03  # s between two pieces, so that no two of them become one
WARM = 5
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


class Speaker:
    """Serves chat completions; `wrote` has the moment of each piece of the last answer, in s."""

    def __init__(self) -> None:
        self.wrote: list[float] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.split(b":")[1])
                    for line in head.lower().splitlines()
                    if line.startswith(b"content-length:")
                )
                await reader.readexactly(length)
                await self._answer(writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError):  # the client is done, or the benchmark
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        self.wrote = []
        writer.write(HEAD + _part(written([chunk(role="assistant", content="")], done=False)))
        for number in range(PIECES):
            await asyncio.sleep(PAUSE)
            piece = _part(written([chunk(content=f"word{number} ")], done=False))
            self.wrote.append(time.perf_counter())
            writer.write(piece)
        writer.write(_part(written([chunk(finish="stop")])) + b"0\r\n\r\n")
        await writer.drain()


def run(options: Options) -> None:
    first, later, alone = asyncio.run(_measured(options.choose(20, 150)))
    show(
        "Models: from a piece of an answer to its chat_message_chunk",
        ("", "p50, ms", "p99, ms", "target p50", "target p99"),
        [
            (
                "first piece, at the client's socket",
                *_shown(first),
                verdict(first.p50, AIM),
                verdict(first.p99, AIM),
            ),
            ("later pieces", *_shown(later), "", ""),
            ("the same bytes at a bare httpx client", *_shown(alone), "yardstick", ""),
        ],
    )


def _shown(spread: Spread) -> tuple[str, str]:
    return f"{spread.p50:.2f}", f"{spread.p99:.2f}"


async def _measured(turns: int) -> tuple[Spread, Spread, Spread]:
    async with _serving() as (speaker, port):
        url = f"http://127.0.0.1:{port}/v1"
        model = {"TRIPSAGE_MODEL": "openai", "TRIPSAGE_MODEL_URL": url, "TRIPSAGE_MODEL_NAME": "some-model"}
        async with running_system(**model) as system, await open_wire(system.url) as wire:
            session = (await wire.authenticate(system.token()))["session_id"]
            shown = [await _turn(wire, session, speaker) for _ in range(WARM + turns)][WARM:]
        alone = [await _alone(url, speaker) for _ in range(WARM + turns // 4)][WARM:]
    return (
        Spread.of(times[0] for times in shown),
        Spread.of(each for times in shown for each in times[1:]),
        Spread.of(each for times in alone for each in times),
    )


@asynccontextmanager
async def _serving() -> AsyncGenerator[tuple[Speaker, int]]:
    speaker = Speaker()
    server = await asyncio.start_server(speaker.serve, "127.0.0.1", 0)
    try:
        yield speaker, server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _turn(wire: Wire, session: str, speaker: Speaker) -> list[float]:
    """ms from each piece's bytes to the frame that shows it."""
    turn_id = await wire.send("chat_message", session_id=session, content="Tell me something.")
    seen: dict[int, float] = {}

    def is_over(frame: Frame) -> bool:
        now = time.perf_counter()
        if frame["type"] == "chat_message_chunk" and frame["turn_id"] == turn_id:
            for word in frame["chunk"].split():
                seen.setdefault(int(word.removeprefix("word")), now)
        return frame["type"] == "agent_status_update" and frame["status"] in ("idle", "error")

    last = await wire.until(is_over)
    if last["status"] == "error" or len(seen) != PIECES:
        raise RuntimeError(f"turn {turn_id} did not show the model's answer: {seen}")
    wire.seen.clear()
    return [(seen[number] - wrote) * 1000 for number, wrote in enumerate(speaker.wrote)]


async def _alone(url: str, speaker: Speaker) -> list[float]:
    seen: list[float] = []
    async with httpx.AsyncClient() as client:
        body = msgspec.json.encode({"model": "some-model", "stream": True, "messages": []})
        async with client.stream("POST", f"{url}/chat/completions", content=body) as response:
            async for part in response.aiter_bytes():
                seen += [time.perf_counter()] * part.count(b"word")
    return [(at - wrote) * 1000 for at, wrote in zip(seen, speaker.wrote, strict=True)]


def _part(body: bytes) -> bytes:
    """A chunk of HTTP/1.1's chunked encoding."""
    return b"%x\r\n%b\r\n" % (len(body), body)
