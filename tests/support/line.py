"""A provider whose first answers are given, by respx at the live addresses; what follows comes from the sandbox."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest
import respx

from app.contract.errors import TripSageError
from tests.support.calls import LIVE, Call, Report
from tests.support.travel import NOW
from tools.providers.config import load
from tools.providers.factory import Providers
from tools.providers.http import Timing
from tools.sandbox import Sandbox
from tools.sandbox.sandbox import HOSTS
from tools.sandbox.transports import answer

Outcome = httpx.Response | Exception
REQUEST_ID = {"x-request-id": "F-77"}


class Line:
    """A provider that first answers with `outcomes`; calls after those are answered by the sandbox."""

    def __init__(self, outcomes: Sequence[Outcome], passing: int = 0) -> None:
        self._outcomes = [None] * passing + list(outcomes)
        self._sandbox = Sandbox(clock=lambda: NOW)
        self.requests: list[httpx.Request] = []
        self.waits: list[float] = []
        self.report = Report()

    async def run(self, made: Call) -> Any:
        config = load({**LIVE, **made.environ})
        providers = Providers(config, timing=Timing(self._sleep, jitter=lambda: 0.5, now=lambda: NOW))
        with respx.mock(assert_all_called=False) as router:
            for host in HOSTS:
                router.route(host=host).mock(side_effect=self._answer)
            try:
                return await made.run(providers, self.report)
            finally:
                await providers.close()

    async def fail(self, made: Call) -> TripSageError:
        with pytest.raises(TripSageError) as failed:
            await self.run(made)
        return failed.value

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        outcome = self._outcomes.pop(0) if self._outcomes else None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome or answer(self._sandbox, request)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


def text(status: int, body: str | bytes, kind: str = "application/json", **headers: str) -> httpx.Response:
    content = body.encode() if isinstance(body, str) else body
    return httpx.Response(status, content=content, headers={"content-type": kind, **REQUEST_ID, **headers})
