"""The sandbox behind httpx without a socket. Latency and silence take no time: they time out at once."""

import httpx

from .sandbox import Sandbox
from .wire import Delayed, Fault, Held, Request, Reset, Response, Silence, Slow, Truncated, parse_query


def mock_transport(sandbox: Sandbox) -> httpx.MockTransport:
    """For `httpx.Client(transport=…)` and `httpx.AsyncClient(transport=…)` alike."""
    return httpx.MockTransport(lambda request: answer(sandbox, request))


def answer(sandbox: Sandbox, request: httpx.Request) -> httpx.Response:
    """Raises what httpx raises for a time-out or a broken connection."""
    outcome = sandbox.handle(
        Request(
            method=request.method,
            path=request.url.path,
            query=parse_query(request.url.query.decode("ascii")),
            headers={name.decode().lower(): value.decode("latin-1") for name, value in request.headers.raw},
            body=request.read(),
            host=request.url.host,
        )
    )
    return _carry_out(outcome, request)


def _carry_out(outcome: Response | Fault | Delayed, request: httpx.Request) -> httpx.Response:
    match outcome:
        case Response():
            headers = {"content-type": outcome.content_type, **outcome.headers}
            return httpx.Response(outcome.status, headers=headers, content=outcome.body, request=request)
        case Delayed(seconds, inner):
            _wait(seconds, request)
            return _carry_out(inner, request)
        case Slow(response):
            _wait(outcome.pause, request)  # as on the wire, the limit holds for each part and not for all
            return _carry_out(response, request)
        case Held() | Silence():
            raise httpx.ReadTimeout("The sandbox does not answer", request=request)
        case Truncated():
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body", request=request
            )
        case Reset():
            raise httpx.ReadError("Connection reset by peer", request=request)


def _wait(seconds: float, request: httpx.Request) -> None:
    """Time passes at once; more of it than the client waits for is its time-out."""
    timeout: float | None = request.extensions.get("timeout", {}).get("read")
    if timeout is not None and seconds > timeout:
        raise httpx.ReadTimeout("The sandbox took its time", request=request)
