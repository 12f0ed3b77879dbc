"""What the connection machine asks its driver to do. Effects are carried out in order."""

from dataclasses import dataclass

from app.contract.commands import Authenticate, ClientCommand
from app.contract.events import ServerEvent


@dataclass(frozen=True, slots=True)
class Send:
    """Send this event to this client only."""

    event: ServerEvent


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Send what waits, then close with this code; nothing is sent or read afterwards."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verify:
    """Verify the token; answer with `Connection.verified` or `Connection.not_verified`."""

    command: Authenticate
    token: str | None


@dataclass(frozen=True, slots=True)
class Attach:
    """Open the session and the streams; answer with `Connection.attached` or `Connection.refused`."""

    command: Authenticate


@dataclass(frozen=True, slots=True)
class Perform:
    """Carry the command out; answer with `Connection.performed` or `Connection.refused`."""

    command: ClientCommand


@dataclass(frozen=True, slots=True)
class Announce:
    """Publish a passing event to everyone else on the session's stream."""

    session_id: str
    event: ServerEvent


Effect = Send | Disconnect | Verify | Attach | Perform | Announce
