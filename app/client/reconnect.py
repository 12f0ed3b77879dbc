"""Whether and when to connect again: the close-code table, and pauses that grow with jitter."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from app.contract.errors import CLOSE_CODES, Close

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
STABLE_AFTER = 10.0
RATE_LIMIT_PAUSE = 10.0

STOPS = {Close.DONE, Close.PROTOCOL_BROKEN, Close.ACCESS_REVOKED, Close.TOO_MANY_CONNECTIONS}
MEANINGS = {meaning.code: meaning.meaning for meaning in CLOSE_CODES}


class Action(Enum):
    RECONNECT = "reconnect"
    RENEW = "renew"
    """Connect again with a new token."""
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Next:
    """What to do, and after how many seconds."""

    action: Action
    delay: float = 0.0


class Reconnection:
    """Decides from close codes and time. `random` gives fractions from 0 to 1; times are in seconds."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._attempts = 0
        self._established_at: float | None = None
        self._announced_pause: float | None = None
        self._rate_limit_pause: float | None = None
        self._token_was_good = False

    def established(self, now: float) -> None:
        self._established_at = now
        self._token_was_good = True

    def announced(self, reconnect_after: float) -> None:
        """The server said when to come back (`connection_close`)."""
        self._announced_pause = reconnect_after

    def rate_limited(self, retry_after: float) -> None:
        """The server said when it takes commands again."""
        self._rate_limit_pause = retry_after

    def closed(self, code: int | None, now: float) -> Next:
        """The connection ended with this code, or (None) never came about or ended without one."""
        lived = now - self._established_at if self._established_at is not None else 0.0
        self._attempts = 0 if lived >= STABLE_AFTER else self._attempts
        self._established_at = None
        announced, self._announced_pause = self._announced_pause, None
        if code in STOPS:
            return Next(Action.STOP)
        if code == Close.NOT_AUTHENTICATED:
            return self._renewal()
        if code == Close.RATE_LIMITED:
            pause = self._rate_limit_pause if self._rate_limit_pause is not None else RATE_LIMIT_PAUSE
            return Next(Action.RECONNECT, max(pause, self._pause()) * (1 + 0.5 * self._random()))
        if announced is not None:
            # Everybody was told the same moment; nobody may come before it, and not all at once.
            return Next(Action.RECONNECT, announced * (1 + 0.5 * self._random()) + 0.1 * self._random())
        return Next(Action.RECONNECT, self._pause())

    def _renewal(self) -> Next:
        """A token that was good has run out; one that never was is not made good by another try."""
        if not self._token_was_good:
            return Next(Action.STOP)
        self._token_was_good = False
        return Next(Action.RENEW)

    def _pause(self) -> float:
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._attempts, 16))
        self._attempts += 1
        return longest * (0.5 + 0.5 * self._random())


def close_meaning(code: int | None) -> str:
    """The close code in words."""
    if code is None or code == 1006:
        return "The connection was lost."
    return MEANINGS.get(code, f"The server closed the connection with code {code}.")
