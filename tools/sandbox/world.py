"""One session's state: its seed, its clock, its providers, the faults put before them and a journal."""

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from .duffel import Duffel
from .duffel_errors import rate_limited, refusal, request_id
from .faults import MAX_RULES, Rule, answer_instead, spoiled
from .frankfurter import Frankfurter
from .itineraries import Itineraries
from .open_meteo import OpenMeteo
from .wire import Delayed, Fault, Held, Request, Response, Silence, json_response

Clock = Callable[[], datetime]
JOURNAL = 1000
_QUOTED_BODY = 4000
_SECRET_HEADERS = frozenset({"authorization", "x-api-key", "cookie"})


class Entry(Struct, frozen=True):
    """A call that was made. Keys are left out; `outcome` is a status or the name of a fault."""

    at: datetime
    provider: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str
    outcome: str


class Limit(NamedTuple):
    requests: int
    seconds: float


class World:
    """`next_ticket` numbers held answers across all sessions."""

    def __init__(self, seed: int, today: date | None, clock: Clock, next_ticket: Callable[[], int]) -> None:
        self._clock = clock
        self._next_ticket = next_ticket
        self._start = (seed, today)
        self.reset()

    def reset(self) -> None:
        """As it was at the start; held answers are let go."""
        seed, today = self._start
        self.rules: list[Rule] = []
        self.latency: dict[str, float] = {}
        self.limits: dict[str, Limit] = {}
        self.held: dict[int, str] = {}
        self.journal: deque[Entry] = deque(maxlen=JOURNAL)
        self._windows: defaultdict[str, tuple[datetime, int]] = defaultdict(
            lambda: (datetime.min.replace(tzinfo=UTC), 0)
        )
        self._offset = timedelta(0)
        if today is not None:
            self.set_today(today)
        self.set_seed(seed)

    def set_seed(self, seed: int) -> None:
        self.seed = seed
        self._duffel = Duffel(seed, _itineraries(seed))
        self._open_meteo = OpenMeteo(seed)
        self._frankfurter = Frankfurter(seed)

    @property
    def now(self) -> datetime:
        return self._clock() + self._offset

    def set_now(self, moment: datetime) -> None:
        """The clock goes on from there."""
        self._offset = moment - self._clock()

    def set_today(self, day: date) -> None:
        """The same time of day on another day."""
        self._offset = timedelta(days=(day - self._clock().date()).days)

    def advance(self, seconds: float) -> None:
        self._offset += timedelta(seconds=seconds)

    def release(self, provider: str) -> int:
        """Let held answers go and hold no more; how many were waiting."""
        self.rules = [
            rule for rule in self.rules if rule.kind != "hold" or provider not in ("*", rule.provider)
        ]
        freed = [ticket for ticket, name in self.held.items() if provider in ("*", name)]
        for ticket in freed:
            del self.held[ticket]
        return len(freed)

    def add_rule(self, rule: Rule) -> None:
        self.rules.append(rule)
        del self.rules[:-MAX_RULES]

    def call(self, provider: str, request: Request) -> Response | Fault | Delayed:
        """The provider's answer, or the fault that is put before it."""
        outcome = self._outcome(provider, request)
        self._note(provider, request, outcome)
        if isinstance(outcome, Held):
            self.held[outcome.ticket] = provider
        seconds = self.latency.get(provider, 0.0)
        return Delayed(seconds, outcome) if seconds else outcome

    def _outcome(self, provider: str, request: Request) -> Response | Fault:
        rule = next((rule for rule in self.rules if rule.meets(provider, request)), None)
        if rule is None:
            return self._limited(provider) or self._ask(provider, request)
        instead = answer_instead(rule)
        if instead is not None:
            return instead
        answer = self._ask(provider, request)
        return answer if isinstance(answer, Silence) else spoiled(rule, answer, self._next_ticket())

    def _ask(self, provider: str, request: Request) -> Response | Silence:
        match provider:
            case "duffel":
                return self._duffel.handle(request, self.now)
            case "open-meteo":
                return self._open_meteo.handle(request, self.now)
            case _:
                return self._frankfurter.handle(request, self.now)

    def _limited(self, provider: str) -> Response | None:
        limit = self.limits.get(provider)
        if limit is None:
            return None
        began, count = self._windows[provider]
        if self.now - began >= timedelta(seconds=limit.seconds):
            began, count = self.now, 0
        self._windows[provider] = (began, count + 1)
        if count < limit.requests:
            return None
        left = limit.seconds - (self.now - began).total_seconds()
        match provider:
            case "duffel":
                refused, headers = rate_limited(limit.requests, left, self.now)
                return refusal(refused, request_id(self.seed, count), headers)
            case "open-meteo":
                reason = "Minutely API request limit exceeded. Please try again in one minute."
                return json_response(429, {"error": True, "reason": reason})
            case _:
                return json_response(429, {"message": "rate limit exceeded"})

    def _note(self, provider: str, request: Request, outcome: Response | Fault) -> None:
        status = str(outcome.status) if isinstance(outcome, Response) else type(outcome).__name__.lower()
        headers = {name: value for name, value in request.headers.items() if name not in _SECRET_HEADERS}
        query = {name: value for name, value in request.query.items() if name != "apikey"}
        body = request.body[:_QUOTED_BODY].decode(errors="replace")
        self.journal.append(
            Entry(self.now, provider, request.method, request.path, query, headers, body, status)
        )


@lru_cache(maxsize=4)
def _itineraries(seed: int) -> Itineraries:
    """A seed's flights are the same for every session, so they share what was found."""
    return Itineraries(seed)
