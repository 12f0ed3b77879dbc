"""Faults that are put before a provider's answers: which calls they meet and what they make of them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from .wire import Held, Request, Reset, Response, Silence, Truncated

Kind = Literal["status", "timeout", "reset", "truncated", "broken_json", "hold"]
ProviderName = Literal["duffel", "open-meteo", "frankfurter", "*"]
MAX_RULES = 1000
_KEEP = 40  # bytes of a truncated answer that arrive


class Rule(Struct, kw_only=True, forbid_unknown_fields=True):
    """Meets a provider's calls whose path begins with `path`: not the first `after`, then `times` (or all).

    `status` answers with this status, `body` and `headers`; `timeout` never answers; `reset` breaks the
    connection; `truncated` and `broken_json` spoil the real answer; `hold` keeps it until it is released.
    """

    provider: ProviderName = "*"
    kind: Kind = "status"
    path: Annotated[str, Meta(max_length=200)] = ""
    status: Annotated[int, Meta(ge=200, le=599)] = 503
    body: Annotated[str, Meta(max_length=10_000)] = ""
    headers: dict[str, str] = {}
    after: Annotated[int, Meta(ge=0)] = 0
    times: Annotated[int, Meta(ge=1)] | None = None

    def meets(self, provider: str, request: Request) -> bool:
        """Whether this call is one of the rule's. A call that it is waiting for counts."""
        if self.provider not in ("*", provider) or not request.path.startswith(self.path):
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0

    @property
    def is_spent(self) -> bool:
        return self.times is not None and self.times <= 0


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


def spoiled(rule: Rule, answer: Response, ticket: int) -> Response | Truncated | Held:
    """What the rule makes of the provider's answer."""
    if rule.kind == "truncated":
        return Truncated(answer, _KEEP)
    if rule.kind == "hold":
        return Held(ticket, answer)
    return Response(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
