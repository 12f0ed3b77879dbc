"""Asks a server over HTTP whether it is ready.

`python -m app.cli.up.probe HOST PORT PATH` asks once and ends with 0 or 1, as health checks of containers
want it.
"""

import asyncio
import contextlib
import sys

from app.cli.up.programs import Probe

FIRST_PAUSE = 0.02
LONGEST_PAUSE = 0.25
ANSWER_SECONDS = 5.0


async def wait_until_ready(probe: Probe) -> None:
    """Returns when the probe answers 200. Refused connections cost nothing, so it asks often at first."""
    pause = FIRST_PAUSE
    while not await is_ready(probe):
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 1.5)


async def is_ready(probe: Probe) -> bool:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await _status(probe) == 200
    except (OSError, TimeoutError, ValueError):
        return False


async def _status(probe: Probe) -> int:
    reader, writer = await asyncio.open_connection(probe.host, probe.port)
    try:
        host = f"[{probe.host}]" if ":" in probe.host else probe.host
        writer.write(f"GET {probe.path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        status_line = await reader.readline()
        return int(status_line.split()[1]) if status_line.startswith(b"HTTP/") else 0
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


if __name__ == "__main__":
    host, port, path = sys.argv[1:]
    sys.exit(not asyncio.run(is_ready(Probe(host, int(port), path))))
