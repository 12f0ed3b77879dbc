"""How an attempt at a provider ends: with an answer, whatever it says, or without one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response; `headers` has lower-case names.

    `key` names it among kept answers; None for one that is not to be kept, or was.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    key: str | None = None

    @property
    def request_id(self) -> str | None:
        identity = self.headers.get("x-request-id")
        return identity[:128] if identity else None


class Transient(Enum):
    """What a failed connection says about the request."""

    NO = "another attempt would fare no better"
    NEVER_ARRIVED = "the provider never saw it"
    BROKEN_OFF = "the provider may have acted on it"


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that got no answer; `said` reads after the provider's name."""

    said: str
    transient: Transient
    timed_out: bool = False

    @property
    def is_outage(self) -> bool:
        return True

    @property
    def leaves_open(self) -> bool:
        """Whether what was asked for may have been done."""
        return self.transient is not Transient.NEVER_ARRIVED


@dataclass(frozen=True, slots=True)
class Answered:
    answer: Answer

    @property
    def said(self) -> str:
        return f"answered {self.answer.status}"

    @property
    def is_outage(self) -> bool:
        """A refusal is an answer of a provider that is there."""
        return self.answer.status >= 500

    @property
    def leaves_open(self) -> bool:
        """As of a failure; a refusal says that nothing was done."""
        return self.answer.status >= 500
