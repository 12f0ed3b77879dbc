"""Tools run by their real clients against the sandbox, without a socket."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from tools.providers.config import load
from tools.providers.factory import Providers
from tools.providers.http import Timing
from tools.providers.state import ProviderState
from tools.registry import load as load_tools
from tools.sandbox import Sandbox
from tools.sandbox.transports import mock_transport
from tools.sandbox.wire import Request, Response
from tools.tool import ToolContext

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADA: dict[str, Any] = {
    "title": "ms",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "gender": "f",
    "born_on": "1985-12-10",
    "email": "ada@example.com",
    "phone_number": "+442079460958",
}
"""A passenger with all that an airline wants to know."""
DUFFEL_HEADERS = {"authorization": "Bearer duffel_test_x", "duffel-version": "v2"}
LITEAPI_HEADERS = {"x-api-key": "sand_x"}
ROOMS_IN_LISBON: dict[str, Any] = {
    "countryCode": "PT",
    "cityName": "Lisbon",
    "checkin": "2027-05-04",
    "checkout": "2027-05-09",
    "currency": "EUR",
    "guestNationality": "DE",
    "occupancies": [{"adults": 2, "children": [9]}],
}
"""A LiteAPI search."""
OFFER_REQUESTS = "/duffel/air/offer_requests"
TO_LISBON, FROM_LISBON = ("BER", "LIS", "2027-05-04"), ("LIS", "BER", "2027-05-09")
"""Slices of a Duffel search."""


def fresh_sandbox() -> Sandbox:
    """Its clock stands still."""
    return Sandbox(clock=lambda: NOW)


class Bench:
    """A sandbox whose clock stands still, and calls of tools through it, whose waits take no time."""

    def __init__(
        self,
        seed: int = 1,
        environ: Mapping[str, str] | None = None,
        state: ProviderState | None = None,
    ) -> None:
        self.sandbox = Sandbox(seed, clock=lambda: NOW)
        self.waits: list[float] = []
        timing = Timing(self._wait, jitter=lambda: 0.5, now=lambda: NOW)
        self.providers = Providers(load(environ or {}), mock_transport(self.sandbox), timing, state)
        self.reports: list[tuple[float, str]] = []
        self.endpoint: str | None = None

    async def call(self, tool: str, arguments: dict[str, Any]) -> Any:
        context = ToolContext(today=TODAY, progress=self._progress, providers=self.providers)
        try:
            return await load_tools()[tool].run(context, arguments)
        finally:
            self.endpoint = context.endpoint

    @property
    def messages(self) -> list[str]:
        return [message for _, message in self.reports]

    def fault(self, **rule: Any) -> None:
        self.admin("POST", "faults", rule)

    def admin(self, method: str, name: str, body: Any = None) -> Any:
        return ask(self.sandbox, method, f"/__admin/{name}", body)[1]

    async def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def _progress(self, fraction: float, message: str) -> None:
        self.reports.append((fraction, message))


def ask(
    sandbox: Sandbox,
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    **query: str,
) -> tuple[int, Any]:
    """Status and JSON of a call to the core, which must be answered."""
    sent = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    outcome = sandbox.handle(Request(method, path, query, dict(headers or {}), sent))
    assert isinstance(outcome, Response), outcome
    return outcome.status, json.loads(outcome.body)


def search(sandbox: Sandbox, *slices: tuple[str, str, str], **more: Any) -> list[dict[str, Any]]:
    """The offers of a Duffel search; slices are (origin, destination, date)."""
    status, answer = ask(sandbox, "POST", OFFER_REQUESTS, offer_request(*slices, **more), DUFFEL_HEADERS)
    assert status == 201, answer
    return answer["data"]["offers"]


def offer_request(*slices: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    parts = [
        {"origin": origin, "destination": destination, "departure_date": day}
        for origin, destination, day in slices
    ]
    return {"data": {"slices": parts, "passengers": [{"type": "adult"}], "cabin_class": "economy", **more}}
