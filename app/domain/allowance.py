"""How much one connection may send: counted by kind of frame, forgiven with time."""

from dataclasses import dataclass
from datetime import datetime

from app.contract import commands as c
from app.domain.rate import Strikes, TokenBucket

CURSOR_MOVES_PER_SECOND = 20


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits one connection is held to; see `app.settings.Limits`."""

    frames_per_minute: int = 120
    frame_burst: int = 30
    bad_frames_per_minute: int = 20
    authenticate_within: float = 10.0
    heartbeat_interval: float = 25.0


class Allowance:
    """What is left of the limits. Heartbeats do not count; cursor moves have a limit of their own."""

    __slots__ = ("_bad", "_cursor_moves", "_frames", "_refusals")

    def __init__(self, rules: Rules, now: datetime) -> None:
        seconds = now.timestamp()
        self._frames = TokenBucket(rules.frames_per_minute, rules.frame_burst, seconds)
        self._cursor_moves = TokenBucket(CURSOR_MOVES_PER_SECOND * 60, CURSOR_MOVES_PER_SECOND, seconds)
        self._bad = Strikes(rules.bad_frames_per_minute)
        self._refusals = Strikes(rules.bad_frames_per_minute)

    def take(self, command: c.ClientCommand, now: datetime) -> float:
        """0.0 when the command is allowed (and counted); else the seconds until it would be."""
        if isinstance(command, c.Heartbeat):
            return 0.0
        bucket = self._cursor_moves if isinstance(command, c.MoveCursor) else self._frames
        return bucket.take(now.timestamp())

    def bad(self, now: datetime) -> bool:
        """Counts a frame that could not be used; true when that is one too many."""
        return self._bad.add(now.timestamp())

    def refused(self, now: datetime) -> bool:
        """Counts a frame over the limit; true when the warnings are over."""
        return self._refusals.add(now.timestamp())
