"""One session's state: its seed, its clock, its providers, the faults put before them and a journal."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache

from . import journal
from .conditions import Latency, Limit
from .duffel import Duffel
from .duffel_errors import RATE_LIMITED, rate_headers, refusal, request_id
from .faults import MAX_RULES, ActiveRule, Rule, answer_instead, spoiled
from .frankfurter import Frankfurter
from .geoapify import Geoapify
from .itineraries import Itineraries
from .journal import Entry
from .liteapi import LiteApi
from .open_meteo import OpenMeteo
from .scenario import CALM, Course, Latencies, Scenario
from .wire import Delayed, Fault, Held, Request, Response, json_response

Clock = Callable[[], datetime]
JOURNAL = 1000


class World:
    """`next_ticket` numbers held answers across all sessions."""

    def __init__(
        self,
        seed: int,
        today: date | None,
        clock: Clock,
        next_ticket: Callable[[], int],
        scenario: Scenario = CALM,
    ) -> None:
        self._clock = clock
        self._next_ticket = next_ticket
        self._start = (seed, today)
        self._scenario = scenario
        self.reset()

    def reset(self) -> None:
        """As it was at the start, where the scenario begins; held answers are let go."""
        self.journal: deque[Entry] = deque(maxlen=JOURNAL)
        self._begin()

    def play(self, scenario: Scenario) -> None:
        """From its beginning, in place of all that was put on before; the journal goes on."""
        self._scenario = scenario
        self._begin()

    def _begin(self) -> None:
        seed, today = self._start
        scenario = self._scenario
        self.held: dict[int, str] = {}
        self.latency: dict[str, Latency] = _latencies(scenario.latency)
        self.limits: dict[str, Limit] = {**scenario.limits}
        self._calls: Counter[str] = Counter()
        self._windows: defaultdict[str, tuple[datetime, int]] = defaultdict(
            lambda: (datetime.min.replace(tzinfo=UTC), 0)
        )
        self._set_clock(scenario.today or today, scenario.now)
        self.set_seed(seed if scenario.seed is None else scenario.seed)
        self.rules: list[ActiveRule] = [ActiveRule(rule) for rule in scenario.faults]
        self._step_rules: list[ActiveRule] = []
        self._step_latency: dict[str, Latency] = {}
        self._step_limits: dict[str, Limit] = {}
        self._ended: deque[ActiveRule] = deque(maxlen=MAX_RULES)
        self._course = Course(scenario.steps, self.now)
        self._follow()

    def _set_clock(self, today: date | None, now: datetime | None) -> None:
        self._offset = timedelta(0)
        if now is not None:
            self.set_now(now.astimezone(UTC))
        elif today is not None:
            self.set_today(today)

    def _follow(self) -> None:
        """A step that is due takes the place of the one before."""
        if self._course.follow(self.now):
            self._ended.extend(self._step_rules)
            step = self._course.step
            self._step_rules = [ActiveRule(rule) for rule in step.faults]
            self._step_latency = _latencies(step.latency)
            self._step_limits = {**step.limits}

    @property
    def step(self) -> int:
        """How many of the scenario's steps have begun."""
        return self._course.position

    @property
    def active_rules(self) -> Iterable[ActiveRule]:
        return (*self.rules, *self._step_rules)

    def unused_rules(self) -> list[Rule]:
        """Faults that were put on for calls that never came."""
        return [one.rule for one in (*self._ended, *self.active_rules) if one.is_unused]

    def set_seed(self, seed: int) -> None:
        self.seed = seed
        self._duffel = Duffel(seed, _itineraries(seed))
        self._open_meteo = OpenMeteo(seed)
        self._frankfurter = Frankfurter(seed)
        self._liteapi = LiteApi(seed)
        self._geoapify = Geoapify(seed)

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
        self.rules = [one for one in self.rules if not _holds(one.rule, provider)]
        self._step_rules = [one for one in self._step_rules if not _holds(one.rule, provider)]
        freed = [ticket for ticket, name in self.held.items() if provider in ("*", name)]
        for ticket in freed:
            del self.held[ticket]
        return len(freed)

    def add_rule(self, rule: Rule) -> None:
        self.rules.append(ActiveRule(rule))
        del self.rules[:-MAX_RULES]

    def remove_rules(self) -> None:
        """Those of the running step, too."""
        self.rules.clear()
        self._step_rules.clear()
        self._ended.clear()

    def call(self, provider: str, request: Request) -> Response | Fault | Delayed:
        """The provider's answer, or the fault that is put before it."""
        self._follow()
        outcome = self._outcome(provider, request)
        seconds = 0.0
        if isinstance(outcome, Delayed):  # the provider itself takes its time
            seconds, outcome = outcome.seconds, outcome.outcome
        self._course.count(provider)
        self.journal.append(journal.entry(self.now, provider, request, outcome))
        if isinstance(outcome, Held):
            self.held[outcome.ticket] = provider
        seconds += self._seconds(provider)
        return Delayed(seconds, outcome) if seconds else outcome

    def _outcome(self, provider: str, request: Request) -> Response | Fault | Delayed:
        met = next((one for one in self.active_rules if one.meets(provider, request, self.seed)), None)
        if met is None:
            return self._within_limit(provider, request)
        rule = met.rule
        instead = answer_instead(rule)
        if instead is not None:
            return self._dated(instead) if isinstance(instead, Response) else instead
        answer = self._ask(provider, request)
        return answer if isinstance(answer, Delayed) else spoiled(rule, answer, self._next_ticket())

    def _seconds(self, provider: str) -> float:
        latency = self._step_latency.get(provider) or self.latency.get(provider)
        self._calls[provider] += 1
        return latency.of_call(self.seed, provider, self._calls[provider]) if latency else 0.0

    def _ask(self, provider: str, request: Request) -> Response | Delayed:
        answer = self._answer(provider, request)
        if isinstance(answer, Response):
            return self._dated(answer)
        late = answer.outcome
        return Delayed(answer.seconds, self._dated(late) if isinstance(late, Response) else late)

    def _dated(self, answer: Response) -> Response:
        """With a `date` of the sandbox's clock, which those that it names as dates can be held against."""
        return _with_headers(answer, {"date": _http_date(self.now.replace(microsecond=0)), **answer.headers})

    def _answer(self, provider: str, request: Request) -> Response | Delayed:
        match provider:
            case "duffel":
                return self._duffel.handle(request, self.now)
            case "open-meteo":
                return self._open_meteo.handle(request, self.now)
            case "liteapi":
                return self._liteapi.handle(request, self.now)
            case "geoapify":
                return self._geoapify.handle(request, self.now)
            case _:
                return self._frankfurter.handle(request, self.now)

    def _within_limit(self, provider: str, request: Request) -> Response | Delayed:
        """The provider's answer, or its refusal of what is beyond the limit; Duffel counts in every answer."""
        limit = self._step_limits.get(provider) or self.limits.get(provider)
        if limit is None:
            return self._ask(provider, request)
        began, count = self._windows[provider]
        if self.now - began >= timedelta(seconds=limit.seconds):
            began, count = self.now, 0
        self._windows[provider] = (began, count + 1)
        is_over = count >= limit.requests
        answer = self._dated(self._too_many(provider, count)) if is_over else self._ask(provider, request)
        if provider != "duffel" or isinstance(answer, Delayed):
            return answer
        resets_at = began + timedelta(seconds=limit.seconds)
        counted = rate_headers(limit.requests, limit.requests - count - 1, resets_at)
        return _with_headers(answer, {**answer.headers, **counted})

    def _too_many(self, provider: str, count: int) -> Response:
        match provider:
            case "duffel":
                identity = request_id(self.seed, "limit", count)
                return refusal(RATE_LIMITED, identity, {"x-request-id": identity})
            case "open-meteo":
                reason = "Minutely API request limit exceeded. Please try again in one minute."
                return json_response(429, {"error": True, "reason": reason})
            case "geoapify":
                body = {"statusCode": 429, "error": "Too Many Requests", "message": "Too many requests"}
                return json_response(429, body)
            case _:
                return json_response(429, {"message": "rate limit exceeded"})


def _with_headers(answer: Response, headers: Mapping[str, str]) -> Response:
    return Response(answer.status, answer.body, headers, answer.content_type)


@lru_cache(maxsize=8)
def _http_date(second: datetime) -> str:
    return format_datetime(second, usegmt=True)


def _latencies(given: Latencies) -> dict[str, Latency]:
    """A number is the same latency for all calls."""
    return {name: one if isinstance(one, Latency) else Latency(one) for name, one in given.items()}


def _holds(rule: Rule, provider: str) -> bool:
    return rule.kind == "hold" and provider in ("*", rule.provider)


@lru_cache(maxsize=4)
def _itineraries(seed: int) -> Itineraries:
    """A seed's flights are the same for every session, so they share what was found."""
    return Itineraries(seed)
