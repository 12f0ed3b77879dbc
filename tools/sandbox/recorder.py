"""Record and replay over HTTP: a proxy before live APIs that writes a cassette, and the cassette's server."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote

import httpx

from .asgi import Receive, Scope, Send, read_body, request_of, send_response
from .cassette import Cassette, Exchange, Replay
from .wire import Request, Response, json_response

_NOT_FORWARDED = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "keep-alive", "te"}
)
_NOT_RETURNED = _NOT_FORWARDED | {"content-encoding", "content-type"}
_PATH_SAFE = "/:@!$&'()*+,;=~"


class Recorder:
    """`upstreams` are base URLs by the prefix that stands for them; `keep` stores each exchange.

    The client gets what the upstream answered, unscrubbed; only the cassette is scrubbed. An upstream that
    does not answer is a 502, which is not recorded.
    """

    def __init__(
        self,
        upstreams: Mapping[str, str],
        cassette: Cassette,
        client: httpx.AsyncClient,
        keep: Callable[[Exchange], None],
    ) -> None:
        self._upstreams = upstreams
        self._cassette = cassette
        self._client = client
        self._keep = keep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send_response(send, await self._answer(scope, receive))

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        body = await read_body(receive)
        if body is None:
            return json_response(413, {"message": "The body is larger than 1 MiB."})
        provider, request = _split(request_of(scope, body))
        upstream = self._upstreams.get(provider)
        if upstream is None:
            return json_response(404, {"message": f"Recorded are {', '.join(sorted(self._upstreams))}."})
        try:
            response = await self._forward(upstream, scope["query_string"].decode("latin-1"), request)
        except httpx.TransportError as error:
            return json_response(502, {"message": f"{provider} did not answer: {type(error).__name__}"})
        self._keep(self._cassette.record(provider, request, response))
        return response

    async def _forward(self, upstream: str, query: str, request: Request) -> Response:
        url = upstream.rstrip("/") + quote(request.path, safe=_PATH_SAFE) + (f"?{query}" if query else "")
        sent = {name: value for name, value in request.headers.items() if name not in _NOT_FORWARDED}
        answer = await self._client.request(request.method, url, headers=sent, content=request.body)
        headers = {name: value for name, value in answer.headers.items() if name not in _NOT_RETURNED}
        kind = answer.headers.get("content-type", "application/octet-stream")
        return Response(answer.status_code, answer.content, headers, kind)


class ReplayApp:
    """A cassette behind the same prefixes."""

    def __init__(self, replay: Replay) -> None:
        self._replay = replay

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = await read_body(receive)
        if body is None:
            await send_response(send, json_response(413, {"message": "The body is larger than 1 MiB."}))
            return
        await send_response(send, self._replay.answer(*_split(request_of(scope, body))))


def _split(request: Request) -> tuple[str, Request]:
    provider, slash, rest = request.path.removeprefix("/").partition("/")
    return provider, replace(request, path=slash + rest or "/")
