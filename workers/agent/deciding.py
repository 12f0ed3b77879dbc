"""Hearing what a planner decides, and what it says on the way, without missing that the turn is stopped."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, contextmanager

from workers.agent.inbox import Inbox
from workers.agent.model import Planner, Step, Told, View


class PlannerFailed(Exception):
    """A planner is replaceable: whatever it raises ends the turn and not the worker."""


async def decision(
    planner: Planner,
    view: View,
    checked: Callable[[Step], Step],
    inbox: Inbox,
    time_left: Callable[[], float],
) -> AsyncGenerator[Told, None]:
    """What the planner says, as it comes, and the step that it decides on, checked, last.

    Ends without a step when there is no time left before there is one. `time_left` are seconds; it is asked
    again whenever something happens to the session. What comes while a piece is dealt with is one piece.
    Raises `PlannerFailed` for what the planner or `checked` raises.
    """
    with _blamed():
        answer = planner.next(view)
        if isinstance(answer, Step):
            answer = checked(answer)
    if isinstance(answer, Step):
        yield answer
        return
    heard: list[Told] = []
    listening = asyncio.create_task(_listen(answer, checked, heard, inbox))
    try:
        while (left := time_left()) > 0:
            taken, heard[:] = _joined(heard), []
            for each in taken:
                if time_left() <= 0:  # the order to stop came while the piece before was dealt with
                    return
                yield each
            if listening.done() and not heard:
                await listening
                return
            try:
                async with asyncio.timeout(left):
                    await inbox.something()
            except TimeoutError:
                continue
    finally:
        listening.cancel()
        inbox.look_again()


async def _listen(
    answer: AsyncGenerator[Told, None], checked: Callable[[Step], Step], heard: list[Told], inbox: Inbox
) -> None:
    try:
        with _blamed():
            async with aclosing(answer) as told:
                async for each in told:
                    heard.append(checked(each) if isinstance(each, Step) else each)
                    inbox.look_again()
                    if isinstance(each, Step):
                        return
            raise RuntimeError("the planner ended without a step")
    finally:
        inbox.look_again()


@contextmanager
def _blamed() -> Generator[None]:
    try:
        yield
    except Exception as error:
        raise PlannerFailed from error


def _joined(heard: list[Told]) -> list[Told]:
    """With one text where several follow each other."""
    joined: list[Told] = []
    for each in heard:
        if isinstance(each, str) and joined and isinstance(joined[-1], str):
            joined[-1] += each
        else:
            joined.append(each)
    return joined
