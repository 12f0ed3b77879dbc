"""A person has the flights of a plan held: who flies is asked for, and nothing is ordered before they approve."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from app.client.client import Client
from app.client.errors import CommandRefused
from app.contract import events as e
from tests.journeys.test_1_a_first_trip import events_of
from tests.journeys.test_8_killed_at_any_moment import until_everything_runs
from tests.support.system import System
from tests.support.turn_rules import check_turn
from tests.support.wire import Frame, Wire, open_wire

TOKYO = "7 nights in Tokyo from Frankfurt in April for 1 adult and a kid (9)"
FAMILY = "Ms Ada Lovelace, 1985-12-10, ada@example.com, +44 20 7946 0958; Miss Anne Lovelace, 2017-09-22"


async def test_flights_are_held_when_they_are_approved_and_not_before(system: System) -> None:
    async with await open_wire(system.url) as wire:
        session = (await wire.authenticate(system.token()))["session_id"]
        planned = await _said(system, wire, session, TOKYO)
        offer_id = planned["plan"]["outbound"]["source_offer_id"]

        asked = await _said(system, wire, session, "hold these flights")
        assert (asked["outcome"], asked["clarifications"][0]["code"]) == ("clarify", "passengers_missing")

        # The call waits for a person, who sees what it would do.
        turn = await wire.send("chat_message", session_id=session, content=FAMILY)
        wanted = await wire.until_type("tool_call_approval_required")
        assert wanted["tool_name"] == "flight_hold"
        assert wanted["parameters"]["offer_id"] == offer_id
        assert "for Anne Lovelace and Ada Lovelace" in wanted["summary"]
        assert "Nothing is paid now." in wanted["summary"]
        assert await _orders(system) == []

        # The person corrects a name and has it done.
        people = [
            {**one, "given_name": one["given_name"].upper()} for one in wanted["parameters"]["passengers"]
        ]
        await wire.send(
            "tool_call_decision",
            session_id=session,
            tool_call_id=wanted["tool_call_id"],
            decision="change",
            parameters={**wanted["parameters"], "passengers": people},
        )
        await wire.until_turn_over(turn)
    check_turn(events_of(wire.seen, turn), turn)
    held = await _result(system, session, turn)
    (order,) = await _orders(system)
    assert order["offer_id"] == offer_id
    assert sorted(one["given_name"] for one in order["passengers"]) == ["ADA", "ANNE"]
    assert f"The booking reference is {order['booking_reference']}." in held["response"]["text"]
    done = _ends(wire.seen, turn, "flight_hold")
    assert [frame["type"] for frame in done] == ["tool_call_complete"]
    assert done[0]["result"]["order_id"] == order["id"]


@pytest.mark.slow
async def test_an_approval_waits_while_everything_dies_and_is_carried_out_once(
    make_system: Callable[..., System],
) -> None:
    system = make_system()
    await system.start()
    async with Client(system.url, token=system.token(), patience=30) as client, asyncio.timeout(90):
        await (await client.say(TOKYO)).finished()
        asked = await client.say(f"Hold the flights for {FAMILY}")
        events: list[e.ServerEvent] = []
        async for event in asked.events():
            events.append(event)
            if isinstance(event, e.ToolCallApprovalRequired):
                for part in ("agents", "tools", "gateway", "valkey"):
                    system.kill(part)
                await until_everything_runs(system)
                assert await _orders(system) == []
                await asked.decide(event.tool_call_id, "approve")
                with pytest.raises(CommandRefused):
                    await asked.decide(event.tool_call_id, "approve")
    check_turn([event for event in events if event.id != asked.id], asked.id)
    ended = [event.tool_name for event in events if isinstance(event, e.ToolCallComplete)]
    assert ended.count("flight_hold") == 1
    assert len(await _orders(system)) == 1


async def test_what_is_not_approved_is_not_ordered(system: System) -> None:
    async with await open_wire(system.url) as wire:
        session = (await wire.authenticate(system.token()))["session_id"]
        await _said(system, wire, session, TOKYO)
        turn = await wire.send("chat_message", session_id=session, content=f"Hold the flights for {FAMILY}")
        wanted = await wire.until_type("tool_call_approval_required")
        await wire.send(
            "tool_call_decision",
            session_id=session,
            tool_call_id=wanted["tool_call_id"],
            decision="reject",
        )
        await wire.until_turn_over(turn)
    check_turn(events_of(wire.seen, turn), turn)
    assert (await _result(system, session, turn))["response"]["text"].startswith("Not held: FRA")
    assert await _orders(system) == []


async def _said(system: System, wire: Wire, session: str, content: str) -> dict[str, Any]:
    turn = await wire.send("chat_message", session_id=session, content=content)
    await wire.until_turn_over(turn)
    check_turn(events_of(wire.seen, turn), turn)
    return await _result(system, session, turn)


async def _result(system: System, session: str, turn: str) -> dict[str, Any]:
    return await system.get(f"/api/sessions/{session}/turns/{turn}")


def _ends(frames: list[Frame], turn: str, tool: str) -> list[Frame]:
    ends = ("tool_call_complete", "tool_call_error")
    return [
        frame
        for frame in frames
        if frame["type"] in ends and frame["turn_id"] == turn and frame["tool_name"] == tool
    ]


async def _orders(system: System) -> list[dict[str, Any]]:
    headers = {"authorization": "Bearer duffel_test_x", "duffel-version": "v2"}
    async with system.sandbox(**headers) as sandbox:
        return (await sandbox.get("/duffel/air/orders")).json()["data"]
