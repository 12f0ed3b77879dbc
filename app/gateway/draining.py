"""A drain that ends before the server is told to stop, whatever server runs the application."""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def drain_on_signal(drain: Callable[[], Coroutine[None, None, None]]) -> Generator[None, None, None]:
    """Has `drain` run in this loop when the process is asked to stop, and passes the signal on behind it.

    A server that is told to stop closes WebSockets with a code of its own, and waits for open responses
    before it ends the application's lifespan. A second signal is passed on at once. Does nothing outside of
    the main thread, where no signals arrive.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    earlier = {each: signal.getsignal(each) for each in SIGNALS}
    draining: set[asyncio.Task[None]] = set()
    asked = False

    def pass_on(number: int, frame: FrameType | None = None) -> None:
        handler = earlier[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    def begin(number: int) -> None:
        task = loop.create_task(drain())
        draining.add(task)
        task.add_done_callback(draining.discard)
        task.add_done_callback(lambda _: pass_on(number))

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            pass_on(number, frame)
        else:
            asked = True
            loop.call_soon_threadsafe(begin, number)

    for each in SIGNALS:
        signal.signal(each, handle)
    try:
        yield
    finally:
        for each, handler in earlier.items():
            if signal.getsignal(each) is handle:
                signal.signal(each, handler)
