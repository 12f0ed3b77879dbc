"""Faults that are put before a provider's answers: which calls they meet and what they make of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from .draws import Draws
from .wire import Held, Request, Reset, Response, Silence, Slow, Truncated

Kind = Literal["status", "timeout", "reset", "truncated", "broken_json", "slow_body", "hold"]
Provider = Literal["duffel", "open-meteo", "frankfurter", "liteapi", "geoapify"]
ProviderName = Provider | Literal["*"]
MAX_RULES = 1000
_KEEP = 40  # bytes of a truncated answer that arrive


class Rule(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Meets a provider's calls whose path begins with `path`: not the first `after`, then `times` (or all).

    `status` answers with this status, `body` and `headers`; `timeout` never answers; `reset` breaks the
    connection; `truncated` and `broken_json` spoil the real answer; `slow_body` spreads it over `seconds`;
    `hold` keeps it until it is released. Each call that could be met is met with `probability`, and the same
    seed meets the same calls.
    """

    provider: ProviderName = "*"
    kind: Kind = "status"
    path: Annotated[str, Meta(max_length=200)] = ""
    status: Annotated[int, Meta(ge=200, le=599)] = 503
    body: Annotated[str, Meta(max_length=10_000)] = ""
    headers: dict[str, str] = {}
    seconds: Annotated[float, Meta(gt=0, le=3600)] = 10.0
    after: Annotated[int, Meta(ge=0)] = 0
    times: Annotated[int, Meta(ge=1)] | None = None
    probability: Annotated[float, Meta(gt=0, le=1)] = 1.0


@dataclass(slots=True, eq=False)
class ActiveRule:
    """A rule and what it has done: of the calls that it `saw`, those that it `met`."""

    rule: Rule
    saw: int = 0
    met: int = 0

    def meets(self, provider: str, request: Request, seed: int) -> bool:
        """Whether this call is one of the rule's. A call that it is waiting for counts."""
        rule = self.rule
        if self.is_spent or rule.provider not in ("*", provider) or not request.path.startswith(rule.path):
            return False
        self.saw += 1
        if self.saw <= rule.after:
            return False
        if rule.probability < 1 and self._chance(seed) >= rule.probability:
            return False
        self.met += 1
        return True

    @property
    def is_spent(self) -> bool:
        return self.rule.times is not None and self.met >= self.rule.times

    @property
    def is_unused(self) -> bool:
        """Whether calls that it was made for never came. What is left to chance owes nothing."""
        if self.rule.probability < 1 or self.is_spent:
            return False
        return self.rule.times is not None or not self.met

    def body(self) -> dict[str, Any]:
        return {**msgspec.structs.asdict(self.rule), "met": self.met}

    def _chance(self, seed: int) -> float:
        return Draws(seed, "fault", self.rule.provider, self.rule.path, self.rule.kind, self.saw).fraction()


def answer_instead(rule: Rule) -> Response | Reset | Silence | None:
    """What the rule answers without asking the provider; None when it needs the provider's answer."""
    match rule.kind:
        case "status":
            headers: Mapping[str, str] = {name.lower(): value for name, value in rule.headers.items()}
            return Response(rule.status, rule.body.encode(), headers)
        case "timeout":
            return Silence()
        case "reset":
            return Reset()
        case _:
            return None


def spoiled(rule: Rule, answer: Response, ticket: int) -> Response | Truncated | Slow | Held:
    """What the rule makes of the provider's answer."""
    match rule.kind:
        case "truncated":
            return Truncated(answer, _KEEP)
        case "slow_body":
            return Slow(answer, rule.seconds)
        case "hold":
            return Held(ticket, answer)
        case _:
            return Response(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
