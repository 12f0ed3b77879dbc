"""A session followed as server-sent events: nothing missing, nothing twice, nothing unbounded."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.contract import events as e
from app.contract.ids import session_stream
from tests.support.api import Api, EventSource, api, token
from tests.support.gateway import gateway, with_limits
from tests.support.streams import NOON, event
from tests.support.valkey import ValkeyProcess

STREAM = session_stream("s1")
FOLLOW = "/api/sessions/s1/stream"


@pytest.fixture
async def served(valkey_url: str) -> AsyncIterator[Api]:
    async with api(valkey_url) as running:
        await running.session()
        yield running


async def append(served: Api, *numbers: int, size: int = 0) -> None:
    for number in numbers:
        await served.services.log.append(STREAM, event(f"e{number}", f"númer {number}" + "x" * size))


async def place(source: EventSource) -> dict[str, Any]:
    """What the first event says of the place in the stream."""
    first = await source.event()
    assert first.name == first.json["type"] == "stream_subscribed"
    (cursor,) = first.json["streams"]
    return {**cursor, "id": first.id}


async def test_it_is_live_and_the_bytes_are_those_of_the_log(served: Api) -> None:
    await append(served, 1)
    async with served.follow(FOLLOW, **{"X-Request-ID": "trace-1"}) as source:
        assert source.status == 200
        assert source.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert source.headers["cache-control"] == "no-store"
        first = await source.event()
        assert first.json["in_reply_to"] == "trace-1"
        assert (first.id, first.json["streams"][0]["seq"]) == (1, 1)
        await append(served, 2, 3)
        events = await source.events(2)
    stored = (await served.services.log.read(STREAM, 1)).frames
    assert [(each.id, each.data) for each in events] == stored
    assert [each.name for each in events] == ["system_message", "system_message"]


@pytest.mark.parametrize("by", ["header", "query", "both"])
async def test_it_resumes_without_a_gap_or_a_repeat(served: Api, by: str) -> None:
    await append(served, *range(1, 6))
    seen: list[int] = []
    async with served.follow(f"{FOLLOW}?after=0") as source:
        assert (await place(source))["id"] == 0
        seen += [each.id or 0 for each in await source.events(3)]
    await append(served, 6, 7)
    query = {"header": "", "query": "?after=3", "both": "?after=0"}[by]
    headers = {} if by == "query" else {"Last-Event-ID": "3"}
    async with served.follow(FOLLOW + query, **headers) as source:
        assert (await place(source))["recovered"] is True
        await append(served, 8)
        seen += [each.id or 0 for each in await source.events(5)]
    assert seen == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_events_during_a_replay_come_once_and_in_order(served: Api) -> None:
    await append(served, *range(1, 400))
    async with served.follow(f"{FOLLOW}?after=0") as source:
        await place(source)
        appending = asyncio.create_task(append(served, *range(400, 500)))
        seen = [each.id for each in await source.events(499)]
        await appending
    assert seen == list(range(1, 500))


async def test_a_cursor_of_another_epoch_is_not_recovered(served: Api) -> None:
    await append(served, 1, 2)
    async with served.follow(f"{FOLLOW}?after=1&epoch=another") as source:
        found = await place(source)
        assert (found["recovered"], found["seq"], found["id"]) == (False, 2, 2)
        await append(served, 3)
        assert (await source.event()).id == 3
    async with served.follow(f"{FOLLOW}?after=1&epoch={found['epoch']}") as source:
        assert (await place(source))["recovered"] is True
        assert (await source.event()).id == 2


async def test_passing_events_have_no_id(served: Api) -> None:
    async with served.follow(FOLLOW) as source:
        await place(source)
        await served.services.log.publish(
            STREAM, e.ChatTypingStart(id="t1", timestamp=NOON, session_id="s1", user_id="alice")
        )
        typing = await source.event()
        assert (typing.name, typing.id) == ("chat_typing_start", None)


@pytest.mark.parametrize("cursor", ["?after=-1", "?after=x", "?after=9007199254740992"])
async def test_a_cursor_that_is_none_is_refused(served: Api, cursor: str) -> None:
    async with served.follow(FOLLOW + cursor) as source:
        assert source.status == 422
        assert b'"field":"after"' in await source.body()


async def test_it_ends_when_the_token_does(served: Api) -> None:
    soon = {"Authorization": f"Bearer {token(seconds=3)}"}
    async with EventSource(served.application, FOLLOW, soon) as source:
        *_, last = await source.rest()
        assert last.name == "connection_error"
        assert last.json["error"]["code"] == "AUTHENTICATION_FAILED"
        assert last.json["error"]["details"]["reason"] == "expired"
        await source.finished()
    assert len(served.event_streams) == 0


async def test_it_ends_when_the_gateway_drains(served: Api) -> None:
    async with served.follow(FOLLOW) as source:
        await place(source)
        served.hub.drain()
        (last,) = await source.rest()
        assert (last.name, last.json["reason"]) == ("connection_close", "server_maintenance")
        assert b"retry: 2000" in source.comments
    async with served.follow(FOLLOW) as late:
        assert [each.name for each in await late.rest()] == ["stream_subscribed", "connection_close"]


async def test_it_ends_when_the_session_is_deleted(served: Api) -> None:
    await served.session("s2")
    async with served.follow(FOLLOW) as source, served.follow("/api/sessions/s2/stream") as other:
        await place(source)
        await other.event()
        assert (await served.client.delete("/api/sessions/s1")).status_code == 204
        await served.event_streams.check()
        assert await source.rest() == []
        await served.services.log.append(session_stream("s2"), event("e1"))
        assert (await other.event()).id == 1


async def test_a_client_that_reads_too_slowly_costs_only_itself(served: Api) -> None:
    async with served.follow(FOLLOW) as slow, served.follow(FOLLOW) as quick:
        await place(slow)
        await place(quick)
        slow.stop_taking()
        for number in range(1, 13):
            await append(served, number, size=100_000)
            assert (await quick.event()).id == number
        await slow.finished()
        assert len(served.event_streams) == 1
        await append(served, 13)
        assert (await quick.event()).id == 13


async def test_a_long_replay_waits_for_its_reader(served: Api) -> None:
    """Twice as much as may wait for one client: it is read as it is taken, and nobody is too slow."""
    await append(served, *range(1, 21), size=100_000)
    async with served.follow(f"{FOLLOW}?after=0", taking=False) as source:
        await append(served, 21)
        source.take()
        await place(source)
        assert [each.id for each in await source.events(21)] == list(range(1, 22))


async def test_streams_count_as_connections_of_their_user(valkey_url: str) -> None:
    async with api(valkey_url, limits=with_limits(connections_per_user=1)) as served:
        await served.session()
        async with served.follow(FOLLOW) as source:
            await place(source)
            async with served.follow(FOLLOW) as one_too_many:
                assert one_too_many.status == 429
                assert b'"code":"LIMIT_EXCEEDED"' in await one_too_many.body()
            source.leave()
            await source.finished()
        async with served.follow(FOLLOW) as again:
            assert again.status == 200


async def test_it_goes_on_when_redis_comes_back(killable_valkey: ValkeyProcess) -> None:
    async with api(killable_valkey.url) as served:
        await served.session()
        async with served.follow(FOLLOW) as source:
            await place(source)
            await append(served, 1)
            killable_valkey.kill()
            killable_valkey.start()
            await append(served, 2)
            assert [each.id for each in await source.events(2)] == [1, 2]


async def test_a_client_that_leaves_leaves_nothing_behind(served: Api) -> None:
    async with served.follow(FOLLOW) as source:
        await place(source)
        assert len(served.event_streams) == 1
        assert served.services.fanout.streams == 1
        source.leave()
        await source.finished()
    assert len(served.event_streams) == 0
    assert served.services.fanout.streams == 0


async def test_it_is_followed_over_a_real_server(valkey_url: str) -> None:
    async with (
        gateway(valkey_url) as at,
        httpx.AsyncClient(base_url=at.url, headers={"Authorization": f"Bearer {at.token()}"}) as client,
    ):
        await client.post("/api/sessions", json={"session_id": "s1"})
        async with client.stream("GET", FOLLOW) as answer:
            lines = answer.aiter_lines()
            assert await anext(lines) == "event: stream_subscribed"
            await client.post("/api/sessions/s1/messages", json={"id": "m1", "content": "Hello"})
            while (line := await anext(lines)) != "event: chat_message":
                assert not line.startswith("event:")
            assert await anext(lines) == "id: 1"
