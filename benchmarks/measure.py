"""What a process costs, seen from outside, and what many samples come to."""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_ns(pid: int) -> int:
    """CPU time that all threads of a process have used, in ns."""
    # clock_getcpuclockid(3), which Python does not have, makes a clock's number from a process's like this.
    return time.clock_gettime_ns(~pid << 3 | 2)


def resident_bytes(pid: int) -> int:
    """Memory of a process that is in RAM."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


@dataclass(frozen=True, slots=True)
class Spread:
    """In the unit of the samples; all 0 for none."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, samples: Iterable[float]) -> "Spread":
        ordered = sorted(samples)
        return cls(_at(ordered, 0.5), _at(ordered, 0.95), _at(ordered, 0.99))


def _at(ordered: Sequence[float], fraction: float) -> float:
    return ordered[max(0, ceil(fraction * len(ordered)) - 1)] if ordered else 0.0
