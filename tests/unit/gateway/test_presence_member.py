"""What one connection is shown of who is on a trip, while its access is in doubt."""

import asyncio
from datetime import UTC, datetime

import pytest

from app.domain.presence import Tab
from app.gateway.outbox import Flusher, Outbox
from app.gateway.presence import Member
from app.streams.frame import Frame
from tests.support.pipe import Pipe


@pytest.fixture
async def shown() -> tuple[Member, Pipe]:
    pipe = Pipe()
    outbox = Outbox(pipe, Flusher(asyncio.get_running_loop()), limit=100)
    tab = Tab(user_id="bob", user_name="Bob", status="active", last_seen=datetime.now(UTC))
    return Member(outbox, tab, "read"), pipe


async def sent(pipe: Pipe) -> list[bytes]:
    pipe.paused = False
    pipe.writable()
    await asyncio.sleep(0)
    return pipe.written


async def test_what_waits_when_access_is_in_doubt_is_not_sent(shown: tuple[Member, Pipe]) -> None:
    bob, pipe = shown
    bob.show("t1", Frame(0, b"before"), changed=True)
    bob.suspend("t1")
    bob.show("t1", Frame(0, b"meanwhile"), changed=True)
    assert await sent(pipe) == []


async def test_who_has_access_after_all_is_shown_who_is_there_although_nothing_changed(
    shown: tuple[Member, Pipe],
) -> None:
    bob, pipe = shown
    bob.show("t1", Frame(0, b"before"), changed=True)
    bob.suspend("t1")
    bob.restore()
    bob.show("t1", Frame(0, b"as before"), changed=False)
    assert await sent(pipe) == [b"as before"]


async def test_what_has_not_changed_is_not_shown_twice(shown: tuple[Member, Pipe]) -> None:
    bob, pipe = shown
    bob.show("t1", Frame(0, b"once"), changed=False)
    assert await sent(pipe) == [b"once"]
    bob.show("t1", Frame(0, b"twice"), changed=False)
    assert await sent(pipe) == [b"once"]
