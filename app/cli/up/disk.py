"""Brings what the embedded Valkey has written to the disk, once a second.

Valkey itself runs with `appendfsync no`: each write is with the kernel before it is answered, so a killed
server loses nothing. With `everysec` it holds writes back, for up to two seconds, while a sync of its own is
under way, and answers them all the same: killed on a busy disk it loses them. A sync from outside leaves the
kernel's guarantee as it is, and bounds what a power cut can cost.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

EVERY = 1.0  # seconds; what a power cut can cost, with the time that the disk takes


def sync_files(data: Path, sync: Callable[[int], None] = os.fsync) -> None:
    """Syncs the files of an append-only log. Those that a rewrite removes meanwhile need none.

    Raises `OSError` when the disk fails.
    """
    for path in sorted(data.glob("appendonlydir/*")):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            continue
        try:
            sync(descriptor)
        finally:
            os.close(descriptor)


async def keep_on_disk(
    data: Path, say: Callable[[str], None], every: float = EVERY, sync: Callable[[Path], None] = sync_files
) -> None:
    """Runs until it is cancelled. `data` is the server's directory; a failing disk is told once to `say`."""
    told = ""
    while True:
        await asyncio.sleep(every)
        try:
            await asyncio.to_thread(sync, data)
        except OSError as error:
            trouble = f"cannot bring {data} to the disk, a power cut may lose what was written: {error}"
            if trouble != told:
                say(trouble)
            told = trouble
