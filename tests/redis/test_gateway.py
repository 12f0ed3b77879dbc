"""The gateway on a real server, seen from the wire: protocol sections 1, 2, 3 and 7."""

import asyncio
import json

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from app.contract import events as e
from app.contract.ids import session_stream
from tests.support.gateway import connected, gateway
from tests.support.guide import FROM_CLIENTS_TOO, TEXTS
from tests.support.streams import event as system_message
from tests.support.wire import open_wire


@pytest.mark.parametrize("direct", [True, False], ids=["direct", "plain-asgi"])
@pytest.mark.parametrize("msgpack", [False, True], ids=["json", "msgpack"])
async def test_a_message_is_acknowledged_and_on_the_stream(
    valkey_url: str, direct: bool, msgpack: bool
) -> None:
    async with gateway(valkey_url, direct=direct) as at, await open_wire(at.url, msgpack=msgpack) as wire:
        established = await wire.authenticate(at.token(), "s1")
        assert established["user_id"] == "alice"
        assert [each["stream"] for each in established["streams"]] == ["session:s1", "user:alice", "system"]
        frame_id = await wire.send("chat_message", session_id="s1", content="Hello")
        frames = [await wire.receive(), await wire.receive()]
        ack = next(frame for frame in frames if frame["type"] == "ack")
        message = next(frame for frame in frames if frame["type"] == "chat_message")
        assert (ack["in_reply_to"], ack["status"], ack["seq"]) == (frame_id, "accepted", 1)
        assert (message["id"], message["seq"], message["stream"]) == (frame_id, 1, "session:s1")
        assert message["metadata"]["user_id"] == "alice"


@pytest.mark.parametrize("name", FROM_CLIENTS_TOO)
async def test_the_guides_payloads_are_valid_frames_as_they_stand(valkey_url: str, name: str) -> None:
    payload = TEXTS[name]
    async with gateway(valkey_url) as at, await connected(at, session="session-456") as wire:
        await wire.send_raw(payload)
        marker = await wire.send("connection_heartbeat", sequence=99)
        await wire.until(lambda frame: frame["type"] == "connection_heartbeat" and frame["sequence"] == 99)
        assert marker
        errors = [frame["error"] for frame in wire.seen if frame["type"] == "error"]
        if name.startswith("trip"):  # valid, but nobody has made that trip
            assert [error["code"] for error in errors] == ["NOT_FOUND"]
        else:
            assert errors == []
        if name == "chat_message":
            stored = next(frame for frame in wire.seen if frame["type"] == "chat_message")
            assert stored["metadata"]["user_id"] == "alice"
            assert stored["timestamp"] != "2025-01-15T10:30:00Z"


async def test_the_same_id_over_two_connections_has_one_effect(valkey_url: str) -> None:
    async with gateway(valkey_url) as at:
        async with await connected(at, session="s1") as one, await connected(at, session="s1") as two:
            replies = []
            for wire in (one, two, one):
                await wire.send_raw(
                    json.dumps({"id": "m1", "type": "chat_message", "session_id": "s1", "content": "Hello"})
                )
                replies.append(await wire.reply_to("m1"))
        assert [reply["status"] for reply in replies] == ["accepted", "duplicate", "duplicate"]
        assert {reply["seq"] for reply in replies} == {1}
        page = await at.services.log.read(session_stream("s1"), 0)
        assert len(page.frames) == 1


async def test_resume_gives_what_was_missed_once_and_in_order(valkey_url: str) -> None:
    async with gateway(valkey_url) as at:
        stream = session_stream("s1")
        async with await connected(at, session="s1") as wire:
            epoch = wire.seen[0]["streams"][0]["epoch"]
        for number in range(1, 301):
            await at.services.log.append(stream, system_message(f"e{number}"))
        for after in (0, 120, 300):
            position = {"stream": stream, "after": after, "epoch": epoch}
            async with await connected(at, session="s1", streams=[position]) as wire:
                assert wire.seen[0]["streams"][0]["recovered"] is True
                await at.services.log.append(stream, system_message(f"live{after}"))
                last = await wire.until(lambda frame, after=after: frame["id"] == f"live{after}")
                seqs = [frame["seq"] for frame in wire.seen if frame.get("stream") == stream]
                assert seqs == list(range(after + 1, last["seq"] + 1))


@pytest.mark.parametrize(("after", "epoch"), [(5, "another"), (10_000, None)])
async def test_a_cursor_that_cannot_be_resumed_says_so(
    valkey_url: str, after: int, epoch: str | None
) -> None:
    async with gateway(valkey_url) as at:
        async with await connected(at, session="s1") as wire:
            own = wire.seen[0]["streams"][0]["epoch"]
        for number in range(10):
            await at.services.log.append(session_stream("s1"), system_message(f"e{number}"))
        position = {"stream": session_stream("s1"), "after": after, "epoch": epoch or own}
        async with await connected(at, session="s1", streams=[position]) as wire:
            assert wire.seen[0]["streams"][0] == {
                "stream": "session:s1",
                "epoch": own,
                "seq": 10,
                "recovered": False,
            }
            await at.services.log.append(session_stream("s1"), system_message("live"))
            assert (await wire.receive())["seq"] == 11


