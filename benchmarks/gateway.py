"""What one gateway costs, beside a bare picows server in the same run.

Each connection is a user of its own with a session of its own, so every event goes to one client: the case
in which nothing is shared. The two servers take turns, and the figures are medians of the turns.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from benchmarks.measure import cpu_ns, resident_bytes
from benchmarks.options import Options
from benchmarks.processes import Ground, Helper, allow_many_files, free_port, gateway, ground, helper
from benchmarks.report import show, verdict

RATE = 2000
WARM = 20
"""Connections after which a server has made what it makes once; the memory of the others is counted."""
FEW, MANY, VERY_MANY = 200, 2000, 5000


@dataclass(frozen=True, slots=True)
class Turn:
    """CPU in µs an event delivered; delays from before the append to the client, in ms."""

    cost: float
    p50: float
    p99: float


@dataclass(slots=True)
class Server:
    """One of the two; `way` is how its events are published."""

    name: str
    way: str
    pid: int
    clients: Helper
    warm: int = 0
    memory: float = 0.0
    idle: float = 0.0

    def connect(self, connections: int) -> None:
        if not self.warm:
            self.clients.ask(connect=WARM)
            self.warm = resident_bytes(self.pid)
        self.clients.ask(connect=connections)
        self.memory = (resident_bytes(self.pid) - self.warm) / (connections - WARM) / 1000

    def rest(self, seconds: float) -> None:
        before = cpu_ns(self.pid)
        time.sleep(seconds)
        self.idle = (cpu_ns(self.pid) - before) / seconds / 1e9

    def deliver(self, publisher: Helper, sessions: int, seconds: float) -> Turn:
        """A turn of `seconds`, and a short one before it that warms up what the other server had cooled."""
        self._deliver(publisher, sessions, 0.2)
        return self._deliver(publisher, sessions, seconds)

    def _deliver(self, publisher: Helper, sessions: int, seconds: float) -> Turn:
        self.clients.ask(begin=True)
        before = cpu_ns(self.pid)
        sent = publisher.ask(way=self.way, sessions=sessions, rate=RATE, seconds=seconds)
        delays = self.clients.ask(end=sent)
        used = cpu_ns(self.pid) - before
        return Turn(used / sent / 1000, delays["p50"], delays["p99"])


@dataclass(frozen=True, slots=True)
class Result:
    """One server with so many connections: medians of its turns."""

    server: str
    connections: int
    cost: float
    p50: float
    p99: float
    memory: float
    idle: float


def run(options: Options) -> None:
    sizes = [FEW] if options.quick else [FEW, MANY]
    if options.full:
        sizes.append(VERY_MANY)
    allow_many_files()
    _report(_beside_floor(options, _tripsage, sizes), _beside_floor(options, _channels, [FEW]))


Start = Callable[[ExitStack, Ground], Server]


def _beside_floor(options: Options, start: Start, sizes: Sequence[int]) -> list[list[Result]]:
    """The server and the floor for each number of connections."""
    with ExitStack() as stack:
        on = stack.enter_context(ground())
        servers = start(stack, on), _floor(stack, on)
        publisher = stack.enter_context(helper("publisher", on.settings.events_url))
        return [_measure(options, servers, publisher, size) for size in sizes]


def _tripsage(stack: ExitStack, on: Ground) -> Server:
    pid = stack.enter_context(gateway(on))
    return Server("TripSage", "log", pid, _clients(stack, on, f"{on.settings.port}/ws"))


def _floor(stack: ExitStack, on: Ground) -> Server:
    return _yardstick(stack, on, "floor", "floor", "bare")


def _channels(stack: ExitStack, on: Ground) -> Server:
    return _yardstick(stack, on, "Litestar Channels", "channels", "channels")


def _yardstick(stack: ExitStack, on: Ground, name: str, module: str, way: str) -> Server:
    port = free_port()
    server = stack.enter_context(helper(module, on.settings.events_url, str(port)))
    server.ask(ready=True)
    return Server(name, way, server.pid, _clients(stack, on, f"{port}/"))


def _clients(stack: ExitStack, on: Ground, address: str) -> Helper:
    return stack.enter_context(helper("load", f"ws://127.0.0.1:{address}", str(on.settings.data_dir)))


def _measure(options: Options, servers: Sequence[Server], publisher: Helper, size: int) -> list[Result]:
    turns: dict[str, list[Turn]] = {server.name: [] for server in servers}
    for server in servers:
        server.connect(size)
    for server in servers:
        server.rest(options.choose(1, 4))
    for _ in range(options.choose(2, 7)):
        for server in servers:
            turns[server.name].append(server.deliver(publisher, size, options.choose(1, 3)))
    return [
        Result(
            server.name,
            size,
            median(turn.cost for turn in turns[server.name]),
            median(turn.p50 for turn in turns[server.name]),
            median(turn.p99 for turn in turns[server.name]),
            server.memory,
            server.idle,
        )
        for server in servers
    ]


def _report(ours: list[list[Result]], channels: list[list[Result]]) -> None:
    rows = [_row(each, floor=pair[-1]) for pair in (*ours, *channels) for each in pair]
    few, most = ours[0][0], ours[-1][0]
    ratio = few.cost / ours[0][1].cost
    of_channels = ratio / (channels[0][0].cost / channels[0][1].cost)
    rows.append(
        (
            f"target, {FEW} connections",
            "",
            verdict(ratio, 1.5),
            verdict(few.p50, 1.5),
            verdict(few.p99, 10),
            verdict(most.memory, 30),
            "",
        )
    )
    notes = [
        "floor: picows and redis-py, which pass on what is published and do nothing else",
        "p50, p99: from before the publish in another process to the client; idle: connected, no events",
        f"CPU beside Litestar Channels over Redis streams: {of_channels:.2f} ×, target {verdict(of_channels, 0.3)}",
    ]
    if most is not few:
        growth = most.cost / few.cost
        notes.append(
            f"CPU with {most.connections} connections: {growth:.2f} × that with {FEW}, target {verdict(growth, 1.3)}"
        )
    show(
        f"Gateway: {RATE} events/s of about 250 bytes, each to one client",
        ("", "CPU an event, µs", "× floor", "p50, ms", "p99, ms", "kB a connection", "CPU, idle"),
        rows,
        notes,
    )


def _row(result: Result, floor: Result) -> tuple[str, ...]:
    return (
        f"{result.server}, {result.connections} connections",
        f"{result.cost:.1f}",
        f"{result.cost / floor.cost:.2f}",
        f"{result.p50:.2f}",
        f"{result.p99:.2f}",
        f"{result.memory:.1f}",
        f"{result.idle:.1%}",
    )
