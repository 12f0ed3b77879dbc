"""When a call may be made again, and how long to wait before it. Times are in seconds."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum

ATTEMPTS = 3
MAX_WAIT = 8.0
LONGEST_BELIEVED = 3600.0
_FIRST_WAIT = 0.25
_REFUSED = 429  # for certain not processed
_TURNED_AWAY = (_REFUSED, 503)  # not processed, says who answers
_BROKEN = (500, 502, 504)


class Effect(Enum):
    """What sending the same request twice would do."""

    NONE = "nothing more than sending it once"
    WORK = "the work twice; nobody is bound by it"
    BINDS = "a second order: it is sent again only when the first was never looked at"


def is_repeatable(status: int, effect: Effect) -> bool:
    """Whether a request answered so may be sent again."""
    if effect is Effect.BINDS:
        return status == _REFUSED
    return status in _TURNED_AWAY or (effect is Effect.NONE and status in _BROKEN)


def backoff(attempt: int, jitter: float) -> float:
    """Doubling with every attempt; `jitter` is 0 to 1 and spreads callers over half of it."""
    return _FIRST_WAIT * 2 ** (attempt - 1) * (0.5 + jitter / 2)


def stated_wait(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """How long a provider that turned the request away asks to be left alone; None when it does not say so."""
    return asked_wait(status, headers, now) if status in _TURNED_AWAY else None


def asked_wait(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """What the answer says of when to come again: `Retry-After` (seconds or a date), or the date in
    `ratelimit-reset` of a 429. None when it does not say so understandably.

    Dates are the provider's, so they are held against the `Date` of its answer; its clock and ours may differ.
    """
    retry_after = headers.get("retry-after", "").strip()
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    stated = retry_after or (headers.get("ratelimit-reset", "") if status == 429 else "")
    return _until(stated, headers, now)


def closed_for(status: int, headers: Mapping[str, str], now: datetime) -> float:
    """For how long after an answer nobody needs to call: the stated wait, or until the window that
    `ratelimit-remaining` says to be used up begins anew. 0.0 when more calls are welcome.
    """
    stated = stated_wait(status, headers, now)
    if stated is None and headers.get("ratelimit-remaining", "").strip() == "0":
        stated = _until(headers.get("ratelimit-reset", ""), headers, now)
    return min(stated or 0.0, LONGEST_BELIEVED)


def _until(date: str, headers: Mapping[str, str], now: datetime) -> float | None:
    moment = _http_date(date)
    said_at = _http_date(headers.get("date", "")) or now
    return None if moment is None else max(0.0, (moment - said_at).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