async def test_subscribing_and_leaving_a_stream(valkey_url: str) -> None:
    async with gateway(valkey_url) as at, await connected(at, session="s1") as wire:
        await at.services.sessions.open("s2", "alice")
        await at.services.log.append(session_stream("s2"), system_message("before"))
        frame_id = await wire.send("stream_subscribe", streams=[{"stream": "session:s2", "after": 0}])
        subscribed = await wire.until_type("stream_subscribed")
        assert subscribed["in_reply_to"] == frame_id
        assert (subscribed["streams"][0]["seq"], subscribed["streams"][0]["recovered"]) == (1, True)
        assert (await wire.receive())["id"] == "before"
        assert any(frame.get("in_reply_to") == frame_id and frame["type"] == "ack" for frame in wire.seen)
        await wire.send("stream_unsubscribe", streams=[{"stream": "session:s2"}])
        await wire.until_type("stream_unsubscribed")
        await at.services.log.append(session_stream("s2"), system_message("after"))
        await at.services.log.append("system", system_message("marker"))
        await wire.until(lambda frame: frame["id"] == "marker")
        assert "after" not in [frame["id"] for frame in wire.seen]


async def test_what_is_another_users_is_not_found(valkey_url: str) -> None:
    async with gateway(valkey_url) as at, await connected(at, "mallory", "own") as wire:
        await at.services.sessions.open("s1", "alice")
        await wire.send("chat_message", session_id="s1", content="Hello")
        await wire.send("chat_cancel", session_id="s1")
        await wire.send("chat_typing_start", session_id="s1")
        for stream in ("session:s1", "user:alice", "trip:t1"):
            await wire.send("stream_subscribe", streams=[{"stream": stream}])
        codes = [(await wire.until_type("error"))["error"]["code"] for _ in range(6)]
        assert codes == ["NOT_FOUND"] * 6
        await at.services.log.append(session_stream("s1"), system_message("secret"))
        await wire.send("connection_heartbeat", sequence=7)
        await wire.until(lambda frame: frame.get("sequence") == 7)
        assert "secret" not in [frame["id"] for frame in wire.seen]
        page = await at.services.log.read(session_stream("s1"), 0)
        assert len(page.frames) == 1


async def test_another_users_session_cannot_be_attached(valkey_url: str) -> None:
    async with gateway(valkey_url) as at, await open_wire(at.url) as wire:
        await at.services.sessions.open("s1", "alice")
        frame_id = await wire.send("connection_authenticate", token=at.token("mallory"), session_id="s1")
        refusal = await wire.receive()
        assert (refusal["type"], refusal["in_reply_to"]) == ("error", frame_id)
        assert refusal["error"]["code"] == "NOT_FOUND"
        assert (await wire.authenticate(at.token("mallory")))["session_id"] != "s1"


async def test_typing_reaches_the_others_and_not_the_typist(valkey_url: str) -> None:
    async with gateway(valkey_url) as at:
        async with await connected(at, session="s1") as one, await connected(at, session="s1") as two:
            await one.send("chat_typing_start", session_id="s1")
            shown = await two.until_type("chat_typing_start")
            assert shown["user_id"] == "alice"
            assert "seq" not in shown
            await one.send("connection_heartbeat", sequence=5)
            await one.until(lambda frame: frame.get("sequence") == 5)
            assert not [frame for frame in one.seen if frame["type"].startswith("chat_typing")]
            one.cut()
            await two.until_type("chat_typing_stop")


@pytest.mark.parametrize("direct", [True, False], ids=["ours", "uvicorn's"])
async def test_draining_says_so_and_closes_4012(valkey_url: str, direct: bool) -> None:
    async with gateway(valkey_url, direct=direct) as at, await connected(at) as wire:
        emptied = asyncio.create_task(at.hub.empty())
        assert await wire.close_code() == 4012
        await emptied
        assert wire.seen[-1]["type"] == "connection_close"
        assert wire.seen[-1]["reason"] == "server_maintenance"
        assert wire.seen[-1]["reconnect_after"] > 0


async def test_two_gateways_serve_one_session(valkey_url: str) -> None:
    async with gateway(valkey_url) as first, gateway(valkey_url) as second:
        async with await connected(first, session="s1") as one, await connected(second, session="s1") as two:
            for number, wire in enumerate((one, two) * 10):
                await wire.send("chat_message", session_id="s1", content=f"message {number}")
                await wire.until_type("ack")
            for wire in (one, two):
                while len([frame for frame in wire.seen if "seq" in frame and frame["type"] != "ack"]) < 20:
                    await wire.receive()
            orders = [
                [frame["id"] for frame in wire.seen if "seq" in frame and frame["type"] != "ack"]
                for wire in (one, two)
            ]
            assert orders[0] == orders[1]


async def test_notifications_reach_their_user_only(valkey_url: str) -> None:
    async with gateway(valkey_url) as at:
        async with await connected(at, "alice") as alice, await connected(at, "bob") as bob:
            notification = e.Notification(
                id="n1", timestamp=at.services.clock(), level="info", title="Hello", message="You"
            )
            await at.services.log.append("user:alice", notification)
            await at.services.log.append("system", system_message("all"))
            assert (await alice.receive())["id"] == "n1"
            assert (await alice.receive())["id"] == "all"
            assert (await bob.receive())["id"] == "all"


async def test_the_server_answers_plain_http_on_the_socket_path(valkey_url: str) -> None:
    async with gateway(valkey_url) as at, httpx.AsyncClient() as client:
        assert (await client.get(f"{at.url}/ws")).status_code in (400, 404, 405, 426)
        with pytest.raises(ConnectionClosed):
            async with await open_wire(at.url) as wire:
                await wire._connection.close()
                await wire.receive()
