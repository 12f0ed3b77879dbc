"""The core: a request goes in, a response or a fault comes out. Doors (ASGI, httpx, respx) only carry."""

from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

from .admin import Admin
from .scenario import CALM, Scenario
from .wire import Delayed, Fault, Request, Response, json_response
from .world import Clock, World

SESSION_HEADER = "x-sandbox-session"
MAX_SESSIONS = 200
PREFIXES = {
    "duffel": "duffel",
    "open-meteo": "open-meteo",
    "open-meteo-archive": "open-meteo",
    "frankfurter": "frankfurter",
    "liteapi": "liteapi",
    "geoapify": "geoapify",
}
HOSTS = {
    "api.duffel.com": "duffel",
    "api.open-meteo.com": "open-meteo",
    "archive-api.open-meteo.com": "open-meteo",
    "customer-api.open-meteo.com": "open-meteo",
    "customer-archive-api.open-meteo.com": "open-meteo",
    "api.frankfurter.dev": "frankfurter",
    "api.liteapi.travel": "liteapi",
    "api.geoapify.com": "geoapify",
}


class Sandbox:
    """All providers on one state; a request's `X-Sandbox-Session` header has a state of its own.

    `today` puts the clock on another day at the same time of day; `clock` gives the real time in UTC.
    """

    def __init__(
        self, seed: int = 1, today: date | None = None, clock: Clock = lambda: datetime.now(UTC)
    ) -> None:
        self._seed = seed
        self._today = today
        self._clock = clock
        self._scenario = CALM
        self._tickets = count(1)
        self._worlds: OrderedDict[str, World] = OrderedDict()

    def handle(self, request: Request) -> Response | Fault | Delayed:
        world = self.world(request.headers.get(SESSION_HEADER, "")[:64])
        provider = HOSTS.get(request.host)
        if provider:
            return world.call(provider, request)
        prefix, slash, rest = request.path.removeprefix("/").partition("/")
        if prefix == "__admin":
            return Admin(world).handle(replace(request, path=slash + rest))
        if prefix == "healthz" and not rest:
            return json_response(200, {"status": "ok"})
        if prefix in PREFIXES:
            return world.call(PREFIXES[prefix], replace(request, path=slash + rest or "/"))
        if not prefix:
            return json_response(200, _index())
        known = ", ".join(f"/{name}" for name in PREFIXES)
        return json_response(
            404, {"message": f"There is no /{prefix[:100]} here, but {known} and /__admin/."}
        )

    def play(self, scenario: Scenario) -> None:
        """In every session, from its beginning; sessions to come begin with it."""
        self._scenario = scenario
        for world in self._worlds.values():
            world.play(scenario)

    def world(self, session: str = "") -> World:
        """A session's state, made when it is first asked for; the longest unused gives way."""
        world = self._worlds.get(session)
        if world is None:
            world = World(self._seed, self._today, self._clock, lambda: next(self._tickets), self._scenario)
            self._worlds[session] = world
        self._worlds.move_to_end(session)
        if len(self._worlds) > MAX_SESSIONS:
            oldest = next(name for name in self._worlds if name)
            del self._worlds[oldest]
        return world

    def is_held(self, ticket: int) -> bool:
        """Whether an answer still waits to be released."""
        return any(ticket in world.held for world in self._worlds.values())


def _index() -> dict[str, object]:
    """What somebody sees who opens the server's address."""
    hosts = {prefix: host for host, prefix in reversed(HOSTS.items())}
    return {
        "message": "Travel APIs to develop and test against. Give a client one of these as its base URL.",
        "apis": {f"/{prefix}": hosts.get(prefix, "archive-api.open-meteo.com") for prefix in PREFIXES},
        "controls": "/__admin/",
        "session": f"Requests with a header {SESSION_HEADER} have a state of their own.",
    }
