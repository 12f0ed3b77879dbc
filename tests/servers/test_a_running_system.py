"""`tripsage up` with a model that others serve, as its settings say: shown, planned, counted and limited."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.support.served_models import ModelServer
from tests.support.system import LISBON, System
from tests.support.wire import Frame, open_wire

# One worker has them all, and its first test installs the servers.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("servers"), pytest.mark.timeout(400)]
DOLLARS = "How many dollars and pounds are 100 euros?"
KEY = "sk-secret-of-the-test"


async def ask(system: System, content: str) -> tuple[list[Frame], Any]:
    """What a client sees of this in a session of its own, up to the whole answer, and the turn's result."""
    async with await open_wire(system.url) as wire:
        session = (await wire.authenticate(system.token()))["session_id"]
        turn = await wire.send("chat_message", session_id=session, content=content)
        await wire.until_turn_over(turn)
        return wire.seen, await system.get(f"/api/sessions/{session}/turns/{turn}")


def answer_of(seen: list[Frame]) -> Frame:
    return next(frame for frame in seen if frame["type"] == "chat_message_complete")


async def test_a_system_is_led_by_the_model_of_its_settings(
    make_system: Callable[..., System], aimock: ModelServer
) -> None:
    system = make_system(
        TRIPSAGE_MODEL="openai",
        TRIPSAGE_MODEL_URL=aimock.url,
        TRIPSAGE_MODEL_NAME="some-model",
        TRIPSAGE_MODEL_KEY=KEY,
        TRIPSAGE_MODEL_PRICE="some-model=2/1000",
        TRIPSAGE_TURN_COST="1",
    )
    await system.start()

    seen, result = await ask(system, "What coat do I need?")
    answer = answer_of(seen)
    assert (answer["full_content"][:16], answer["finish_reason"]) == ("Take a warm coat", "stop")
    assert answer["total_chunks"] > 4
    used = result["usage"]
    cost = (used["model_tokens_in"] * 2 + used["model_tokens_out"] * 1000) / Decimal(1_000_000)
    assert Decimal(str(used["model_cost"])) == cost

    seen, result = await ask(system, LISBON)
    assert (result["outcome"], answer_of(seen)["finish_reason"]) == ("plan", "stop")

    seen, result = await ask(system, DOLLARS)
    answer = answer_of(seen)
    assert answer["finish_reason"] == "limit"
    assert answer["full_content"].startswith("Let me look. \n\nThis took all that one turn may cost")
    assert Decimal(str(result["usage"]["model_cost"])) >= Decimal("0.01")
    assert KEY not in system.output
