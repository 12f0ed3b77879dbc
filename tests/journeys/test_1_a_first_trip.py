"""A person asks for a trip and watches an agent work on it. Read this first: it is the tutorial."""

import json

from app.contract import events as e
from tests.support.system import LISBON, System
from tests.support.turn_rules import check_turn
from tests.support.wire import Frame, open_wire


def events_of(frames: list[Frame], turn_id: str) -> list[e.ServerEvent]:
    """The events of a turn without the user's message, in the order they came."""
    return [
        e.decode_event(json.dumps(frame))
        for frame in frames
        if frame.get("turn_id") == turn_id and frame["id"] != turn_id
    ]


async def test_ask_and_watch(system: System) -> None:
    # One WebSocket. The first frame says who is there; the reply names the new session.
    async with await open_wire(system.url) as wire:
        established = await wire.authenticate(system.token("alice"))
        session = established["session_id"]

        # A message is acknowledged with its place in the session's stream, and begins a turn.
        turn = await wire.send("chat_message", session_id=session, content=LISBON)
        await wire.until_turn_over(turn)

    ack = next(frame for frame in wire.seen if frame["type"] == "ack")
    assert (ack["in_reply_to"], ack["status"], ack["seq"]) == (turn, "accepted", 1)

    # Everything the agent did came live, numbered without a gap, by the rules of a turn.
    durable = [frame for frame in wire.seen if frame.get("stream") == f"session:{session}"]
    assert [frame["seq"] for frame in durable] == list(range(1, len(durable) + 1))
    check_turn(events_of(wire.seen, turn), turn)
    tools = {frame["tool_name"] for frame in wire.seen if frame["type"] == "tool_call_complete"}
    assert {"flight_search", "weather_forecast"} <= tools

    # The result is an object to work with, and the same over REST.
    result = await system.get(f"/api/sessions/{session}/turns/{turn}")
    root = next(
        frame
        for frame in wire.seen
        if frame["type"] == "agent_task_complete" and "parent_task_id" not in frame
    )
    assert root["result"] == result
    assert result["outcome"] == "plan"
    assert result["request"]["origin"]["iata"] == "BER"
    assert result["request"]["destinations"][0]["iata"] == "LIS"
    plan = result["plan"]
    assert "2027-05-01" <= plan["outbound"]["departs_local_date"] <= "2027-05-10"
    assert plan["cost"]["currency"] == "EUR"
    assert 0 < plan["cost"]["total"] <= 1500
    assert sum(item["amount"] for item in plan["cost"]["items"]) == plan["cost"]["total"]

    # What was said is kept with the session.
    kept = await system.get(f"/api/sessions/{session}/messages")
    assert [message["role"] for message in kept["messages"]] == ["user", "assistant"]
    assert kept["seq"] == len(durable)


async def test_what_the_answer_says_comes_from_the_tools(system: System) -> None:
    async with await open_wire(system.url) as wire:
        session = (await wire.authenticate(system.token()))["session_id"]
        turn = await wire.send("chat_message", session_id=session, content=LISBON)
        await wire.until_turn_over(turn)
    plan = (await system.get(f"/api/sessions/{session}/turns/{turn}"))["plan"]
    async with system.sandbox() as sandbox:
        asked = (await sandbox.get("/__admin/requests?provider=duffel")).json()
    assert len(asked) >= 1
    calls = [frame for frame in wire.seen if frame["type"] == "tool_call_start"]
    searched = {call["parameters"].get("departure_date") for call in calls}
    assert plan["outbound"]["departs_local_date"] in searched


async def test_follow_up_in_the_same_session(system: System) -> None:
    async with await open_wire(system.url) as wire:
        session = (await wire.authenticate(system.token()))["session_id"]
        results = []
        for content in (LISBON, "a day longer"):
            turn = await wire.send("chat_message", session_id=session, content=content)
            await wire.until_turn_over(turn)
            results.append(await system.get(f"/api/sessions/{session}/turns/{turn}"))
    first, second = (result["plan"]["nights"] for result in results)
    assert second == first + 1
    assert results[1]["diff"]["changed"]


async def test_a_provider_that_fails_is_said_to_fail(system: System) -> None:
    await system.tell_sandbox("faults", {"provider": "duffel", "kind": "status", "status": 500})
    async with await open_wire(system.url) as wire:
        session = (await wire.authenticate(system.token()))["session_id"]
        turn = await wire.send("chat_message", session_id=session, content=LISBON)
        await wire.until_turn_over(turn)
    check_turn(events_of(wire.seen, turn), turn)
    errors = [frame["error"] for frame in wire.seen if frame["type"] == "tool_call_error"]
    assert {error["code"] for error in errors} == {"EXTERNAL_API_ERROR"}
    result = await system.get(f"/api/sessions/{session}/turns/{turn}")
    assert result["plan"] is None
    assert result["error"]["code"] == "EXTERNAL_API_ERROR"
    complete = next(frame for frame in wire.seen if frame["type"] == "chat_message_complete")
    assert complete["finish_reason"] == "error"


async def test_stop_means_stop(system: System) -> None:
    await system.tell_sandbox("hold", {"provider": "duffel"})
    async with await open_wire(system.url) as wire:
        session = (await wire.authenticate(system.token()))["session_id"]
        turn = await wire.send("chat_message", session_id=session, content=LISBON)
        await wire.until_type("tool_call_start")
        await wire.send("chat_cancel", session_id=session)
        await wire.until_turn_over(turn)
    await system.tell_sandbox("release", {})
    check_turn(events_of(wire.seen, turn), turn)
    complete = next(frame for frame in wire.seen if frame["type"] == "chat_message_complete")
    assert complete["finish_reason"] == "cancelled"
    assert complete["full_content"], "what was said stays"
