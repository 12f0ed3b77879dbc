"""A user's lists on Redis, newest first, read from any place in them: a page goes on where the one before ended."""

import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

import msgspec

from app.contract.errors import ErrorCode, TripSageError
from app.streams.commands import Commands


class Place(NamedTuple):
    """Where something stands in its user's list: it keeps its place as long as it is in there.

    `since` is when it came to the user, in seconds since the Unix epoch.
    """

    since: float
    id: str


_places = msgspec.json.Decoder(Place)


async def places_after(redis: Commands, listed: str, place: Place | None, count: int) -> list[Place]:
    """The next `count` of a list; fewer at its end.

    Some may have come at the very same time; then the ids say which stands first.
    """
    highest = "+inf" if place is None else place.since
    found: list[Place] = []
    passed = 0
    while len(found) < count:
        step = await redis.zrevrangebyscore(listed, highest, "-inf", passed, count + 1, withscores=True)
        places = [Place(score, member.decode()) for member, score in step]
        found += [each for each in places if place is None or each < place]
        if len(step) <= count:
            break
        passed += len(step)
    return found[:count]


def as_text(place: Place | None) -> str | None:
    """As clients send it back."""
    if place is None:
        return None
    return urlsafe_b64encode(msgspec.json.encode(place)).rstrip(b"=").decode()


def from_text(text: str | None) -> Place | None:
    """Raises `VALIDATION_ERROR` for what no page has answered."""
    if text is None:
        return None
    try:
        place = _places.decode(urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    except (ValueError, msgspec.MsgspecError):
        place = None
    if place is None or not math.isfinite(place.since):
        raise TripSageError(
            ErrorCode.VALIDATION_ERROR,
            "`after`: expected what the page before answered; leave it out to begin.",
            field="after",
        )
    return place
