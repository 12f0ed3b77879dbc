"""Decisions about calls over the WebSocket and over REST."""

from redis.asyncio import Redis

from app.contract.codec import encode
from app.storage.approvals import Asked
from app.streams.keys import SessionKeys
from tests.support.api import api
from tests.support.gateway import gateway
from tests.support.wire import open_wire

CALL = "m1.call.hold"
ADDRESS = f"/api/sessions/s1/tool-calls/{CALL}/decision"


async def ask(redis: Redis) -> None:
    """As a turn does that comes to such a call."""
    asked = encode(Asked(turn_id="m1", call_key="hold"))
    await redis.hset(SessionKeys.of("s1").approvals, CALL, asked)  # type: ignore[misc]


async def test_a_decision_over_the_socket_is_acknowledged_once(valkey_url: str, redis: Redis) -> None:
    async with gateway(valkey_url) as at, await open_wire(at.url) as wire:
        await wire.authenticate(at.token(), "s1")
        await ask(redis)
        fields: dict[str, str] = {"session_id": "s1", "tool_call_id": CALL}
        frame_id = await wire.send("tool_call_decision", **fields, decision="approve")
        assert (await wire.receive())["status"] == "accepted"
        await wire.send("tool_call_decision", **fields, decision="approve", id=frame_id)
        assert (await wire.receive())["status"] == "duplicate"
        other = await wire.send("tool_call_decision", **fields, decision="reject")
        refused = await wire.receive()
        assert (refused["in_reply_to"], refused["error"]["code"]) == (other, "CONFLICT")
        await wire.send("tool_call_decision", session_id="s1", tool_call_id="m1.call.c0", decision="approve")
        assert (await wire.receive())["error"]["code"] == "NOT_FOUND"


async def test_a_decision_over_rest(valkey_url: str, redis: Redis) -> None:
    async with api(valkey_url) as served:
        await served.session()
        body = {"id": "d1", "decision": "change", "parameters": {"number": 7}}
        missing = await served.client.post(ADDRESS, json=body)
        assert (missing.status_code, missing.json()["code"]) == (404, "NOT_FOUND")
        await ask(redis)
        first = await served.client.post(ADDRESS, json=body)
        assert (first.status_code, first.json()) == (202, {"id": "d1", "status": "accepted"})
        assert (await served.client.post(ADDRESS, json=body)).json()["status"] == "duplicate"
        other = await served.client.post(ADDRESS, json={"decision": "reject"})
        assert (other.status_code, other.json()["code"]) == (409, "CONFLICT")
        wrong = await served.client.post(ADDRESS, json={"decision": "perhaps"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "VALIDATION_ERROR")
        deep: object = 1
        for _ in range(40):
            deep = [deep]
        nested = await served.client.post(ADDRESS, json={"decision": "change", "parameters": {"a": deep}})
        assert (nested.status_code, nested.json()["details"]["field"]) == (422, "parameters")
