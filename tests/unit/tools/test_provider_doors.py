"""Every provider's client at every door of the sandbox: a real server, an httpx transport, a respx router.

What the clients send is also held against the providers' descriptions.
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.contract.errors import ErrorCode, TripSageError
from tests.support.calls import AS_OFTEN_AS_THEY_LIKE, CALLS, HOLD, KEYS, LIVE, Call, Report
from tests.support.openapi import Description
from tests.support.served import served
from tests.support.travel import NOW
from tools.providers.config import load
from tools.providers.factory import Providers
from tools.providers.http import Timing
from tools.sandbox import Controls, Sandbox
from tools.sandbox.asgi import SandboxApp
from tools.sandbox.respx_router import respx_router
from tools.sandbox.sandbox import HOSTS
from tools.sandbox.transports import answer, mock_transport
from tools.sandbox.wire import Request, parse_query

Door = Callable[..., AbstractAsyncContextManager[Providers]]


async def no_wait(seconds: float) -> None:
    """Retries follow one another at once."""


TIMING = Timing(no_wait, jitter=lambda: 0.5, now=lambda: NOW)
IMPATIENT = replace(TIMING, deadline=lambda seconds: seconds / 100)
"""For the server's door, where a time-out takes its time."""


@contextlib.asynccontextmanager
async def server(sandbox: Sandbox, made: Call, timing: Timing = TIMING) -> AsyncIterator[Providers]:
    async with served(SandboxApp(sandbox)) as address:
        environ = {"TRIPSAGE_SANDBOX_URL": address, **KEYS, **AS_OFTEN_AS_THEY_LIKE, **made.environ}
        async with opened(Providers(load(environ), timing=timing)) as providers:
            yield providers


@contextlib.asynccontextmanager
async def transport(sandbox: Sandbox, made: Call, timing: Timing = TIMING) -> AsyncIterator[Providers]:
    async with opened(
        Providers(load({**KEYS, **made.environ}), mock_transport(sandbox), timing)
    ) as providers:
        yield providers


@contextlib.asynccontextmanager
async def respx(sandbox: Sandbox, made: Call, timing: Timing = TIMING) -> AsyncIterator[Providers]:
    with respx_router(sandbox):
        async with opened(Providers(load({**LIVE, **made.environ}), timing=timing)) as providers:
            yield providers


@contextlib.asynccontextmanager
async def opened(providers: Providers) -> AsyncIterator[Providers]:
    try:
        yield providers
    finally:
        await providers.close()


DOORS = [server, transport, respx]
every_door = pytest.mark.parametrize("door", DOORS)
every_call = pytest.mark.parametrize("made", CALLS, ids=str)


def make() -> tuple[Sandbox, Controls]:
    sandbox = Sandbox(clock=lambda: NOW)
    return sandbox, Controls(sandbox)


@pytest.mark.parametrize("made", [*CALLS, HOLD], ids=str)
async def test_a_call_is_answered_the_same_at_every_door(made: Call) -> None:
    answers: list[Any] = []
    for door in DOORS:
        sandbox, controls = make()
        async with door(sandbox, made) as providers:
            answers.append(await made.run(providers, Report()))
        assert {entry.provider for entry in controls.calls()} == {made.provider}
    assert answers[0]
    assert answers[0] == answers[1] == answers[2]


@every_door
@every_call
@pytest.mark.parametrize("status", [429, 503])
async def test_a_provider_that_recovers_is_asked_again(door: Door, made: Call, status: int) -> None:
    sandbox, controls = make()
    controls.fault(made.provider, status=status, times=1)
    report = Report()
    async with door(sandbox, made) as providers:
        assert await made.run(providers, report)
    assert report.notes[0].startswith(f"{made.label} answered {status}; trying again")


@every_door
@every_call
@pytest.mark.parametrize("kind", ["reset", "truncated"])
async def test_a_broken_connection_is_tried_again_where_repeating_is_safe(
    door: Door, made: Call, kind: str
) -> None:
    sandbox, controls = make()
    controls.fault(made.provider, kind, times=1)
    async with door(sandbox, made) as providers:
        if made.may_repeat:
            assert await made.run(providers, Report())
            return
        with pytest.raises(TripSageError) as failed:
            await made.run(providers, Report())
    assert failed.value.message == f"{made.label} broke the connection off."


@every_door
@every_call
async def test_an_answer_that_is_no_json_is_an_honest_error(door: Door, made: Call) -> None:
    sandbox, controls = make()
    controls.fault(made.provider, "broken_json")
    async with door(sandbox, made) as providers:
        with pytest.raises(TripSageError) as failed:
            await made.run(providers, Report())
    assert failed.value.code is ErrorCode.EXTERNAL_API_ERROR
    assert failed.value.message == f"{made.label} answered with something unexpected."
    assert failed.value.details["status"] in (200, 201)


@every_door
@every_call
async def test_a_provider_that_does_not_answer_is_a_time_out(door: Door, made: Call) -> None:
    sandbox, controls = make()
    controls.fault(made.provider, "timeout")
    async with door(sandbox, made, IMPATIENT) as providers:
        with pytest.raises(TripSageError) as failed:
            await made.run(providers, Report())
    assert (failed.value.code, failed.value.message) == (
        ErrorCode.TOOL_TIMEOUT,
        f"{made.label} did not answer in time.",
    )


@every_call
async def test_what_a_client_sends_is_as_the_providers_description_says(made: Call) -> None:
    sandbox, _ = make()
    sent: list[httpx.Request] = []

    def remember(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return answer(sandbox, request)

    config = load({**LIVE, **made.environ})
    async with opened(Providers(config, httpx.MockTransport(remember), TIMING)) as providers:
        await made.run(providers, Report())
    assert sent
    description = Description(made.provider)
    for request in sent:
        assert HOSTS[request.url.host] == made.provider
        query = parse_query(request.url.query.decode())
        headers = {name.lower(): value for name, value in request.headers.items()}
        plain = Request(request.method, request.url.path, query, headers, request.read())
        assert description.request_problems(plain) == []


def test_every_provider_of_the_sandbox_is_called() -> None:
    assert {made.provider for made in CALLS} == set(HOSTS.values())
