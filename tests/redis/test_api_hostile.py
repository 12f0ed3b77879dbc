"""Whatever is sent: an answer that is not a 500, and every refusal a whole problem."""

import asyncio
import json
from typing import Any
from urllib.parse import quote

import httpx
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.support.api import Api, api

PATHS = (
    "/api/sessions",
    "/api/sessions/{id}",
    "/api/sessions/{id}/messages",
    "/api/sessions/{id}/cancel",
    "/api/sessions/{id}/turns/{id}",
    "/api/sessions/{id}/events",
    "/api/sessions/{id}/stream/{id}",
    "/healthz",
    "/readyz",
    "/metrics",
    "/schema/{id}",
    "/{id}",
)
KNOWN = st.sampled_from(["s1", "m1", "..", "%2e", "%00", "%ff", "%0a", "a" * 65])
SEGMENTS = KNOWN | st.text(max_size=12)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["s1", "m1"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
FIELDS = st.sampled_from(["id", "content", "metadata", "session_id", "message_id", "type"]) | st.text(
    max_size=5
)
BODIES = (
    st.binary(max_size=64)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(FIELDS, VALUES, max_size=4).map(lambda value: json.dumps(value).encode())
)
QUERIES = st.dictionaries(
    st.sampled_from(["after", "limit", "epoch", "offset"]) | st.text(max_size=5), LEAVES.map(str), max_size=4
)
HEADER_TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Host", "Origin", "X-Request-ID", "Last-Event-ID", "Content-Type", "Accept", "Content-Length"]
    ),
    HEADER_TEXT | st.integers(0, 99).map(str),
    max_size=2,
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    path = draw(st.sampled_from(PATHS))
    while "{id}" in path:
        path = path.replace("{id}", quote(draw(SEGMENTS), safe="%"), 1)
    assume(not path.endswith("/stream/"))  # of a session that there is: that answer has no end
    headers = {name: value.strip().encode("latin-1") for name, value in draw(HEADERS).items()}
    return {
        "method": draw(st.sampled_from(["GET", "POST", "DELETE", "PUT", "OPTIONS", "HEAD", "BREW"])),
        "url": path,
        "params": draw(QUERIES),
        "content": draw(BODIES),
        "headers": headers,
    }


def check(answer: httpx.Response) -> None:
    assert answer.status_code < 500, answer.text
    assert answer.headers["x-request-id"]
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        assert answer.headers["content-type"] == "application/problem+json"
        found = answer.json()
        assert found["status"] == answer.status_code
        assert set(found) == {
            *("type", "title", "status", "detail", "instance", "code", "retryable", "request_id", "details")
        }
        assert len(answer.content) < 2_000


def test_nothing_that_is_sent_is_a_server_error(valkey_url: str) -> None:
    with asyncio.Runner() as runner:
        running = api(valkey_url)
        served: Api = runner.run(running.__aenter__())
        runner.run(served.session())

        @settings(max_examples=150)
        @given(requests())
        def asked(request: dict[str, Any]) -> None:
            check(runner.run(served.client.request(**request)))

        try:
            asked()
        finally:
            runner.run(running.__aexit__(None, None, None))
