"""In which sessions one connection's user is typing, and until when that is believed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.contract import commands as c
from app.contract import events as e
from app.domain.effects import Announce

TYPING_SECONDS = 10.0


class Typing:
    """Typing stops by itself `TYPING_SECONDS` after the last start, and when the connection is lost."""

    __slots__ = ("_until",)

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def said(self, command: c.StartTyping | c.StopTyping, user_id: str, now: datetime) -> Announce:
        """What the others are told of a frame."""
        session_id = command.session_id
        if isinstance(command, c.StartTyping):
            self._until[session_id] = now + timedelta(seconds=TYPING_SECONDS)
            start = e.ChatTypingStart(id=command.id, timestamp=now, session_id=session_id, user_id=user_id)
            return Announce(session_id, start)
        self._until.pop(session_id, None)
        return _stopped(session_id, command.id, user_id, now)

    def over(self, new_id: Callable[[], str], user_id: str, now: datetime) -> list[Announce]:
        """What the others are told because time has passed."""
        due = [session_id for session_id, until in self._until.items() if until <= now]
        return self._stop(due, new_id, user_id, now)

    def lost(self, new_id: Callable[[], str], user_id: str, now: datetime) -> list[Announce]:
        """What the others are told because the typist is gone."""
        return self._stop(list(self._until), new_id, user_id, now)

    def _stop(
        self, sessions: list[str], new_id: Callable[[], str], user_id: str, now: datetime
    ) -> list[Announce]:
        for session_id in sessions:
            del self._until[session_id]
        return [_stopped(session_id, new_id(), user_id, now) for session_id in sessions]


def _stopped(session_id: str, event_id: str, user_id: str, now: datetime) -> Announce:
    event = e.ChatTypingStop(id=event_id, timestamp=now, session_id=session_id, user_id=user_id)
    return Announce(session_id, event)
