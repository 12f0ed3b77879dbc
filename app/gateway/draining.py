"""A drain that begins with the signal, whatever server runs the application."""

import asyncio
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def drain_on_signal(drain: Callable[[], None]) -> Generator[None, None, None]:
    """Has `drain` called in this loop when the process is asked to stop, before its server acts on it.

    A server waits for open responses before it ends the application's lifespan; an event stream ends only
    once it is told to. Does nothing outside of the main thread, where no signals arrive.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    earlier = {each: signal.getsignal(each) for each in SIGNALS}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(drain)
        handler = earlier[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for each in SIGNALS:
        signal.signal(each, handle)
    try:
        yield
    finally:
        for each, handler in earlier.items():
            if signal.getsignal(each) is handle:
                signal.signal(each, handler)
