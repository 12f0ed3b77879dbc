"""People on one trip: picows connections in one process, a user each.

Requests: `{"join": n}` until n are there (`"bare"`: on a server of `benchmarks/floor.py`),
`{"cursors": per_second, "seconds": s}` moves everybody's and answers
`{"sent", "seen", "bytes"}`, `{"begin": true}` forgets the delays, `{"end": n}` waits for n updates and answers
`{"p50", "p95", "p99"}` in ms, `{"catch_up": after, "until": seq}` answers the seconds that a newcomer takes.
"""

import asyncio
import json
import sys
import time
from array import array
from dataclasses import asdict
from pathlib import Path
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from app.services.auth import issue_token
from app.settings import dev_secret
from app.wiring import utc_now
from benchmarks.measure import Spread
from benchmarks.processes import Handler, answer_requests

TRIP = "bench"
LATE = 30.0  # seconds
PRESENCE = b'{"type":"trip_collaborator_presence"'
UPDATE = b'{"type":"trip_update_broadcast"'
STAMP = b'"new_value":"'
STAMP_DIGITS = 19
"""A written value is the `time.monotonic_ns()` before its PATCH, which all processes of a machine share."""


class People:
    def __init__(self, url: str, secret: str) -> None:
        self.delays = array("q")
        self.seen = self.seen_bytes = 0
        self._url = url
        self._secret = secret
        self._people: list[Person] = []

    async def handle(self, request: dict[str, Any]) -> Any:
        match request:
            case {"join": count, "bare": True}:
                self._people += [await self._join_bare() for _ in range(len(self._people), count)]
                return None
            case {"join": count}:
                for number in range(len(self._people), count):
                    self._people.append(await self._join(number, {}))
                return None
            case {"cursors": rate, "seconds": seconds}:
                return await self._move(rate, seconds)
            case {"begin": True}:
                self.delays = array("q")
                return None
            case {"end": count}:
                async with asyncio.timeout(LATE):
                    while len(self.delays) < count:
                        await asyncio.sleep(0.01)
                return asdict(Spread.of(delay / 1e6 for delay in self.delays))
            case {"catch_up": after, "until": seq}:
                before = time.perf_counter()
                newcomer = await self._connect(0)
                newcomer.last = b'"seq":%d}' % seq
                newcomer.join({"after": after})
                async with asyncio.timeout(LATE):
                    await newcomer.caught_up.wait()
                newcomer.transport.disconnect()
                if newcomer.updates < seq - after:
                    raise RuntimeError(f"{newcomer.updates} updates instead of {seq - after}")
                return time.perf_counter() - before
            case _:
                raise ValueError(request)

    async def _move(self, rate: float, seconds: float) -> dict[str, int]:
        """Everybody's cursor `rate` times a second, spread evenly over the time between."""
        self.seen = self.seen_bytes = 0
        loop = asyncio.get_running_loop()
        start, step, total = (
            loop.time(),
            1 / (rate * len(self._people)),
            int(rate * len(self._people) * seconds),
        )
        for number in range(total):
            await asyncio.sleep(max(0.0, start + number * step - loop.time()))
            self._people[number % len(self._people)].move(number)
        return {"sent": total, "seen": self.seen, "bytes": self.seen_bytes}

    async def _join(self, number: int, cursor: dict[str, Any]) -> "Person":
        person = await self._connect(number)
        person.join(cursor)
        await person.joined.wait()
        return person

    async def _join_bare(self) -> "Person":
        person = Person(self)
        person.transport, _ = await ws_connect(lambda: person, self._url, websocket_handshake_timeout=30)
        person.send({"session_id": TRIP})
        await person.joined.wait()
        return person

    async def _connect(self, number: int) -> "Person":
        user = f"bench-{number}"
        person = Person(self)
        transport, _ = await ws_connect(lambda: person, self._url, websocket_handshake_timeout=30)
        person.transport = transport
        token = issue_token(self._secret, user, None, utc_now(), 3600)
        person.send({"type": "connection_authenticate", "id": "hello", "token": token})
        await person.established.wait()
        return person


class Person(WSListener):
    transport: WSTransport

    def __init__(self, people: People) -> None:
        self.established, self.joined, self.caught_up = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.last: bytes | None = None
        self.updates = 0
        self._people = people

    def send(self, frame: dict[str, Any]) -> None:
        self.transport.send(WSMsgType.TEXT, json.dumps(frame).encode())

    def join(self, cursor: dict[str, Any]) -> None:
        self.send({"type": "trip_collaboration_join", "id": "join", "trip_id": TRIP, **cursor})

    def move(self, number: int) -> None:
        where = {"x": number % 1000, "y": number % 700, "element_id": "day-1"}
        self.send({"type": "trip_cursor_move", "id": f"m{number}", "trip_id": TRIP, **where})

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        now = time.monotonic_ns()
        payload = frame.get_payload_as_bytes()
        if payload.startswith(PRESENCE):
            self._people.seen += 1
            self._people.seen_bytes += len(payload)
        elif payload.startswith(UPDATE) and self.last is None:
            at = payload.find(STAMP) + len(STAMP)
            if at >= len(STAMP):
                self._people.delays.append(now - int(payload[at : at + STAMP_DIGITS]))
        elif payload.startswith(b'{"type":"connection_established"'):
            self.established.set()
        elif payload == b"{}" or payload.startswith(b'{"type":"stream_subscribed"'):
            self.joined.set()
        self.updates += payload.startswith(UPDATE)
        if self.last is not None and payload.endswith(self.last):
            self.caught_up.set()


def main(url: str, data_dir: str) -> None:
    async def prepare() -> Handler:
        return People(url, dev_secret(Path(data_dir))).handle

    answer_requests(prepare)


if __name__ == "__main__":
    main(*sys.argv[1:])
