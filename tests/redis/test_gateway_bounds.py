"""What one connection may cost: large frames, many streams, clients that are slow or stop reading."""

import json

import pytest

from app.contract.ids import session_stream
from tests.support.gateway import connected, gateway, with_limits
from tests.support.streams import event as system_message
from tests.support.wire import open_wire


async def test_a_connection_follows_so_many_streams_and_no_more(valkey_url: str) -> None:
    async with gateway(valkey_url, limits=with_limits(streams_per_connection=4)) as at:
        async with await connected(at, session="s1") as wire:
            for session in ("s2", "s3"):
                await at.services.sessions.open(session, "alice")
            first = await wire.send("stream_subscribe", streams=[{"stream": "session:s2"}])
            assert (await wire.reply_to(first))["type"] == "ack"
            second = await wire.send("stream_subscribe", streams=[{"stream": "session:s3"}])
            assert (await wire.reply_to(second))["error"]["code"] == "LIMIT_EXCEEDED"


async def test_a_frame_that_is_too_large_closes_1009(valkey_url: str) -> None:
    async with gateway(valkey_url) as at, await connected(at) as wire:
        await wire.send_raw("x" * (256 * 1024 + 1))
        assert await wire.close_code() == 1009


async def test_a_client_that_stops_reading_costs_only_itself(valkey_url: str) -> None:
    async with gateway(valkey_url, limits=with_limits(queue_bytes=200_000)) as at:
        async with await connected(at, session="s1") as slow, await connected(at, session="s1") as quick:
            slow.pause_reading()
            large = "x" * 100_000
            for number in range(100):
                await at.services.log.append(session_stream("s1"), system_message(f"e{number}", large))
                frame = await quick.receive()
                assert frame["id"] == f"e{number}"
            slow.resume_reading()
            assert await slow.close_code() == 4008
            assert len(slow.seen) < 101
            seqs = [frame["seq"] for frame in slow.seen if "seq" in frame]
            assert seqs == list(range(1, len(seqs) + 1))


async def test_a_slow_client_gets_a_long_replay_whole(valkey_url: str) -> None:
    async with gateway(valkey_url) as at:
        await at.services.sessions.open("s1", "alice")
        for number in range(200):
            await at.services.log.append(session_stream("s1"), system_message(f"e{number}", "x" * 50_000))
        async with await open_wire(at.url) as wire:
            await wire.send(
                "connection_authenticate",
                token=at.token(),
                session_id="s1",
                streams=[{"stream": "session:s1", "after": 0}],
            )
            await wire.receive()
            seqs = [(await wire.receive())["seq"] for _ in range(200)]
            assert seqs == list(range(1, 201))


async def test_no_frame_is_logged_or_stored_when_it_is_refused(
    valkey_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with gateway(valkey_url) as at, await connected(at, session="s1") as wire:
        bad = ["{", "[]", '{"id": "a"}', json.dumps({"id": "b", "type": "nope"})]
        bad += [
            json.dumps({"id": "c", "type": "chat_message", "session_id": "s1", "content": "x", "extra": 1})
        ]
        for text in bad:
            await wire.send_raw(text)
        errors = [await wire.until_type("error") for _ in bad]
        assert [error["error"]["code"] for error in errors] == [
            "INVALID_MESSAGE",
            "INVALID_MESSAGE",
            "INVALID_MESSAGE",
            "UNKNOWN_TYPE",
            "VALIDATION_ERROR",
        ]
        assert errors[-1]["in_reply_to"] == "c"
        assert errors[-1]["error"]["details"]["field"] == "extra"
        page = await at.services.log.read(session_stream("s1"), 0)
        assert page.frames == []
        assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]
