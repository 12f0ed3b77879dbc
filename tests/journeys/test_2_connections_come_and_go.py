"""Connections are lost and taken up again; nothing is missed and nothing comes twice."""

import json

from app.client.client import Client
from app.contract import events as e
from tests.journeys.test_1_a_first_trip import events_of
from tests.support.system import LISBON, System
from tests.support.turn_rules import check_turn
from tests.support.wire import open_wire


async def test_cut_in_the_middle_of_a_turn_and_resumed_twice(system: System) -> None:
    await system.tell_sandbox("hold", {"provider": "duffel"})
    async with await open_wire(system.url) as wire:
        established = await wire.authenticate(system.token())
        session, stream = established["session_id"], established["streams"][0]["stream"]
        epoch = established["streams"][0]["epoch"]
        turn = await wire.send("chat_message", session_id=session, content=LISBON)
        await wire.until_type("tool_call_start")
        wire.cut()
    frames = [frame for frame in wire.seen if frame.get("stream") == stream]

    for finish in (False, True):
        cursor = {"stream": stream, "after": frames[-1]["seq"], "epoch": epoch}
        async with await open_wire(system.url) as wire:
            again = await wire.authenticate(system.token(), session, streams=[cursor])
            assert again["streams"][0]["recovered"] is True
            if finish:
                await system.tell_sandbox("release", {})
                await wire.until_turn_over(turn)
            else:
                await wire.send("chat_typing_start", session_id=session)
                await wire.send("connection_heartbeat", sequence=1)
                await wire.until_type("connection_heartbeat")
                wire.cut()
        frames += [frame for frame in wire.seen if frame.get("stream") == stream]

    assert [frame["seq"] for frame in frames] == list(range(1, len(frames) + 1))
    check_turn(events_of(frames, turn), turn)


async def test_the_same_message_three_times_over_two_connections_is_one_turn(system: System) -> None:
    async with await open_wire(system.url) as one, await open_wire(system.url) as two:
        session = (await one.authenticate(system.token()))["session_id"]
        await two.authenticate(system.token(), session)
        frame = json.dumps({"id": "same", "type": "chat_message", "session_id": session, "content": LISBON})
        statuses = []
        for wire in (one, two, one):
            await wire.send_raw(frame)
            statuses.append((await wire.reply_to("same"))["status"])
        assert statuses == ["accepted", "duplicate", "duplicate"]
        await two.until_turn_over("same")
    events = await system.get(f"/api/sessions/{session}/events?after=0&limit=1000")
    messages = [event for event in events["events"] if event["type"] == "chat_message"]
    assert [message["role"] for message in messages] == ["user", "assistant"]


async def test_the_python_client_does_it_by_itself(system: System) -> None:
    async with Client(system.url, token=system.token()) as client:
        turn = await client.say(LISBON)
        events = [event async for event in turn.events()]
    assert isinstance(events[-1], e.AgentStatusUpdate)
    check_turn([event for event in events if event.id != turn.id], turn.id)


async def test_message_pack_says_the_same(system: System) -> None:
    async with await open_wire(system.url) as json_wire, await open_wire(system.url, msgpack=True) as wire:
        session = (await json_wire.authenticate(system.token()))["session_id"]
        await wire.authenticate(system.token(), session)
        turn = await wire.send("chat_message", session_id=session, content=LISBON)
        await wire.until_turn_over(turn)
        await json_wire.until_turn_over(turn)
    durable = [[f for f in each.seen if f.get("stream") and f["type"] != "ack"] for each in (wire, json_wire)]
    assert durable[0] == durable[1]
