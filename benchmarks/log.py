"""How many events the log takes, and what one costs, beside a plain PUBLISH of the same bytes."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from benchmarks.measure import cpu_ns
from benchmarks.options import Options
from benchmarks.processes import Helper, ground, helper
from benchmarks.report import show

SESSIONS = 200
IN_FLIGHT = 32
WAYS = {"log": "append: check, number, store, send", "bare": "plain PUBLISH"}


@dataclass(frozen=True, slots=True)
class Turn:
    """Events a second, and CPU in µs an event."""

    speed: float
    valkey: float
    publisher: float


def run(options: Options) -> None:
    count = options.choose(5_000, 20_000)
    turns: dict[str, list[Turn]] = {way: [] for way in WAYS}
    with ExitStack() as stack:
        on = stack.enter_context(ground())
        publisher = stack.enter_context(helper("publisher", on.settings.events_url))
        for _ in range(options.choose(2, 5)):
            for way, taken in turns.items():
                taken.append(_flood(publisher, on.valkey, way, count))
    show(
        f"Event log: one process with {IN_FLIGHT} events of about 250 bytes in flight",
        ("", "events/s", "Valkey CPU an event, µs", "publisher CPU an event, µs"),
        [
            (
                WAYS[way],
                f"{median(turn.speed for turn in taken):,.0f}",
                f"{median(turn.valkey for turn in taken):.1f}",
                f"{median(turn.publisher for turn in taken):.0f}",
            )
            for way, taken in turns.items()
        ],
        ("append-only file on, fsync every second, as `tripsage up` has it; nobody subscribes",),
    )


def _flood(publisher: Helper, valkey: int, way: str, count: int) -> Turn:
    before = time.monotonic(), cpu_ns(valkey), cpu_ns(publisher.pid)
    publisher.ask(way=way, sessions=SESSIONS, count=count, in_flight=IN_FLIGHT)
    after = time.monotonic(), cpu_ns(valkey), cpu_ns(publisher.pid)
    seconds, served, published = (end - start for start, end in zip(before, after, strict=True))
    return Turn(count / seconds, served / count / 1000, published / count / 1000)
