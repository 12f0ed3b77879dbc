"""What the people who run the server ask it: health, readiness, metrics; and tokens in development."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis

from app.contract.jobs import TURN_QUEUE, TurnJob
from app.streams.keys import PROVIDER_BREAKERS
from tests.support.api import Api, api, bearer
from tests.support.valkey import ValkeyProcess

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
async def served(valkey_url: str) -> AsyncIterator[Api]:
    async with api(valkey_url) as running:
        yield running


@pytest.fixture
async def development(valkey_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with api(valkey_url, auth="dev", jwt_secret=None, data_dir=tmp_path) as running:
        yield running


async def measured(served: Api) -> Samples:
    answer = await served.client.get("/metrics", headers={"Authorization": ""})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def ready(served: Api) -> None:
    """Returns when the subscription stands."""
    async with served.follow("/api/sessions/s1/stream") as source:
        await source.event()


async def test_a_process_that_lives_says_so(served: Api) -> None:
    answer = await served.client.get("/healthz", headers={"Authorization": ""})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_ready_until_it_drains(served: Api) -> None:
    await served.session()
    await ready(served)
    answer = await served.client.get("/readyz", headers={"Authorization": ""})
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "reasons": []})
    served.hub.drain()
    answer = await served.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "not ready", "reasons": ["it is draining"]},
    )


async def test_without_redis_it_lives_is_not_ready_and_still_measures(killable_valkey: ValkeyProcess) -> None:
    async with api(killable_valkey.url) as served:
        await served.session()
        await ready(served)
        killable_valkey.kill()
        assert (await served.client.get("/healthz")).status_code == 200
        answer = await served.client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
        assert answer.json()["reasons"][:2] == [
            "the Redis of the events does not answer",
            "the Redis of the queue does not answer",
        ]
        away = await measured(served)
        assert away["tripsage_redis_up", (("server", "events"),)] == 0
        assert ("tripsage_connections", ()) in away
        assert ("tripsage_queue_depth", (("queue", "agents"),)) not in away
        killable_valkey.start()
        await ready(served)
        assert (await served.client.get("/readyz")).status_code == 200
        assert (await measured(served))["tripsage_redis_up", (("server", "events"),)] == 1


async def test_metrics_tell_of_the_whole_system(served: Api, redis: Redis) -> None:
    counters = served.services.counters
    await counters.add("turns", "stop")
    await counters.add("turns", "stop")
    await counters.add("turns", "cancelled")
    await counters.add("tool_calls", "flight_search", "complete")
    await counters.add("tool_calls", 'odd"tool\n', "error")
    await served.services.queue.enqueue(TurnJob(session_id="s1", turn_id="m1"))
    found = await measured(served)
    assert found["tripsage_turns_total", (("finish_reason", "stop"),)] == 2
    assert found["tripsage_turns_total", (("finish_reason", "cancelled"),)] == 1
    assert found["tripsage_tool_calls_total", (("outcome", "complete"), ("tool", "flight_search"))] == 1
    assert found["tripsage_tool_calls_total", (("outcome", "error"), ("tool", 'odd"tool\n'))] == 1
    assert found["tripsage_recoveries_total", ()] == 0
    assert found["tripsage_queue_depth", (("queue", "agents"),)] == 1
    assert found["tripsage_queue_depth", (("queue", "tools"),)] == 0
    assert found["tripsage_queue_running", (("queue", "agents"),)] == 0
    assert found["tripsage_queue_oldest_seconds", (("queue", "agents"),)] >= 0
    assert await redis.zcard(TURN_QUEUE) == 1
    await counters.add("recoveries")
    assert (await measured(served))["tripsage_recoveries_total", ()] == 1


async def test_metrics_tell_of_travel_providers(served: Api, redis: Redis) -> None:
    await served.services.counters.add("provider_calls", "Duffel", "failed")
    await redis.hset(PROVIDER_BREAKERS, "Duffel", '{"state":"open","failures":5}')
    await redis.hset(PROVIDER_BREAKERS, "Frankfurter", '{"state":"closed"}')
    found = await measured(served)
    assert found["tripsage_provider_calls_total", (("outcome", "failed"), ("provider", "Duffel"))] == 1
    assert found["tripsage_provider_breaker", (("provider", "Duffel"),)] == 2
    assert found["tripsage_provider_breaker", (("provider", "Frankfurter"),)] == 0


async def test_metrics_count_what_event_streams_deliver(served: Api) -> None:
    await served.session()
    async with served.follow("/api/sessions/s1/stream") as source:
        await source.event()
        await served.client.post("/api/sessions/s1/messages", json={"content": "Hello"})
        await source.event()
        during = await measured(served)
    assert during["tripsage_event_streams", ()] == 1
    assert during["tripsage_events_delivered_total", ()] == 1
    assert during["tripsage_bytes_delivered_total", ()] > 100
    assert (await measured(served))["tripsage_event_streams", ()] == 0


async def test_a_development_server_gives_tokens(development: Api) -> None:
    answer = await development.client.post(
        "/api/auth/dev-token",
        json={"user_id": "ann@example.com", "user_name": "Ann"},
        headers={"Authorization": ""},
    )
    assert answer.status_code == 200
    given = answer.json()
    identity = await development.application.state["authenticator"].identify(given["token"])
    assert (identity.user_id, identity.user_name) == ("ann@example.com", "Ann")
    assert given["expires_at"] == identity.expires_at.isoformat().replace("+00:00", "Z")
    listed = await development.client.get(
        "/api/sessions", headers={"Authorization": f"Bearer {given['token']}"}
    )
    assert listed.json() == {"sessions": [], "after": None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "user_id"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": "a b"}, "user_id"),
        ({"user_id": "alice", "user_name": "x" * 129}, "user_name"),
        ({"user_id": "alice", "admin": True}, "admin"),
    ],
)
async def test_a_token_is_given_to_a_plain_user_only(
    development: Api, body: dict[str, object], field: str
) -> None:
    answer = await development.client.post("/api/auth/dev-token", json=body)
    assert (answer.status_code, answer.json()["details"]["field"]) == (422, field)


async def test_no_other_server_gives_tokens(served: Api) -> None:
    for headers in ({"Authorization": ""}, bearer()):
        answer = await served.client.post("/api/auth/dev-token", json={"user_id": "a"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
        assert "token" not in (await served.client.get("/schema/openapi.json")).json()["paths"]


async def test_the_index_names_paths_that_are_there(served: Api) -> None:
    index = (await served.client.get("/")).json()
    for name in ("events", "rest", "ready"):
        assert (await served.client.get(index[name])).status_code == 200, name
    assert (index["name"], index["websocket"]) == ("TripSage", "/ws")
