"""What happens to the connection, for whoever wants to show it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Connected:
    """Authenticated; `again` is true when an earlier connection was taken up where it ended."""

    session_id: str
    again: bool


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection ended with this close code (None: there was none); the next try is in `retry_in` s."""

    code: int | None
    reason: str
    retry_in: float


Notice = Connected | Disconnected
