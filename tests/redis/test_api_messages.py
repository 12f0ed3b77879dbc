"""Messages, turns and events over REST, on a real server."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from app.contract.codec import encode
from app.contract.ids import session_stream
from app.contract.turn import Response, TurnResult
from app.streams.keys import SessionKeys
from tests.support.api import Api, api
from tests.support.gateway import gateway, with_limits
from tests.support.streams import event
from tests.support.wire import open_wire

KEYS = SessionKeys.of("s1")


@pytest.fixture
async def served(valkey_url: str) -> AsyncIterator[Api]:
    async with api(valkey_url) as running:
        await running.session()
        yield running


async def say(
    served: Api, message_id: str = "m1", content: str = "Hello", **more: object
) -> dict[str, object]:
    body = {"id": message_id, "content": content, **more}
    answer = await served.client.post("/api/sessions/s1/messages", json=body)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def test_a_message_is_accepted_once(served: Api) -> None:
    answer = await served.client.post("/api/sessions/s1/messages", json={"id": "m1", "content": "Hello"})
    assert (answer.status_code, answer.headers["location"]) == (202, "/api/sessions/s1/turns/m1")
    assert answer.json() == {"id": "m1", "status": "accepted", "seq": 1}
    assert await say(served) == {"id": "m1", "status": "duplicate", "seq": 1}
    assert await served.services.sessions.running_turn("s1") == "m1"
    events = (await served.client.get("/api/sessions/s1/events")).json()["events"]
    assert [(each["type"], each["id"], each["content"]) for each in events] == [
        ("chat_message", "m1", "Hello")
    ]


async def test_a_message_without_an_id_gets_one(served: Api) -> None:
    answer = await served.client.post("/api/sessions/s1/messages", json={"content": "Hello"})
    made = answer.json()["id"]
    assert (await served.client.get(f"/api/sessions/s1/turns/{made}")).status_code == 202


async def test_an_id_that_was_used_for_something_else_is_a_conflict(served: Api) -> None:
    await say(served, content="Hello")
    answer = await served.client.post("/api/sessions/s1/messages", json={"id": "m1", "content": "Bye"})
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")


async def test_a_message_that_would_not_wait_is_refused_while_a_turn_runs(served: Api) -> None:
    await say(served)
    body = {"id": "m2", "content": "Now!", "metadata": {"when_busy": "reject"}}
    answer = await served.client.post("/api/sessions/s1/messages", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "SESSION_BUSY")
    assert answer.json()["retryable"] is True
    assert (await say(served, "m2", "Then", metadata={"when_busy": "enqueue"}))["seq"] == 2


async def test_messages_are_the_stored_frames_byte_for_byte(served: Api, redis: Redis) -> None:
    for number in range(3):
        await say(served, f"m{number}", f"été {number} \u2028")
    answer = await served.client.get("/api/sessions/s1/messages")
    stored = await redis.lrange(KEYS.messages, 0, -1)  # type: ignore[misc]
    epoch = (await redis.hget(KEYS.meta, "epoch")).decode()  # type: ignore[misc,union-attr]
    assert len(stored) == 3
    assert answer.content == b'{"messages":[%b],"epoch":"%b","seq":3}' % (b",".join(stored), epoch.encode())
    assert answer.headers["content-type"] == "application/json"


async def test_the_messages_of_a_new_session_name_a_place_to_resume_from(served: Api) -> None:
    snapshot = (await served.client.get("/api/sessions/s1/messages")).json()
    assert (snapshot["messages"], snapshot["seq"]) == ([], 0)
    await say(served)
    place = {"after": snapshot["seq"], "epoch": snapshot["epoch"]}
    page = (await served.client.get("/api/sessions/s1/events", params=place)).json()
    assert page["recovered"] is True
    assert page["epoch"] == snapshot["epoch"] != ""
    assert [each["seq"] for each in page["events"]] == [1]


async def test_a_turn_is_queued_then_running_then_its_result_byte_for_byte(served: Api, redis: Redis) -> None:
    await say(served, "m1")
    await say(served, "m2")

    async def turn(message_id: str) -> tuple[int, bytes, str | None]:
        answer = await served.client.get(f"/api/sessions/s1/turns/{message_id}")
        return answer.status_code, answer.content, answer.headers.get("retry-after")

    assert await turn("m1") == (202, b'{"status":"running"}', "1")
    assert await turn("m2") == (202, b'{"status":"queued"}', "1")
    result = encode(TurnResult(outcome="answer", response=Response(text="Pack a coat – été.")))
    await redis.set(KEYS.turn_result("m1"), result)
    await redis.lrem(KEYS.turns, 0, "m1")  # type: ignore[misc]
    assert await turn("m1") == (200, result, None)
    assert await turn("m2") == (202, b'{"status":"running"}', "1")


@pytest.mark.parametrize("message_id", ["nothing", "m1-answer"])
async def test_a_turn_that_nobody_began_is_not_found(served: Api, message_id: str) -> None:
    await say(served)
    answer = await served.client.get(f"/api/sessions/s1/turns/{message_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_cancelling_stops_the_running_turn_or_the_one_named(served: Api, redis: Redis) -> None:
    await say(served, "m1")
    await say(served, "m2")
    assert (await served.client.post("/api/sessions/s1/cancel")).status_code == 202
    assert await redis.exists(KEYS.turn_cancel("m1")) == 1
    assert await redis.exists(KEYS.turn_cancel("m2")) == 0
    named = await served.client.post("/api/sessions/s1/cancel", json={"message_id": "m2"})
    assert (named.status_code, named.json()) == (202, {"status": "accepted"})
    assert await redis.exists(KEYS.turn_cancel("m2")) == 1
    unknown = await served.client.post("/api/sessions/s1/cancel", json={"message_id": "m3"})
    assert unknown.status_code == 404


async def test_nothing_to_cancel_is_no_error(served: Api) -> None:
    assert (await served.client.post("/api/sessions/s1/cancel", json={})).status_code == 202


async def test_events_come_in_pages_byte_for_byte(served: Api) -> None:
    log, stream = served.services.log, session_stream("s1")
    for number in range(7):
        await log.append(stream, event(f"e{number}", f"númer {number}"))
    stored = (await log.read(stream, 0)).frames
    seen: list[bytes] = []
    after, top = 0, -1
    while after != top:
        page = await served.client.get(f"/api/sessions/s1/events?after={after}&limit=3")
        epoch, top = page.json()["epoch"], page.json()["seq"]
        frames = [frame for seq, frame in stored if after < seq <= after + 3]
        assert page.content == b'{"events":[%b],"epoch":"%b","seq":7,"recovered":true}' % (
            b",".join(frames),
            epoch.encode(),
        )
        seen += frames
        after += len(frames)
    assert seen == [frame for _, frame in stored]


async def test_an_empty_epoch_is_any(served: Api) -> None:
    await say(served)
    page = await served.client.get("/api/sessions/s1/events?after=0&epoch=")
    assert page.json()["recovered"] is True


@pytest.mark.parametrize("place", ["after=1&epoch=another", "after=99", "after=9007199254740991"])
async def test_a_cursor_that_history_does_not_reach_is_not_recovered(served: Api, place: str) -> None:
    await say(served)
    page = await served.client.get(f"/api/sessions/s1/events?{place}")
    assert page.status_code == 200
    assert (page.json()["recovered"], page.json()["events"], page.json()["seq"]) == (False, [], 1)


async def test_too_many_messages_in_a_minute_are_refused_with_when_to_come_back(valkey_url: str) -> None:

    async with api(valkey_url, limits=with_limits(messages_per_minute=1)) as served:
        path = await served.session()
        answers = [
            await served.client.post(f"{path}/messages", json={"content": "Hello"}) for _ in range(3)
        ]  # the third at the latest, should the minute of the clock end in between
        refused = answers[-1]
        assert (refused.status_code, refused.json()["code"]) == (429, "RATE_LIMITED")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.json()["details"]["retry_after"] <= 60


async def test_what_is_said_over_rest_is_heard_on_the_socket(valkey_url: str) -> None:
    async with gateway(valkey_url) as at, await open_wire(at.url) as wire:
        await wire.authenticate(at.token(), "s1")
        async with api(valkey_url) as another_gateway:
            assert await say(another_gateway) == {"id": "m1", "status": "accepted", "seq": 1}
            heard = await wire.until_type("chat_message")
            assert (heard["id"], heard["content"], heard["seq"]) == ("m1", "Hello", 1)


async def test_a_deleted_session_takes_no_more_events(served: Api) -> None:
    await say(served)
    await served.client.delete("/api/sessions/s1")
    assert await served.services.redis.exists(KEYS.messages, KEYS.log, KEYS.meta, KEYS.turns) == 0
    refused = await served.client.post("/api/sessions/s1/messages", json={"id": "m2", "content": "Hello"})
    assert refused.status_code == 404
    assert await served.services.redis.exists(KEYS.messages, KEYS.log, KEYS.meta, KEYS.turns) == 0
