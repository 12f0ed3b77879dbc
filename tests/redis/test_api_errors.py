"""Every way in which a request is refused, and what the answer says."""

import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from app.contract.errors import ERRORS, ErrorCode
from app.streams.keys import SessionKeys
from tests.support.api import ORIGIN, Api, api, bearer, token
from tests.support.valkey import ValkeyProcess

MESSAGES = "/api/sessions/s1/messages"


@pytest.fixture
async def served(valkey_url: str) -> AsyncIterator[Api]:
    async with api(valkey_url) as running:
        await running.session()
        yield running


def problem(answer: httpx.Response, status: int, code: ErrorCode) -> dict[str, Any]:
    """The problem in an answer, checked for what each one has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["status"] == status
    assert found["code"] == code
    assert found["title"] == ERRORS[code].meaning
    assert found["type"] == f"urn:tripsage:error:{code}"
    assert found["retryable"] is ERRORS[code].retryable
    assert found["request_id"] == answer.headers["x-request-id"]
    assert found["instance"] == answer.request.url.raw_path.decode().partition("?")[0]
    return found


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Authorization": ""}, "missing"),
        ({"Authorization": "Bearer"}, "missing"),
        ({"Authorization": "Bearer abc"}, "malformed"),
        ({"Authorization": "Basic YWxpY2U6c2VjcmV0"}, "malformed"),
        ({"Authorization": "Bearer \xe9.\xff.\x7f".encode("latin-1")}, "malformed"),
        (bearer(seconds=-5), "expired"),
        (bearer(secret="somebody else's secret, just as long as ours"), "signature"),
        ({"Authorization": f"Bearer {token()[:-4]}AAAA"}, "signature"),
    ],
)
async def test_who_cannot_say_who_they_are_is_not_let_in(
    served: Api, headers: dict[str, Any], reason: str
) -> None:
    answer = await served.client.get("/api/sessions", headers=headers)
    found = problem(answer, 401, ErrorCode.AUTHENTICATION_FAILED)
    assert found["details"] == {"token_type": "jwt", "reason": reason}
    challenge = answer.headers["www-authenticate"]
    assert challenge.startswith('Bearer realm="tripsage"')
    assert ('error="invalid_token"' in challenge) == (reason != "missing")


async def test_a_body_is_not_read_of_who_is_not_let_in(served: Api) -> None:
    answer = await served.client.post(MESSAGES, content=b"{", headers={"Authorization": "Bearer abc"})
    problem(answer, 401, ErrorCode.AUTHENTICATION_FAILED)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "content"),
        ({"content": ""}, "content"),
        ({"content": 7}, "content"),
        ({"content": "x" * 32_769}, "content"),
        ({"content": "Hello", "id": "a b"}, "id"),
        ({"content": "Hello", "id": "a\n"}, "id"),
        ({"content": "Hello", "surprise": 1}, "surprise"),
        ({"content": "Hello", "session_id": "s2"}, "session_id"),
        ({"content": "Hello", "metadata": {"when_busy": "perhaps"}}, "metadata.when_busy"),
        ({"content": "Hello", "metadata": {"attachments": [1]}}, "metadata.attachments"),
        ({"content": "Hello", "metadata": {"surprise": 1}}, "metadata.surprise"),
    ],
)
async def test_a_field_that_is_wrong_is_named(served: Api, body: dict[str, Any], field: str) -> None:
    found = problem(await served.client.post(MESSAGES, json=body), 422, ErrorCode.VALIDATION_ERROR)
    assert found["details"]["field"] == field
    assert f"`{field}`" in found["detail"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/sessions?limit=0", "limit"),
        ("/api/sessions?limit=many", "limit"),
        ("/api/sessions?after=x", "after"),
        ("/api/sessions/s1/events?after=-1", "after"),
        ("/api/sessions/s1/events?after=9007199254740992", "after"),
        ("/api/sessions/s1/events?after=1.5", "after"),
        ("/api/sessions/s1/events?limit=1001", "limit"),
        (f"/api/sessions/s1/events?epoch={'x' * 257}", "epoch"),
        ("/api/sessions/a.b", "session_id"),
        ("/api/sessions/s1/turns/a.b", "message_id"),
    ],
)
async def test_a_parameter_that_is_wrong_is_named(served: Api, path: str, field: str) -> None:
    found = problem(await served.client.get(path), 422, ErrorCode.VALIDATION_ERROR)
    assert found["details"] == {"field": field}
    assert field in found["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"content": "Hello"',
        b"[]",
        b'"Hello"',
        b"7",
        b"null",
        b"content=Hello",
        b'{"content": NaN}',
        b'{"content": "\xff"}',
        b'{"content": "\\ud800"}',
        b"[" * 9_999,
    ],
)
async def test_what_is_no_json_object_cannot_be_read(served: Api, body: bytes) -> None:
    problem(await served.client.post(MESSAGES, content=body), 400, ErrorCode.INVALID_MESSAGE)


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_over_the_limit_is_not_read(served: Api, announced: bool) -> None:
    large = b'{"content":"%b"}' % (b"x" * 256 * 1024)

    async def unannounced() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 65_536):
            yield large[start : start + 65_536]

    answer = await served.client.post(MESSAGES, content=large if announced else unannounced())
    problem(answer, 413, ErrorCode.PAYLOAD_TOO_LARGE)


@pytest.mark.parametrize(
    "path", ["/nothing", "/api", "/api/places", "/api/sessions/s1/nothing", "/schema/nothing"]
)
async def test_an_address_with_nothing_at_it_is_not_found(served: Api, path: str) -> None:
    problem(await served.client.get(path), 404, ErrorCode.NOT_FOUND)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/sessions/s1", "DELETE, GET, OPTIONS"),
        ("BREW", "/api/sessions/", "GET, OPTIONS, POST"),
        ("POST", "/schema/openapi.json", "GET, OPTIONS"),
    ],
)
async def test_a_method_that_an_address_does_not_take(
    served: Api, method: str, path: str, allowed: str
) -> None:
    answer = await served.client.request(method, path)
    assert problem(answer, 405, ErrorCode.UNKNOWN_TYPE)["detail"] == f"This address takes {allowed}."
    assert answer.headers["allow"] == allowed


async def test_a_page_of_an_origin_that_is_not_listed_gets_nothing(served: Api) -> None:
    for origin in ("https://evil.example", "null", "http://[", f"{ORIGIN}.evil.example"):
        answer = await served.client.post(
            "/api/sessions", json={"session_id": "x"}, headers={"Origin": origin}
        )
        problem(answer, 403, ErrorCode.FORBIDDEN)
        assert "access-control-allow-origin" not in answer.headers
        preflight = await served.client.options("/api/sessions", headers={"Origin": origin})
        assert preflight.status_code == 403
    assert (await served.client.get("/api/sessions/x")).status_code == 404


async def test_a_page_of_a_listed_origin_may_ask_and_read(served: Api) -> None:
    preflight = await served.client.options(
        MESSAGES,
        headers={
            "Authorization": "",
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type",
        },
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert {"authorization", "content-type", "last-event-id"} <= set(
        preflight.headers["access-control-allow-headers"].lower().split(", ")
    )
    for path in ("/api/sessions", "/api/sessions/nobody", "/nothing"):
        answer = await served.client.get(path, headers={"Origin": ORIGIN})
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "Origin" in answer.headers["vary"]
        assert "X-Request-ID" in answer.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("host", ["a:b", "[", "a:99999", "a]:80", ""])
async def test_a_host_that_is_none_is_no_defect(served: Api, host: str) -> None:
    answer = await served.client.get("/api/sessions?limit=x", headers={"Host": host})
    problem(answer, 422, ErrorCode.VALIDATION_ERROR)


async def test_a_development_server_takes_pages_of_this_machine_only(valkey_url: str, tmp_path: Any) -> None:
    async with api(valkey_url, auth="dev", jwt_secret=None, data_dir=tmp_path) as served:
        for origin, status in (("http://localhost:5173", 200), ("http://rebound.example:8000", 403)):
            answer = await served.client.post(
                "/api/auth/dev-token", json={"user_id": "alice"}, headers={"Origin": origin}
            )
            assert answer.status_code == status


async def test_the_clients_request_id_is_kept_when_it_is_a_plain_one(served: Api) -> None:
    kept = await served.client.get("/api/sessions/nobody", headers={"X-Request-ID": "trace-1.a_B"})
    assert kept.headers["x-request-id"] == kept.json()["request_id"] == "trace-1.a_B"
    seen = set()
    for hostile in ("a b", "x" * 129, "<script>", "", "a;b"):
        answer = await served.client.get("/api/sessions/nobody", headers={"X-Request-ID": hostile})
        assert answer.headers["x-request-id"] == answer.json()["request_id"] != hostile
        seen.add(answer.headers["x-request-id"])
    assert len(seen) == 5


async def test_a_defect_is_logged_once_and_told_to_nobody(
    served: Api, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    await redis.set(SessionKeys.of("s1").record, b"inner secret")
    with caplog.at_level(logging.WARNING):
        answer = await served.client.get("/api/sessions/s1", headers={"X-Request-ID": "trace-7"})
    found = problem(answer, 500, ErrorCode.INTERNAL_ERROR)
    assert found["details"] == {}
    for inner in ("secret", "msgspec", "Traceback", "JSON", "app/"):
        assert inner not in answer.text
    (record,) = caplog.records
    assert "trace-7" in record.getMessage()
    assert record.exc_info is not None
    assert token()[:20] not in caplog.text


async def test_a_store_that_is_away_is_said_and_comes_back(
    killable_valkey: ValkeyProcess, caplog: pytest.LogCaptureFixture
) -> None:
    async with api(killable_valkey.url) as served:
        path = await served.session()
        killable_valkey.kill()
        with caplog.at_level(logging.WARNING, logger="tripsage.api"):
            for method, below in (
                ("GET", ""),
                ("GET", "/messages"),
                ("POST", "/messages"),
                ("GET", "/stream"),
            ):
                asked = {"json": {"id": "m1", "content": "Hello"}} if method == "POST" else {}
                answer = await served.client.request(method, path + below, **asked)
                found = problem(answer, 503, ErrorCode.INTERNAL_ERROR)
                assert answer.headers["retry-after"] == "1"
                assert str(killable_valkey.directory) not in answer.text
                assert found["retryable"] is True
        messages = [record for record in caplog.records if record.name == "tripsage.api"]
        assert len(messages) == 4
        assert all(record.exc_info is None for record in messages)
        killable_valkey.start()
        again = await served.client.post(f"{path}/messages", json={"id": "m1", "content": "Hello"})
        assert again.json() == {"id": "m1", "status": "accepted", "seq": 1}
