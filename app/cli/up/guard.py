"""Ends what a killed supervisor leaves behind.

A process of its own with nothing but the standard library. Its standard input is a pipe from the
supervisor: `+PID` for each process group started, `-PID` for each that ended. When the pipe closes, however
the supervisor went, the groups still there are ended. It also holds the lock of the data directory, so that
nobody starts on it before that is done.
"""

import contextlib
import os
import signal
import sys
import time

GRACE = 5.0


def _signal(group: int, number: int) -> None:
    # macOS refuses with PermissionError where nothing but a zombie is left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _runs(group: int) -> bool:
    """Whether the group's leader still runs. In a container without an init its zombie may stay for good."""
    try:
        os.killpg(group, 0)
        with open(f"/proc/{group}/stat") as status:
            return status.read().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, PermissionError):
        return False
    except FileNotFoundError:
        return not os.path.exists("/proc/self")  # macOS has no /proc; there the group is what counts


def main() -> None:
    groups: list[int] = []
    for line in sys.stdin.buffer:
        group = int(line[1:])
        if line.startswith(b"+"):
            groups.append(group)
        else:
            with contextlib.suppress(ValueError):
                groups.remove(group)
    for group in reversed(groups):
        _signal(group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while any(_runs(group) for group in groups) and time.monotonic() < deadline:
        time.sleep(0.02)
    for group in groups:
        _signal(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
