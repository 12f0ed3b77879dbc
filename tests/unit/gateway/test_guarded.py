"""The loss of an access is the last that a connection gets of a trip, unless it was given back since."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from app.gateway.guarded import Admission, Guarded
from app.streams.frame import Frame

LOST = Frame(1, b'{"type":"trip_permission_change","user_id":"bob","new_permissions":[]}')
OTHERS = Frame(1, b'{"type":"trip_permission_change","user_id":"eve","new_permissions":[]}')
LATER = Frame(2, b'{"type":"trip_update_broadcast"}')


class Connection:
    """Bob's. What it gets and what is done about the rest of the trip, in order."""

    def __init__(self, allowed: bool) -> None:
        self.got: list[str] = []
        self.looking_up: list[Coroutine[Any, Any, None]] = []
        self._allowed = allowed
        self._admission = Admission(
            suspend=lambda: self.got.append("suspended"),
            restore=lambda: self.got.append("restored"),
            end=lambda: self.got.append("ended"),
        )
        self.guarded = Guarded("trip:t1", "bob", self, self._allows, self._admission, self.looking_up.append)

    async def _allows(self) -> bool:
        return self._allowed

    def deliver(self, frame: Frame) -> None:
        self.got.append(f"frame {frame.seq}")

    async def ready(self) -> None:
        return None

    def lost(self, stream: str) -> None:
        raise AssertionError(stream)


@pytest.mark.parametrize(
    ("allowed", "then"), [(False, ["ended"]), (True, ["restored", "frame 2"])], ids=["lost", "given back"]
)
async def test_nothing_is_given_behind_a_loss_before_access_was_looked_up(
    allowed: bool, then: list[str]
) -> None:
    bob = Connection(allowed)
    bob.guarded.deliver(LOST)
    bob.guarded.deliver(LATER)
    assert bob.got == ["frame 1", "suspended"]
    await asyncio.gather(*bob.looking_up)
    assert bob.got == ["frame 1", "suspended", *then]


async def test_what_another_loses_holds_nothing_back() -> None:
    bob = Connection(allowed=True)
    bob.guarded.deliver(OTHERS)
    bob.guarded.deliver(LATER)
    assert (bob.got, bob.looking_up) == (["frame 1", "frame 2"], [])
